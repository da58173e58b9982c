"""Paragraphs, names and sentences, from the project's own seeds."""

import re
from pathlib import Path

import pandas as pd
import pytest

from tessera.personas.languages import ENGLISH, FRENCH, LANGUAGES
from tessera.personas.names import name_traits
from tessera.personas.texts import NICHE_TEXT_TYPES, write_niches, write_personas
from tessera.personas.wording import Wording

SEEDS = Path(__file__).parents[3] / "seeds"
HARD, THIN = "\u00a0", "\u202f"
TRAIT_COLUMNS = [
    "segment_key", "trait_kind", "trait", "trait_value", "topic", "segment_figure",
    "rest_figure", "difference", "trait_rank", "leads_topic", "is_leading",
]  # fmt: skip


def seed(name):
    return pd.read_csv(SEEDS / f"{name}.csv", dtype={"value": "str"})


@pytest.fixture(scope="module")
def wording():
    return Wording(
        measures=seed("personas/persona_measures"),
        labels=seed("features"),
        attributes=seed("personas/persona_attributes"),
        values=seed("personas/persona_values"),
        currency="EUR",
    )


def fact(**changes):
    usual = {
        "segmentation": "behaviour",
        "segment_key": "a",
        "segment_name": "Tonight's name",
        "person_count": 1234,
        "buyer_count": 1200,
        "everybody_count": 10_000,
        "is_described": True,
        "person_share": 0.1234,
        "revenue_share": 0.25,
        "order_count": 4.5,
        "revenue_per_buyer": 321.0,
        "average_order_amount": 71.33,
    }
    return usual | changes


def traits_of(*rows):
    """Traits of segment a from (trait, value, segment, rest, difference) tuples."""
    attributes = set(seed("personas/persona_attributes")["attribute"])
    topics = {
        line.iloc[0]: line["topic"]
        for name in ("persona_measures", "persona_attributes")
        for _, line in seed(f"personas/{name}").iterrows()
    }
    return pd.DataFrame(
        [
            (
                "a", "attribute" if trait in attributes else "measure", trait, value,
                topics[trait], segment, rest, difference, rank, True, True,
            )
            for rank, (trait, value, segment, rest, difference) in enumerate(rows, 1)
        ],
        columns=TRAIT_COLUMNS,
    )  # fmt: skip


def modes_of(*rows):
    return pd.DataFrame(
        [("a", *row) for row in rows],
        columns=["segment_key", "attribute", "attribute_value", "value_share"],
    )


def persona(wording, facts=None, traits=(), modes=(), name=("Buyers", "Acheteuses")):
    """Write one persona."""
    names = pd.DataFrame(
        [("a", *name)] if name else [],
        columns=["segment_key", "segment_name", "segment_name_fr"],
    )
    (row,) = write_personas(
        facts=pd.DataFrame([facts or fact()]),
        names=names,
        given_names=seed("personas/segment_names"),
        traits=traits_of(*traits),
        modes=modes_of(*modes),
        wording=wording,
        minimum_size=50,
    ).to_dict("records")
    return row


def test_a_persona_is_told_whole_in_both_languages(wording):
    row = persona(
        wording,
        traits=[
            ("order_count", "high", 8.19, 5.1, 0.9),
            ("top_department", "Maison", 0.68, 0.1, 6.6),
            ("recency_days", "low", 1.8, 40.0, -0.8),
            ("top_brand", "Kumo", 0.31, 0.1, 3.1),
        ],
        modes=[
            ("preferred_channel", "email", 0.52),
            ("day_part", "night", 0.61),
            ("age_band", "25-34", 0.4),
        ],
    )
    assert row["segment_name"] == "Buyers"
    assert list(row["affinities"]) == ["Maison", "Kumo"]
    assert row["traits_en"][0] == "Order more often (8.2 orders each, against 5.1)"
    assert row["paragraph_en"] == (
        "Buyers: 1,234 persons, 12% of everybody, who bring 25% of the revenue. "
        "Compared with everybody else, they order more often (8.2 orders each, "
        "against 5.1) and bought more recently (1.8\u00a0days since the last order, "
        "against 40\u00a0days). 68% buy mostly from the Maison department (10% "
        "elsewhere) and 31% buy mostly the brand Kumo (10% elsewhere). Of those of "
        "whom it is known, 52% are best reached by e-mail, 61% are mostly active at "
        "night and 40% are 25 to 34 years old. On average, those who buy have spent "
        "€321 and paid €71.33 an order."
    )
    assert row["paragraph_fr"].replace(HARD, "~").replace(THIN, "_") == (
        "Acheteuses~: 1_234 personnes, soit 12~% de l\u2019ensemble, qui apportent "
        "25~% du chiffre d\u2019affaires. Par rapport aux autres, elles commandent "
        "plus souvent (8,2 commandes par personne, contre 5,1) et ont acheté plus "
        "récemment (1,8~jour depuis la dernière commande, contre 40~jours). 68~% "
        "achètent surtout au rayon «~Maison~» (10~% ailleurs) et 31~% achètent "
        "surtout la marque «~Kumo~» (10~% ailleurs). Parmi celles dont on le sait, "
        "52~% sont plus faciles à joindre par e-mail, 61~% sont surtout actives la "
        "nuit et 40~% ont de 25 à 34 ans. En moyenne, celles qui achètent ont dépensé "
        "321~€ et payé 71,33~€ par commande."
    )


