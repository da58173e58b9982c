"""What the report reads from the warehouse: one query a section, schema marts only.

Rows are aggregated in the warehouse. The only rows about single persons that
leave it are the points of the plane, without their key. Refused values stay
there too: they are raw and may be personal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from tessera.errors import TesseraError

MART_TABLES = (
    "dim_segments",
    "fct_axis_loadings",
    "fct_blanked_values",
    "fct_identity_match_rates",
    "fct_identity_reviews",
    "fct_enrichment_match_rates",
    "fct_load_reconciliation",
    "fct_model_candidates",
    "fct_model_versions",
    "fct_person_scores",
    "fct_quarantined_rows",
    "fct_segment_memberships",
    "fct_thresholds",
)
PLANE_PERSONS = 3_000
SHOWN_REVIEWS = 100


class MissingTableError(TesseraError):
    """A mart that the report reads is not in the warehouse."""

    def __init__(self, tables: Iterable[str]):
        names = ", ".join(f"marts.{table}" for table in tables)
        super().__init__(f"{names} not found in the warehouse: run `dbt build` first.")


@dataclass(frozen=True)
class Overview:
    """The head of the report; dates and version are None in an empty warehouse."""

    as_of_date: date | None
    person_count: int
    segmentations_with_revenue: tuple[str, ...]


@dataclass(frozen=True)
class Marts:
    """All that the report shows: one frame a query, each maybe without rows."""

    overview: Overview
    segments: pd.DataFrame
    rfm_cells: pd.DataFrame
    plane: pd.DataFrame
    axes: pd.DataFrame
    model: pd.DataFrame
    candidates: pd.DataFrame
    thresholds: pd.DataFrame
    reconciliation: pd.DataFrame
    quarantine: pd.DataFrame
    blanked: pd.DataFrame
    match_rates: pd.DataFrame
    review_counts: pd.DataFrame
    reviews: pd.DataFrame
    enrichments: pd.DataFrame


def read_marts(connection: duckdb.DuckDBPyConnection) -> Marts:
    """Read every section's figures.

    Raises
    ------
    MissingTableError
        If a mart does not exist; all that are missing are named.
    """
    check_tables(connection)
    model = read_model(connection)
    version = None if model.empty else model["model_version"].iloc[0]
    return Marts(
        overview=read_overview(connection),
        segments=read_segments(connection),
        rfm_cells=read_rfm_cells(connection),
        plane=read_plane(connection),
        axes=read_axes(connection, version),
        model=model,
        candidates=read_candidates(connection, version),
        thresholds=read_thresholds(connection),
        reconciliation=read_reconciliation(connection),
        quarantine=read_quarantine(connection),
        blanked=read_blanked(connection),
        match_rates=read_match_rates(connection),
        review_counts=read_review_counts(connection),
        reviews=read_reviews(connection),
        enrichments=read_enrichments(connection),
    )


def check_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise MissingTableError unless all of `MART_TABLES` exist."""
    found = connection.execute(
        """
        select table_name
        from information_schema.tables
        where table_catalog = current_database() and table_schema = 'marts'
        """
    ).fetchall()
    missing = [table for table in MART_TABLES if (table,) not in found]
    if missing:
        raise MissingTableError(missing)


def read_overview(connection: duckdb.DuckDBPyConnection) -> Overview:
    """Last day scored, persons scored, and segmentations that hold revenue."""
    as_of_date, person_count = connection.execute(
        "select max(as_of_date), count(*) from marts.fct_person_scores"
    ).fetchall()[0]
    with_revenue = connection.execute(
        """
        select segmentation
        from marts.dim_segments
        group by segmentation
        having sum(revenue_share) > 0
        order by segmentation
        """
    ).fetchall()
    return Overview(as_of_date, person_count, tuple(name for (name,) in with_revenue))


