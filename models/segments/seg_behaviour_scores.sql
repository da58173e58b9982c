with
seg_behaviour_scores as (
    {{ segment_scores(
        matrix=ref('ftr_person_matrix'),
        scaling=ref('fit_feature_scaling'),
        components=ref('fit_components'),
        centroids=ref('fit_centroids'),
    ) | indent(4) }}
)

select * from seg_behaviour_scores
