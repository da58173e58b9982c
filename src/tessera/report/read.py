"""What the report reads: schema marts of the published file, one query a frame.

Rows are aggregated in the database. The only rows about single persons that leave it
are the points of two pictures, without their key, and the one typical person that the
marts point at for each segment. Refused values stay there too: they are raw and may be
personal.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from importlib.resources import files
from pathlib import Path

import duckdb
import pandas as pd

from tessera.errors import TesseraError
from tessera.warehouse import attach_warehouse

PLANE_PERSONS = 2_000
SHOWN_REVIEWS = 100
TREND_NIGHTS = 90
MONTH_DAYS = 30


@dataclass(frozen=True)
class Marts:
    """All that the report shows: one frame a query, each maybe without rows.

    Parameters
    ----------
    as_of_date : datetime.date or None
        The night; None while nobody was scored.
    person_count : int
        Persons scored.
    revenue_amount : float
        What all of them spent, in the reporting currency.
    absent : frozenset of str
        Marts that the file lacks altogether.
    """

    as_of_date: date | None
    person_count: int
    revenue_amount: float
    absent: frozenset[str]
    segments: pd.DataFrame
    rules: pd.DataFrame
    personas: pd.DataFrame
    traits: pd.DataFrame
    sizes: pd.DataFrame
    migrations: pd.DataFrame
    movement_rates: pd.DataFrame
    causes: pd.DataFrame
    size_changes: pd.DataFrame
    lineage: pd.DataFrame
    rfm_cells: pd.DataFrame
    typical: pd.DataFrame
    middles: pd.DataFrame
    plane: pd.DataFrame
    projection: pd.DataFrame
    axes: pd.DataFrame
    model: pd.DataFrame
    versions: pd.DataFrame
    candidates: pd.DataFrame
    merges: pd.DataFrame
    families: pd.DataFrame
    thresholds: pd.DataFrame
    gates: pd.DataFrame
    reconciliation: pd.DataFrame
    quarantine: pd.DataFrame
    blanked: pd.DataFrame
    match_rates: pd.DataFrame
    review_counts: pd.DataFrame
    reviews: pd.DataFrame
    enrichments: pd.DataFrame


def read_marts(database: Path) -> Marts:
    """Read every page's figures.

    Parameters
    ----------
    database : Path
        The published file or the warehouse; opened read-only.

    Returns
    -------
    Marts
        A mart that is not there reads as one without rows.

    Raises
    ------
    TesseraError
        If there is no such file, it is in use, or it holds no mart at all.
    """
    with _marts_of(database) as (connection, absent):
        ((as_of_date, person_count, revenue),) = connection.execute(
            """
            select max(as_of_date), count(*), coalesce(sum(monetary_amount), 0)
            from marts.fct_person_scores
            """
        ).fetchall()
        frames = {
            item.name: connection.execute(QUERIES[item.name]).df()
            for item in fields(Marts)
            if item.name in QUERIES
        }
        return Marts(as_of_date, person_count, float(revenue), absent, **frames)


@contextmanager
def _marts_of(
    database: Path,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, frozenset[str]]]:
    """Give a connection in which every expected mart and column can be read."""
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("set timezone = 'UTC'")
        attach_warehouse(connection, database, "given")
        connection.execute("create schema marts")
        expected = files("tessera.report").joinpath("expected.sql")
        connection.execute(expected.read_text(encoding="utf-8"))
        found = _columns(connection, "given")
        if not found:
            raise TesseraError(
                f"{database}: it holds no table in schema marts: run `dbt build`, then "
                "`tessera publish`."
            )
        wanted = _columns(connection, "memory")
        for table in sorted(wanted.keys() & found.keys()):
            columns = ", ".join(
                f"{name}::{kind} as {name}"
                if name in found[table]
                else f"null::{kind} as {name}"
                for name, kind in wanted[table].items()
            )
            connection.execute(f"drop table marts.{table}")
            connection.execute(
                f"create view marts.{table} as select {columns} "
                f"from given.marts.{table}"
            )
        yield connection, frozenset(wanted.keys() - found.keys())


def _columns(
    connection: duckdb.DuckDBPyConnection, catalogue: str
) -> dict[str, dict[str, str]]:
    """Give each mart's columns with their types."""
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        """
        select table_name, column_name, data_type
        from duckdb_columns()
        where database_name = $catalogue and schema_name = 'marts'
        order by table_name, column_index
        """,
        {"catalogue": catalogue},
    ).fetchall():
        tables.setdefault(table, {})[column] = kind
    return tables


