"""Why one person is in her segments: figures, scores, alternatives and history."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from tessera.errors import TesseraError
from tessera.methods.components import project
from tessera.methods.mixture import segment_probabilities, squared_distances
from tessera.methods.scaling import transform_features
from tessera.warehouse import open_warehouse

SHOWN_FEATURES = 10
# Score, the column of fct_person_scores behind it, the variable whose edges it is read
# off, and whether small values score high.
SCORES = (
    ("recency_score", "recency_days", "recency_days", True),
    ("frequency_score", "frequency_count", "order_count", False),
    ("monetary_score", "monetary_amount", "monetary_amount", False),
)


class UnknownPersonError(TesseraError):
    """No person has the key; says who has her records now, when somebody has."""


@dataclass(frozen=True)
class Membership:
    """A segment that the person is in tonight."""

    segmentation: str
    segment_key: str
    segment_name: str
    probability: float
    entered_on: date
    model_version: str | None
    reason: str


@dataclass(frozen=True)
class Score:
    """A score with the edges that it was read off: above the one, up to the other."""

    score: str
    value: float | None
    points: int
    above: float | None
    up_to: float | None


@dataclass(frozen=True)
class FeatureValue:
    """A feature that the model looks at, and how far from the usual it is.

    `label` is what it is called, `unit` that of `value`; `deviation` is in standard
    deviations of the sample, after the model's transform.
    """

    feature: str
    label: str
    unit: str | None
    value: float | None
    deviation: float


@dataclass(frozen=True)
class Alternative:
    """A behaviour segment, the nearest first. `distance` is to its middle."""

    segment_key: str
    segment_name: str
    probability: float
    distance: float


@dataclass(frozen=True)
class Stay:
    """A segment that the person was in from a night on, up to and without another."""

    segmentation: str
    segment_key: str
    segment_name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Move:
    """A change of segment, with its cause and the shares of each cause."""

    segmentation: str
    moved_on: date
    from_name: str | None
    to_name: str | None
    cause: str
    shares: dict[str, float]


@dataclass(frozen=True)
class Explanation:
    """All that is known of why a person is where she is."""

    person_key: int
    as_of_date: date
    memberships: tuple[Membership, ...]
    tags: tuple[str, ...]
    scores: tuple[Score, ...]
    features: tuple[FeatureValue, ...]
    alternatives: tuple[Alternative, ...]
    history: tuple[Stay, ...]
    moves: tuple[Move, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain values, days as ISO text."""
        return _plain(asdict(self))


def explain_person(warehouse: Path, person_key: int) -> Explanation:
    """Explain why a person is in her segments tonight.

    Parameters
    ----------
    warehouse : Path
        The DuckDB file that ``dbt build`` made; opened read-only. The published file
        does not hold the features that this needs.
    person_key : int
        Key of the person.

    Returns
    -------
    Explanation
        Without alternatives for who never bought, and while there is no model; without
        history before the second night.

    Raises
    ------
    UnknownPersonError
        If nobody has the key tonight.
    TesseraError
        If there is no warehouse, it is in use, or it was not built.
    """
    with open_warehouse(warehouse) as connection:
        try:
            reader = _Reader(connection, person_key)
            return reader.explain()
        except duckdb.CatalogException as error:
            raise TesseraError(
                f"{warehouse}: a table is missing ({str(error).splitlines()[0]}): run "
                "`dbt build`."
            ) from error


