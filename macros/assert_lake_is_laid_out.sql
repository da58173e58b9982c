{#
    Stops a run that has no lake to read, and says what to do.

    Arguments: none. Looks for the empty file of the table that every source reads,
    which `tessera lake init` writes.
#}
{% macro assert_lake_is_laid_out() %}
    {%- if execute and flags.WHICH in ('build', 'run', 'test') -%}
        {%- set lake = env_var('TESSERA_LAKE', 'lake') -%}
        {%- set found = run_query(
            "select count(*) from glob('" ~ lake ~ "/ingest/replayed_rows/*/*.parquet')"
        ) -%}
        {%- if found.columns[0][0] == 0 -%}
            {{ exceptions.raise_compiler_error(
                "no lake in '" ~ lake ~ "': run `tessera lake init`, then `tessera "
                ~ "ingest` your files, or set TESSERA_LAKE."
            ) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