CHAMPION = """
    select model_version
    from marts.fct_model_versions
    order by
        segmentation = 'behaviour' desc nulls last,
        status = 'champion' desc nulls last,
        fitted_on desc nulls last,
        model_version desc
    limit 1
"""

# A past night may be built again: what the histories say of later ones is not shown.
TONIGHT = "(select max(as_of_date) from marts.fct_person_scores)"

QUERIES = {
    # The largest first within its segmentation, with the change since the night and
    # the month before: a segment that was not there then had nobody.
    "segments": f"""
        with
        ends as (
            select
                max(as_of_date) filter (where as_of_date < {TONIGHT}) as last_night,
                max(as_of_date) filter (
                    where as_of_date <= {TONIGHT} - {MONTH_DAYS}
                ) as last_month,
            from marts.fct_segment_sizes_daily
        ),
        before as (
            select
                sizes.segmentation,
                sizes.segment_key,
                sum(sizes.person_count) filter (
                    where sizes.as_of_date = ends.last_night
                ) as last_night_count,
                sum(sizes.person_count) filter (
                    where sizes.as_of_date = ends.last_month
                ) as last_month_count,
            from marts.fct_segment_sizes_daily as sizes
            cross join ends
            group by sizes.segmentation, sizes.segment_key
        )
        select
            segments.segmentation,
            segments.segment_key,
            coalesce(segments.segment_name, segments.segment_key) as segment_name,
            personas.segment_name_fr,
            personas.description_fr,
            personas.traits_en,
            personas.traits_fr,
            segments.description,
            coalesce(segments.kind, 'partition') as kind,
            segments.person_count,
            segments.person_share,
            segments.revenue_share,
            segments.revenue_amount,
            segments.currency_code,
            segments.stability,
            if(
                ends.last_night is null,
                null,
                segments.person_count - coalesce(before.last_night_count, 0)
            ) as night_change,
            if(
                ends.last_month is null,
                null,
                segments.person_count - coalesce(before.last_month_count, 0)
            ) as month_change,
        from marts.dim_segments as segments
        cross join ends
        left join before using (segmentation, segment_key)
        left join marts.dim_personas as personas
            on segments.segmentation = personas.segmentation
            and segments.segment_key = personas.segment_key
        where segments.status is distinct from 'retired'
        order by
            list_position(
                ['rfm', 'behaviour', 'lifecycle', 'value'], segments.segmentation
            ) nulls last,
            segments.kind = 'overlap',
            segments.segmentation,
            segments.person_count desc,
            segments.segment_key
    """,
    "rules": """
        from marts.dim_segment_rules
        order by
            segmentation,
            priority,
            segment_key,
            alternative,
            list_position(
                ['recency_score', 'frequency_score', 'monetary_score'], variable
            ) nulls last,
            variable
    """,
    "personas": "from marts.dim_personas order by segmentation, segment_key",
    "traits": """
        from marts.fct_segment_traits
        order by segmentation, segment_key, trait_rank, trait, trait_value
    """,
    "sizes": f"""
        from marts.fct_segment_sizes_daily
        where as_of_date <= {TONIGHT} and as_of_date > {TONIGHT} - {TREND_NIGHTS}
        order by segmentation, segment_key, as_of_date
    """,
    "migrations": f"""
        from marts.fct_segment_migrations
        where as_of_date = {TONIGHT}
        order by segmentation, window_name, person_count desc,
            from_segment_key, to_segment_key
    """,
    # Who moved each night, of all who were in a segment; on the first nobody does.
    "movement_rates": f"""
        with
        nights as (
            select
                segmentation,
                as_of_date,
                sum(person_count)::bigint as person_count,
            from marts.fct_segment_sizes_daily
            where as_of_date <= {TONIGHT}
            group by segmentation, as_of_date
        ),
        moves as (
            select
                segmentation,
                moved_on as as_of_date,
                sum(person_count)::bigint as moved_count,
                sum(person_count) filter (
                    where from_segment_key is not null and to_segment_key is not null
                )::bigint as changed_count,
            from marts.fct_segment_movements_daily
            group by segmentation, moved_on
        )
        select
            nights.segmentation,
            nights.as_of_date,
            nights.person_count,
            coalesce(moves.moved_count, 0) as moved_count,
            coalesce(moves.changed_count, 0) as changed_count,
        from nights
        left join moves using (segmentation, as_of_date)
        where nights.as_of_date > {TONIGHT} - {TREND_NIGHTS}
        qualify row_number() over (
            partition by nights.segmentation order by nights.as_of_date
        ) > 1
        order by nights.segmentation, nights.as_of_date
    """,
    # Why tonight's movers moved, persons by share of each cause.
    "causes": f"""
        select
            segmentation,
            sum(behaviour_count) as behaviour,
            sum(model_count) as model,
            sum(threshold_count) as threshold,
            sum(identity_count) as identity,
        from marts.fct_segment_movements_daily
        where moved_on = {TONIGHT}
        group by segmentation
        order by segmentation
    """,
    "size_changes": f"""
        select
            segmentation,
            segment_key,
            behaviour_change as behaviour,
            model_change as model,
            threshold_change as threshold,
            identity_change as identity,
        from marts.fct_segment_size_changes
        where as_of_date = {TONIGHT}
        order by segmentation, segment_key
    """,
    "lineage": f"""
        from marts.fct_segment_lineage
        where model_version = ({CHAMPION})
        order by to_segment_key, from_segment_key
    """,
    # Scores are 0 for who never bought.
    "rfm_cells": """
        select
            recency_score,
            frequency_score,
            count(*) as person_count,
            avg(monetary_score) as mean_monetary_score,
            max(monetary_score) as highest_monetary_score,
        from marts.fct_person_scores
        where recency_score is not null and frequency_score is not null
        group by recency_score, frequency_score
        order by recency_score, frequency_score
    """,
    # Of the persons that the marts point at as typical of a segment, what they did and
    # where they are: nobody else leaves the database with a key.
    "typical": """
        select
            personas.segment_key as typical_of,
            scores.person_key,
            scores.recency_days,
            scores.frequency_count,
            scores.monetary_amount,
            scores.recency_score,
            scores.frequency_score,
            scores.monetary_score,
            scores.axis_1_score,
            scores.axis_2_score,
            memberships.segmentation,
            memberships.segment_key,
            memberships.probability,
            memberships.entered_on,
        from marts.dim_personas as personas
        inner join marts.fct_person_scores as scores
            on personas.typical_person_key = scores.person_key
        inner join marts.fct_segment_memberships as memberships
            on scores.person_key = memberships.person_key
        order by typical_of, memberships.segmentation
    """,
    # Where the middle of each behaviour segment lies.
    "middles": """
        select
            memberships.segment_key,
            avg(scores.axis_1_score) as axis_1_score,
            avg(scores.axis_2_score) as axis_2_score,
        from marts.fct_person_scores as scores
        inner join marts.fct_segment_memberships as memberships
            on scores.person_key = memberships.person_key
            and memberships.segmentation = 'behaviour'
        where isfinite(scores.axis_1_score) and isfinite(scores.axis_2_score)
        group by memberships.segment_key
        order by memberships.segment_key
    """,
    # A bounded sample that the person's key alone decides.
    "plane": f"""
        select
            memberships.segment_key,
            round(scores.axis_1_score, 2) as across_position,
            round(scores.axis_2_score, 2) as up_position,
        from marts.fct_person_scores as scores
        inner join marts.fct_segment_memberships as memberships
            on scores.person_key = memberships.person_key
            and memberships.segmentation = 'behaviour'
        where isfinite(scores.axis_1_score) and isfinite(scores.axis_2_score)
        order by md5(scores.person_key::varchar), scores.person_key
        limit {PLANE_PERSONS}
    """,
    "projection": f"""
        select
            segment_key,
            round(across_position, 2) as across_position,
            round(up_position, 2) as up_position,
        from marts.fct_projection_points
        where isfinite(across_position) and isfinite(up_position)
        order by md5(person_key::varchar), person_key
        limit {PLANE_PERSONS}
    """,
    "axes": f"""
        select
            axis,
            axis_name,
            feature,
            feature_label,
            feature_label_fr,
            loading,
            explained_variance_share,
        from marts.fct_axis_loadings
        where model_version = ({CHAMPION})
        order by axis, abs(loading) desc, feature
    """,
    # The behaviour champion; failing that, the last model fitted.
    "model": f"from marts.fct_model_versions where model_version = ({CHAMPION})",
    "versions": """
        from marts.fct_model_versions
        where segmentation = 'behaviour'
        order by fitted_on desc nulls last, model_version desc
    """,
    "candidates": f"""
        select
            * exclude (is_elbow, is_chosen, is_leading),
            coalesce(is_elbow, false) as is_elbow,
            coalesce(is_chosen, false) as is_chosen,
            coalesce(is_leading, false) as is_leading,
        from marts.fct_model_candidates
        where model_version = ({CHAMPION})
        order by algorithm, segment_count
    """,
    "merges": f"""
        from marts.fct_segment_merges
        where model_version = ({CHAMPION})
        order by merge_number
    """,
    "families": f"""
        select segment_number, segment_key, family_number, family_name
        from marts.dim_segment_families
        where model_version = ({CHAMPION})
        order by segment_number
    """,
    "thresholds": """
        from marts.fct_thresholds
        where as_of_date = (select max(as_of_date) from marts.fct_thresholds)
        order by
            scope != 'all',
            case
                when starts_with(variable, 'recency') then 1
                when variable in ('order_count', 'frequency_count') then 2
                when starts_with(variable, 'monetary') then 3
                else 4
            end,
            variable,
            scope,
            scope_value
    """,
    "gates": """
        from marts.fct_gate_results
        order by passed, not is_blocking, gate, subject
    """,
    # All loads of a table together.
    "reconciliation": """
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
    """,
    # The reason is given where all rows share one. Where they differ, they may repeat
    # the refused values, so only their number is given.
    "quarantine": """
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
    """,
    # The place is that of the first one in the latest load that has any.
    "blanked": """
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
    """,
    # The last night's, all sources together first.
    "match_rates": """
        from marts.fct_identity_match_rates
        where as_of_date = (select max(as_of_date) from marts.fct_identity_match_rates)
        order by source_name != 'all', profile_count desc, source_name
    """,
    # An older mart does not tell what can be decided: then all of it can.
    "review_counts": """
        select
            review_kind,
            what_to_do,
            count(*) filter (where coalesce(is_decidable, true)) as review_count,
            count(*) filter (where not is_decidable) as undecidable_count,
        from marts.fct_identity_reviews
        group by review_kind, what_to_do
        order by review_count desc, review_kind
    """,
    # In the order of the queue; ids are those of the sources, and none is an address.
    "reviews": f"""
        select
            review_kind,
            left_source || ' ' || if(
                contains(left_profile_id, '@'), '…', left_profile_id
            ) as left_profile,
            right_source || ' ' || if(
                contains(right_profile_id, '@'), '…', right_profile_id
            ) as right_profile,
            evidence,
            match_probability,
            profile_count
        from marts.fct_identity_reviews
        where coalesce(is_decidable, true)
        order by
            queue_position nulls last,
            right_profile_id is null,
            match_probability desc nulls first,
            review_kind,
            review_key
        limit {SHOWN_REVIEWS}
    """,
    "enrichments": """
        from marts.fct_enrichment_match_rates
        where as_of_date = (
            select max(as_of_date) from marts.fct_enrichment_match_rates
        )
        order by enrichment
    """,
}
