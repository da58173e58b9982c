"""Names of segments that stay while they are true."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count

import pandas as pd

from tessera.methods._checks import require_columns, require_unique
from tessera.methods._frames import TEXT_LIST, typed_frame
from tessera.methods.naming import join_traits

SETTLED_TYPES = {
    "segmentation": "str",
    "segment_key": "str",
    "segment_name": "str",
    "segment_name_fr": "str",
    "name_traits": TEXT_LIST,
    "is_kept": "bool",
    "reason": "str",
}

_SHORTEST_NAME = 2


@dataclass(frozen=True)
class Trait:
    """A trait of a segment, as names see it.

    Parameters
    ----------
    trait : str
        What is remembered of it, direction included.
    is_leading : bool
        Whether it is one of those that the segment is told by.
    is_naming : bool
        Whether it may enter a new name.
    words, words_fr : str
        What it is called.
    """

    trait: str
    is_leading: bool
    is_naming: bool
    words: str
    words_fr: str


@dataclass(frozen=True)
class Name:
    """A name in two languages, and the traits it is made of."""

    english: str
    french: str
    traits: tuple[str, ...] = ()


AVERAGE = Name("Average shoppers", "Clientèle moyenne")


def holds(previous: Name, traits: Sequence[Trait]) -> bool:
    """Whether a name is still true of a segment.

    Parameters
    ----------
    previous : Name
        The name it had.
    traits : sequence of Trait
        All that sets it apart tonight.

    Returns
    -------
    bool
        Each trait of the name still sets the segment apart, in the same direction, and
        one of them still leads. A name without traits holds while none could make
        another.

    Examples
    --------
    >>> trait = Trait("measure:orders:high", True, True, "Frequent", "Fréquentes")
    >>> holds(Name("Frequent", "Fréquentes", ("measure:orders:high",)), [trait])
    True
    >>> holds(Name("Frequent", "Fréquentes", ("measure:orders:high",)), [])
    False
    """
    if not previous.traits:
        return not any(trait.is_naming for trait in traits)
    said = set(previous.traits)
    known = {trait.trait for trait in traits}
    leading = {trait.trait for trait in traits if trait.is_leading}
    return said <= known and bool(said & leading)


def settled_name(
    previous: Name | None, traits: Sequence[Trait], taken: Collection[str] = ()
) -> Name:
    """Keep a segment's name while it is true, else make one of its traits.

    Parameters
    ----------
    previous : Name or None
        The name it had; none for a new segment.
    traits : sequence of Trait
        All that sets it apart tonight, the strongest first.
    taken : collection of str
        Names of other segments, of either language.

    Returns
    -------
    Name
        `previous` while it `holds` and nobody else has it. Otherwise the strongest two
        naming traits, one more at a time while the name is taken in either language,
        and a number when no trait is left. Without traits `AVERAGE`.

    Notes
    -----
    Deterministic. A trait that only grew or shrank in rank renames nothing: a name is
    for dashboards and campaigns, and is right as long as it is not wrong.

    Examples
    --------
    >>> traits = [
    ...     Trait("measure:orders:high", True, True, "Frequent", "Fréquentes"),
    ...     Trait("measure:basket:low", True, True, "Small baskets", "Petits paniers"),
    ... ]
    >>> settled_name(None, traits).french
    'Fréquentes, petits paniers'
    >>> old = Name("Small baskets", "Petits paniers", ("measure:basket:low",))
    >>> settled_name(old, traits).english
    'Small baskets'
    """
    if previous and holds(previous, traits) and not _is_taken(previous, taken):
        return previous
    naming = [trait for trait in traits if trait.is_naming]
    for length in range(min(_SHORTEST_NAME, len(naming)), len(naming) + 1):
        name = _made_of(naming[:length])
        if not _is_taken(name, taken):
            return name
    shortest = _made_of(naming[:_SHORTEST_NAME])
    numbered = (
        Name(
            f"{shortest.english} {number}", f"{shortest.french} {number}",
            shortest.traits,
        )
        for number in count(2)
    )  # fmt: skip
    return next(name for name in numbered if not _is_taken(name, taken))


def settled_names(
    segments: pd.DataFrame, previous: pd.DataFrame, traits: pd.DataFrame
) -> pd.DataFrame:
    """Name the segments of tonight, each as it was while that is true.

    Parameters
    ----------
    segments : DataFrame of shape (n_segments, n_columns)
        `segmentation` and `segment_key` of the segments to name.
    previous : DataFrame of shape (n_remembered, n_columns)
        The last name of every key ever named before tonight: `segmentation`,
        `segment_key`, `segment_name`, `segment_name_fr`, `name_traits`.
    traits : DataFrame of shape (n_traits, n_columns)
        `segment_key`, `trait`, `trait_rank`, `is_leading`, `is_naming`, `words` and
        `words_fr`; those of other segments are left out.

    Returns
    -------
    DataFrame of shape (n_segments, 7)
        By segmentation and key, with `is_kept` and the `reason`. Names are unique in a
        segmentation, and no key takes a name that another one is remembered by. No
        segments give no rows.

    Raises
    ------
    ValueError
        If a column is missing, or a key null or repeated.

    Notes
    -----
    Deterministic, whatever the order of the rows. Whoever may keep a name comes
    first, then the others by key.

    Examples
    --------
    >>> segments = pd.DataFrame({"segmentation": ["b"], "segment_key": ["b-1"]})
    >>> previous = pd.DataFrame(
    ...     columns=["segmentation", "segment_key", "segment_name", "segment_name_fr",
    ...              "name_traits"]
    ... )
    >>> traits = pd.DataFrame(
    ...     columns=["segment_key", "trait", "trait_rank", "is_leading", "is_naming",
    ...              "words", "words_fr"]
    ... )
    >>> settled_names(segments, previous, traits)["segment_name"].item()
    'Average shoppers'
    """
    require_columns(segments, ["segmentation", "segment_key"], "segments")
    require_unique(segments["segment_key"], "segments.segment_key")
    require_unique(previous["segment_key"], "previous.segment_key")
    remembered = {
        row["segment_key"]: (
            row["segmentation"],
            Name(
                row["segment_name"], row["segment_name_fr"],
                () if row["name_traits"] is None else tuple(row["name_traits"]),
            ),
        )
        for row in previous.to_dict("records")
    }  # fmt: skip
    found = _by_segment(traits)
    ordered = sorted(
        zip(segments["segmentation"], segments["segment_key"], strict=True),
        key=lambda pair: (not _may_keep(pair[1], remembered, found), *pair),
    )
    named: dict[tuple[str, str], Name] = {}
    for segmentation, key in ordered:
        others = [
            name
            for other, (other_segmentation, name) in remembered.items()
            if other != key and other_segmentation == segmentation
        ]
        others += [name for (group, _), name in named.items() if group == segmentation]
        taken = {text for name in others for text in (name.english, name.french)}
        old = remembered.get(key, (None, None))[1]
        named[segmentation, key] = settled_name(old, found.get(key, []), taken)
    return typed_frame(
        (
            {
                "segmentation": segmentation,
                "segment_key": key,
                "segment_name": name.english,
                "segment_name_fr": name.french,
                "name_traits": list(name.traits),
                "is_kept": remembered.get(key, (None, None))[1] == name,
                "reason": _reason(remembered.get(key, (None, None))[1], name),
            }
            for (segmentation, key), name in sorted(named.items())
        ),
        SETTLED_TYPES,
    )


def _may_keep(
    key: str,
    remembered: dict[str, tuple[str, Name]],
    found: dict[str, list[Trait]],
) -> bool:
    """Whether a segment has a name that is still true."""
    return key in remembered and holds(remembered[key][1], found.get(key, []))


def _by_segment(traits: pd.DataFrame) -> dict[str, list[Trait]]:
    """List the traits of each segment, the strongest first."""
    found: dict[str, list[Trait]] = {}
    ranked = traits.sort_values(["segment_key", "trait_rank"], kind="stable")
    for row in ranked.to_dict("records"):
        found.setdefault(row["segment_key"], []).append(
            Trait(
                row["trait"], bool(row["is_leading"]), bool(row["is_naming"]),
                row["words"], row["words_fr"],
            )
        )  # fmt: skip
    return found


def _made_of(traits: Sequence[Trait]) -> Name:
    """Make a name of traits."""
    if not traits:
        return AVERAGE
    return Name(
        join_traits([trait.words for trait in traits]),
        join_traits([trait.words_fr for trait in traits]),
        tuple(trait.trait for trait in traits),
    )


def _is_taken(name: Name, taken: Collection[str]) -> bool:
    """Whether another segment has the name in either language."""
    return name.english in taken or name.french in taken


def _reason(previous: Name | None, name: Name) -> str:
    """Say why a segment has its name."""
    if previous is None:
        return "First named."
    if previous == name:
        return "The name still holds."
    return f"Renamed from {previous.english!r}, which no longer holds."