def read_segments(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per segment in use, the largest first within its segmentation."""
    return connection.execute(
        """
        select
            segmentation,
            segment_key,
            coalesce(segment_name, segment_key) as segment_name,
            description,
            person_count,
            person_share,
            revenue_share,
            stability
        from marts.dim_segments
        where status is distinct from 'retired'
        order by segmentation, person_count desc, segment_key
        """
    ).df()


def read_rfm_cells(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per recency and frequency score; scores are 0 for who never bought."""
    return connection.execute(
        """
        select
            recency_score,
            frequency_score,
            count(*) as person_count,
            avg(monetary_score) as mean_monetary_score,
            max(monetary_score) as highest_monetary_score,
        from marts.fct_person_scores
        group by recency_score, frequency_score
        order by recency_score, frequency_score
        """
    ).df()


def read_plane(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per person of a bounded sample that the person's key alone decides."""
    return connection.execute(
        """
        select
            memberships.segment_key,
            round(scores.axis_1_score, 3) as axis_1_score,
            round(scores.axis_2_score, 3) as axis_2_score,
        from marts.fct_person_scores as scores
        inner join marts.fct_segment_memberships as memberships
            on scores.person_key = memberships.person_key
            and memberships.segmentation = 'behaviour'
        where isfinite(scores.axis_1_score) and isfinite(scores.axis_2_score)
        order by md5(scores.person_key::varchar), scores.person_key
        limit $persons
        """,
        {"persons": PLANE_PERSONS},
    ).df()


def read_model(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row: the behaviour champion, failing that the last model fitted."""
    return connection.execute(
        """
        select
            model_version,
            algorithm,
            segment_count,
            feature_count,
            component_count,
            explained_variance_share,
            sample_size,
            silhouette,
            davies_bouldin,
            reason,
            fitted_on,
        from marts.fct_model_versions
        order by
            segmentation = 'behaviour' desc nulls last,
            status = 'champion' desc nulls last,
            fitted_on desc nulls last,
            model_version desc
        limit 1
        """
    ).df()


def read_axes(
    connection: duckdb.DuckDBPyConnection, version: str | None
) -> pd.DataFrame:
    """One row per feature and axis of the plane, the heaviest loading first."""
    return connection.execute(
        """
        select axis, axis_name, feature, loading, explained_variance_share
        from marts.fct_axis_loadings
        where model_version = $version and axis in (1, 2)
        order by axis, abs(loading) desc, feature
        """,
        {"version": version},
    ).df()


def read_candidates(
    connection: duckdb.DuckDBPyConnection, version: str | None
) -> pd.DataFrame:
    """One row per candidate that was measured for the model."""
    return connection.execute(
        """
        select
            algorithm,
            segment_count,
            inertia,
            silhouette,
            davies_bouldin,
            coalesce(is_elbow, false) as is_elbow,
            coalesce(is_chosen, false) as is_chosen,
            reason,
        from marts.fct_model_candidates
        where model_version = $version
        order by algorithm, segment_count
        """,
        {"version": version},
    ).df()


def read_thresholds(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per variable and scope value on the last day.

    Recency, frequency and money come first; other variables follow by name.
    """
    return connection.execute(
        """
        select
            variable,
            scope,
            scope_value,
            as_of_date,
            method,
            edges,
            sample_size,
            reason
        from marts.fct_thresholds
        where as_of_date = (select max(as_of_date) from marts.fct_thresholds)
        order by
            case
                when starts_with(variable, 'recency') then 1
                when starts_with(variable, 'frequency') then 2
                when starts_with(variable, 'monetary') then 3
                else 4
            end,
            variable,
            scope,
            scope_value
        """
    ).df()


def read_reconciliation(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per source table, all its loads together."""
    return connection.execute(
        """
        select
            source_name,
            table_name,
            sum(rows_in)::bigint as rows_in,
            sum(kept)::bigint as kept,
            sum(duplicates)::bigint as duplicates,
            sum(quarantined)::bigint as quarantined,
            max(loaded_on) as last_loaded_on,
        from marts.fct_load_reconciliation
        group by source_name, table_name
        order by source_name, table_name
        """
    ).df()


def read_quarantine(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per rule, table and column that refused rows, the busiest first.

    The reason is given where all rows share one. Where they differ, they may
    repeat the refused values, so only their number is given.
    """
    return connection.execute(
        """
        select
            rule,
            source_name,
            table_name,
            column_name,
            count(*) as row_count,
            count(distinct reason) as reason_count,
            min(reason) as reason,
        from marts.fct_quarantined_rows
        group by rule, source_name, table_name, column_name
        order by row_count desc, rule, source_name, table_name, column_name
        """
    ).df()


def read_blanked(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per table and column with blanked values, the largest share first.

    The place is that of the first one in the latest load that has any.
    """
    return connection.execute(
        """
        select
            rule,
            source_name,
            table_name,
            column_name,
            sum(given_count)::bigint as given_count,
            sum(blanked_count)::bigint as blanked_count,
            min(reason) as reason,
            arg_max(first_file_name, load_id) filter (where blanked_count > 0)
                as file_name,
            arg_max(first_row_number, load_id) filter (where blanked_count > 0)
                as row_number,
        from marts.fct_blanked_values
        group by rule, source_name, table_name, column_name
        having sum(blanked_count) > 0
        order by
            sum(blanked_count) / sum(given_count) desc,
            source_name,
            table_name,
            column_name
        """
    ).df()


def read_match_rates(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per source on the last night, all sources together first."""
    return connection.execute(
        """
        select
            as_of_date,
            source_name,
            profile_count,
            person_count,
            linked_share,
            crm_share,
            median_days_to_resolve
        from marts.fct_identity_match_rates
        where as_of_date = (select max(as_of_date) from marts.fct_identity_match_rates)
        order by source_name != 'all', profile_count desc, source_name
        """
    ).df()


def read_review_counts(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per kind of question about identity, the most frequent first."""
    return connection.execute(
        """
        select review_kind, what_to_do, count(*) as review_count
        from marts.fct_identity_reviews
        group by review_kind, what_to_do
        order by review_count desc, review_kind
        """
    ).df()


def read_reviews(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per question of a bounded number, those about two profiles first."""
    return connection.execute(
        """
        select
            review_kind,
            left_source || ' ' || left_profile_id as left_profile,
            right_source || ' ' || right_profile_id as right_profile,
            evidence,
            match_probability,
            profile_count
        from marts.fct_identity_reviews
        order by
            right_profile_id is null,
            match_probability desc nulls first,
            review_kind,
            review_key
        limit $reviews
        """,
        {"reviews": SHOWN_REVIEWS},
    ).df()


def read_enrichments(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per enrichment on the last night."""
    return connection.execute(
        """
        select
            enrichment,
            person_count,
            keyed_count,
            matched_count,
            ambiguous_count,
            matched_share,
        from marts.fct_enrichment_match_rates
        where as_of_date = (
            select max(as_of_date) from marts.fct_enrichment_match_rates
        )
        order by enrichment
        """
    ).df()