class _Reader:
    """Reads one person's rows."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, person_key: int):
        self._connection = connection
        self._key = person_key
        self._names = {
            (segmentation, key): name or key
            for segmentation, key, name in self._rows(
                "select segmentation, segment_key, segment_name from marts.dim_segments"
            )
        }

    def _rows(self, sql: str, *values: object) -> list[tuple]:
        return self._connection.execute(sql, list(values)).fetchall()

    def _frame(self, sql: str, *values: object, **named: object) -> pd.DataFrame:
        return self._connection.execute(sql, named or list(values)).df()

    def _has(self, schema: str, table: str, column: str | None = None) -> bool:
        found = self._rows(
            "select column_name from duckdb_columns() "
            "where schema_name = ? and table_name = ?",
            schema,
            table,
        )
        return bool(found) if column is None else (column,) in found

    def _name(self, segmentation: str, key: str | None) -> str | None:
        return None if key is None else self._names.get((segmentation, key), key)

    def explain(self) -> Explanation:
        scores_row = self._frame(
            "select * from marts.fct_person_scores where person_key = ?", self._key
        )
        if scores_row.empty:
            raise UnknownPersonError(self._who_is_it_now())
        row = scores_row.iloc[0]
        scores = tuple(self._scores(row))
        features, alternatives = self._behaviour()
        return Explanation(
            person_key=self._key,
            as_of_date=pd.Timestamp(row["as_of_date"]).date(),
            memberships=tuple(self._memberships(scores, alternatives)),
            tags=tuple(
                self._name(segmentation, key)
                for segmentation, key in self._rows(
                    """
                    select segmentation, segment_key from marts.fct_segment_tags
                    where person_key = ? order by segmentation, segment_key
                    """,
                    self._key,
                )
            ),
            scores=scores,
            features=features,
            alternatives=alternatives,
            history=tuple(self._history()),
            moves=tuple(self._moves()),
        )

    def _who_is_it_now(self) -> str:
        """Say why there is no such person, and whom to ask for instead."""
        heirs = self._rows(
            """
            select to_person_key, changed_on, change_type
            from marts.fct_person_key_changes
            where from_person_key = ? order by changed_on desc
            """,
            self._key,
        )
        if heirs:
            heir, changed_on, change = heirs[0]
            return (
                f"no person {self._key} tonight: {change} on {changed_on}; run "
                f"`tessera person {heir}`."
            )
        return (
            f"no person {self._key}: a key stands in marts.fct_person_scores, column "
            "person_key; cookies that nothing ties to somebody are not scored."
        )

    def _scores(self, row: pd.Series):
        edges = dict(
            self._rows(
                """
                select variable, edges from marts.fct_thresholds
                where scope = 'all' and as_of_date = ?
                """,
                pd.Timestamp(row["as_of_date"]).date(),
            )
        )
        for score, column, variable, is_reversed in SCORES:
            value = None if pd.isna(row[column]) else float(row[column])
            points = 0 if pd.isna(row[score]) else int(row[score])
            above, up_to = None, None
            if points:
                bounds = [None, *edges.get(variable, ()), None]
                group = len(bounds) - 1 - points if is_reversed else points - 1
                if 0 <= group < len(bounds) - 1:
                    above, up_to = bounds[group], bounds[group + 1]
            yield Score(score, value, points, above, up_to)

    def _memberships(self, scores, alternatives):
        rules = self._rules()
        for segmentation, key, probability, entered_on, version in self._rows(
            """
            select segmentation, segment_key, probability, entered_on, model_version
            from marts.fct_segment_memberships
            where person_key = ? order by segmentation
            """,
            self._key,
        ):
            yield Membership(
                segmentation,
                key,
                self._name(segmentation, key),
                probability,
                entered_on,
                version,
                _reason(segmentation, rules.get(key), scores, alternatives, key),
            )

    def _rules(self) -> dict[str, str]:
        """Write the conditions of each segment by rule; either of several is enough."""
        if not self._has("marts", "dim_segment_rules"):
            return {}
        rules = self._frame(
            """
            from marts.dim_segment_rules
            order by
                segment_key,
                alternative,
                list_position($scores, variable) nulls last,
                variable,
                operator
            """,
            scores=[score for score, *_ in SCORES],
        )
        written = {}
        for key, conditions in rules.groupby("segment_key"):
            ways = [
                " and ".join(_condition(row) for row in way.itertuples())
                for _, way in conditions.groupby("alternative")
            ]
            written[key] = "; or ".join(ways)
        return written

    def _behaviour(
        self,
    ) -> tuple[tuple[FeatureValue, ...], tuple[Alternative, ...]]:
        """Place the person on the model's axes, as the scoring in SQL does."""
        matrix = self._frame(
            """
            select * from features.ftr_person_matrix as matrix
            left join features.ftr_person_groups as person_groups using (person_key)
            where matrix.person_key = ?
            """,
            self._key,
        )
        scaling = self._fit("fit_feature_scaling", "feature_number")
        components = self._fit("fit_components", "component, feature_number")
        centroids = self._centroids()
        if matrix.empty or scaling.empty or centroids.empty:
            return (), ()
        for feature in set(scaling["feature"]) - set(matrix.columns):
            matrix[feature] = np.nan
        standardised = transform_features(matrix, scaling)
        used = scaling.loc[scaling["is_used"]].reset_index(drop=True)
        deviations = standardised[0] / used["weight"].to_numpy()
        ranked = np.argsort(-np.abs(deviations), kind="stable")[:SHOWN_FEATURES]
        called = self._labels()
        features = tuple(
            FeatureValue(
                used["feature"][place],
                *called.get(used["feature"][place], (used["feature"][place], None)),
                _number(matrix[used["feature"][place]].iloc[0]),
                round(float(deviations[place]), 3),
            )
            for place in ranked
        )
        points = project(standardised, components)
        middles = np.array(centroids["coordinates"].tolist(), dtype=float).reshape(
            len(centroids), points.shape[1]
        )
        probabilities = segment_probabilities(
            points, middles, centroids["person_share"], centroids["pooled_variance"]
        )[0]
        distances = np.sqrt(squared_distances(points, middles)[0])
        keys = self._segment_keys()
        alternatives = [
            Alternative(
                key,
                self._name("behaviour", key),
                round(float(probability), 6),
                round(float(distance), 3),
            )
            for key, probability, distance in zip(
                (
                    keys.get(number, f"behaviour-{number}")
                    for number in centroids["segment_number"]
                ),
                probabilities,
                distances,
                strict=True,
            )
        ]
        return features, tuple(sorted(alternatives, key=lambda one: one.distance))

    def _labels(self) -> dict[str, tuple[str, str | None]]:
        """Give what each feature of the axes is called, and its unit."""
        if not self._has("marts", "fct_axis_loadings", "feature_unit"):
            return {}
        return {
            feature: (label or feature, unit)
            for feature, label, unit in self._rows(
                """
                select feature, any_value(feature_label), any_value(feature_unit)
                from marts.fct_axis_loadings group by feature
                """
            )
        }

    def _fit(self, table: str, order: str) -> pd.DataFrame:
        """Read what was fitted; of several versions, the champion's."""
        if not self._has("fits", table):
            return pd.DataFrame()
        if not self._has("fits", table, "fitted_on"):
            return self._frame(f"from fits.{table} order by {order}")
        return self._frame(
            f"""
            from fits.{table}
            where fitted_on = (
                select max(fitted_on) from marts.fct_model_versions
                where segmentation = 'behaviour' and status = 'champion'
            )
            order by {order}
            """
        )

    def _centroids(self) -> pd.DataFrame:
        """Read the centroids that score tonight: as fitted, or as they followed."""
        if not self._has("fits", "fit_centroids_in_use"):
            return self._fit("fit_centroids", "segment_number")
        return self._frame(
            """
            select known.* from fits.fit_known_centroids as known
            inner join fits.fit_centroids_in_use as in_use
                using (fitted_on, centroids_on)
            where in_use.as_of_date = (
                select max(as_of_date) from fits.fit_centroids_in_use
            )
            order by known.segment_number
            """
        )

    def _segment_keys(self) -> dict[int, str]:
        """Give the key of each segment number; by its number where none outlives it."""
        if not self._has("marts", "dim_segment_families", "segment_key"):
            return {}
        return dict(
            self._rows(
                "select segment_number, segment_key from marts.dim_segment_families"
            )
        )

    def _history(self):
        if not self._has("marts", "fct_segment_membership_history"):
            return
        for segmentation, key, valid_from, valid_to in self._rows(
            """
            select segmentation, segment_key, valid_from, valid_to
            from marts.fct_segment_membership_history
            where person_key = ? order by segmentation, valid_from
            """,
            self._key,
        ):
            name = self._name(segmentation, key)
            yield Stay(segmentation, key, name, valid_from, valid_to)

    def _moves(self):
        if not self._has("marts", "fct_segment_movements"):
            return
        causes = ("behaviour", "model", "threshold", "identity")
        for segmentation, moved_on, start, goal, cause, *shares in self._rows(
            f"""
            select segmentation, moved_on, from_segment_key, to_segment_key, cause,
                {", ".join(f"{name}_share" for name in causes)}
            from marts.fct_segment_movements
            where person_key = ? order by moved_on desc, segmentation
            """,
            self._key,
        ):
            yield Move(
                segmentation,
                moved_on,
                self._name(segmentation, start),
                self._name(segmentation, goal),
                cause,
                dict(zip(causes, shares, strict=True)),
            )


