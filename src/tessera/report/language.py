"""The languages of the report: its sentences, figures and dates in each.

English sentences stand in the code and in the templates, and are their own keys;
``locale/<code>.po`` holds their translations, in gettext's format, which translators'
tools open. A test extracts every sentence and fails on one without translation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files

import pandas as pd
from babel import Locale
from babel.dates import format_date, get_day_names
from babel.messages.pofile import read_po
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    get_decimal_symbol,
    get_group_symbol,
)

CODES = ("en", "fr")
SOURCE_CODE = "en"
NOTHING = "–"


class Foreign(str):
    """A text of the warehouse that the page's language has no words for: English."""


@dataclass(frozen=True, eq=False)
class Language:
    """One language. Called with a sentence, it gives the sentence in that language.

    A missing figure or date (None, NaN, NaT) is written as `NOTHING`.

    Parameters
    ----------
    code : str
        ISO 639-1 code, also the folder of the pages.
    messages : mapping of str to tuple of str
        Translations by English sentence: one form, or one per plural.

    Examples
    --------
    >>> say, dis = language("en"), language("fr")
    >>> say("Skip to the content")
    'Skip to the content'
    >>> dis("Skip to the content")
    'Aller au contenu'
    >>> say.many("{count} row", "{count} rows", 1200)
    '1,200 rows'
    """

    code: str
    messages: Mapping[str, tuple[str, ...]]
    locale: Locale = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "locale", Locale.parse(self.code))

    def __call__(self, message: str, **values: object) -> str:
        """Give a sentence, its ``{places}`` filled with `values`."""
        text = self.messages.get(message, (message,))[0]
        return text.format(**values) if values else text

    def many(self, one: str, several: str, count: float, **values: object) -> str:
        """Give the sentence for a number of things; ``{count}`` is that number."""
        forms = self.messages.get(one, (one, several))
        is_one = self.locale.plural_form(count) == "one"
        return forms[0 if is_one else -1].format(count=self.whole(count), **values)

    def data(self, text: str | None) -> str:
        """Give a text of the warehouse: translated where the catalogue knows it."""
        if is_missing(text):
            return NOTHING
        if self.code == SOURCE_CODE:
            return str(text)
        known = self.messages.get(str(text))
        return known[0] if known else Foreign(text)

    def words(self, name: str | None) -> str:
        """Give a snake_case name of the warehouse as words.

        >>> language("en").words("average_linkage")
        'Average linkage'
        """
        if is_missing(name):
            return NOTHING
        text = re.sub(r"(?<=\w)[_-](?=\w)", " ", str(name)).strip()
        return self.data(text[:1].upper() + text[1:])

    def whole(self, value: float | None) -> str:
        """Write a count with thousands separators.

        >>> language("en").whole(1234567), language("en").whole(None)
        ('1,234,567', '–')
        """
        if is_missing(value):
            return NOTHING
        return format_decimal(round(value), format="#,##0", locale=self.locale)

    def signed(self, value: float | None) -> str:
        """Write a change of a count with its sign, ``−`` for a loss.

        >>> [language("en").signed(value) for value in (12, -1200, 0)]
        ['+12', '−1,200', '0']
        """
        if is_missing(value) or round(value) == 0:
            return NOTHING if is_missing(value) else self.whole(0)
        return ("+" if value > 0 else "−") + self.whole(abs(value))

    def percent(self, share: float | None, places: int = 1) -> str:
        """Write a share in 0..1 as a percentage.

        >>> language("en").percent(0.1234), language("en").percent(float("nan"))
        ('12.3%', '–')
        """
        if is_missing(share):
            return NOTHING
        text = self.decimals(100 * share, places)
        return f"{text}\u202f%" if self.code == "fr" else f"{text}%"

    def decimals(self, value: float | None, places: int = 2) -> str:
        """Write a figure with a fixed number of decimals.

        >>> language("en").decimals(1234.5678), language("en").decimals(-0.5, 1)
        ('1,234.57', '−0.5')
        """
        if is_missing(value):
            return NOTHING
        pattern = "#,##0" + ("." + "0" * places if places else "")
        text = format_decimal(value, format=pattern, locale=self.locale)
        return text.replace("-", "−")

    def signed_decimals(self, value: float | None, places: int = 2) -> str:
        """Write a figure with its sign and a fixed number of decimals."""
        if is_missing(value):
            return NOTHING
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return sign + self.decimals(abs(value), places)

    def plain(self, value: float | None) -> str:
        """Write a figure with at most two decimals and no idle zeros.

        >>> [language("en").plain(value) for value in (30.0, 1234.5, 0.125)]
        ['30', '1,234.5', '0.12']
        """
        if is_missing(value):
            return NOTHING
        text = format_decimal(value, format="#,##0.##", locale=self.locale)
        return text.replace("-", "−")

    def compact(self, count: float | None) -> str:
        """Write a count in few characters, so that it fits in a small cell.

        >>> [language("en").compact(count) for count in (9870, 45210, 3210000)]
        ['9,870', '45K', '3.2M']
        """
        if is_missing(count):
            return NOTHING
        if count < 10_000:
            return self.whole(count)
        return format_compact_decimal(
            count, fraction_digits=0 if count < 999_500 else 1, locale=self.locale
        )

    def amount(self, value: float | None, currency: str | None = None) -> str:
        r"""Write an amount: cents below a thousand, none above, few characters.

        Without a currency the figure stands alone.

        >>> [language("en").amount(value, "EUR") for value in (43.2, 1234.5, 18.9e6)]
        ['€43.20', '€1,234', '€18.9M']
        >>> language("fr").amount(43.2, "EUR"), language("en").amount(43.2)
        ('43,20\xa0€', '43.20')
        """
        if is_missing(value):
            return NOTHING
        if not currency:
            return self.compact(value) if abs(value) >= 1_000 else self.decimals(value)
        if abs(value) >= 10_000_000:
            return format_compact_currency(
                value, currency, locale=self.locale, fraction_digits=1
            )
        pattern = self.locale.currency_formats["standard"].pattern
        if abs(value) >= 1_000:
            pattern, value = pattern.replace(".00", ""), round(value)
        return format_currency(
            value, currency, format=pattern, locale=self.locale, currency_digits=False
        )

    def day(self, value: date | None) -> str:
        """Write a date, month by name, so that no reader swaps day and month.

        >>> language("fr").day(date(2025, 6, 3)), language("en").day(None)
        ('3 juin 2025', '–')
        """
        if is_missing(value):
            return NOTHING
        return format_date(value, format="d MMMM y", locale=self.locale)

    def short_day(self, value: date | None) -> str:
        """Write a date where room is scarce.

        >>> language("en").short_day(date(2025, 6, 3))
        '3 Jun 2025'
        """
        if is_missing(value):
            return NOTHING
        return format_date(value, format="d MMM y", locale=self.locale)

    def weekday(self, number: str | int | None) -> str:
        """Name a day of the week, 1 for Monday.

        >>> language("fr").weekday("3"), language("en").weekday(7)
        ('Mercredi', 'Sunday')
        """
        if is_missing(number) or not 1 <= int(number) <= 7:
            return NOTHING
        name = get_day_names("wide", locale=self.locale)[int(number) - 1]
        return name[:1].upper() + name[1:]

    def listing(self, items: Sequence[str]) -> str:
        """Join items as in a sentence.

        >>> language("en").listing(["a", "b", "c"]), language("fr").listing(["a", "b"])
        ('a, b and c', 'a et b')
        """
        say = self
        *before, last = items or [NOTHING]
        joint = say("and")
        return f"{', '.join(before)} {joint} {last}" if before else str(last)

    def pair(self, name: str, value: str) -> str:
        r"""Write a name with its value.

        >>> language("en").pair("Persons", "3"), language("fr").pair("Âge", "30")
        ('Persons: 3', 'Âge\xa0: 30')
        """
        say = self
        return say("{name}: {value}", name=name, value=value)

    def quoted(self, name: str) -> str:
        r"""Put a name in quotation marks.

        >>> language("en").quoted("Loyal"), language("fr").quoted("Fidèles")
        ('“Loyal”', '«\xa0Fidèles\xa0»')
        """
        return f"«\u00a0{name}\u00a0»" if self.code == "fr" else f"“{name}”"

    def typeset(self, text: str) -> str:
        r"""Print a text that was written on a plain keyboard, in this language.

        >>> language("fr").typeset("Prix d'une ligne")
        'Prix d’une ligne'
        """
        return str(text).replace("'", "’") if self.code == "fr" else str(text)

    def sentence(self, text: str) -> str:
        """Begin a text with a capital and end it with a full stop.

        >>> language("en").sentence("best silhouette")
        'Best silhouette.'
        """
        return type(text)(text[:1].upper() + text[1:].rstrip(".") + ".")

    def d3_locale(self) -> dict[str, object]:
        """Give the number format that Vega writes axes in (d3-format)."""
        return {
            "decimal": get_decimal_symbol(self.locale),
            "thousands": get_group_symbol(self.locale),
            "grouping": [3],
            "currency": ["", ""],
            "percent": "\u202f%" if self.code == "fr" else "%",
        }


@cache
def language(code: str) -> Language:
    """Read a language with its catalogue; English needs none."""
    if code == SOURCE_CODE:
        return Language(code, {})
    with (files("tessera.report") / "locale" / f"{code}.po").open("rb") as stream:
        catalogue = read_po(stream, locale=code)
    messages = {}
    for message in catalogue:
        if message.id and message.string:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            forms = (
                message.string
                if isinstance(message.string, tuple)
                else (message.string,)
            )
            messages[ids[0]] = tuple(forms)
    return Language(code, messages)


def is_missing(value: object) -> bool:
    """Tell whether there is no value: None, NaN, NaT or an empty text."""
    return value is None or value is pd.NaT or value == "" or value != value
