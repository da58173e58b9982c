{#
    A table of persons turned long: one row per person and feature, as `person_key`,
    `as_of_date`, `variable` and `measure`; nulls are kept.

    Arguments
        persons (string): name of a relation or CTE with `person_key`, `as_of_date` and
            otherwise only doubles.
        features (list of string): its columns that are asked for; none, or an empty
            list, takes all there are.
#}
{% macro unpivoted(persons, features=none) -%}
    {%- if features -%}
        (select person_key, as_of_date, {{ features | join(', ') }} from {{ persons }})
    {%- else -%}
        {{ persons }}
    {%- endif %} unpivot include nulls (
        measure for variable in (columns(* exclude (person_key, as_of_date)))
    )
{%- endmacro %}