def _condition(row) -> str:
    """Write one condition of `marts.dim_segment_rules`."""
    if row.operator == "otherwise":
        return "no other segment takes her"
    value = "" if pd.isna(row.value) else str(row.value)
    low, _, high = value.partition("|")
    if row.operator == "between" and low == high:
        return f"{row.variable} = {low}"
    joint = " and " if row.operator == "between" else ", "
    return " ".join(
        part
        for part in (str(row.variable), row.operator, value.replace("|", joint))
        if part
    )


def _reason(
    segmentation: str,
    rule: str | None,
    scores: tuple[Score, ...],
    alternatives: tuple[Alternative, ...],
    key: str,
) -> str:
    """Say in a sentence why a person is in a segment."""
    if segmentation == "behaviour" and alternatives:
        nearest = alternatives[0]
        if nearest.segment_key == key:
            return (
                "its middle is the nearest to what she does "
                f"(distance {nearest.distance:.2f})"
            )
        return (
            f"she stays: {nearest.segment_name} is nearer tonight, but has not led "
            "long or surely enough"
        )
    if rule and segmentation == "rfm":
        points = " ".join(str(score.points) for score in scores)
        return f"her scores are {points}; the rule asks for {rule}"
    return f"the rule holds: {rule}" if rule else "measured against everybody else"


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _plain(value: Any) -> Any:
    """Turn days into text, in whatever holds them."""
    if isinstance(value, dict):
        return {name: _plain(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    return value.isoformat() if isinstance(value, date) else value
