"""Names and descriptions of segments, from how they differ from everyone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from tessera.methods._checks import require_columns, require_unique
from tessera.methods._frames import typed_frame

NAME_TYPES = {"segment_number": "int64", "segment_name": "str", "description": "str"}

_DESCRIBED_TRAIT_COUNT = 4


def name_segments(
    centroid_profile: pd.DataFrame,
    labels: pd.DataFrame,
    *,
    trait_count: int = 2,
    minimum_difference: float = 0.25,
    average_name: str = "Average shoppers",
) -> pd.DataFrame:
    """Name and describe each segment by its strongest traits.

    Parameters
    ----------
    centroid_profile : DataFrame of shape (n_segments, n_features)
        One row per segment, `segment_number` as index or column, and one column per
        feature: the mean of the segment less the mean of everyone, in standard
        deviations (z). Null counts as 0.
    labels : DataFrame of shape (n_features, n_columns)
        `feature`, `label_high` and `label_low`: what a person high, or low, on it is.
    trait_count : int, default 2
        Number of traits in a name, at least 1.
    minimum_difference : float, default 0.25
        Absolute z from which a feature is a trait, at least 0.
    average_name : str, default 'Average shoppers'
        Name of a segment without a trait.

    Returns
    -------
    DataFrame of shape (n_segments, 3)
        `segment_number`, ascending; `segment_name`, unique; `description`, a sentence
        with the up to four strongest traits and their z. No segments give no rows.

    Raises
    ------
    ValueError
        If `segment_number` is missing, null or repeated, a z infinite, a feature
        without label or labelled twice, `trait_count` below 1 or
        `minimum_difference` negative.

    Notes
    -----
    Deterministic. Traits rank by absolute z at two decimals, ties going to the first
    column, and a label is said once. Segments with equal names get a further trait
    each, as long as they have one, then a number in the order of `segment_number`.

    Examples
    --------
    >>> profile = pd.DataFrame(
    ...     {"segment_number": [1], "orders": [1.2], "breadth": [0.8]}
    ... )
    >>> labels = pd.DataFrame(
    ...     {
    ...         "feature": ["orders", "breadth"],
    ...         "label_high": ["Frequent", "Wide assortment"],
    ...         "label_low": ["Rare", "Narrow assortment"],
    ...     }
    ... )
    >>> named = name_segments(profile, labels)
    >>> named["segment_name"].item()
    'Frequent, wide assortment'
    >>> named["description"].item()
    'More than others: frequent (+1.20), wide assortment (+0.80).'
    """
    if trait_count < 1:
        raise ValueError(f"trait_count should be >= 1, found {trait_count}.")
    if not minimum_difference >= 0:
        raise ValueError(
            f"minimum_difference should be >= 0, found {minimum_difference}."
        )
    profile = _indexed_profile(centroid_profile)
    texts = labels_by_feature(labels, profile.columns)

    traits = {
        number: _traits(differences, minimum_difference)
        for number, differences in profile.iterrows()
    }
    words = {
        number: list(
            dict.fromkeys(
                texts[feature][0 if difference > 0 else 1]
                for feature, difference in traits[number]
            )
        )
        for number in traits
    }
    names = _unique_names(words, trait_count, average_name)
    return typed_frame(
        (
            {
                "segment_number": number,
                "segment_name": names[number],
                "description": _description(traits[number], texts),
            }
            for number in profile.index
        ),
        NAME_TYPES,
    )


def labels_by_feature(
    labels: pd.DataFrame, features: Iterable[str]
) -> dict[str, tuple[str, str]]:
    """Look up the label of each feature's high and low end.

    Parameters
    ----------
    labels : DataFrame of shape (n_features, n_columns)
        `feature`, `label_high` and `label_low`, none of them null.
    features : iterable of str
        Features that need a label.

    Returns
    -------
    dict of str to tuple of str
        Feature to its high and its low label; features not asked for are left in.

    Raises
    ------
    ValueError
        If a column is missing, a feature repeated, or a label missing or null.

    Examples
    --------
    >>> labels = pd.DataFrame(
    ...     {"feature": ["orders"], "label_high": ["Frequent"], "label_low": ["Rare"]}
    ... )
    >>> labels_by_feature(labels, ["orders"])
    {'orders': ('Frequent', 'Rare')}
    """
    require_columns(labels, ["feature", "label_high", "label_low"], "labels")
    require_unique(labels["feature"], "labels.feature")
    complete = labels.dropna(subset=["label_high", "label_low"])
    texts = {
        feature: (high, low)
        for feature, high, low in zip(
            complete["feature"],
            complete["label_high"],
            complete["label_low"],
            strict=True,
        )
    }
    missing = sorted(set(features) - set(texts))
    if missing:
        raise ValueError(
            f"labels should cover every feature, found none for {missing}."
        )
    return texts


def join_traits(traits: Sequence[str]) -> str:
    """Join traits into one phrase: the first as it stands, the others in lower case.

    Parameters
    ----------
    traits : sequence of str
        Labels; each is said once. A label that opens with two capitals ("SMS
        reader") keeps them.

    Returns
    -------
    str
        Empty for no traits.

    Examples
    --------
    >>> join_traits(["Frequent", "Wide assortment", "SMS reader"])
    'Frequent, wide assortment, SMS reader'
    """
    first, *others = dict.fromkeys(traits) or [""]
    return ", ".join([first, *(lower_first(trait) for trait in others)])


def lower_first(text: str) -> str:
    """Lower the first letter, unless the text opens with two capitals.

    Parameters
    ----------
    text : str
        Label; may be empty.

    Returns
    -------
    str

    Examples
    --------
    >>> lower_first("Wide assortment"), lower_first("SMS reader")
    ('wide assortment', 'SMS reader')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _indexed_profile(profile: pd.DataFrame) -> pd.DataFrame:
    """Return the profile by ascending `segment_number`, without nulls."""
    if "segment_number" in profile.columns:
        profile = profile.set_index("segment_number")
    elif profile.index.name != "segment_number":
        raise ValueError(
            "centroid_profile should have segment_number as index or column, "
            f"found the columns {[str(column) for column in profile.columns]}."
        )
    require_unique(profile.index.to_series(), "centroid_profile.segment_number")
    profile = profile.astype("float64").fillna(0.0).sort_index()
    if np.isinf(profile.to_numpy()).any():
        raise ValueError("centroid_profile should be finite, found an infinite z.")
    return profile


def _traits(differences: pd.Series, minimum: float) -> list[tuple[str, float]]:
    """List features that differ enough, strongest first."""
    sizes = differences.abs()
    order = np.argsort(-sizes.round(2).to_numpy(), kind="stable")
    return [
        (str(differences.index[at]), float(differences.iloc[at]))
        for at in order
        if sizes.iloc[at] >= minimum and sizes.iloc[at] > 0
    ]


def _unique_names(
    words: dict[int, list[str]], trait_count: int, average_name: str
) -> dict[int, str]:
    """Lengthen equal names by a trait at a time, then number what is still equal."""
    lengths = {number: min(trait_count, len(said)) for number, said in words.items()}
    while True:
        names = {
            number: join_traits(said[: lengths[number]]) or average_name
            for number, said in words.items()
        }
        counts = Counter(names.values())
        longer = [
            number
            for number, name in names.items()
            if counts[name] > 1 and lengths[number] < len(words[number])
        ]
        if not longer:
            return _numbered(names)
        for number in longer:
            lengths[number] += 1


def _numbered(names: dict[int, str]) -> dict[int, str]:
    """Keep the first of each name and give later ones the lowest free number."""
    taken = set(names.values())
    seen: set[str] = set()
    result = {}
    for number, name in names.items():
        unique, suffix = name, 2
        while unique in seen or (unique != name and unique in taken):
            unique, suffix = f"{name} {suffix}", suffix + 1
        seen.add(unique)
        result[number] = unique
    return result


def _description(
    traits: list[tuple[str, float]], texts: dict[str, tuple[str, str]]
) -> str:
    """Say on which features the segment is above, and below, everyone."""
    strongest = traits[:_DESCRIBED_TRAIT_COUNT]
    if not strongest:
        return "Close to everyone on every trait."
    parts = []
    for opening, sign in (("more than others", 1), ("less than others", -1)):
        said = [
            f"{lower_first(texts[feature][0])} ({difference:+.2f})"
            for feature, difference in strongest
            if difference * sign > 0
        ]
        if said:
            parts.append(f"{opening}: {', '.join(said)}")
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."
