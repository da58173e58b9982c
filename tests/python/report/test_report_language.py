"""The catalogue of translations is whole, and its sentences fit their places."""

import re
from importlib.resources import files

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tessera.report.language import CODES, SOURCE_CODE, Foreign, language

KEYWORDS = {"say": None, "many": (1, 2), "pattern": None}
METHODS = [("**.py", "python"), ("templates/**.jinja", "jinja2")]
TRANSLATED = [code for code in CODES if code != SOURCE_CODE]
PLACE = re.compile(r"\{[a-z_]*\}")


@pytest.fixture(scope="module")
def sentences():
    """Every sentence of code and templates: one form, or one per plural."""
    found = extract_from_dir(
        str(files("tessera.report")), METHODS, keywords=KEYWORDS, options_map={}
    )
    return {
        message if isinstance(message, str) else tuple(message)
        for _, _, message, _, _ in found
    }


@pytest.fixture(scope="module", params=TRANSLATED)
def catalogue(request):
    with (files("tessera.report") / "locale" / f"{request.param}.po").open("rb") as po:
        return [message for message in read_po(po, locale=request.param) if message.id]


def test_there_are_sentences(sentences):
    assert len(sentences) > 300


def test_every_sentence_is_translated_and_none_is_left_over(sentences, catalogue):
    own = {message.id for message in catalogue if message.context is None}
    assert own == sentences


def test_no_translation_is_empty(catalogue):
    assert [
        message.id
        for message in catalogue
        if not all(message.string if message.pluralizable else [message.string])
    ] == []


def test_translations_keep_the_places(catalogue):
    wrong = []
    for message in catalogue:
        ids = message.id if message.pluralizable else [message.id]
        texts = message.string if message.pluralizable else [message.string]
        for one, text in zip(ids, texts, strict=True):
            if sorted(PLACE.findall(one)) != sorted(PLACE.findall(text)):
                wrong.append(one)
    assert wrong == []


def test_a_figure_of_zero_is_singular_in_french_and_plural_in_english():
    one, several = "{count} person", "{count} persons"
    assert language("fr").many(one, several, 0) == "0 personne"
    assert language("en").many(one, several, 0) == "0 persons"


def test_a_word_that_the_catalogue_lacks_stays_and_is_marked():
    assert isinstance(language("fr").data("Unheard-of"), Foreign)
    assert language("fr").data("Unheard-of") == "Unheard-of"
    assert not isinstance(language("fr").words("average_linkage"), Foreign)
