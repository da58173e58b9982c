{#
    Reads a fitted model's parameters as text that gives back the same bits.

    A `#` before each number keeps dbt from reading it as one, and shortening it.

    Arguments
        scaling, maps (relation): as segment_scores takes them.

    Returns a mapping of `features` (name, transform, imputed_value) in the order of the
    coefficients, `axes` (intercept, coefficients) and `segments` (those and number,
    person_share, pooled_variance); all empty while a table is missing or has no rows.
#}
{% macro read_score_maps(scaling, maps) -%}
    {%- set model = {'features': [], 'axes': [], 'segments': []} -%}
    {%- if execute and load_relation(scaling) and load_relation(maps) -%}
        {%- set map_query -%}
            select
                map_kind,
                map_number,
                '#' || intercept,
                '#' || coefficients::varchar,
                '#' || person_share,
                '#' || pooled_variance,
                len(coefficients)
            from {{ maps }}
            order by map_kind, map_number
        {%- endset -%}
        {%- set sizes = [] -%}
        {%- for row in run_query(map_query).rows -%}
            {%- set map = {'intercept': row[2][1:], 'coefficients': row[3][1:]} -%}
            {%- do sizes.append(row[6]) -%}
            {%- if row[0] == 'axis' -%}
                {%- do model.axes.append(map) -%}
            {%- else -%}
                {%- do map.update({
                    'number': row[1],
                    'person_share': row[4][1:],
                    'pooled_variance': row[5][1:],
                }) -%}
                {%- do model.segments.append(map) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set feature_query -%}
            select feature, transform, '#' || imputed_value
            from {{ scaling }}
            where is_used
            order by feature_number
        {%- endset -%}
        {%- if sizes and sizes[0] -%}
            {%- for row in run_query(feature_query).rows -%}
                {%- do model.features.append({
                    'name': row[0],
                    'transform': row[1],
                    'imputed_value': row[2][1:],
                }) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(model) }}
{%- endmacro %}
