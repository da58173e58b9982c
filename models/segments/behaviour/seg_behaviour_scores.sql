with
seg_behaviour_scores as (
    {{ segment_scores(
        matrix=ref('ftr_person_matrix'),
        scaling=ref('fit_feature_scaling'),
        maps=ref('fit_score_maps'),
        centroids=ref('fit_centroids_in_use'),
        groups=ref('ftr_person_groups'),
        with_probabilities=true,
    ) | indent(4) }}
)

select * from seg_behaviour_scores
