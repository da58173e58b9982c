-- The marts that the report reads, with the columns it needs of each. A mart that the
-- file lacks stands in as an empty table of this shape, a column that it lacks as null,
-- so that the first night, and a file of an older version, give a whole report.

create table marts.dim_segments (
    segmentation varchar, segment_key varchar, segment_name varchar,
    description varchar, kind varchar, person_count bigint, person_share double,
    revenue_share double, revenue_amount double, currency_code varchar,
    stability double, status varchar, valid_from date
);

create table marts.dim_segment_rules (
    segmentation varchar, segment_key varchar, priority integer, alternative integer,
    variable varchar, operator varchar, value varchar
);

create table marts.dim_personas (
    segmentation varchar, segment_key varchar, segment_name_fr varchar,
    description_fr varchar, is_described boolean, traits_en varchar[],
    traits_fr varchar[], channel varchar, channel_share double, day_part varchar,
    day_part_share double, weekday varchar, weekday_share double, device varchar,
    device_share double, order_count double, revenue_per_buyer double,
    average_order_amount double, typical_person_key bigint, paragraph_en varchar,
    paragraph_fr varchar
);

create table marts.fct_segment_traits (
    segmentation varchar, segment_key varchar, trait_kind varchar, trait varchar,
    trait_value varchar, trait_label varchar, trait_label_fr varchar,
    value_label varchar, value_label_fr varchar, unit varchar, segment_figure double, rest_figure double, difference double,
    interval_low double, interval_high double, trait_rank bigint
);

create table marts.fct_segment_sizes_daily (
    as_of_date date, segmentation varchar, segment_key varchar, person_count bigint,
    person_share double, revenue_amount double
);

create table marts.fct_segment_migrations (
    window_name varchar, since_on date, as_of_date date, segmentation varchar,
    from_segment_key varchar, to_segment_key varchar, person_count bigint,
    revenue_amount double
);

create table marts.fct_segment_movements_daily (
    moved_on date, segmentation varchar, from_segment_key varchar,
    to_segment_key varchar, person_count bigint, behaviour_count double,
    model_count double, threshold_count double, identity_count double
);

create table marts.fct_segment_size_changes (
    as_of_date date, segmentation varchar, segment_key varchar,
    behaviour_change double, model_change double, threshold_change double,
    identity_change double
);

create table marts.fct_segment_memberships (
    person_key bigint, segmentation varchar, segment_key varchar, probability double,
    entered_on date, model_version varchar, as_of_date date
);

create table marts.fct_segment_lineage (
    model_version varchar, from_segment_key varchar, to_segment_key varchar,
    relation varchar, jaccard double
);

create table marts.fct_person_scores (
    person_key bigint, as_of_date date, recency_days integer, frequency_count bigint,
    monetary_amount double, recency_score integer, frequency_score integer,
    monetary_score integer, axis_1_score double, axis_2_score double
);

create table marts.fct_projection_points (
    person_key bigint, segment_key varchar, across_position double, up_position double
);

create table marts.fct_thresholds (
    variable varchar, scope varchar, scope_value varchar, as_of_date date,
    method varchar, edges double[], sample_size bigint, reason varchar
);

create table marts.fct_model_versions (
    model_version varchar, segmentation varchar, algorithm varchar,
    segment_count integer, feature_count integer, component_count integer,
    explained_variance_share double, sample_size bigint, silhouette double,
    davies_bouldin double, reason varchar, refit_reason varchar,
    promotion_reason varchar, fitted_on date, status varchar
);

create table marts.fct_model_candidates (
    model_version varchar, algorithm varchar, segment_count integer,
    is_scorable boolean, inertia double, silhouette double, silhouette_low double,
    silhouette_high double, davies_bouldin double, calinski_harabasz double,
    dunn double, gap double, coverage double, stability double,
    subsample_stability double, seed_stability double, held_out_agreement double,
    is_elbow boolean, is_leading boolean, is_chosen boolean, reason varchar
);

create table marts.fct_axis_loadings (
    model_version varchar, axis integer, axis_name varchar, feature varchar,
    feature_label varchar, feature_label_fr varchar, loading double, explained_variance_share double
);

create table marts.fct_segment_merges (
    model_version varchar, merge_number integer, first_node integer,
    second_node integer, merged_node integer, height double, segment_count integer,
    person_share double
);

create table marts.dim_segment_families (
    model_version varchar, segment_key varchar, segment_number integer,
    family_number integer, family_name varchar, description varchar
);

create table marts.fct_gate_results (
    as_of_date date, gate varchar, subject varchar, passed boolean,
    is_blocking boolean, figure double, limit_value double, reason varchar
);

create table marts.fct_load_reconciliation (
    source_name varchar, table_name varchar, load_id varchar, loaded_on date,
    file_name varchar, rows_in bigint, kept bigint, duplicates bigint,
    quarantined bigint
);

create table marts.fct_quarantined_rows (
    source_name varchar, table_name varchar, load_id varchar, loaded_on date,
    file_name varchar, row_number bigint, column_name varchar, value varchar,
    rule varchar, reason varchar
);

create table marts.fct_blanked_values (
    source_name varchar, table_name varchar, column_name varchar, load_id varchar,
    loaded_on date, rule varchar, given_count bigint, blanked_count bigint,
    first_file_name varchar, first_row_number bigint, reason varchar
);

create table marts.fct_identity_match_rates (
    as_of_date date, source_name varchar, profile_count bigint, person_count bigint,
    linked_share double, crm_share double, median_days_to_resolve double
);

create table marts.fct_identity_reviews (
    review_key bigint, as_of_date date, review_kind varchar, left_source varchar,
    left_profile_id varchar, right_source varchar, right_profile_id varchar,
    evidence varchar, match_probability double, profile_count bigint,
    is_decidable boolean, queue_position bigint, what_to_do varchar
);

create table marts.fct_enrichment_match_rates (
    as_of_date date, enrichment varchar, person_count bigint, keyed_count bigint,
    matched_count bigint, ambiguous_count bigint, matched_share double
);
