{#- Standard deviations within segments by which a person pulls at most, in each
    direction: `REACH` of `tessera.methods.online`. -#}
{%- set reach = 6 -%}
{%- set parameters = {
    'scaling': ref('fit_feature_scaling'), 'maps': ref('fit_score_maps'),
    'centroids': ref('fit_centroids_in_use'), 'role': 'online',
} -%}
{%- set components = read_score_maps(**parameters).components -%}

with
-- Who was there on the night of the fit is in its centroids already.
in_use as (
    select in_use.*
    from {{ ref('fit_centroids_in_use') }} as in_use
    inner join {{ ref('int_clock') }} as clock
        on in_use.as_of_date = clock.as_of_date
    where in_use.fitted_on < in_use.as_of_date and {{ components | length }} > 0
),

-- Centroids follow whom they were learned from.
learners as (
    {{ learned_from(ref('ftr_person_matrix')) | indent(4) }}
),

placed as (
    {{ segment_scores(
        matrix=ref('ftr_person_matrix'), groups=ref('ftr_person_groups'),
        with_components=true, **parameters,
    ) | indent(4) }}
),

-- As many speak for those of the fit as there are persons tonight.
former as (
    select
        in_use.as_of_date,
        known.* exclude (centroids_on) replace ( -- noqa: RF02
            coalesce(
                known.person_weight,
                known.person_share
                * (select count(*) from learners)
            ) as person_weight
        ),
        date_diff('day', known.centroids_on, in_use.as_of_date)::integer as gone_days
    from in_use
    inner join {{ ref('fit_known_centroids') }} as known
        on
            in_use.fitted_on = known.fitted_on
            and in_use.online_on = known.centroids_on
),

-- Whole millionths, whose sums do not depend on the order of persons.
deviations as (
    select
        former.segment_number,
        {% for component in components -%}
            round(1e6 * greatest(least(
                placed.component_{{ loop.index }}
                - former.coordinates[{{ loop.index }}],
                {{ reach }} * sqrt(former.pooled_variance)
            ), -{{ reach }} * sqrt(former.pooled_variance)))::bigint
                as deviation_{{ loop.index }},
        {% endfor -%}
        former.as_of_date
    from placed
    inner join learners
        on placed.person_key = learners.person_key
    inner join former
        on placed.segment_number = former.segment_number
),

summed as (
    select
        segment_number,
        count(*) as person_count,
        [
            {%- for component in components %}
            sum(deviation_{{ loop.index }}) / 1e6{{ ',' if not loop.last }}
            {%- endfor %}
        ]::double[] as deviation_sums,
        sum(round((
            0 {%- for component in components %}
            + deviation_{{ loop.index }}::double * deviation_{{ loop.index }}
            {%- endfor %}
        ) / 1e6)::bigint) / 1e6 as square_sum
    from deviations
    group by segment_number
),

fit_online_sums as (
    select
        former.*,
        coalesce(summed.person_count, 0) as person_count,
        coalesce(summed.square_sum, 0)::double as square_sum,
        summed.deviation_sums
    from former
    left join summed
        on former.segment_number = summed.segment_number
)

select * from fit_online_sums
