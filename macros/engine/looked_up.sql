{#
    The answer under which a text stands in a small list; null when it stands nowhere.

    A map is looked into once, where a `case` computes the text anew for every branch.

    Arguments
        text (string): SQL of the text.
        answers (mapping of string to list of string): SQL of each answer, its texts.
#}
{% macro looked_up(text, answers) -%}
    map_extract_value(map {
        {%- for answer, words in answers.items() %}
        {%- set is_last = loop.last %}
        {%- for word in words %}
        '{{ word }}': {{ answer }}{{ ',' if not (is_last and loop.last) }}
        {%- endfor %}
        {%- endfor %}
    }, {{ text }})
{%- endmacro %}
