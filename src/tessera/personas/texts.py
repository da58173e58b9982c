"""Traits as lists and segments as paragraphs, from what was counted in SQL."""

from __future__ import annotations

from functools import partial

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from tessera.methods._frames import TEXT_LIST, typed_frame
from tessera.personas.languages import (
    FRENCH,
    LANGUAGES,
    Language,
    figure,
    figures_apart,
    inflected,
    listed,
    number,
    set_in_type,
)
from tessera.personas.wording import Wording

TEXT_TYPES = {
    "segment_key": "str",
    "segment_name": "str",
    "segment_name_fr": "str",
    "traits_en": TEXT_LIST,
    "traits_fr": TEXT_LIST,
    "affinities": TEXT_LIST,
    "paragraph_en": "str",
    "paragraph_fr": "str",
}
# Attributes of which a paragraph tells the most frequent value, in this order.
HABITS = (
    "preferred_channel", "day_part", "favourite_device", "lifecycle_stage", "age_band",
)  # fmt: skip
_SHOWN_AFFINITIES = 3
# Where the rest hardly knows a taste its lift is large and means no more than that.
_LARGEST_LIFT = 20
# What a buyer did, told unless a leading trait of its topic has told it.
_VALUES = {
    "order_count": "frequency",
    "revenue_per_buyer": "spending",
    "average_order_amount": "basket",
}
NICHE_TEXT_TYPES = {
    "niche_key": "str",
    "conditions_en": TEXT_LIST,
    "conditions_fr": TEXT_LIST,
    "sentence_en": "str",
    "sentence_fr": "str",
}


def write_personas(
    *,
    facts: pd.DataFrame,
    names: pd.DataFrame,
    given_names: pd.DataFrame,
    traits: pd.DataFrame,
    modes: pd.DataFrame,
    wording: Wording,
    minimum_size: int,
) -> pd.DataFrame:
    """Write the name, the traits and the paragraphs of each segment.

    Parameters
    ----------
    facts : DataFrame of shape (n_segments, n_columns)
        Rows of ``persona_facts``.
    names : DataFrame
        Settled names, of the segments that no rule names.
    given_names : DataFrame
        The seed ``segment_names``: French names of segments by rule.
    traits : DataFrame
        Rows of ``persona_traits``, the strongest of a segment first.
    modes : DataFrame
        Rows of ``persona_modes``.
    wording : Wording
    minimum_size : int
        Persons below which a segment is not described.

    Returns
    -------
    DataFrame of shape (n_segments, 8)
        In the order of `facts`. `affinities` are values with a lift above 1, the
        highest first. No segments give no rows.

    Notes
    -----
    Deterministic. A part of which nothing is known is left out of the paragraph.

    Examples
    --------
    ``tests/python/personas/test_texts.py`` shows whole paragraphs. The parts of it that
    are not known are left out, down to a single sentence:

    >>> nothing = pd.DataFrame({"attribute": [], "value": []})
    >>> wording = Wording(
    ...     measures=pd.DataFrame({"measure": []}),
    ...     labels=pd.DataFrame({"feature": []}),
    ...     attributes=nothing,
    ...     values=nothing,
    ...     currency="EUR",
    ... )
    >>> facts = pd.DataFrame(
    ...     {
    ...         "segment_key": ["a"], "segment_name": ["New"], "person_count": [0],
    ...         "buyer_count": [0], "everybody_count": [9], "is_described": [False],
    ...         "person_share": [0.0], "revenue_share": [0.0],
    ...     }
    ... )
    >>> traits = pd.DataFrame(
    ...     columns=["segment_key", "trait_kind", "trait", "trait_value", "topic",
    ...              "difference", "is_leading"]
    ... )
    >>> write_personas(
    ...     facts=facts,
    ...     names=pd.DataFrame(columns=["segment_key"]),
    ...     given_names=pd.DataFrame(columns=["segment_key", "segment_name_fr"]),
    ...     traits=traits,
    ...     modes=pd.DataFrame(columns=["segment_key", "attribute"]),
    ...     wording=wording,
    ...     minimum_size=50,
    ... )["paragraph_en"].item()
    'Nobody is in this segment tonight.'
    """
    settled = names.set_index("segment_key")
    given = given_names.set_index("segment_key")["segment_name_fr"]
    templates = {one.code: _template("paragraph", one, wording) for one in LANGUAGES}
    rows = []
    for fact in facts.to_dict("records"):
        key = fact["segment_key"]
        own_traits = traits[traits["segment_key"] == key]
        own_modes = modes[modes["segment_key"] == key]
        names_of = {"en": fact["segment_name"], "fr": fact["segment_name"]}
        if key in settled.index:
            names_of["en"] = settled.at[key, "segment_name"]
            names_of["fr"] = settled.at[key, "segment_name_fr"]
        elif key in given.index:
            names_of["fr"] = set_in_type(given[key], FRENCH)
        if not fact["is_described"]:
            own_traits, own_modes = own_traits.iloc[:0], own_modes.iloc[:0]
        leading = own_traits[own_traits["is_leading"].astype(bool)]
        affinities = _affinities(own_traits, wording)
        row = {
            "segment_key": key,
            "segment_name": names_of["en"],
            "segment_name_fr": names_of["fr"],
            "affinities": affinities["trait_value"].tolist(),
        }
        for language in LANGUAGES:
            said = [wording.told(trait, language) for trait in _records(leading)]
            row[f"traits_{language.code}"] = [_capital(text) for text in said]
            row[f"paragraph_{language.code}"] = set_in_type(
                templates[language.code].render(
                    name=names_of[language.code],
                    is_empty=fact["person_count"] == 0,
                    is_too_small=not fact["is_described"],
                    is_everybody=fact["person_count"] == fact["everybody_count"],
                    minimum=number(minimum_size, 0, language),
                    **_told_traits(leading, affinities, own_modes, wording, language),
                    **_told_facts(fact, set(leading["topic"]), language),
                ),
                language,
            )
        rows.append(row)
    return typed_frame(rows, TEXT_TYPES)


