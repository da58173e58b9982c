{#
    Up to when the model that asks has taken in rows as they were judged: the latest
    `judged_at` it holds, as SQL of a timestamp; long ago where it is built from nothing.

    The model keeps its own mark, so a run that is killed half-way is made good by the
    next one. Should the row with the mark go, some days are made once more than needed.

    Arguments: none; the model has a column `judged_at`.
#}
{% macro judged_since() -%}
    {%- if is_incremental() -%}
    coalesce((select max(known.judged_at) from {{ this }} as known), timestamp '1970-01-01')
    {%- else -%}
    timestamp '1970-01-01'
    {%- endif -%}
{%- endmacro %}
