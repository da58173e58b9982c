"""What holds for any text: total, idempotent, never two into one.

Each example is a batch of texts, so that DuckDB is asked once for hundreds of them.
"""

import sys
import unicodedata
from collections import defaultdict
from datetime import datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

BATCHES = settings(
    max_examples=12,
    derandomize=True,
    # A failure names the texts at fault; shrinking a batch would take minutes.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

# Any text that a Parquet file may hold, and texts that look like something.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
NEAR_MISSES = st.text(
    "0123456789.,-+'\u2212\u2019 \u00a0\u202f()€$/:TZzeEFRf@", max_size=24
)
PIECES = [
    *["de", "la ", "d'", "O'NEIL", "MC", "mc", "JEAN-paul", "van ", "DER ", "du"],
    *[
        "n/a",
        "NULL",
        "Nan",
        "unknown",
        "-",
        "?",
        "É",
        "e\u0301",
        "ß",
        "ẞ",
        "İ",
        "ǆ",
        "ŉ",
        "œ",
        "ﬁ",
    ],
    *["👩\u200d👩\u200d👧", "\u200d", "\u200b", "\u00a0", "\t", "\u2003", " ", "."],
    *["25", "65+", "under ", " to ", " ans", "12:30", "2024-01-31", "31/12/2024"],
    *["+02:00", "Z", "CHF ", "1\u2019234.50", "1.234,5", "sw1a", "1aa", "F-75001"],
    *["<", "a@b.fr", ">", "mailto:", "x@y", "fr_FR", "en-"],
]
WORDS = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
TEXTS = st.lists(ANY_TEXT | NEAR_MISSES | WORDS, min_size=100, max_size=200)

TEXT_TO_TEXT = [
    ("normalised_text", {}),
    ("folded_text", {}),
    ("normalised_email", {}),
    ("normalised_name", {}),
    ("sex_code", {}),
    ("normalised_age_band", {}),
    ("language_key", {}),
]
TEXT_TO_VALUE = [
    ("boolean_value", {}),
    ("amount", {"decimal_mark": "."}),
    ("amount", {"decimal_mark": "auto"}),
    *(("date_value", {"format": form}) for form in ("auto", "iso", "dmy", "mdy")),
    *(("timestamp_utc", {"format": form}) for form in ("auto", "iso", "dmy", "mdy")),
]
NOT_IDEMPOTENT = [
    ("amount", {"decimal_mark": ","}),
    ("timestamp_utc", {"format": "epoch_s"}),
    ("timestamp_utc", {"format": "epoch_ms"}),
    ("timestamp_utc", {"format": "epoch_us"}),
    ("timestamp_utc", {"format": "dmy", "time_zone": "Europe/Paris"}),
    ("canonical_email", {}),
    ("department_code", {}),
    ("town_key", {}),
    ("sha256_hex", {}),
]
EVERY = TEXT_TO_TEXT + TEXT_TO_VALUE + NOT_IDEMPOTENT


def changes(texts, once, twice):
    """Texts that the second time changed, with both answers."""
    answers = zip(texts, once, twice, strict=True)
    return [answer for answer in answers if answer[1] != answer[2]]


@pytest.mark.parametrize(("macro", "constants"), TEXT_TO_TEXT + TEXT_TO_VALUE)
@given(texts=TEXTS)
@BATCHES
def test_a_second_time_changes_nothing(macros, macro, constants, texts):
    once = macros.map(macro, texts, **constants)
    shown = [None if value is None else str(value) for value in once]
    assert changes(texts, once, macros.map(macro, shown, **constants)) == []


@pytest.mark.parametrize(("macro", "constants"), EVERY)
def test_nothing_stays_nothing(macros, macro, constants):
    assert macros.value(macro, None, **constants) is None
    if macro not in ("canonical_email", "sha256_hex"):
        blanks = ["", " ", "\u00a0", "\t\n", "\u200b"]
        assert macros.map(macro, blanks, **constants) == [None] * len(blanks)


@pytest.mark.parametrize(("macro", "constants"), EVERY)
def test_no_text_raises_however_long(macros, macro, constants):
    units = [
        "a",
        "9",
        "é",
        "👩‍👩‍👧",
        " ",
        "1,",
        "a@b.",
        "-",
        "'",
        "\u0301",
        "\x01",
        "de ",
    ]
    macros.map(macro, [unit * 20_000 for unit in units], **constants)


@given(texts=TEXTS)
@BATCHES
def test_these_are_total_too(macros, texts):
    for macro, constants in NOT_IDEMPOTENT:
        macros.map(macro, texts, **constants)


@given(texts=TEXTS)
@BATCHES
def test_postcodes_a_second_time_are_the_same_in_every_country(macros, texts):
    countries = ["FR", "GB", "NL", "DE", "US", "PL", "PT", "SE", "XX", None]
    countries = (countries * len(texts))[: len(texts)]
    once = macros.map("postcode", texts, countries)
    assert changes(texts, once, macros.map("postcode", once, countries)) == []


def test_every_character_is_normalised_once_and_for_all(macros):
    """Exhaustive where hypothesis samples: all of Unicode, alone and inside a word."""
    characters = [
        chr(code)
        for code in range(1, sys.maxunicode + 1)
        if unicodedata.category(chr(code)) not in ("Cs", "Cn", "Co")
    ]
    for texts in (characters, [f"a{character}b" for character in characters]):
        for macro in ("normalised_text", "folded_text", "normalised_name"):
            once = macros.map(macro, texts)
            assert changes(texts, once, macros.map(macro, once)) == []
    assert all(
        text is None or unicodedata.is_normalized("NFC", text)
        for text in macros.map("normalised_text", characters)
    )


MOMENTS = st.datetimes(datetime(1000, 1, 1), datetime(2999, 12, 31))

# E-mail addresses that are often the same mailbox, and often nearly.
EMAILS = st.lists(
    st.builds(
        "{}{}@{}{}".format,
        st.sampled_from(["", " ", "mailto:", "<", "A "]),
        st.text("abAB.+-_", min_size=1, max_size=5),
        st.sampled_from(
            [
                *["gmail.com", "GoogleMail.com", "gmail.fr", "mail.gmail.com"],
                *["gmail.com.br", "outlook.com", "outlook.fr", "hotmail.com"],
                *["orange.fr", "free.fr", "yahoo.com", "icloud.com", "proton.me"],
            ]
        ),
        st.sampled_from(["", " ", ">", ".", " x"]),
    ),
    min_size=200,
    max_size=400,
)
DOTLESS = {"gmail.com", "googlemail.com"}
PLUS_TAGGED = DOTLESS | {
    "outlook.com",
    "outlook.fr",
    "hotmail.com",
    "icloud.com",
    "proton.me",
}


def mailbox(email):
    """Mailbox by the providers' rules as they publish them, in other words."""
    text = email.strip().lower().strip("<>").removeprefix("mailto:")
    local, _, domain = text.rpartition("@")
    if domain in PLUS_TAGGED and not local.startswith("+"):
        local = local.partition("+")[0]
        if domain in DOTLESS:
            local, domain = local.replace(".", ""), "gmail.com"
    return local, domain


@given(emails=EMAILS)
@BATCHES
def test_two_mailboxes_never_become_one(macros, emails):
    normalised = macros.map("normalised_email", emails)
    canonical = macros.map("canonical_email", normalised)
    found = defaultdict(set)
    for email, key in zip(emails, canonical, strict=True):
        if key is not None:
            found[key].add(mailbox(email))
    assert [boxes for boxes in found.values() if len(boxes) > 1] == []


@given(amounts=st.lists(st.decimals(-(10**13), 10**13, places=4), max_size=200))
@BATCHES
def test_amounts_come_back_from_every_locale(macros, amounts):
    for mark, thousands in ((".", ","), (".", "\u2019"), (",", "."), (",", "\u202f")):
        written = [
            f"{amount:,.4f}".translate({ord(","): thousands, ord("."): mark})
            for amount in amounts
        ]
        assert macros.map("amount", written, decimal_mark=mark) == amounts


@given(moments=st.lists(MOMENTS, max_size=200))
@BATCHES
def test_times_come_back_from_every_form(macros, moments):
    whole = [moment.replace(microsecond=0) for moment in moments]
    for form, pattern in (
        ("iso", "%Y-%m-%dT%H:%M:%SZ"),
        ("dmy", "%d/%m/%Y %H:%M:%S"),
        ("dmy", "%d.%m.%Y %H:%M:%S"),
        ("mdy", "%m/%d/%Y %H:%M:%S"),
    ):
        written = [moment.strftime(pattern) for moment in whole]
        assert macros.map("timestamp_utc", written, format=form) == whole
