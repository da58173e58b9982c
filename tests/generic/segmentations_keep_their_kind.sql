{#
    Fails where a way of dividing is not what the seed `segmentations` declares it to be.

    With `kind` partition, every person has exactly one segment in every segmentation so
    declared; with overlap, no segment twice. In both, nothing is there that is declared
    otherwise.

    Arguments
        kind (string): `partition` or `overlap`, what the model is to hold.
        segmentations (relation): one row per `segmentation`, with its `kind`.
        persons (relation): one row per `person_key` of everybody there is.
        condition (string): SQL on `persons` of those who are to be in a segment; all
            are when it is left out.
#}
{% test segmentations_keep_their_kind(
    model, kind, segmentations, persons, condition='true'
) %}

with
declared as (
    select segmentation
    from {{ segmentations }}
    where kind = '{{ kind }}'
),

counted as (
    select
        segmentation,
        person_key,
        count(*) as row_count,
        count(distinct segment_key) as segment_count
    from {{ model }}
    group by segmentation, person_key
)

select
    counted.segmentation,
    counted.person_key,
    'declared otherwise, or not at all' as finding
from counted
left join declared
    on counted.segmentation = declared.segmentation
where declared.segmentation is null
union all
select
    segmentation,
    person_key,
    'one segment twice' as finding
from counted
where row_count != segment_count
{% if kind == 'partition' -%}
union all
select
    declared.segmentation,
    persons.person_key,
    'not in exactly one segment' as finding
from {{ persons }} as persons
cross join declared
left join counted
    on
        declared.segmentation = counted.segmentation
        and persons.person_key = counted.person_key
where ({{ condition }}) and coalesce(counted.segment_count, 0) != 1
{% endif %}

{% endtest %}
