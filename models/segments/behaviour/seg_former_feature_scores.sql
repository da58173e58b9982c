with
seg_former_feature_scores as (
    {{ segment_scores(
        matrix=ref('fit_features_before'),
        scaling=ref('fit_feature_scaling'),
        maps=ref('fit_score_maps'),
        centroids=ref('fit_centroids_in_use'),
        groups=ref('fit_features_before'),
        role='promoted',
    ) | indent(4) }}
)

select * from seg_former_feature_scores
