{#
    The columns of a raw row in which anything but blanks stands, as a list of their
    names. Beside the normalised columns it tells a value that was blanked, a
    placeholder such as `n/a` among them, from one that was never given.

    Arguments
        columns (list of string): names of text columns.
        relation (string): the CTE they stand in, where others are joined to it.
#}
{% macro given_columns(columns, relation='') -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {%- if columns | length == 1 -%}
    case when trim({{ prefix ~ columns[0] }}) != '' then ['{{ columns[0] }}'] else [] end
    {%- else -%}
    list_filter(
        [
            {%- for column in columns %}
            case when trim({{ prefix ~ column }}) != '' then '{{ column }}' end
            {{- ',' if not loop.last }}
            {%- endfor %}
        ],
        lambda given: given is not null
    )
    {%- endif -%}
{%- endmacro %}
