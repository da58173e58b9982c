"""Figures and lists as English and French readers expect to see them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"
APOSTROPHE = "\u2019"
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
_MOST_DECIMALS = 3


@dataclass(frozen=True)
class Language:
    """The conventions of a language.

    Parameters
    ----------
    code : str
        ISO 639-1, as in the columns of the seeds: ``en`` or ``fr``.
    decimal_mark, thousands_mark : str
        What stands in a number.
    percent : str
        What follows the number of a share.
    conjunction : str
        The word before the last item of a list.
    elsewhere, against : str
        What a figure of everybody else is told with.
    than_most : str
        What follows a comparative that four in five do not reach.
    taste, strong_taste : str
        How a taste is told with its lift, and with a lift beyond the largest told.
    days, years : str
        Units, with what only the plural has in square brackets.
    plural_from : float
        The least number that takes the plural; below it only 1 is singular in English.
    """

    code: str
    decimal_mark: str
    thousands_mark: str
    percent: str
    conjunction: str
    elsewhere: str
    against: str
    than_most: str
    taste: str
    strong_taste: str
    days: str
    years: str
    plural_from: float | None


ENGLISH = Language(
    code="en",
    decimal_mark=".",
    thousands_mark=",",
    percent="%",
    conjunction="and",
    elsewhere="elsewhere",
    against="against",
    than_most="than four in five",
    taste="{label} ({lift} times as often)",
    strong_taste="{label} (more than {lift} times as often)",
    days="day[s]",
    years="year[s]",
    plural_from=None,
)
FRENCH = Language(
    code="fr",
    decimal_mark=",",
    thousands_mark=NARROW_NO_BREAK,
    percent=f"{NO_BREAK}%",
    conjunction="et",
    elsewhere="ailleurs",
    against="contre",
    than_most="que quatre personnes sur cinq",
    taste="« {label} » ({lift} fois plus souvent)",
    strong_taste="« {label} » (plus de {lift} fois plus souvent)",
    days="jour[s]",
    years="an[s]",
    plural_from=2.0,
)
LANGUAGES = (ENGLISH, FRENCH)


def number(value: float, decimals: int, language: Language) -> str:
    r"""Write a number with a fixed number of decimals.

    Parameters
    ----------
    value : float
        A finite number.
    decimals : int
        Digits behind the mark, 0 or more.
    language : Language

    Returns
    -------
    str

    Examples
    --------
    >>> number(1234.5, 1, ENGLISH), number(1234.5, 1, FRENCH)
    ('1,234.5', '1\u202f234,5')
    """
    # Adding zero turns a rounded -0.0 into 0.0.
    written = f"{round(value, decimals) + 0.0:,.{decimals}f}"
    marks = {",": language.thousands_mark, ".": language.decimal_mark}
    return "".join(marks.get(sign, sign) for sign in written)


def inflected(noun: str, written: str, value: float, language: Language) -> str:
    """Put a noun with marked endings into the number that its figure asks for.

    Parameters
    ----------
    noun : str
        What only the plural has stands in square brackets: ``order[s] each``.
    written : str
        The figure as the reader sees it.
    value : float
        The figure.
    language : Language

    Returns
    -------
    str

    Examples
    --------
    >>> inflected("order[s] each", "1.4", 1.4, ENGLISH)
    'orders each'
    >>> inflected("commande[s] par personne", "1,4", 1.4, FRENCH)
    'commande par personne'
    """
    if language.plural_from is None:
        is_plural = written != "1"
    else:
        is_plural = abs(value) >= language.plural_from
    return re.sub(r"\[(.*?)\]", r"\1" if is_plural else "", noun)


def figure(value: float, unit: str, currency: str, language: Language) -> str:
    r"""Write a figure in its unit, with as many decimals as its size deserves.

    Parameters
    ----------
    value : float
        A finite number; shares in 0..1, distances in metres.
    unit : str
        ``count``, ``amount``, ``share``, ``days``, ``years`` or ``metres``.
    currency : str
        ISO 4217 code of amounts.
    language : Language

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the unit is none of these.

    Examples
    --------
    >>> figure(1830.27, "amount", "EUR", ENGLISH), figure(0.5, "share", "EUR", FRENCH)
    ('€1,830', '50\xa0%')
    """
    return _written(value, unit, currency, language, 0)


def figures_apart(
    values: Sequence[float], unit: str, currency: str, language: Language
) -> list[str]:
    """Write figures with decimals enough for a reader to see that they differ.

    Parameters
    ----------
    values : sequence of float
        Figures that stand beside one another.
    unit, currency, language
        As of `figure`.

    Returns
    -------
    list of str
        In the order of `values`; alike where three more decimals show no difference.

    Examples
    --------
    >>> figures_apart([0.123, 0.119], "share", "EUR", ENGLISH)
    ['12.3%', '11.9%']
    """
    for more in range(_MOST_DECIMALS + 1):
        written = [_written(one, unit, currency, language, more) for one in values]
        if len(set(written)) == len(set(values)):
            break
    return written


def listed(items: Sequence[str], language: Language) -> str:
    """Join items as in a sentence.

    Examples
    --------
    >>> listed(["a", "b", "c"], ENGLISH), listed(["a", "b"], FRENCH)
    ('a, b and c', 'a et b')
    """
    *before, last = items or [""]
    return f"{', '.join(before)} {language.conjunction} {last}" if before else last


def set_in_type(text: str, language: Language) -> str:
    r"""Give a text the signs and spaces that its language is printed with.

    French has a space that does not break before high punctuation and inside its
    quotation marks, and a curved apostrophe.

    Parameters
    ----------
    text : str
        Written on a plain keyboard.
    language : Language

    Returns
    -------
    str
        Runs of spaces and line breaks are one space.

    Examples
    --------
    >>> ascii(set_in_type("l'e-mail :  oui", FRENCH))
    "'l\\u2019e-mail\\xa0: oui'"
    """
    text = re.sub(r"[ \n\t]+", " ", text).strip()
    if language.code != "fr":
        return text
    text = text.replace("'", APOSTROPHE).replace("« ", f"«{NO_BREAK}")
    text = re.sub(r" ([»:])", rf"{NO_BREAK}\1", text)
    return re.sub(r" ([;!?])", rf"{NARROW_NO_BREAK}\1", text)


def _written(
    value: float, unit: str, currency: str, language: Language, more: int
) -> str:
    """Write a figure with some decimals more than it usually has."""
    match unit:
        case "share":
            percent = 100 * value
            usual = 1 if 0 < abs(percent) < 1 else 0
            return number(percent, usual + more, language) + language.percent
        case "amount":
            text = number(value, (0 if abs(value) >= 100 else 2) + more, language)
            symbol = _SYMBOLS.get(currency, currency)
            is_after = language.code == "fr" or symbol == currency
            return f"{text}{NO_BREAK}{symbol}" if is_after else f"{symbol}{text}"
        case "count":
            return _short(value, more, language)
        case "days" | "years":
            text = _short(value, more, language)
            noun = language.days if unit == "days" else language.years
            return f"{text}{NO_BREAK}{inflected(noun, text, value, language)}"
        case "metres":
            return f"{_short(value / 1000, more, language)}{NO_BREAK}km"
    raise ValueError(f"unit should be a unit of a figure, found {unit!r}.")


def _short(value: float, more: int, language: Language) -> str:
    """Write a mean: one decimal below ten, none that is idle."""
    text = number(value, (1 if abs(value) < 10 else 0) + more, language)
    if language.decimal_mark in text:
        text = text.rstrip("0").rstrip(language.decimal_mark)
    return text
