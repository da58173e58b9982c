{#
    The columns of a raw row in which anything but blanks stands, as a list of their
    names. Beside the normalised columns it tells a value that was blanked, a
    placeholder such as `n/a` among them, from one that was never given.

    Arguments
        columns (list of string): names of text columns.
        relation (string): the CTE they stand in, where others are joined to it.
#}
{% macro given_columns(columns, relation='') -%}
    list_filter(
        [
            {%- for column in columns %}
            {%- set text = (relation ~ '.' if relation else '') ~ column %}
            case when trim({{ text }}) != '' then '{{ column }}' end
            {{- ',' if not loop.last }}
            {%- endfor %}
        ],
        lambda given: given is not null
    )
{%- endmacro %}
