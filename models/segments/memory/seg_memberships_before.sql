{{ config(materialized='view') }}

with
seg_memberships_before as (
    {{ stretches_before('seg_membership_history', {
        'person_key': 'bigint', 'segmentation': 'varchar', 'segment_key': 'varchar',
        'probability': 'double', 'model_version': 'varchar',
    }) | indent(4) }}
)

select * from seg_memberships_before
