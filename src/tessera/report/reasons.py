"""Reasons that the warehouse writes in English, told in the language of the page.

SQL and Python write a reason as a sentence, for those who read the marts without the
report. The sentences are few and their figures many: each is listed here once, its
figures as named places, and translated like any sentence of the report. A reason is
recognised by its sentence, its figures are taken out and written as the language writes
them. One that is not recognised stays English and is marked as such.

The last word of a place's name says what stands there:

==========  ===================================================================
number      a figure, with as many decimals as it came with
percent     a figure before a percent sign
day         a date, ``2024-06-30``
candidate   a model tried: ``K = 4 (k means)``
segment     a segment's key
sizes       segments' keys, each with its persons: ``rfm-new: 3, rfm-lost: 8``
words       names of columns or identifiers: ``last_name, birth_date``
doubts      names of what there is too much of: ``too many: email, too many: phone``
name        a name of the company's own, that is nobody's to translate
==========  ===================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tessera.report.language import NOTHING, Foreign, Language, is_missing

_PLACE = re.compile(r"\{(\w+)\}")
_SENTENCE_END = re.compile(r"(?<=[.]) (?=[A-Z])")
_SHAPES = {
    "number": r"-?\d+(?:\.\d+)?(?:e-?\d+)?",
    "percent": r"-?\d+(?:\.\d+)? ?%",
    "day": r"\d{4}-\d\d-\d\d",
    "candidate": r"K = \d+ \([^)]+\)",
    "segment": r"[\w-]+",
    "sizes": r"[\w-]+: \d+(?:, [\w-]+: \d+)*",
    "words": r"\w+(?:, \w+)*",
    "doubts": r"too many: \w+(?:, too many: \w+)*",
    "name": r".+?",
}


def pattern(message: str) -> str:
    """Mark a sentence of the warehouse for translation; gives it back."""
    return message


PATTERNS = (
    # Why a model was chosen: tessera.methods.candidates.
    pattern("{candidate}: a challenger, which SQL cannot score."),
    pattern("{candidate}: silhouette is undefined."),
    pattern(
        "{candidate}: its smallest segment holds {smallest_percent} of persons, less "
        "than {least_percent}."
    ),
    pattern(
        "Persons are one cloud, cut for use: one without segments reaches "
        "{hurdle_number}, shuffled features {shuffled_number}."
    ),
    pattern("K = 1: there is structure, so persons are parted."),
    pattern("K = 1: no candidate with more segments can be measured."),
    pattern(
        "{candidate}: silhouette {found_number} is not surely above {hurdle_number}, "
        "which persons without structure reach."
    ),
    pattern(
        "K = 1: no silhouette is surely above {hurdle_number}, which persons without "
        "structure reach."
    ),
    pattern(
        "{candidate}: agrees by {found_number} with what density shows, less than "
        "{least_number}."
    ),
    pattern(
        "{candidate}: agrees by {found_number} with what density shows, less than "
        "{best_candidate} ({best_number})."
    ),
    pattern(
        "{candidate}: nearest (adjusted Rand {found_number}) to what density shows, a "
        "shape that no centroids follow."
    ),
    pattern(
        "{candidate}: silhouette {found_number} is more than one standard error below "
        "the best ({best_number})."
    ),
    pattern(
        "{candidate}: stability {found_number} is not above that of {best_candidate} "
        "({best_number})."
    ),
    pattern(
        "{candidate}: most stable ({found_number}) among the one candidate within one "
        "standard error of the best silhouette ({best_number})."
    ),
    pattern(
        "{candidate}: most stable ({found_number}) among the {among_number} candidates "
        "within one standard error of the best silhouette ({best_number})."
    ),
    pattern(
        "{candidate}: most stable ({found_number}) among the one candidate within one "
        "standard error of the best silhouette ({best_number}) of those that agree "
        "with what density shows by {least_number} or more."
    ),
    pattern(
        "{candidate}: most stable ({found_number}) among the {among_number} candidates "
        "within one standard error of the best silhouette ({best_number}) of those "
        "that agree with what density shows by {least_number} or more."
    ),
    pattern("1 person without any feature: one segment."),
    pattern("{person_number} persons without any feature: one segment."),
    pattern("1 person: one segment."),
    pattern("{person_number} persons, all equal: one segment."),
    pattern(
        "{person_number} persons with {found_number} distinct profiles, fewer than the "
        "minimum of {least_number} segments: one segment per profile."
    ),
    # Whether a model was due: fit_refit_decision.
    pattern("Nobody has bought yet: there is nothing to fit."),
    pattern("There was no model."),
    pattern("The model stays: `refit` is never."),
    pattern("Refitted every night: `refit` is always."),
    pattern("The registry clusters on other features: {feature_words}."),
    pattern("The last fit was {day_number} days ago."),
    pattern(
        "The model has {found_number} segments, asked are {least_number} to "
        "{most_number}."
    ),
    pattern(
        "Persons have changed: the stability index of {feature_words} is "
        "{found_number}, above {most_number}."
    ),
    pattern("Fitted {day_number} days ago, and no need to before {least_number}."),
    # Whether it was put to use: fit_champions.
    pattern("No refit tonight."),
    pattern("The first model."),
    pattern(
        "Not promoted: fitted on {found_number} persons, the model in use on "
        "{former_number}."
    ),
    pattern(
        "Promoted: the model in use has {found_number} segments, asked are "
        "{least_number} to {most_number}."
    ),
    pattern(
        "Not promoted: it parts tonight's persons worse, with a silhouette of "
        "{found_number} against {former_number}."
    ),
    pattern(
        "Not promoted: its segments are less stable, {found_number} against "
        "{former_number}."
    ),
    pattern(
        "Promoted: it parts tonight's persons as well or better, with a silhouette of "
        "{found_number} against {former_number} and a stability of {stable_number} "
        "against {stable_former_number}."
    ),
    # Where edges come from: the macro threshold_reason.
    pattern(
        "Kept from {before_day}: {found_number} persons, fewer than {least_number}."
    ),
    pattern("Edges as found, with no night before to move from."),
    pattern("As on {before_day}."),
    pattern(
        "Moved by up to {moved_percent} since {before_day}; found were up to "
        "{found_percent}."
    ),
    pattern("Held back at {most_percent}: {held_number} of {all_number} edges."),
    pattern("Only {found_number} persons, fewer than {least_number}."),
    pattern("Equal values span several groups: some scores stay empty."),
    # What the gates found: models/gates.
    pattern("{person_number} known persons, {found_number} of them in a segment"),
    pattern(
        "{segment} went from {before_percent} to {after_percent} since {before_day}"
    ),
    pattern("{found_number} of {row_number} rows loaded on {loaded_day}"),
    pattern("{row_number} rows, {key_number} keys"),
    pattern("newest load {newest_day}, of any source {newest_of_all_day}"),
    pattern("none has persons but fewer than {least_number}"),
    pattern("{sizes}"),
    pattern("{load_number} loads"),
    pattern("{load_number} loads, the first that does not add up is {load_name}"),
    # What speaks for one person and against: int_identity_questions.
    pattern("same {same_words}, other {other_words}"),
    pattern("{link_words} link; {doubts}"),
    pattern("{words}"),
    # What is much or little of a department's place: the seed `features`.
    pattern("Much {department_name}"),
    pattern("Little {department_name}"),
)


@dataclass(frozen=True, eq=False)
class Reasons:
    """Tells reasons in one language.

    Parameters
    ----------
    say : Language
        The words.
    segments : mapping of str to str
        Names of the segments by their key; a key that is not there names itself.
    """

    say: Language
    segments: Mapping[str, str]

    @cached_property
    def _known(self) -> list[tuple[re.Pattern, str]]:
        return [(_shape(message), self.say(message)) for message in PATTERNS]

    def __call__(self, text: str | None) -> str:
        """Tell a reason: several sentences one by one, or one that is known.

        Examples
        --------
        >>> from tessera.report.language import language
        >>> dis = Reasons(language("fr"), {"rfm-new": "Nouvelles"})
        >>> print(dis("4 rows, 3 keys"))
        4 lignes, 3 clés
        >>> isinstance(dis("Nobody told the catalogue of this."), Foreign)
        True
        """
        if is_missing(text):
            return NOTHING
        whole = self._told(str(text))
        if whole is not None:
            return whole
        parts = [self._told(part) for part in _SENTENCE_END.split(str(text))]
        if None in parts:
            return self.say.data(text)
        return " ".join(parts)

    def label(self, text: str) -> str:
        """Tell what a feature's high or low end is called.

        >>> from tessera.report.language import language
        >>> print(Reasons(language("fr"), {}).label("much Garden"))
        Beaucoup de Garden
        """
        text = text[:1].upper() + text[1:]
        told = self._told(text)
        return self.say.data(text) if told is None else told

    def _told(self, text: str) -> str | None:
        """Tell one sentence; None when it is not known."""
        known = self.say.data(text)
        if self.say.messages and not isinstance(known, Foreign):
            return known
        for shape, message in self._known:
            found = shape.fullmatch(text)
            if found is None:
                continue
            told = {
                place: self._written(place.rpartition("_")[2], value)
                for place, value in found.groupdict().items()
            }
            if None in told.values():
                continue
            return message.format(**told)
        return None

    def _written(self, kind: str, value: str) -> str | None:
        """Write a figure or name as the language does; None where it has no word."""
        writers: dict[str, Callable[[str], str | None]] = {
            "number": self._number,
            "percent": lambda text: self._percent(text.rstrip("% ")),
            "day": lambda text: self.say.day(date.fromisoformat(text)),
            "candidate": self._candidate,
            "segment": lambda key: self.segments.get(key, key),
            "sizes": self._sizes,
            "words": self._words,
            "doubts": self._doubts,
            "name": str,
        }
        return writers[kind](value)

    def _number(self, text: str) -> str:
        if "e" in text:
            text = f"{float(text):f}".rstrip("0").rstrip(".")
        return self.say.decimals(float(text), len(text.partition(".")[2]))

    def _percent(self, text: str) -> str:
        return self.say.percent(float(text) / 100, len(text.partition(".")[2]))

    def _candidate(self, text: str) -> str:
        opening, _, algorithm = text.removesuffix(")").partition(" (")
        name = self.say.words(algorithm)
        return f"{opening} ({name[:1].lower() + name[1:]})"

    def _sizes(self, text: str) -> str:
        pairs = (pair.rsplit(": ", 1) for pair in text.split(", "))
        return " · ".join(
            self.say.pair(self.segments.get(key, key), self._number(count))
            for key, count in pairs
        )

    def _words(self, text: str) -> str | None:
        names = [self.say.words(name) for name in text.split(", ")]
        if any(isinstance(name, Foreign) for name in names):
            return None
        return ", ".join(name[:1].lower() + name[1:] for name in names)

    def _doubts(self, text: str) -> str | None:
        return self._words(text.replace("too many: ", ""))


def _shape(message: str) -> re.Pattern:
    """Make the expression that a sentence's English is recognised by."""
    expression, place = "", 0
    for found in _PLACE.finditer(message):
        name = found[1]
        kind = name.rpartition("_")[2]
        expression += re.escape(message[place : found.start()])
        expression += f"(?P<{name}>{_SHAPES[kind]})"
        place = found.end()
    return re.compile(expression + re.escape(message[place:]))
