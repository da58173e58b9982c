{#
    A table of persons turned long: one row per person and feature, as `person_key`,
    `as_of_date`, `variable` and `measure`; nulls are kept.

    The columns are those of the table, whatever they are: a new feature needs no line.

    Arguments
        persons (string): name of a relation or CTE with `person_key`, `as_of_date` and
            otherwise only doubles.
#}
{% macro unpivoted(persons) -%}
    {{ persons }} unpivot include nulls (
        measure for variable in (columns(* exclude (person_key, as_of_date)))
    )
{%- endmacro %}
