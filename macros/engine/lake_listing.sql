{#
    The Parquet files of the lake as a table of one column, `file`.

    Arguments: none; the lake is TESSERA_LAKE.
#}
{% macro lake_listing() -%}
    glob('{{ env_var("TESSERA_LAKE", "lake") }}/*/*/loaded_on=*/*.parquet')
{%- endmacro %}
