"""The normalisers against tables written by hand, in six locales and more."""

from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

import pandas as pd
import pytest

from tessera.methods.phones import normalise_phones


def columns(rows, *names):
    return [[row[name] for row in rows] for name in names]


def differences(rows, found, column):
    """Rows whose answer is another, for a message that shows all of them."""
    return [
        (row, answer)
        for row, answer in zip(rows, found, strict=True)
        if answer != row[column]
    ]


@pytest.mark.parametrize(
    ("table", "macro", "given", "expected"),
    [
        ("emails", "normalised_email", ["email"], "normalised"),
        ("emails", "canonical_email", ["normalised"], "canonical"),
        ("names", "normalised_name", ["name"], "normalised"),
        ("postcodes", "postcode", ["postcode", "country_code"], "normalised"),
        ("postcodes", "postcode", ["normalised", "country_code"], "normalised"),
        ("sexes", "sex_code", ["text"], "sex_code"),
        ("age_bands", "normalised_age_band", ["text"], "age_band"),
        ("towns", "town_key", ["town"], "key"),
    ],
)
def test_texts(macros, golden, table, macro, given, expected):
    rows = golden(table)
    found = macros.map(macro, *columns(rows, *given))
    assert differences(rows, found, expected) == []


def test_department_codes_of_french_postcodes(macros, golden):
    french = {"FR", "PF", "MC", "BL"}
    rows = [row for row in golden("postcodes") if row["country_code"] in french]
    found = macros.map("department_code", *columns(rows, "normalised"))
    assert differences(rows, found, "department_code") == []


def test_booleans(macros, golden):
    rows = golden("booleans")
    words = {True: "true", False: "false", None: None}
    found = [
        words[value] for value in macros.map("boolean_value", *columns(rows, "text"))
    ]
    assert differences(rows, found, "value") == []


def test_amounts(macros, golden):
    rows = golden("amounts")
    for mark, part in groupby(
        sorted(rows, key=lambda row: row["decimal_mark"]),
        key=lambda row: row["decimal_mark"],
    ):
        part = [
            row | {"amount": row["amount"] and Decimal(row["amount"])} for row in part
        ]
        found = macros.map("amount", *columns(part, "text"), decimal_mark=mark)
        assert differences(part, found, "amount") == []


def test_times_and_dates(macros, golden):
    def arguments(row):
        return row["format"], row["time_zone"]

    for (form, zone), part in groupby(
        sorted(golden("times"), key=arguments), arguments
    ):
        part = [
            row
            | {
                "timestamp_utc": row["timestamp_utc"]
                and datetime.fromisoformat(row["timestamp_utc"]),
                "date": row["date"] and date.fromisoformat(row["date"]),
            }
            for row in part
        ]
        (texts,) = columns(part, "text")
        found = macros.map("timestamp_utc", texts, format=form, time_zone=zone)
        assert differences(part, found, "timestamp_utc") == []
        assert (
            differences(part, macros.map("date_value", texts, format=form), "date")
            == []
        )


def test_phones(golden):
    rows = golden("phones")
    given = pd.DataFrame(rows).rename(columns={"phone": "phone_raw"})
    found = normalise_phones(given).astype(object)
    found = found.where(found.notna(), None)
    assert differences(rows, found["phone_e164"], "phone_e164") == []
    assert differences(rows, found["reason"], "reason") == []


@pytest.mark.parametrize(
    ("table", "key", "given", "expected"),
    [
        ("countries", "folded_text", "country", "country_code"),
        ("languages", "language_key", "language", "language_code"),
    ],
)
def test_vocabularies_by_the_join_of_the_staging_models(
    macros, golden, vocabulary, table, key, given, expected
):
    rows = golden(table)
    codes = vocabulary(table)
    found = [codes.get(spelling) for spelling in macros.map(key, *columns(rows, given))]
    assert differences(rows, found, expected) == []


def test_the_time_of_a_format_that_is_none_is_an_error(macros, macro_error):
    with pytest.raises(macro_error, match="'ymd'"):
        macros.sql("timestamp_utc", "text", format="ymd")
