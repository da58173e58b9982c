with
seg_behaviour_scores as (
    {{ segment_scores(
        matrix=ref('ftr_person_matrix'),
        scaling=ref('fit_feature_scaling'),
        maps=ref('fit_score_maps'),
        champions=ref('fit_champions'),
        groups=ref('ftr_person_groups'),
    ) | indent(4) }}
)

select * from seg_behaviour_scores
