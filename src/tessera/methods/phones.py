"""Phone numbers in one form, E.164, whoever wrote them down."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import chain

import pandas as pd
import phonenumbers
import pyarrow as pa
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat

PHONE_TYPES = {
    "phone_raw": "str",
    "country_code": "str",
    "phone_e164": "str",
    "is_valid": "bool",
    "reason": "str",
}

# Numbers that the model reads at once.
PHONES_AT_ONCE = 200_000

# The last eight digits of what people type to get past a form: one digit all along, a
# nought and a digit in turn, digits counted up or down, or 01 02 03 04 05.
_PLACEHOLDER_TAILS = frozenset(
    [str(digit) * 8 for digit in range(10)]
    + [f"0{digit}" * 4 for digit in range(10)]
    + [
        run[start : start + 8]
        for run in ("01234567890", "9876543210")
        for start in (0, 1, 2)
    ]
    + ["34567890", "02030405"]
)
# White space of every width, of which the library knows a part.
_SPACES = r"[\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
# A French number in digits, its separators taken out: here, with country code, or as
# dialled from abroad.
_SEPARATORS = r"[ .-]"
_FRENCH = r"^(?:\+33|0033|0)([1-9][0-9]{8})$"


def normalise_phones(
    phones: pd.DataFrame, *, default_country_code: str | None = "FR"
) -> pd.DataFrame:
    """Bring phone numbers to E.164, by the country they are dialled in.

    Parameters
    ----------
    phones : DataFrame of shape (n_phones, n_columns)
        `phone_raw`, as somebody wrote it, and `country_code`, ISO 3166 alpha-2 in
        either case. Other columns are not looked at.
    default_country_code : str or None, default 'FR'
        Stands in for a null `country_code`; None for no country, where only numbers
        with `+` and country code are read.

    Returns
    -------
    DataFrame of shape (n_phones, 5)
        The rows of `phones`, in their order: `phone_raw` and `country_code` as given,
        `phone_e164` ('+33612345679'; null when not valid), `is_valid`, and `reason`,
        null when valid, else

        - 'blank': null, or nothing but spaces;
        - 'placeholder': 0000000000, 0123456789, 0606060606 and the like, which many
          people share because nobody has them;
        - 'unknown_country': a national number of a country that is no code;
        - 'unreadable': no number, or several;
        - 'impossible_length' and 'unassigned': none of its country's numbers.

        No rows give no rows of the same types.

    Raises
    ------
    ValueError
        If a column is missing or `default_country_code` is no country.

    Notes
    -----
    Deterministic; each row depends on itself alone. Every distinct pair is looked at
    once. French numbers in their usual forms are matched to the library's own patterns
    a column at a time, everything else is read by the library, one by one. An
    extension is not part of E.164 and is dropped.

    References
    ----------
    ITU-T E.164; Google's libphonenumber, in David Drysdale's port `phonenumbers`.

    Examples
    --------
    >>> phones = pd.DataFrame(
    ...     {
    ...         "phone_raw": ["06 12 34 56 79", "020 7946 0018", "0000000000"],
    ...         "country_code": [None, "GB", "FR"],
    ...     }
    ... )
    >>> normalise_phones(phones)[["phone_e164", "reason"]]
          phone_e164       reason
    0   +33612345679          NaN
    1  +442079460018          NaN
    2            NaN  placeholder
    """
    missing = {"phone_raw", "country_code"} - set(phones.columns)
    if missing:
        raise ValueError(
            f"phones should have the columns {', '.join(sorted(missing))}."
        )
    if default_country_code is not None and not _is_country(default_country_code):
        raise ValueError(
            "default_country_code should be a country's ISO 3166 alpha-2 code or None, "
            f"found {default_country_code!r}."
        )
    given = phones[["phone_raw", "country_code"]].astype("str")
    distinct = given.drop_duplicates(ignore_index=True)
    countries = distinct["country_code"].fillna(default_country_code or "")
    countries = countries.str.strip().str.upper()
    texts = distinct["phone_raw"].str.replace(_SPACES, " ", regex=True)
    numbers = _usual_french(texts, countries)
    reasons = pd.Series(None, index=distinct.index, dtype="str")
    rest = numbers.index[numbers.isna()]
    answers = [
        _read(text, country)
        for text, country in zip(texts.loc[rest], countries.loc[rest], strict=True)
    ]
    numbers.loc[rest] = [number for number, _ in answers]
    reasons.loc[rest] = [reason for _, reason in answers]
    distinct = distinct.assign(
        phone_e164=numbers, is_valid=numbers.notna(), reason=reasons
    )
    answer = given.merge(distinct, on=["phone_raw", "country_code"], how="left")
    return answer.astype(PHONE_TYPES)


def normalise_in_parts(
    phones: Iterable[pa.RecordBatch], *, default_country_code: str | None = "FR"
) -> pd.DataFrame:
    """Bring many phone numbers to E.164, some at a time.

    Parameters
    ----------
    phones : iterable of RecordBatch
        Parts of what `normalise_phones` takes.
    default_country_code : str or None, default 'FR'
        As there.

    Returns
    -------
    DataFrame of shape (n_phones, 5)
        What `normalise_phones` gives of all parts, in their order. No parts give no
        rows of the same types.

    Notes
    -----
    Each row depends on itself alone, so parts change nothing but what is held at once:
    some 600 bytes a row of a part.

    Examples
    --------
    >>> parts = [
    ...     pa.record_batch({"phone_raw": [phone], "country_code": ["FR"]})
    ...     for phone in ("06 12 34 56 79", "01 44 55 66 77")
    ... ]
    >>> normalise_in_parts(parts)["phone_e164"].tolist()
    ['+33612345679', '+33144556677']
    """
    nothing = pd.DataFrame({"phone_raw": [], "country_code": []}, dtype="str")
    frames = chain([nothing], (part.to_pandas() for part in phones))
    return pd.concat(
        [
            normalise_phones(frame, default_country_code=default_country_code)
            for frame in frames
        ],
        ignore_index=True,
    )


def _usual_french(texts: pd.Series, countries: pd.Series) -> pd.Series:
    """E.164 of valid French numbers in their usual forms; null for all others.

    It only ever says yes: what it does not know is left to the library.
    """
    digits = texts.str.replace(_SEPARATORS, "", regex=True)
    national = digits.str.extract(_FRENCH, expand=False)
    is_valid = national.str.fullmatch(_french_pattern()).fillna(False).astype("bool")
    is_placeholder = national.str[-8:].isin(_PLACEHOLDER_TAILS)
    usual = is_valid & ~is_placeholder & (countries == "FR")
    return ("+33" + national).where(usual).astype("str")


@cache
def _french_pattern() -> str:
    """Pattern of every kind of French number, as the library knows them."""
    metadata = PhoneMetadata.metadata_for_region("FR")
    kinds = (
        metadata.fixed_line,
        metadata.mobile,
        metadata.voip,
        metadata.toll_free,
        metadata.shared_cost,
        metadata.premium_rate,
        metadata.uan,
    )
    patterns = [kind.national_number_pattern for kind in kinds if kind]
    return "|".join(f"(?:{pattern})" for pattern in patterns if pattern)


def _read(text: object, country: str) -> tuple[str | None, str | None]:
    """Ask the library for the number of one text, or the reason why there is none."""
    if pd.isna(text) or not text.strip():
        return None, "blank"
    digits = "".join(character for character in text if character.isdecimal())
    if digits and (len(set(digits)) == 1 or _is_placeholder(digits)):
        return None, "placeholder"
    try:
        number = phonenumbers.parse(text, country or None)
    except NumberParseException as error:
        is_nowhere = error.error_type == NumberParseException.INVALID_COUNTRY_CODE
        return None, "unknown_country" if is_nowhere else "unreadable"
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if phonenumbers.is_valid_number(number):
        return (None, "placeholder") if _is_placeholder(e164) else (e164, None)
    is_possible = phonenumbers.is_possible_number(number)
    return None, "unassigned" if is_possible else "impossible_length"


def _is_placeholder(digits: str) -> bool:
    """Say whether a number ends as a placeholder does."""
    return digits[-8:] in _PLACEHOLDER_TAILS


def _is_country(country_code: str) -> bool:
    """Say whether the library knows the numbers of a country."""
    return country_code in phonenumbers.SUPPORTED_REGIONS
