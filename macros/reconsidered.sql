{#
    Adds rows judged before to the rows about to be judged, because what they were held
    against has changed since. Nothing where the model is built from nothing.

    Arguments
        judged_columns (list of string): the columns that judging adds.
        joins (string): SQL that joins `known`, the rows judged before, to what they are
            held against.
        condition (string): SQL of what has changed.
        normalised (string): the CTE of new rows, less the columns that judging adds.
#}
{% macro reconsidered(judged_columns, joins, condition, normalised='normalised') -%}
    {%- if is_incremental() -%}
    union all by name
    select known.* exclude ({{ judged_columns | join(', ') }})
    from {{ this }} as known
    anti join {{ normalised }} as again
        on known.load_id = again.load_id and known.source_row = again.source_row
    {{ joins }}
    where {{ condition }}
    {%- endif -%}
{%- endmacro %}
