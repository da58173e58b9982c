"""Behaviour of ``tessera.personas.languages``."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.personas.languages import (
    ENGLISH,
    FRENCH,
    LANGUAGES,
    figure,
    figures_apart,
    inflected,
    listed,
    number,
    set_in_type,
)

THIN, HARD = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("value", "unit", "english", "french"),
    [
        (1234567, "count", "1,234,567", f"1{THIN}234{THIN}567"),
        (9.96, "count", "10", "10"),
        (8.25, "count", "8.2", "8,2"),
        (2.0, "count", "2", "2"),
        (0.004, "share", "0.4%", f"0,4{HARD}%"),
        (0.0, "share", "0%", f"0{HARD}%"),
        (0.995, "share", "100%", f"100{HARD}%"),
        (34.2, "amount", "€34.20", f"34,20{HARD}€"),
        (1830.27, "amount", "€1,830", f"1{THIN}830{HARD}€"),
        (1.0, "days", f"1{HARD}day", f"1{HARD}jour"),
        (1.8, "days", f"1.8{HARD}days", f"1,8{HARD}jour"),
        (2.0, "days", f"2{HARD}days", f"2{HARD}jours"),
        (44.6, "years", f"45{HARD}years", f"45{HARD}ans"),
        (12_400, "metres", f"12{HARD}km", f"12{HARD}km"),
    ],
)
def test_figures_are_written_as_each_language_does(value, unit, english, french):
    assert figure(value, unit, "EUR", ENGLISH) == english
    assert figure(value, unit, "EUR", FRENCH) == french


def test_a_currency_without_a_sign_of_its_own_keeps_its_code():
    assert figure(5, "amount", "CHF", ENGLISH) == f"5.00{HARD}CHF"
    assert figure(5, "amount", "USD", ENGLISH) == "$5.00"


def test_an_unknown_unit_is_named():
    with pytest.raises(ValueError, match="found 'furlongs'"):
        figure(1, "furlongs", "EUR", ENGLISH)


def test_figures_that_differ_are_seen_to_differ():
    assert figures_apart([0.123, 0.119], "share", "", ENGLISH) == ["12.3%", "11.9%"]
    assert figures_apart([0.5, 0.5], "share", "", ENGLISH) == ["50%", "50%"]
    assert figures_apart([0.62, 0.31], "share", "", ENGLISH) == ["62%", "31%"]


@given(st.floats(-1e12, 1e12), st.integers(0, 3))
def test_a_number_can_be_read_back_and_is_never_minus_zero(value, decimals):
    for language in LANGUAGES:
        written = number(value, decimals, language)
        plain = written.replace(language.thousands_mark, "")
        read = float(plain.replace(language.decimal_mark, "."))
        assert read == pytest.approx(value, abs=0.51 * 10**-decimals, rel=1e-12)
        assert not (read == 0 and written.startswith("-"))


def test_french_takes_the_plural_from_two_and_english_but_for_one():
    assert inflected("order[s]", "1", 1.0, ENGLISH) == "order"
    assert inflected("order[s]", "0.4", 0.4, ENGLISH) == "orders"
    assert inflected("e-mail[s] lu[s]", "1,9", 1.9, FRENCH) == "e-mail lu"
    assert inflected("e-mail[s] lu[s]", "2", 2.0, FRENCH) == "e-mails lus"


def test_french_is_set_with_its_spaces_and_apostrophe():
    assert set_in_type("l'un : « oui » ; non !", FRENCH) == (
        f"l\u2019un{HARD}: «{HARD}oui{HARD}»{THIN}; non{THIN}!"
    )
    assert set_in_type("it's  one:\n two", ENGLISH) == "it's one: two"


def test_lists_of_any_length_read_as_sentences():
    assert listed([], FRENCH) == ""
    assert listed(["a"], FRENCH) == "a"
    assert listed(["a", "b", "c"], FRENCH) == "a, b et c"
