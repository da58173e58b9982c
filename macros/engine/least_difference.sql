{#
    How far a value lies from the nearest element of a list; nulls among them do not
    count, and with nothing to compare it is null.

    Arguments
        value (string): SQL of a number.
        elements (string): SQL of a list of numbers.
        size (integer): its length.
#}
{% macro least_difference(value, elements, size) -%}
    least(
        {%- for number in range(1, size + 1) -%}
        abs({{ value }} - {{ elements }}[{{ number }}]){{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}
