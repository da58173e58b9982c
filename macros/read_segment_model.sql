{#
    Reads a fitted model's parameters as SQL literals, each a double to the last bit.

    The engine writes the numbers as text behind a `#`, which keeps every digit on
    their way through dbt, and the literals end in an exponent, which makes the engine
    read them as doubles, not decimals.

    Arguments
        scaling, components, centroids (relation): as segment_scores takes them.

    Returns a mapping of `features` (name, transform, imputed_value), `axes`
    (intercept, terms of slope and feature), `centroids` (coordinates, person_share)
    and `twice_variance`; all empty while a table is missing or holds no rows.
#}
{% macro read_segment_model(scaling, components, centroids) -%}
    {%- set model = {'features': [], 'axes': [], 'centroids': []} -%}
    {%- if execute
            and load_relation(scaling) and load_relation(components)
            and load_relation(centroids) -%}
        {%- set feature_query -%}
            select distinct
                components.feature_number,
                components.feature,
                scaling.transform,
                {{ double_literal('scaling.imputed_value') }}
            from {{ components }} as components
            inner join {{ scaling }} as scaling
                on components.feature = scaling.feature
            order by components.feature_number
        {%- endset -%}
        {%- for row in run_query(feature_query).rows -%}
            {%- do model.features.append(
                {'name': row[1], 'transform': row[2], 'imputed_value': row[3][1:]}
            ) -%}
        {%- endfor -%}
        {%- set term_query -%}
            select
                components.component,
                components.feature,
                {{ double_literal(
                    'components.weight_value * scaling.weight / scaling.scale'
                ) }},
                {{ double_literal(
                    '-sum(components.weight_value * ('
                    ~ 'scaling.weight * scaling.center / scaling.scale'
                    ~ ' + components.feature_mean'
                    ~ ')) over (partition by components.component)'
                ) }}
            from {{ components }} as components
            inner join {{ scaling }} as scaling
                on components.feature = scaling.feature
            order by components.component, components.feature_number
        {%- endset -%}
        {%- for row in run_query(term_query).rows -%}
            {%- if model.axes | length < row[0] -%}
                {%- do model.axes.append({'intercept': row[3][1:], 'terms': []}) -%}
            {%- endif -%}
            {%- do model.axes[-1].terms.append(
                {'feature': row[1], 'slope': row[2][1:]}
            ) -%}
        {%- endfor -%}
        {%- set centroid_query -%}
            select
                segment_number,
                {{ double_literal('person_share') }},
                {{ double_literal('2 * pooled_variance') }}
                {%- for axis in model.axes %},
                {{ double_literal('coordinates[' ~ loop.index ~ ']') }}
                {%- endfor %}
            from {{ centroids }}
            order by segment_number
        {%- endset -%}
        {%- for row in run_query(centroid_query).rows -%}
            {%- set coordinates = [] -%}
            {%- for axis in model.axes -%}
                {%- do coordinates.append(row[loop.index0 + 3][1:]) -%}
            {%- endfor -%}
            {%- do model.centroids.append(
                {'person_share': row[1][1:], 'coordinates': coordinates}
            ) -%}
            {%- do model.update({'twice_variance': row[2][1:]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(model) }}
{%- endmacro %}
