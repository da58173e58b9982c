{%- set clustered = registered_features() | selectattr('is_clustered')
    | map(attribute='name') | list -%}

with
matrix as (
    select * from {{ ref('ftr_person_matrix') }}
),

-- What is infinite is as good as missing: no arithmetic can use it.
ftr_person_missing_values as (
    select
        person_key,
        as_of_date,
        variable as feature
    from {{ unpivoted('matrix', clustered) }}
    where ({{ is_finite('measure') }}) is not true
)

select * from ftr_person_missing_values
