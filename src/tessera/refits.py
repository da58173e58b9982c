"""What the behaviour fits share: whether tonight is theirs, and what they add.

The fits keep what they found: each refit adds its rows, dated, and a night without
refit adds none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from tessera.methods.placing import Placed, place_persons

FITTED_ON = "fitted_on"
DATE = pd.ArrowDtype(pa.date32())


@dataclass(frozen=True)
class Refit:
    """Tonight's row of ``fit_refit_decision``.

    Attributes
    ----------
    night : date or None
        The as-of date; None while the lake is empty.
    is_due : bool
        Whether the model is fitted tonight.
    former : date or None
        Day on which the model that scored until now was fitted; None before the first.
    """

    night: date | None
    is_due: bool
    former: date | None

    @classmethod
    def read(cls, decision: duckdb.DuckDBPyRelation) -> Refit:
        """Read the decision.

        Parameters
        ----------
        decision : DuckDBPyRelation
            ``fit_refit_decision``, of one row.

        Returns
        -------
        Refit
        """
        row = first_row(decision.project("as_of_date, is_due, former_fitted_on"))
        return cls(*row) if row else cls(None, False, None)

    def adds_nothing(self, dbt: Any) -> bool:
        """Tell whether a fit may stop at once.

        It may not while its table does not stand: then it runs for the columns' sake,
        and `dated` keeps no row.

        Parameters
        ----------
        dbt : object
            What dbt hands to a Python model.

        Returns
        -------
        bool
        """
        return dbt.is_incremental and not self.is_due

    def tonight(self, fits: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """Keep the rows that tonight's refit added.

        Parameters
        ----------
        fits : DuckDBPyRelation
            A table with `fitted_on`.

        Returns
        -------
        DuckDBPyRelation
            Of the same columns but `fitted_on`.
        """
        return _fitted_on(fits, self.night)

    def formerly(self, fits: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """Keep the rows of the model that scored until now, none before the first.

        Parameters
        ----------
        fits : DuckDBPyRelation
            A table with `fitted_on`.

        Returns
        -------
        DuckDBPyRelation
            Of the same columns but `fitted_on`.
        """
        return _fitted_on(fits, self.former)

    def last_in_use(
        self, known: duckdb.DuckDBPyRelation, before: duckdb.DuckDBPyRelation
    ) -> duckdb.DuckDBPyRelation:
        """Keep of the former model the centroids that scored, of others those fitted.

        Parameters
        ----------
        known : DuckDBPyRelation
            ``fit_known_centroids``.
        before : DuckDBPyRelation
            ``fit_former_model``, of one row.

        Returns
        -------
        DuckDBPyRelation
            Of the same columns.
        """
        row = first_row(before.filter("fitted_on is not null").project("centroids_on"))
        if self.former is None or row is None:
            return known.filter("centroids_on = fitted_on")
        return known.filter(
            f"centroids_on = case when fitted_on = date '{self.former}' "
            f"then date '{row[0]}' else fitted_on end"
        )

    def dated(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Date what was fitted.

        Parameters
        ----------
        frame : DataFrame
            Tonight's rows.

        Returns
        -------
        DataFrame
            With the column `fitted_on`; without rows where no refit is due.
        """
        kept = frame if self.is_due else frame.iloc[:0]
        return with_day(kept, FITTED_ON, self.night)

    def place(
        self,
        learning_sample: duckdb.DuckDBPyRelation,
        scalings: duckdb.DuckDBPyRelation,
        components: duckdb.DuckDBPyRelation,
        segments: duckdb.DuckDBPyRelation,
    ) -> tuple[Placed, Placed]:
        """Score persons with the former model and with tonight's.

        Parameters
        ----------
        learning_sample : DuckDBPyRelation
            ``fit_learning_sample``.
        scalings, components, segments : DuckDBPyRelation
            ``fit_feature_scaling``, ``fit_components`` and ``fit_centroids`` (or what
            `last_in_use` keeps), ordered.

        Returns
        -------
        tuple of Placed
            The former and tonight's; both without persons where one has no model.
        """
        both = [of(scalings).df() for of in (self.formerly, self.tonight)]
        sample = sample_of(learning_sample, *both)
        former, tonight = (
            place_persons(sample, scaling, of(components).df(), of(segments).df())
            for scaling, of in zip(both, (self.formerly, self.tonight), strict=True)
        )
        if len(former.numbers) == len(tonight.numbers):
            return former, tonight
        return former.without_persons(), tonight.without_persons()