def write_niches(
    *, facts: pd.DataFrame, attributes: pd.DataFrame, wording: Wording
) -> pd.DataFrame:
    """Write the conditions and the sentences of each niche.

    Parameters
    ----------
    facts : DataFrame of shape (n_niches, n_columns)
        Rows of ``niche_facts``.
    attributes : DataFrame of shape (n_attributes, n_columns)
        Rows of ``niche_attributes``: what trait stands behind each attribute.
    wording : Wording

    Returns
    -------
    DataFrame of shape (n_niches, 5)
        In the order of `facts`. No niches give no rows.

    Notes
    -----
    Deterministic.

    Examples
    --------
    >>> wording = Wording(
    ...     measures=pd.DataFrame({"measure": []}),
    ...     labels=pd.DataFrame({"feature": []}),
    ...     attributes=pd.DataFrame({"attribute": []}),
    ...     values=pd.DataFrame(
    ...         {
    ...             "attribute": ["day_part"],
    ...             "value": ["night"],
    ...             "phrase_en": ["are active at night"],
    ...             "phrase_fr": ["sont actives la nuit"],
    ...         }
    ...     ),
    ...     currency="EUR",
    ... )
    >>> facts = pd.DataFrame(
    ...     {
    ...         "niche_key": ["n"], "attributes": [["day_part"]],
    ...         "attribute_values": [["night"]], "person_count": [91],
    ...         "person_share": [0.04], "lift": [4.6], "lift_low": [3.4],
    ...         "lift_high": [6.0], "revenue_per_person": [0.0],
    ...         "rest_revenue_per_person": [0.0],
    ...     }
    ... )
    >>> behind = pd.DataFrame(
    ...     {
    ...         "attribute": ["day_part"], "trait_kind": ["attribute"],
    ...         "trait": ["day_part"],
    ...     }
    ... )
    >>> written = write_niches(facts=facts, attributes=behind, wording=wording)
    >>> written["sentence_en"].item()[:56]
    '91 persons, 4% of the segment, are active at night: 4.6 '
    """
    behind = {row["attribute"]: row for row in attributes.to_dict("records")}
    templates = {one.code: _template("niche", one, wording) for one in LANGUAGES}
    rows = []
    for fact in facts.to_dict("records"):
        conditions = list(
            zip(fact["attributes"], fact["attribute_values"], strict=True)
        )
        row = {
            "niche_key": fact["niche_key"],
        }
        for language in LANGUAGES:
            said = [
                _condition(behind[name], value, wording, language)
                for name, value in conditions
            ]
            row[f"conditions_{language.code}"] = [_capital(text) for text in said]
            sentence = templates[language.code].render(
                conditions=said, **_niche_figures(fact, wording, language)
            )
            row[f"sentence_{language.code}"] = set_in_type(sentence, language)
        rows.append(row)
    return typed_frame(rows, NICHE_TEXT_TYPES)


