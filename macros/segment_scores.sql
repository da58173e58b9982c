{#
    Scores everybody with a fitted model: coordinates on the axes, the nearest centroid
    and its probability, as plain arithmetic that any engine runs.

    This macro is the one that writes a whole select: the generated arithmetic is the
    product (design D6). It reads the parameters when its model compiles and writes one
    affine map of the features per axis and per segment; the largest segment map is the
    nearest centroid. Without parameters, as in a first compile, it gives a typed select
    of no rows. `tests/python/test_scoring.py` holds it to scikit-learn.

    Arguments
        matrix (relation): one row per person, with `person_key`, `as_of_date` and
            the raw features.
        scaling (relation): as fit_feature_scaling.
        maps (relation): as fit_score_maps.
        centroids (relation): as fit_centroids_in_use, which says which model it is, and
            the centroids of which night.
        groups (relation): one row per person, with the columns that the policy
            `group_median` names; read where a feature has group medians only.
        role (string): `champion` for what scores tonight; on a night on which that
            changes, `promoted` for it and `former` for what scored before, and none on
            others; `online` for the centroids that follow the days.
        with_components (boolean): whether coordinates on the components are written.
        with_probabilities (boolean): whether those of all segments are written.

    A feature that the model uses and the matrix lacks is missing in everybody.

    Columns written
        person_key, as_of_date; axis_1_score, axis_2_score: coordinates on the first two
        axes, null where the model has fewer; segment_number: 1 for the nearest
        centroid, the lowest number on a tie; probability: posterior of that segment in
        an isotropic Gaussian mixture, 0..1. With components, `component_1` and on; with
        probabilities, `probabilities`, by segment number.
#}
{% macro segment_scores(
    matrix, scaling, maps, centroids, groups=none, role='champion',
    with_components=false, with_probabilities=false
) -%}
    {%- set model = read_score_maps(scaling, maps, centroids, role) -%}
    {%- set components = model.components if with_components else [] -%}
    {%- if not model.segments -%}
    select
        null::bigint as person_key,
        null::date as as_of_date,
        null::double as axis_1_score,
        null::double as axis_2_score,
        null::integer as segment_number,
        null::double as probability
        {%- if with_probabilities %},
        null::double[] as probabilities
        {%- endif %}
    where false
    {%- else -%}
    {%- set size = model.features | length -%}
    {%- set transformed = [] -%}
    {%- for feature in model.features -%}
        {%- do transformed.append(transformed_feature(feature)) -%}
    {%- endfor -%}
    {%- set modelled = model.features | selectattr('model') | list -%}
    {%- set group_columns = model.features | selectattr('groups')
        | map(attribute='group_column') | unique | list -%}
    {%- set columns = adapter.get_columns_in_relation(matrix)
        | map(attribute='name') | list -%}
    {%- set gone = model.features | map(attribute='name')
        | reject('in', columns) | list -%}
    with
    {%- if group_columns %}
    person_groups as (
        select
            person_key as grouped_person_key,
            {%- for column in group_columns %}
            {{ column }} as group_{{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ groups }}
    ),
    {%- endif %}

    transformed as (
        select
            person_key,
            as_of_date,
            {%- for feature in modelled %}
            {{ is_finite(feature.name) }} as is_{{ feature.name }}_known,
            {%- endfor %}
            {{ double_array(transformed) if size else 'null' }}
                as {{ 'observed' if modelled else 'features' }}
        {%- if gone %}
        from (
            select
                *,
                {%- for name in gone %}
                null::double as {{ name }}{{ ',' if not loop.last }}
                {%- endfor %}
            from {{ matrix }}
        )
        {%- else %}
        from {{ matrix }}
        {%- endif %}
        {%- if group_columns %}
        left join person_groups
            on person_key = grouped_person_key
        {%- endif %}
    ),

    {%- if modelled %}

    started as (
        select
            *,
            {{ model_filled(model.features, 'observed', 'start') }} as started
        from transformed
    ),

    completed as (
        select
            person_key,
            as_of_date,
            {{ model_filled(model.features, 'started', 'model') }} as features
        from started
    ),
    {%- endif %}

    scored as (
        select
            person_key,
            as_of_date,
            {%- for number in (1, 2) %}
            {{ affine_map('features', size, model.axes[number - 1])
                if model.axes | length >= number else 'null::double'
            }} as axis_{{ number }}_score,
            {%- endfor %}
            {%- for component in components %}
            {{ affine_map('features', size, component) }} as component_{{ loop.index }},
            {%- endfor %}
            {%- for segment in model.segments %}
            {{ affine_map('features', size, segment) }}
                as segment_{{ segment.number }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ 'completed' if modelled else 'transformed' }}
    ),

    nearest as (
        select
            *,
            {% if model.segments | length == 1 -%}
            segment_1 as nearest
            {%- else -%}
            greatest(
                {%- for segment in model.segments -%}
                segment_{{ segment.number }}{{ ', ' if not loop.last }}
                {%- endfor -%}
            ) as nearest
            {%- endif %}
        from scored
    ),

    -- Beyond the nearest, so that who is far from all has probabilities as well.
    weighed as (
        select
            *,
            {%- for segment in model.segments %}
            '{{ segment.person_share }}'::double * exp(
                (segment_{{ segment.number }} - nearest)
                / '{{ segment.pooled_variance }}'::double
            ) as weight_{{ segment.number }}{{ ',' if not loop.last }}
            {%- endfor %}
        from nearest
    ),

    summed as (
        select
            *,
            {% for segment in model.segments -%}
            weight_{{ segment.number }}{{ ' + ' if not loop.last }}
            {%- endfor %} as weight_sum
        from weighed
    )

    select
        person_key,
        as_of_date,
        axis_1_score,
        axis_2_score,
        {%- for component in components %}
        component_{{ loop.index }},
        {%- endfor %}
        case
            {%- for segment in model.segments %}
            when segment_{{ segment.number }} = nearest then {{ segment.number }}
            {%- endfor %}
        end::integer as segment_number,
        case
            {%- for segment in model.segments %}
            when segment_{{ segment.number }} = nearest
                then '{{ segment.person_share }}'::double
            {%- endfor %}
        end / weight_sum as probability
        {%- if with_probabilities %},
        [
            {%- for segment in model.segments %}
            weight_{{ segment.number }} / weight_sum{{ ',' if not loop.last }}
            {%- endfor %}
        ] as probabilities
        {%- endif %}
    from summed
    {%- endif -%}
{%- endmacro %}
