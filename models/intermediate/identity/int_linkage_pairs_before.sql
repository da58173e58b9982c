{{ config(materialized='view') }}

with
int_linkage_pairs_before as (
    {{ rows_before('int_linkage_pairs', {
        'left_profile_key': 'bigint', 'right_profile_key': 'bigint',
        'match_weight': 'double', 'evidence': 'varchar', 'version': 'bigint',
        'learned_key': 'varchar',
    }) }}
)

select * from int_linkage_pairs_before