def _condition(trait: dict, value: str, wording: Wording, language: Language) -> str:
    """Say in the plural of the third person that somebody meets a condition."""
    if trait["trait_kind"] == "attribute":
        return wording.phrase(trait["trait"], value, language)
    said = wording.measure_phrase(trait["trait"], value, language)
    return f"{said} {language.than_most}"


def _niche_figures(fact: dict, wording: Wording, language: Language) -> dict[str, str]:
    """Write the figures of a niche."""
    lifts = [
        figure(fact[column], "count", "", language)
        for column in ("lift", "lift_low", "lift_high")
    ]
    revenue, rest = figures_apart(
        [fact["revenue_per_person"], fact["rest_revenue_per_person"]],
        "amount",
        wording.currency,
        language,
    )
    return {
        "person_count": number(fact["person_count"], 0, language),
        "person_share": figure(fact["person_share"], "share", "", language),
        "lift": lifts[0],
        "lift_low": lifts[1],
        "lift_high": lifts[2],
        "revenue": revenue if fact["revenue_per_person"] > 0 else "",
        "rest_revenue": rest,
    }


def _template(name: str, language: Language, wording: Wording) -> Template:
    """Read a template of a language."""
    environment = Environment(
        loader=PackageLoader("tessera.personas"),
        undefined=StrictUndefined,
        autoescape=False,
    )
    environment.filters["listed"] = lambda items: listed(
        [item for item in items if item], language
    )
    environment.filters["amount"] = partial(wording.amount, language=language)
    environment.filters["counted"] = partial(_counted, language=language)
    return environment.get_template(f"{name}_{language.code}.jinja")


def _told_traits(
    leading: pd.DataFrame,
    affinities: pd.DataFrame,
    modes: pd.DataFrame,
    wording: Wording,
    language: Language,
) -> dict[str, list[str]]:
    """Say what sets a segment apart, then what is usual in it and was not said yet."""
    measures = leading[leading["trait_kind"] == "measure"]
    attributes = leading[leading["trait_kind"] == "attribute"]
    told = set(attributes["trait"])
    habits = modes[modes["attribute"].isin(HABITS) & ~modes["attribute"].isin(told)]
    others = affinities[~affinities["trait"].isin(told)]
    return {
        "measures": [wording.told(trait, language) for trait in _records(measures)],
        "attributes": [wording.told(trait, language) for trait in _records(attributes)],
        "affinities": [
            _times_as_often(trait, wording, language)
            for trait in _records(others.iloc[:_SHOWN_AFFINITIES])
        ],
        "habits": [
            f"{figure(mode['value_share'], 'share', '', language)} "
            + wording.phrase(mode["attribute"], mode["attribute_value"], language)
            for mode in _records(habits)
        ],
    }


def _told_facts(
    fact: dict, told_topics: set[str], language: Language
) -> dict[str, str | float | None]:
    """Give the size and the value of a segment; none where there is none."""
    share = partial(figure, unit="share", currency="", language=language)
    has_bought = fact["is_described"] and fact["buyer_count"] > 0
    return {
        "person_count": number(fact["person_count"], 0, language),
        "person_share": share(fact["person_share"]),
        "revenue_share": share(fact["revenue_share"])
        if fact["revenue_share"] > 0
        else "",
    } | {
        column: fact[column] if has_bought and topic not in told_topics else None
        for column, topic in _VALUES.items()
    }


def _affinities(traits: pd.DataFrame, wording: Wording) -> pd.DataFrame:
    """Give the tastes that a segment has more often than others, highest lift first."""
    is_taste = [
        row["trait_kind"] == "attribute"
        and wording.is_affinity(row["trait"])
        and row["difference"] > 1
        for row in traits.to_dict("records")
    ]
    return traits[pd.Series(is_taste, index=traits.index, dtype=bool)].sort_values(
        ["difference", "trait_value"], ascending=[False, True], kind="stable"
    )


def _times_as_often(trait: dict, wording: Wording, language: Language) -> str:
    """Name a taste with its lift."""
    lift = figure(min(trait["difference"], _LARGEST_LIFT), "count", "", language)
    is_strong = trait["difference"] > _LARGEST_LIFT
    return (language.strong_taste if is_strong else language.taste).format(
        label=wording.label(trait["trait"], trait["trait_value"], language), lift=lift
    )


def _counted(value: float, noun: str, language: Language) -> str:
    """Write a count with its noun."""
    written = figure(value, "count", "", language)
    return f"{written} {inflected(noun, written, value, language)}"


def _records(frame: pd.DataFrame) -> list[dict]:
    """Give the rows of a table."""
    return frame.to_dict("records")


def _capital(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]
