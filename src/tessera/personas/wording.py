"""The words for traits, from the seeds that a marketer edits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from tessera.personas.languages import (
    Language,
    figure,
    figures_apart,
    inflected,
    set_in_type,
)


@dataclass(frozen=True)
class Wording:
    """How traits are spoken of.

    Parameters
    ----------
    measures : DataFrame
        The seed ``persona_measures``.
    labels : DataFrame
        The seed ``features``, whose labels name a measure's ends in English.
    attributes : DataFrame
        The seed ``persona_attributes``.
    values : DataFrame
        The seed ``persona_values``; a value that it does not list is said as it is.
    currency : str
        ISO 4217 code of amounts.
    """

    measures: pd.DataFrame
    labels: pd.DataFrame
    attributes: pd.DataFrame
    values: pd.DataFrame
    currency: str
    _lines: dict[str, dict[Any, dict[str, Any]]] = field(init=False, repr=False)

    def __post_init__(self):
        values = self.values.to_dict("records")
        lines = {
            "measures": _by_key(self.measures, "measure"),
            "labels": _by_key(self.labels, "feature"),
            "attributes": _by_key(self.attributes, "attribute"),
            "values": {(line["attribute"], line["value"]): line for line in values},
        }
        object.__setattr__(self, "_lines", lines)

    def label(self, attribute: str, value: str, language: Language) -> str:
        """Give the name of an attribute's value."""
        return self._of_value(attribute, value, f"label_{language.code}") or value

    def phrase(self, attribute: str, value: str, language: Language) -> str:
        """Say in the plural of the third person that somebody has a value."""
        said = self._of_value(attribute, value, f"phrase_{language.code}")
        if said:
            return set_in_type(said, language)
        pattern = self._attribute(attribute)[f"phrase_{language.code}"]
        label = self.label(attribute, value, language)
        return set_in_type(pattern.replace("{value}", label), language)

    def measure_phrase(self, measure: str, side: str, language: Language) -> str:
        """Say in the plural of the third person who is high, or low, on a measure."""
        return set_in_type(self._measure(measure)[f"{side}_{language.code}"], language)

    def name(self, kind: str, trait: str, value: str, language: Language) -> str:
        """Give the words that a trait has in the name of a segment."""
        if kind == "measure":
            if language.code == "en":
                return str(self._lines["labels"][trait][f"label_{value}"])
            return set_in_type(self._measure(trait)[f"name_{value}_fr"], language)
        said = self._of_value(trait, value, f"name_{language.code}")
        if not said:
            pattern = self._attribute(trait)[f"name_{language.code}"]
            said = pattern.replace("{value}", self.label(trait, value, language))
        return set_in_type(said, language)

    def is_named(self, kind: str, trait: str) -> bool:
        """Whether a trait may stand in the name of a segment."""
        line = self._measure(trait) if kind == "measure" else self._attribute(trait)
        return bool(line["is_named"])

    def is_affinity(self, attribute: str) -> bool:
        """Whether an attribute is a taste, such as a department or a brand."""
        return bool(self._attribute(attribute)["is_affinity"])

    def told(self, trait: dict[str, Any], language: Language) -> str:
        """Tell a trait with its figures, as what `they` are or do.

        Parameters
        ----------
        trait : dict
            A row of ``persona_traits``.
        language : Language

        Returns
        -------
        str
            Such as ``order more often (8.2 orders each, against 5.1)``; of an
            attribute ``87% are women (51% elsewhere)``.
        """
        segment, rest = trait["segment_figure"], trait["rest_figure"]
        if trait["trait_kind"] == "attribute":
            share, other = figures_apart([segment, rest], "share", "", language)
            said = self.phrase(trait["trait"], trait["trait_value"], language)
            return f"{share} {said} ({other} {language.elsewhere})"
        said = self.measure_phrase(trait["trait"], trait["trait_value"], language)
        line = self._measure(trait["trait"])
        if line["unit"] == "none":
            return said
        own, other = figures_apart(
            [segment, rest], line["unit"], self.currency, language
        )
        # A unit that is written with the figure has its own plural.
        noun = inflected(line[f"noun_{language.code}"], own, segment, language)
        noun = set_in_type(noun, language)
        return f"{said} ({own} {noun}, {language.against} {other})"

    def amount(self, value: float, language: Language) -> str:
        """Write an amount in the reporting currency."""
        return figure(value, "amount", self.currency, language)

    def _measure(self, measure: str) -> dict[str, Any]:
        return self._lines["measures"][measure]

    def _attribute(self, attribute: str) -> dict[str, Any]:
        return self._lines["attributes"][attribute]

    def _of_value(self, attribute: str, value: str, column: str) -> str | None:
        said = self._lines["values"].get((attribute, value), {})
        return None if pd.isna(said.get(column)) else str(said[column])


def _by_key(seed: pd.DataFrame, key: str) -> dict[str, dict[str, Any]]:
    """Look up a seed's lines by the column that is its key."""
    return {line[key]: line for line in seed.to_dict("records")}
