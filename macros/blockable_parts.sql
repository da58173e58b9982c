{#
    Parts of an identifier that the list of blocked ones may name, as SQL by the name of
    the part.

    Arguments
        relation (string): what has the columns `identifier_value` and `identifier_type`.
#}
{% macro blockable_parts(relation) -%}
    {%- set text = relation ~ '.identifier_value' -%}
    {{ return({
        'value': "case when " ~ relation ~ ".identifier_type = 'phone' "
            ~ "then split_part(" ~ text ~ ", ' ', 1) else " ~ text ~ " end",
        'domain': "split_part(" ~ text ~ ", '@', 2)",
        'local_part': "case when " ~ text ~ " like '%@%' then split_part("
            ~ text ~ ", '@', 1) end",
        'first_word': regexp_part(text, '^([a-z]+)[._-].*@', 1),
    }) }}
{%- endmacro %}
