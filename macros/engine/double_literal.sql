{#
    A double as the text `#<literal>`, shortest digits that read back to the same bits,
    with an exponent so that the engine does not take it for a decimal. Negative
    numbers stand in brackets.

    Arguments
        value (string): SQL of a finite double.
#}
{% macro double_literal(value) -%}
    '#(' || ({{ value }})::double::varchar || case
        when contains(({{ value }})::double::varchar, 'e') then ')'
        else 'e0)'
    end
{%- endmacro %}
