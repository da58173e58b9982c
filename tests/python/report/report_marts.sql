-- The marts that the report reads, without rows.
create schema marts;

create table marts.dim_segments (
    segmentation varchar,
    segment_key varchar,
    segment_name varchar,
    description varchar,
    person_count bigint,
    person_share double,
    revenue_share double,
    stability double,
    status varchar,
    valid_from date
);

create table marts.fct_segment_memberships (
    person_key bigint,
    segmentation varchar,
    segment_key varchar,
    probability double,
    entered_on date,
    model_version varchar,
    as_of_date date
);

create table marts.fct_person_scores (
    person_key bigint,
    as_of_date date,
    recency_days integer,
    frequency_count bigint,
    monetary_amount decimal(18, 2),
    recency_score integer,
    frequency_score integer,
    monetary_score integer,
    axis_1_score double,
    axis_2_score double
);

create table marts.fct_thresholds (
    variable varchar,
    scope varchar,
    scope_value varchar,
    as_of_date date,
    method varchar,
    edges double[],
    sample_size bigint,
    reason varchar
);

create table marts.fct_model_candidates (
    model_version varchar,
    algorithm varchar,
    segment_count integer,
    inertia double,
    silhouette double,
    davies_bouldin double,
    is_elbow boolean,
    is_chosen boolean,
    reason varchar
);

create table marts.fct_model_versions (
    model_version varchar,
    segmentation varchar,
    algorithm varchar,
    segment_count integer,
    feature_count integer,
    component_count integer,
    explained_variance_share double,
    sample_size bigint,
    silhouette double,
    davies_bouldin double,
    reason varchar,
    fitted_on date,
    status varchar
);

create table marts.fct_axis_loadings (
    model_version varchar,
    axis integer,
    axis_name varchar,
    feature varchar,
    loading double,
    explained_variance_share double
);

create table marts.fct_load_reconciliation (
    source_name varchar,
    table_name varchar,
    loaded_on date,
    file_name varchar,
    rows_in bigint,
    kept bigint,
    duplicates bigint,
    quarantined bigint
);

create table marts.fct_quarantined_rows (
    source_name varchar,
    table_name varchar,
    loaded_on date,
    file_name varchar,
    row_number bigint,
    column_name varchar,
    value varchar,
    rule varchar,
    reason varchar
);

create table marts.fct_blanked_values (
    source_name varchar,
    table_name varchar,
    column_name varchar,
    load_id varchar,
    loaded_on date,
    rule varchar,
    given_count bigint,
    blanked_count bigint,
    first_file_name varchar,
    first_row_number bigint,
    reason varchar,
    remedy varchar
);

create table marts.fct_identity_match_rates (
    as_of_date date,
    source_name varchar,
    profile_count bigint,
    person_count bigint,
    linked_profile_count bigint,
    linked_share double,
    crm_share double,
    median_days_to_resolve double
);

create table marts.fct_identity_reviews (
    review_key bigint,
    as_of_date date,
    review_kind varchar,
    left_source varchar,
    left_profile_id varchar,
    right_source varchar,
    right_profile_id varchar,
    evidence varchar,
    match_probability double,
    profile_count bigint,
    what_to_do varchar,
    decision_line varchar
);

create table marts.fct_enrichment_match_rates (
    as_of_date date,
    enrichment varchar,
    person_count bigint,
    keyed_count bigint,
    matched_count bigint,
    ambiguous_count bigint,
    matched_share double
);
