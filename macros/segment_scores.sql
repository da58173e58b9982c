{#
    Scores everybody with a fitted model: coordinates on the axes, the nearest centroid
    and its probability, as plain arithmetic that any engine runs.

    This macro is the one that writes a whole select: the generated arithmetic is the
    product (design D6). It reads the parameters when its model compiles, folds
    standardising and projecting into one affine map per axis, and writes one squared
    distance per centroid. Without parameters, as in a first compile, it gives a typed
    select of no rows. `tests/python/test_scoring.py` holds it to scikit-learn.

    Arguments
        matrix (relation): one row per person, with `person_key`, `as_of_date` and
            the raw features.
        scaling (relation): as fit_feature_scaling.
        components (relation): as fit_components.
        centroids (relation): as fit_centroids.

    Columns written
        person_key, as_of_date; axis_1_score, axis_2_score: coordinates on the first two
        axes, null where the model has fewer; segment_number: 1 for the nearest
        centroid, the lowest number on a tie; probability: posterior of that segment in
        an isotropic Gaussian mixture, 0..1; centroid_distance: to that centroid.
#}
{% macro segment_scores(matrix, scaling, components, centroids) -%}
    {%- set model = read_segment_model(scaling, components, centroids) -%}
    {%- if not model.centroids -%}
    select
        null::bigint as person_key,
        null::date as as_of_date,
        null::double as axis_1_score,
        null::double as axis_2_score,
        null::integer as segment_number,
        null::double as probability,
        null::double as centroid_distance
    where false
    {%- else -%}
    with
    transformed as (
        select
            {%- for feature in model.features %}
            {{ transformed_feature(feature) }} as {{ feature.name }},
            {%- endfor %}
            person_key,
            as_of_date
        from {{ matrix }}
    ),

    projected as (
        select
            {%- for axis in model.axes %}
            {{ axis.intercept }}
            {%- for term in axis.terms %}
            + {{ term.slope }} * {{ term.feature }}
            {%- endfor %} as axis_{{ loop.index }},
            {%- endfor %}
            person_key,
            as_of_date
        from transformed
    ),

    measured as (
        select
            *,
            {%- for centroid in model.centroids %}
            {% if not model.axes %}0.0e0{% endif -%}
            {%- for axis in model.axes -%}
            {%- set difference = '(axis_' ~ loop.index ~ ' - '
                ~ centroid.coordinates[loop.index0] ~ ')' -%}
            {{ difference }} * {{ difference }}{{ ' + ' if not loop.last }}
            {%- endfor %} as distance_{{ loop.index }}{{ ',' if not loop.last }}
            {%- endfor %}
        from projected
    ),

    nearest as (
        select
            *,
            {% if model.centroids | length == 1 -%}
            distance_1 as nearest_distance
            {%- else -%}
            least(
                {%- for centroid in model.centroids -%}
                distance_{{ loop.index }}{{ ', ' if not loop.last }}
                {%- endfor -%}
            ) as nearest_distance
            {%- endif %}
        from measured
    )

    select
        person_key,
        as_of_date,
        {{ 'axis_1' if model.axes | length >= 1 else 'null::double' }} as axis_1_score,
        {{ 'axis_2' if model.axes | length >= 2 else 'null::double' }} as axis_2_score,
        case
            {%- for centroid in model.centroids %}
            when distance_{{ loop.index }} = nearest_distance then {{ loop.index }}
            {%- endfor %}
        end::integer as segment_number,
        case
            {%- for centroid in model.centroids %}
            when distance_{{ loop.index }} = nearest_distance
                then {{ centroid.person_share }}
            {%- endfor %}
        end / (
            {%- for centroid in model.centroids %}
            {{ centroid.person_share }} * exp(
                (nearest_distance - distance_{{ loop.index }})
                / {{ model.twice_variance }}
            ){{ ' +' if not loop.last }}
            {%- endfor %}
        ) as probability,
        sqrt(nearest_distance) as centroid_distance
    from nearest
    {%- endif -%}
{%- endmacro %}