def sample_of(
    learning_sample: duckdb.DuckDBPyRelation,
    *scalings: pd.DataFrame,
    columns: Sequence[str] = (),
) -> pd.DataFrame:
    """Read of a sample what models look at, and no more.

    Parameters
    ----------
    learning_sample : DuckDBPyRelation
        ``fit_learning_sample`` or ``fit_sample``: all features, of which a model uses
        a third or fewer.
    *scalings : DataFrame
        Output of `tessera.methods.scaling.fit_scaling`.
    columns : sequence of str, default ()
        What to read besides.

    Returns
    -------
    DataFrame
        `person_key`, the used features, the columns that their groups stand in, and
        `columns`, by `person_key`. What the sample does not have is left out.
    """
    wanted = {"person_key", *columns}
    for scaling in scalings:
        used = scaling[scaling["is_used"].astype(bool)]
        wanted |= {*used["feature"], *used["group_column"].dropna()}
    kept = [column for column in learning_sample.columns if column in wanted]
    return learning_sample.project(", ".join(kept)).order("person_key").df()


def of_champion(
    fits: duckdb.DuckDBPyRelation, champions: duckdb.DuckDBPyRelation
) -> duckdb.DuckDBPyRelation:
    """Keep the rows of the model that scores tonight.

    Parameters
    ----------
    fits : DuckDBPyRelation
        A table with `fitted_on`.
    champions : DuckDBPyRelation
        ``fit_champions``, whose last night is tonight.

    Returns
    -------
    DuckDBPyRelation
        Of the same columns but `fitted_on`; no rows before the first model.
    """
    tonight = first_row(champions.order("as_of_date desc").project(FITTED_ON))
    return _fitted_on(fits, tonight[0] if tonight else None)


def first_row(relation: duckdb.DuckDBPyRelation) -> tuple[Any, ...] | None:
    """Read the first row; the result is read to its end, as the engine asks for.

    Parameters
    ----------
    relation : DuckDBPyRelation
        Of one row, or ordered.

    Returns
    -------
    tuple or None
        None where there is no row.
    """
    rows = relation.limit(1).fetchall()
    return rows[0] if rows else None


def with_day(frame: pd.DataFrame, column: str, day: date | None) -> pd.DataFrame:
    """Put one day beside every row.

    Parameters
    ----------
    frame : DataFrame
        Of any rows, or none.
    column : str
        Name of the day.
    day : date or None
        The day; null where None.

    Returns
    -------
    DataFrame
        With the column, which is a date without rows, too.
    """
    days = pd.Series([day] * len(frame), index=frame.index, dtype=DATE)
    return frame.assign(**{column: days})


def no_rows(dbt: Any, session: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    """Give a model's own columns without a row, for a night that adds none.

    Parameters
    ----------
    dbt : object
        What dbt hands to a Python model, whose table stands.
    session : DuckDBPyConnection
        Where it stands.

    Returns
    -------
    DuckDBPyRelation
    """
    return session.table(str(dbt.this)).limit(0)


def _fitted_on(
    fits: duckdb.DuckDBPyRelation, day: date | None
) -> duckdb.DuckDBPyRelation:
    condition = "false" if day is None else f"{FITTED_ON} = date '{day.isoformat()}'"
    return fits.filter(condition).project(f"* exclude ({FITTED_ON})")