def test_a_taste_that_does_not_lead_is_told_by_its_lift_up_to_a_limit(wording):
    traits = traits_of(
        ("top_department", "Maison", 0.3, 0.1, 3.0),
        ("top_brand", "Kumo", 0.1, 0.0, 900.0),
        ("top_brand", "Rare", 0.1, 0.2, 0.5),
    ).assign(is_leading=False)
    (row,) = write_personas(
        facts=pd.DataFrame([fact()]),
        names=pd.DataFrame(columns=["segment_key", "segment_name", "segment_name_fr"]),
        given_names=seed("personas/segment_names"),
        traits=traits,
        modes=modes_of(),
        wording=wording,
        minimum_size=50,
    ).to_dict("records")
    told = "Kumo (more than 20 times as often) and Maison (3 times as often)."
    assert f"More popular than elsewhere: {told}" in row["paragraph_en"]
    assert "(plus de 20 fois plus souvent)" in row["paragraph_fr"]
    assert list(row["affinities"]) == ["Kumo", "Maison"]
    assert len(row["traits_en"]) == 0


def test_with_nothing_known_two_sentences_are_left(wording):
    nothing = fact(
        buyer_count=0, revenue_share=0.0, order_count=None, revenue_per_buyer=None,
        average_order_amount=None,
    )  # fmt: skip
    row = persona(wording, nothing)
    assert row["paragraph_en"] == (
        "Buyers: 1,234 persons, 12% of everybody, who have not brought any revenue "
        "yet. Nothing measured sets them clearly apart from everybody else."
    )
    assert row["paragraph_fr"].endswith(
        "Rien de ce qui est mesuré ne les distingue nettement des autres."
    )


def test_an_empty_segment_says_so(wording):
    empty = fact(person_count=0, buyer_count=0, is_described=False, person_share=0.0)
    row = persona(wording, empty)
    assert row["paragraph_en"] == "Nobody is in this segment tonight."
    assert row["paragraph_fr"] == "Personne n\u2019est dans ce segment ce soir."


@pytest.mark.parametrize("size", [1, 49])
def test_a_small_group_is_not_described_though_everything_is_known(wording, size):
    row = persona(
        wording,
        fact(person_count=size, buyer_count=size, is_described=False),
        traits=[("top_department", "Maison", 1.0, 0.1, 9.0)],
        modes=[("region", "Corse", 1.0), ("day_part", "night", 1.0)],
    )
    assert row["paragraph_en"].startswith("Fewer than 50 persons")
    assert row["paragraph_fr"].startswith("Moins de 50 personnes")
    for name in ("traits_en", "traits_fr", "affinities"):
        assert len(row[name]) == 0
    for secret in ("Maison", "Corse", "night", "nuit", "321"):
        assert secret not in row["paragraph_en"] + row["paragraph_fr"]


def test_everybody_in_one_segment_has_nobody_to_be_compared_with(wording):
    row = persona(wording, fact(person_count=10_000, person_share=1.0))
    assert "There is nobody else to compare them with." in row["paragraph_en"]
    assert "made 4.5 orders, spent €321 and paid €71.33" in row["paragraph_en"]


def test_segments_by_rule_have_a_french_name_from_the_seed_or_none(wording):
    champions = fact(segment_key="rfm-champions", segment_name="Champions")
    assert persona(wording, champions)["segment_name_fr"] == "Championnes"
    own = fact(segment_key="rfm-own", segment_name="My own")
    assert persona(wording, own)["segment_name_fr"] == "My own"


