"""Reasons that the warehouse writes are known to the report, and told in French."""

import csv
from pathlib import Path

import numpy as np
import pytest
import yaml

from tessera.methods._choice import choose_candidate
from tessera.methods.candidates import assess_candidates
from tessera.report.language import Foreign, language
from tessera.report.reasons import Reasons

ROOT = Path(__file__).parents[3]
SEGMENTS = {"rfm-new": "Nouvelles"}
# Unit tests say what SQL writes; those whose reasons are single letters do not.
REASONED = [
    *sorted((ROOT / "models" / "gates").glob("gate_*.yml")),
    ROOT / "models" / "fits" / "behaviour" / "fit_refit_decision.yml",
    ROOT / "models" / "fits" / "behaviour" / "fit_champions.yml",
    ROOT / "models" / "fits" / "fit_thresholds.yml",
]


@pytest.fixture(scope="module")
def told():
    return Reasons(language("fr"), SEGMENTS)


def seed(name):
    with (ROOT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected_reasons(path):
    """Give the reasons that a model's unit tests expect."""
    tests = yaml.safe_load(path.read_text(encoding="utf-8")).get("unit_tests", [])
    return {
        row["reason"]
        for test in tests
        for row in test["expect"].get("rows") or []
        if row.get("reason")
    }


@pytest.mark.parametrize("path", REASONED, ids=lambda path: path.stem)
def test_what_sql_writes_is_known(path, told):
    reasons = expected_reasons(path)
    assert reasons
    assert [reason for reason in reasons if isinstance(told(reason), Foreign)] == []


def test_every_rule_and_its_reason_are_known(told):
    rules = seed("quality_rules")
    assert len(rules) > 40
    unknown = [
        line["rule"]
        for line in rules
        if isinstance(told(line["reason"]), Foreign)
        or isinstance(language("fr").words(line["rule"]), Foreign)
    ]
    assert unknown == []


def test_the_ends_of_every_clustered_feature_are_known(told):
    unknown = [
        label
        for line in seed("features")
        if line["is_clustered"] == "true"
        for label in (line["label_high"], line["label_low"])
        if isinstance(told.label(label.replace("{department}", "Garden")), Foreign)
    ]
    assert unknown == []


def candidate(count, **given):
    return {
        "segment_count": count,
        "algorithm": "k_means",
        "is_scorable": True,
        "silhouette": 0.5,
        "standard_error": 0.01,
        "agreement": 0.5,
        "person_shares": [1 / count] * count,
    } | given


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"is_led": True},
        {"is_led": True, "agreement": 0.95},
        {"floor": 0.6},
        {"floor": 0.6, "cloud_floor": 0.1, "divides_cloud": True},
    ],
)
def test_what_chooses_a_model_is_known(settings, told):
    agreement = settings.pop("agreement", 0.5)
    candidates = [
        candidate(1, silhouette=np.nan),
        candidate(2, agreement=agreement),
        candidate(3, silhouette=0.495, agreement=agreement),
        candidate(4, silhouette=0.3),
        candidate(5, person_shares=[0.001] + [0.25] * 4),
        candidate(6, silhouette=np.nan),
        candidate(7, is_scorable=False, algorithm="gaussian_mixture"),
    ]
    _, reasons = choose_candidate(
        candidates,
        **{"is_led": False, "floor": 0.1, "minimum_segment_share": 0.02}
        | {"stability_of": lambda at: 0.9 - at / 100}
        | settings,
    )
    reasons = [reason for reason in reasons if reason]
    assert len(reasons) == len(candidates)
    assert [reason for reason in reasons if isinstance(told(reason), Foreign)] == []


@pytest.mark.parametrize(
    "points", [np.zeros((5, 2)), np.zeros((1, 2)), np.zeros((5, 0)), np.eye(2)]
)
def test_why_there_was_nothing_to_choose_is_known(points, told):
    (row,) = assess_candidates(points, random_state=0).rows
    assert not isinstance(told(row["reason"]), Foreign)


@pytest.mark.parametrize(
    ("reason", "french"),
    [
        (
            "rfm-new: 1204, behaviour-gone: 3",
            "Nouvelles\xa0: 1\u202f204 \xb7 behaviour-gone\xa0: 3",
        ),
        (
            "As on 2024-06-29. Equal values span several groups: some scores stay "
            "empty.",
            "Comme le 29 juin 2024. Des valeurs égales couvrent plusieurs groupes\xa0: "
            "certains scores restent vides.",
        ),
        (
            "email link; too many: phone, too many: profiles",
            "lien\xa0: e-mail\u202f; en trop grand nombre\xa0: téléphone, profils",
        ),
    ],
)
def test_figures_days_and_names_are_written_as_in_french(reason, french, told):
    assert told(reason) == french


def test_english_reasons_keep_their_words_and_gain_separators():
    english = Reasons(language("en"), {"rfm-new": "New"})
    assert english("2469 known persons, 2469 of them in a segment") == (
        "2,469 known persons, 2,469 of them in a segment"
    )
    assert english("rfm-new went from 50.0 % to 60.0 % since 2024-06-28") == (
        "New went from 50.0% to 60.0% since 28 June 2024"
    )
    assert english("Never heard of.") == "Never heard of."


def test_a_sentence_that_is_not_known_leaves_the_whole_in_english(told):
    reason = "As on 2024-06-29. Nobody knows this."
    assert told(reason) == reason
    assert isinstance(told(reason), Foreign)
