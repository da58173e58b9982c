{#- One pass over everybody, one row a combination of segments; then made long. -#}
{%- set measures = told_measures() -%}
{%- set parts = ['person_count', 'scaled_sum', 'scaled_square_sum', 'raw_sum'] -%}
{#- A null ends each list, so that without a measure there is a list, too. -#}
{%- set listed = {'measure': []} -%}
{%- for measure in measures -%}
    {%- do listed.measure.append("'" ~ measure.name ~ "'") -%}
{%- endfor -%}
{%- do listed.measure.append('null::varchar') -%}
{%- for part in parts -%}
    {%- do listed.update({part: []}) -%}
    {%- for measure in measures -%}
        {%- do listed[part].append(measure.name ~ '_' ~ part) -%}
    {%- endfor -%}
    {%- do listed[part].append('null') -%}
{%- endfor -%}

with
people as (
    select * from {{ ref('persona_people') }}
),

matrix as (
    select * from {{ ref('ftr_person_matrix') }}
),

bounds as (
    select
        {% for measure in measures -%}
            any_value(low_bound) filter (where measure = '{{ measure.name }}')
                as {{ measure.name }}_low,
            any_value(high_bound) filter (where measure = '{{ measure.name }}')
                as {{ measure.name }}_high,
        {% endfor -%}
        count(*) as measure_count
    from {{ ref('persona_bounds') }}
),

scaled as (
    select
        people.segment_combination,
        {% for measure in measures -%}
            {% set name = measure.name -%}
            {% set low = 'bounds.' ~ name ~ '_low' -%}
            {% set high = 'bounds.' ~ name ~ '_high' -%}
            {{ scaled_measure('matrix.' ~ name, low, high, measure.transform) }}
                as {{ name }},
            {{ scaled_measure('matrix.' ~ name, low, high) }} as {{ name }}_raw,
        {% endfor -%}
        people.person_key
    from people
    inner join matrix
        on people.person_key = matrix.person_key
    cross join bounds
),

summed as (
    select
        {% for measure in measures -%}
            {% set name = measure.name -%}
            count({{ name }})::bigint as {{ name }}_person_count,
            coalesce(sum({{ name }}), 0) as {{ name }}_scaled_sum,
            coalesce(sum(({{ name }} * {{ name }})::decimal(38, 0)), 0)
                as {{ name }}_scaled_square_sum,
            coalesce(sum({{ name }}_raw), 0) as {{ name }}_raw_sum,
        {% endfor -%}
        segment_combination
    from scaled
    group by segment_combination
),

long as (
    select
        unnest([{{ listed.measure | join(', ') }}]) as measure,
        {% for part in parts -%}
            unnest([{{ listed[part] | join(', ') }}]) as {{ part }},
        {% endfor -%}
        segment_combination
    from summed
),

persona_measure_sums as (
    select
        segment_combination,
        measure,
        person_count::bigint as person_count,
        scaled_sum::decimal(38, 0) as scaled_sum,
        scaled_square_sum::decimal(38, 0) as scaled_square_sum,
        raw_sum::decimal(38, 0) as raw_sum
    from long
    where measure is not null
)

select * from persona_measure_sums
