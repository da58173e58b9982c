"""What the axes of the behaviour model are called."""

from __future__ import annotations

from tessera.report.edition import Edition
from tessera.report.language import Foreign


def axis_title(edition: Edition, axis: int) -> str:
    """Name an axis, by its number where it has no name."""
    name = _axis_name(edition, axis)
    if name is None:
        return edition.say("Axis {number}", number=axis)
    return _axis_words(edition, name)


def axis_end(edition: Edition, axis: int) -> str:
    """Name the high end of an axis: what an arrow along it points to."""
    name = _axis_name(edition, axis)
    if name is None:
        return axis_title(edition, axis)
    return _axis_words(edition, name.split(" vs. ")[0])


def _axis_name(edition: Edition, axis: int) -> str | None:
    """Find an axis's name as the marts have it; none where nothing loads on it."""
    axes = edition.marts.axes
    names = axes.loc[axes["axis"] == axis, "axis_name"].dropna()
    return None if names.empty else names.iloc[0]


def _axis_words(edition: Edition, name: str) -> str:
    """Say an axis's name, which is made of the labels of features."""
    say = edition.say
    ends = [
        [edition.reason.label(label) for label in end.split(", ")]
        for end in name.split(" vs. ")
    ]
    if any(isinstance(label, Foreign) for labels in ends for label in labels):
        return Foreign(name)
    high, *low = [
        ", ".join(label[:1].lower() + label[1:] for label in labels) for labels in ends
    ]
    high = high[:1].upper() + high[1:]
    return say("{high} vs. {low}", high=high, low=low[0]) if low else high