def test_every_segment_by_rule_has_a_french_name():
    french = set(seed("personas/segment_names")["segment_key"])
    rules = seed("rule_segments").merge(seed("segmentations"), on="segmentation")
    partitions = rules.loc[rules["kind"] == "partition", "segment_key"]
    assert {*seed("rfm_segments")["segment_key"], *partitions} <= french


def every_trait():
    """All that can be told: both sides of measures, values known and unknown."""
    for line in seed("personas/persona_measures").to_dict("records"):
        for side in ("high", "low"):
            yield "measure", line["measure"], side, line["topic"]
    values = seed("personas/persona_values")
    for line in seed("personas/persona_attributes").to_dict("records"):
        own = values.loc[values["attribute"] == line["attribute"], "value"]
        for value in (*own, "Never & seen"):
            yield "attribute", line["attribute"], value, line["topic"]


@pytest.mark.parametrize(("kind", "trait", "value", "topic"), list(every_trait()))
def test_every_trait_has_words_and_no_mark_is_left_in_them(
    wording, kind, trait, value, topic
):
    row = {
        "trait_kind": kind, "trait": trait, "trait_value": value, "topic": topic,
        "segment_figure": 1.25, "rest_figure": 0.5,
    }  # fmt: skip
    for language in LANGUAGES:
        for text in (
            wording.told(row, language), wording.name(kind, trait, value, language)
        ):  # fmt: skip
            assert text
            assert not re.search(r"[\[\]{}]|nan|None|  ", text), text
            if language is FRENCH:
                assert not re.search(r"'| [:;!?»]|« ", text), text


def test_what_leads_its_topic_and_may_name_does_so(wording):
    traits = traits_of(
        ("order_count", "high", 8.0, 5.0, 0.9),
        ("top_department", "Maison", 0.6, 0.1, 6.0),
        ("novelty_score", "high", 0.8, 0.4, 1.2),
        ("monetary_amount", "low", 10.0, 20.0, -0.5),
    )
    traits.loc[3, "leads_topic"] = False
    found = name_traits(traits, wording)
    assert found["trait"].tolist()[0] == "measure:order_count:high"
    assert found["is_naming"].tolist() == [True, True, False, False]
    assert found["words"].tolist()[:2] == ["Many orders", "Prefers Maison"]
    assert found["words_fr"].tolist()[:2] == ["Commandes nombreuses", "Rayon Maison"]


def niche(**changes):
    usual = {
        "niche_key": "niche-1", "segment_key": "a",
        "attributes": ["day_part", "age_years_level"],
        "attribute_values": ["night", "low"], "person_count": 91,
        "person_share": 0.042, "revenue_per_person": 1798.0,
        "rest_revenue_per_person": 661.0, "lift": 4.57, "lift_low": 3.37,
        "lift_high": 6.05,
    }  # fmt: skip
    return usual | changes


BEHIND = pd.DataFrame(
    [
        ("day_part", "attribute", "day_part"),
        ("age_years_level", "measure", "age_years"),
    ],
    columns=["attribute", "trait_kind", "trait"],
)


def test_a_niche_is_told_in_both_languages(wording):
    (row,) = write_niches(
        facts=pd.DataFrame([niche()]), attributes=BEHIND, wording=wording
    ).to_dict("records")
    assert list(row["conditions_fr"]) == [
        "Sont surtout actives la nuit",
        "Sont plus jeunes que quatre personnes sur cinq",
    ]
    assert row["sentence_en"] == (
        "91 persons, 4% of the segment, are mostly active at night and are younger "
        "than four in five: 4.6 times as many as chance would bring together (3.4 to 6 "
        "times). On average each has spent €1,798, against €661 for the rest of the "
        "segment."
    )
    assert row["sentence_fr"].replace(HARD, "~").replace(THIN, "_") == (
        "91 personnes, soit 4~% du segment, sont surtout actives la nuit et sont plus "
        "jeunes que quatre personnes sur cinq~: 4,6 fois plus que n\u2019en réunirait "
        "le hasard (de 3,4 à 6 fois). En moyenne, chacune a dépensé 1_798~€, contre "
        "661~€ pour le reste du segment."
    )


def test_no_niches_give_no_rows(wording):
    facts = pd.DataFrame([niche()]).iloc[:0]
    written = write_niches(facts=facts, attributes=BEHIND, wording=wording)
    assert written.empty
    assert list(written.columns) == list(NICHE_TEXT_TYPES)


def test_labels_fall_back_to_the_value(wording):
    assert wording.label("favourite_device", "mobile", ENGLISH) == "the phone"
    assert wording.label("top_brand", "Kumo", FRENCH) == "Kumo"
