"""Phones: the fast path against the library, and never two numbers into one."""

import re

import numpy as np
import pandas as pd
import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tessera.methods.phones import PHONE_TYPES, normalise_in_parts, normalise_phones

FRENCH_FORMS = [
    "0{0} {1} {2} {3} {4}",
    "0{0}.{1}.{2}.{3}.{4}",
    "0{0}-{1}-{2}-{3}-{4}",
    "0{0}{1}{2}{3}{4}",
    "+33{0}{1}{2}{3}{4}",
    "+33 {0} {1} {2} {3} {4}",
    "0033 {0} {1} {2} {3} {4}",
    "+33 (0){0} {1} {2} {3} {4}",
    "(0{0}) {1} {2} {3} {4}",
    "0{0}\u00a0{1}\u202f{2}\u00a0{3}\u00a0{4}",
    "0{0}/{1}/{2}/{3}/{4}",
    "{0}{1}{2}{3}{4}",
    "33{0}{1}{2}{3}{4}",
    "00{0} {1} {2} {3} {4}",
    "++33{0}{1}{2}{3}{4}",
    "0.-0{0}{1}{2}{3}{4}",
    "+3 3{0}{1}{2}{3}{4}",
    "-0{0}{1}{2}{3}{4}-",
]


def by_library(raw, country):
    """E.164 by the library alone; None when it is no valid number.

    The library does not know every space that Unicode has.
    """
    try:
        number = phonenumbers.parse(re.sub(r"\s", " ", raw), country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def frame(raw, countries):
    return pd.DataFrame({"phone_raw": raw, "country_code": countries}, dtype="str")


def test_french_numbers_are_those_of_the_library_over_all_prefixes():
    """Every first four digits, each in a form of its own, then the rest at random."""
    random = np.random.default_rng(20250101)
    raw = []
    for number, prefix in enumerate(range(1000, 10_000)):
        digits = f"{prefix}{random.integers(100_000):05d}"
        pairs = [digits[0], *(digits[at : at + 2] for at in (1, 3, 5, 7))]
        raw.append(FRENCH_FORMS[number % len(FRENCH_FORMS)].format(*pairs))
    found = normalise_phones(frame(raw, "FR"))
    assert found["is_valid"].mean() > 0.6
    differences = [
        phone
        for phone in found.itertuples()
        if phone.reason != "placeholder"
        and (phone.phone_e164 if phone.is_valid else None)
        != by_library(phone.phone_raw, "FR")
    ]
    assert differences == []
    assert (found["reason"] == "placeholder").mean() < 0.01


PHONES = st.tuples(
    st.text("0123456789 +-().x", max_size=18)
    | st.from_regex(r"(\+33|0033|0)[ .]?[1-9]([ .-]?[0-9]{2}){4}", fullmatch=True)
    | st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(["FR", "fr", "GB", "US", "IT", "Atlantis", "", None]),
)


@given(phones=st.lists(PHONES, max_size=60))
@settings(
    max_examples=60,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_any_text_is_read_once_and_for_all_and_two_numbers_never_become_one(phones):
    given_phones = frame([raw for raw, _ in phones], [code for _, code in phones])
    found = normalise_phones(given_phones)
    assert found.dtypes.astype(str).to_dict() == PHONE_TYPES
    assert found["phone_raw"].tolist() == given_phones["phone_raw"].tolist()
    assert (found["is_valid"] == found["phone_e164"].notna()).all()
    assert (found["is_valid"] == found["reason"].isna()).all()
    valid = found[found["is_valid"]]
    for phone in valid.itertuples():
        code = phone.country_code
        country = "FR" if pd.isna(code) else code.upper()
        assert phone.phone_e164 == by_library(phone.phone_raw, country)
    again = normalise_phones(frame(valid["phone_e164"], valid["country_code"]))
    assert again["phone_e164"].tolist() == valid["phone_e164"].tolist()


def test_no_phones_give_no_rows_of_the_same_types():
    found = normalise_phones(frame([], []))
    assert found.empty
    assert found.dtypes.astype(str).to_dict() == PHONE_TYPES


def test_a_frame_without_any_country_or_number_is_read():
    found = normalise_phones(
        pd.DataFrame({"phone_raw": [None, None], "country_code": [None, "FR"]})
    )
    assert found["reason"].tolist() == ["blank", "blank"]
    assert found.dtypes.astype(str).to_dict() == PHONE_TYPES


def test_without_a_default_only_international_numbers_are_read():
    given_phones = frame(["0612345679", "+33612345679"], [None, None])
    found = normalise_phones(given_phones, default_country_code=None)
    assert found["reason"].tolist()[0] == "unknown_country"
    assert found["phone_e164"].tolist()[1] == "+33612345679"


def test_the_rows_come_back_in_their_order_as_often_as_they_were_given():
    raw = ["0612345679", "x", "0612345679", "0142685300"]
    assert normalise_phones(frame(raw, "FR"))["phone_raw"].tolist() == raw


def test_a_missing_column_and_an_unknown_default_are_named():
    with pytest.raises(ValueError, match="country_code"):
        normalise_phones(pd.DataFrame({"phone_raw": ["1"]}))
    with pytest.raises(ValueError, match="'XX'"):
        normalise_phones(frame([], []), default_country_code="XX")


def test_numbers_in_parts_are_those_at_once():
    phones = pd.DataFrame(
        {
            "phone_raw": ["06 12 34 56 79", "0000000000", "020 7946 0018", " ", "x"],
            "country_code": [None, "FR", "GB", None, "FR"],
        }
    )
    batches = pa.Table.from_pandas(phones).to_batches(max_chunksize=2)
    assert len(batches) == 3
    pd.testing.assert_frame_equal(normalise_in_parts(batches), normalise_phones(phones))
    pd.testing.assert_frame_equal(
        normalise_in_parts([]), normalise_phones(phones.iloc[:0])
    )
