{#
    Adds rows judged before to the rows about to be judged, because what they were held
    against has changed since. Nothing where the model is built from nothing.

    Which rows they are is found by the few columns that the condition names; all columns
    are read for those alone.

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
    select earlier.* exclude ({{ judged_columns | join(', ') }})
    from {{ this }} as earlier
    semi join (
        select
            known.load_id,
            known.source_row
        from {{ this }} as known
        {{ joins }}
        where {{ condition }}
    ) as changed
        on earlier.load_id = changed.load_id and earlier.source_row = changed.source_row
    anti join {{ normalised }} as again
        on earlier.load_id = again.load_id and earlier.source_row = again.source_row
    {%- endif -%}
{%- endmacro %}
