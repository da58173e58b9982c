{#
    Deletes from a judged table the rows whose corrections were replayed since; the
    corrections come in as new rows. Nothing where the model is built from nothing.

    Arguments: none; the lake table is told by the model's name,
    `stg_<source>__<table>_judged` or `_refused`.
#}
{% macro forget_replayed_rows() -%}
    {%- if execute and is_incremental() -%}
        {%- set name = this.identifier[4:].rsplit('_', 1)[0] -%}
        delete from {{ this }} as judged
        using {{ ref('stg_ingest__replayed_rows') }} as replayed
        where
            judged.load_id = replayed.load_id
            and judged.source_row = replayed.row_number
            and replayed.source_name || '__' || replayed.table_name = '{{ name }}'
    {%- endif -%}
{%- endmacro %}
