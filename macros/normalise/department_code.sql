{#
    The French department of a postcode that `postcode` made; null for anything else.

    Two digits; `2A` and `2B` in Corsica, where 200 and 201 are the south; three digits
    overseas. A few communes have a postcode of their neighbour department.

    Arguments
        postcode (string): SQL of a French postcode.
#}
{% macro department_code(postcode) -%}
    {%- set french -%} ^\d{5}$ {%- endset -%}
    case
        when not {{ regexp_found(postcode, french) }} then null
        when substr({{ postcode }}, 1, 2) in ('97', '98')
            then substr({{ postcode }}, 1, 3)
        when substr({{ postcode }}, 1, 3) in ('200', '201') then '2A'
        when substr({{ postcode }}, 1, 2) = '20' then '2B'
        else substr({{ postcode }}, 1, 2)
    end
{%- endmacro %}
