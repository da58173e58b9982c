{#
    The edges of all nights, as `fit_thresholds` holds them before this run. A reference
    to that model would be a circle, for it is made of them.

    Nights of a version that neither smoothed nor knew scope values count as they stand.

    Arguments: none. Gives a select of variable, scope, scope_value, as_of_date, method,
    edges, smoothed_edges and raw_edges; no rows before the first run.
#}
{% macro remembered_thresholds() -%}
    {%- set history = adapter.get_relation(
        database=target.database,
        schema=generate_schema_name('fits', none),
        identifier='fit_thresholds',
    ) if execute -%}
    {%- if history -%}
    {%- set known = adapter.get_columns_in_relation(history) | map(attribute='name') -%}
    {%- set is_older = 'smoothed_edges' not in (known | list) -%}
    select
        variable, scope, as_of_date, method, edges,
        {{ "'all'" if is_older else "coalesce(scope_value, 'all')" }} as scope_value,
        {{ 'edges' if is_older else 'coalesce(smoothed_edges, edges)' }}
            as smoothed_edges,
        {{ 'edges' if is_older else 'coalesce(raw_edges, edges)' }} as raw_edges
    from {{ history }}
    {%- else -%}
    select
        null::varchar as variable, null::varchar as scope, null::date as as_of_date,
        null::varchar as method, null::double[] as edges, null::varchar as scope_value,
        null::double[] as smoothed_edges, null::double[] as raw_edges
    where false
    {%- endif -%}
{%- endmacro %}
