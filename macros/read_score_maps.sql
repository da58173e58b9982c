{#
    Reads a fitted model's parameters as text that gives back the same bits.

    A `#` before each number keeps dbt from reading it as one, and shortening it.

    Arguments
        scaling, maps, centroids, role: as segment_scores takes them.

    Returns a mapping of `features` (name, transform, transform_lambda, imputation,
    imputed_value, lower_bound, upper_bound, group_column, groups of name and value, start and model
    of intercept, coefficients, minimum and maximum; none for what there is not) in the
    order of the coefficients, `components` and `axes` (intercept, coefficients) and
    `segments` (those and number, person_share, pooled_variance); all empty while a table
    is missing or has no such model.
#}
{% macro read_score_maps(scaling, maps, centroids, role='champion') -%}
    {%- set model = {'features': [], 'components': [], 'axes': [], 'segments': []} -%}
    {%- if execute and load_relation(scaling) and load_relation(maps)
        and load_relation(centroids) -%}
        {%- set columns = {
            'former': ('former_fitted_on', 'former_centroids_on'),
            'online': ('fitted_on', 'coalesce(online_on, fitted_on)'),
        }.get(role, ('fitted_on', 'centroids_on')) -%}
        {%- set tonight -%}
            from {{ centroids }}
            where
                as_of_date = (select max(as_of_date) from {{ centroids }})
                {%- if role in ('promoted', 'former') %}
                and is_changed
                {%- endif %}
        {%- endset -%}
        {%- set fitted_on = 'select ' ~ columns[0] ~ ' ' ~ tonight -%}
        {%- set centroids_on = 'select ' ~ columns[1] ~ ' ' ~ tonight -%}
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
            where
                fitted_on = ({{ fitted_on }})
                and (map_kind != 'segment' or centroids_on = ({{ centroids_on }}))
            order by map_kind, map_number
        {%- endset -%}
        {%- set sizes = [] -%}
        {%- for row in run_query(map_query).rows -%}
            {%- set map = {'intercept': row[2][1:], 'coefficients': row[3][1:]} -%}
            {%- do sizes.append(row[6]) -%}
            {%- if row[0] == 'axis' -%}
                {%- do model.axes.append(map) -%}
            {%- elif row[0] == 'component' -%}
                {%- do model.components.append(map) -%}
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
            select
                feature,
                transform,
                imputation,
                '#' || imputed_value,
                '#' || lower_bound,
                '#' || upper_bound,
                group_column,
                '#' || model_intercept,
                '#' || model_coefficients::varchar,
                '#' || model_minimum,
                '#' || model_maximum,
                '#' || start_intercept,
                '#' || start_coefficients::varchar,
                '#' || transform_lambda
            from {{ scaling }}
            where is_used and fitted_on = ({{ fitted_on }})
            order by feature_number
        {%- endset -%}
        {%- set group_query -%}
            select
                feature,
                '#' || unnest(group_names),
                '#' || unnest(group_values)
            from {{ scaling }}
            where is_used and fitted_on = ({{ fitted_on }})
            order by all
        {%- endset -%}
        {%- if sizes and sizes[0] -%}
            {%- set groups = {} -%}
            {%- for row in run_query(group_query).rows -%}
                {%- do groups.setdefault(row[0], []).append(
                    {'name': row[1][1:], 'value': row[2][1:]}
                ) -%}
            {%- endfor -%}
            {%- for row in run_query(feature_query).rows -%}
                {%- do model.features.append({
                    'name': row[0],
                    'transform': row[1],
                    'transform_lambda': row[13][1:] if row[13] else none,
                    'imputation': row[2],
                    'imputed_value': row[3][1:],
                    'lower_bound': row[4][1:] if row[4] else none,
                    'upper_bound': row[5][1:] if row[5] else none,
                    'group_column': row[6],
                    'groups': groups.get(row[0], []),
                    'model': {
                        'intercept': row[7][1:],
                        'coefficients': row[8][1:],
                        'minimum': row[9][1:],
                        'maximum': row[10][1:],
                    } if row[7] else none,
                    'start': {
                        'intercept': row[11][1:],
                        'coefficients': row[12][1:],
                        'minimum': row[9][1:],
                        'maximum': row[10][1:],
                    } if row[7] else none,
                }) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(model) }}
{%- endmacro %}
