{#
    Adds to the rows judged now those judged before that a verdict past the key hangs
    together with (`lookalike_verdict`). Nothing where the model is built from nothing.

    The verdict of a row may change where one judged now shares its key or its content.
    To tell it anew takes all rows that share either with such a row; of those that are
    added for that alone the verdict stands, and `is_decided` is false.

    Arguments
        judged (string): the CTE of rows judged now, whose columns are the model's and
            `is_decided`, which is true.
        key (string): column that versions of one row share.
        content (string): column that rows share when they say the same.
#}
{% macro known_lookalikes(judged, key, content) -%}
    {%- if is_incremental() -%}
    union all by name
    select
        known.* exclude (row_verdict),
        coalesce(
            known.{{ key }} in (select {{ key }} from {{ judged }})
            or known.{{ content }} in (select {{ content }} from {{ judged }}), false
        ) as is_decided
    from {{ this }} as known
    anti join {{ judged }} as again
        on known.load_id = again.load_id and known.source_row = again.source_row
    where
        known.{{ key }} in (
            select {{ key }} from {{ judged }}
            union all
            select near.{{ key }} from {{ this }} as near
            where near.{{ content }} in (select {{ content }} from {{ judged }})
        )
        or known.{{ content }} in (
            select {{ content }} from {{ judged }}
            union all
            select near.{{ content }} from {{ this }} as near
            where near.{{ key }} in (select {{ key }} from {{ judged }})
        )
    {%- endif -%}
{%- endmacro %}
