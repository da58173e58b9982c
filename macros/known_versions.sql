{#
    Adds to the rows judged now those judged before that share a key with them, so that
    the latest of all versions is found. Nothing where the model is built from nothing.

    Arguments
        judged (string): the CTE of rows judged now, whose columns are the model's.
        key (list of string): the columns that versions of one row share.
        verdicts (list of string): the columns of the model that come after judging.
#}
{% macro known_versions(judged, key, verdicts=['row_verdict']) -%}
    {%- if is_incremental() -%}
    union all by name
    select known.* exclude ({{ verdicts | join(', ') }})
    from {{ this }} as known
    anti join {{ judged }} as again
        on known.load_id = again.load_id and known.source_row = again.source_row
    semi join {{ judged }} as newer
        on
        {%- for column in key %}
        known.{{ column }} = newer.{{ column }} {{ 'and' if not loop.last }}
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}
