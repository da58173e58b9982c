"""Behaviour of ``tessera.methods.niches``."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.methods import niches
from tessera.methods.niches import (
    NICHE_TYPES,
    evidence_bands,
    find_niches,
    niche_predicate,
)

ATTRIBUTES = pd.DataFrame(
    [
        ("hours", "contact", "moments", True),
        ("weekend_level", "contact", "moments", True),
        ("taste", "purchases", "orders", True),
        ("basket_level", "purchases", "orders", True),
        ("device", "device", "moments", True),
        ("age", "household", None, False),
        ("region", "place", None, False),
    ],
    columns=["attribute", "theme", "evidence", "is_behaviour"],
)


def draw_most(rng, counts, shares):
    """Draw what each person did most of, from as many acts as she has."""
    acts = np.array([rng.multinomial(count, shares) for count in counts])
    return np.where(counts > 0, acts.argmax(axis=1).astype(str), None)


def draw_level(rng, counts, share):
    """Draw high, usual or low from a share of acts: few acts are extreme."""
    shares = rng.binomial(np.maximum(counts, 1), share) / np.maximum(counts, 1)
    low, high = np.quantile(shares, [0.2, 0.8])
    levels = np.where(shares > high, "high", np.where(shares < low, "low", "usual"))
    return np.where(counts > 0, levels, None)


def noise(seed, size=3000, segment_count=3):
    """Draw persons alike in all but how much they do, cut into segments by that.

    Whoever does little is extreme in everything, and the segments cut across taste
    and hours: both make conditions meet without a niche.
    """
    rng = np.random.default_rng(seed)
    activity = rng.gamma(1.5, 1.0, size)
    orders = rng.poisson(2 * activity) + 1
    moments = rng.poisson(4 * activity)
    people = pd.DataFrame(
        {
            "person_key": rng.permutation(size),
            "orders": orders,
            "moments": moments,
            "hours": draw_most(rng, moments, [0.4, 0.3, 0.2, 0.1]),
            "weekend_level": draw_level(rng, moments, 0.3),
            "taste": draw_most(rng, orders, [0.5, 0.3, 0.15, 0.05]),
            "basket_level": draw_level(rng, orders, 0.5),
            "device": draw_most(rng, moments, [0.6, 0.3, 0.1]),
            "age": rng.choice(["18-24", "25-34", "35-44", None], size),
            "region": rng.choice([f"r{number}" for number in range(8)], size),
        }
    )
    leaning = (people["taste"] == "1").astype(int) + (people["hours"] == "1")
    cut = (leaning + rng.normal(0, 0.5, size) + activity) // 1 % segment_count
    return people.assign(segment_key=[f"s{int(one)}" for one in cut])


def with_niche(people, segment_key="s0", size=160, seed=1):
    """Make persons of a segment alike in taste and hours that are rare elsewhere."""
    rng = np.random.default_rng(seed)
    of_segment = np.flatnonzero(people["segment_key"] == segment_key)
    chosen = rng.choice(of_segment, size, replace=False)
    people = people.copy()
    people.loc[chosen, "hours"] = "3"
    people.loc[chosen, "taste"] = "3"
    return people, set(people.loc[chosen, "person_key"])


def members(people, niche):
    """Persons who meet the conditions of a niche."""
    meets = people["segment_key"] == niche["segment_key"]
    for attribute, value in zip(
        niche["attributes"], niche["attribute_values"], strict=True
    ):
        meets &= people[attribute] == value
    return set(people.loc[meets, "person_key"])


def test_a_planted_niche_is_found_with_its_conditions_and_persons():
    people, planted = with_niche(noise(0))
    (niche,) = find_niches(people, ATTRIBUTES).to_dict("records")
    assert list(niche["attributes"]) == ["hours", "taste"]
    assert list(niche["attribute_values"]) == ["3", "3"]
    assert niche["segment_key"] == "s0"
    found = members(people, niche)
    assert len(found) == niche["sample_count"]
    assert planted <= found
    assert niche["lift_low"] < niche["lift"] < niche["lift_high"]
    assert niche["q_value"] >= niche["p_value"]
    assert niche["lift"] == niche["tested_count"] / niche["expected_count"]


def test_worlds_of_noise_have_no_niche(monkeypatch):
    """Forty worlds propose what chance gave them, and fresh persons refuse it.

    The settings are the loosest there are; at a rate of .05 two worlds of forty may
    have a niche by chance.
    """
    proposals = []

    def counting(*arguments):
        proposals.extend(found := proposed(*arguments))
        return found

    proposed = niches._proposed
    monkeypatch.setattr(niches, "_proposed", counting)
    worlds = [
        find_niches(noise(seed), ATTRIBUTES, minimum_lift=1, minimum_persons=4)
        for seed in range(100, 140)
    ]
    assert len(proposals) >= 10
    assert sum(not found.empty for found in worlds) <= 2


def test_whoever_did_as_much_is_compared_and_makes_no_niche():
    """High on both rare habits are those who did much; nothing else binds the two."""
    rng = np.random.default_rng(5)
    acts = rng.choice([1, 1, 1, 30], 4000)
    people = pd.DataFrame(
        {
            "person_key": np.arange(4000),
            "segment_key": "s",
            "orders": acts,
            "moments": acts,
            "weekend_level": draw_level(rng, acts, 0.05),
            "basket_level": draw_level(rng, acts, 0.05),
        }
    )
    own = ATTRIBUTES[ATTRIBUTES["attribute"].isin(["weekend_level", "basket_level"])]
    blind = own.assign(evidence=None)
    assert len(find_niches(people, blind, minimum_lift=1)) == 1
    assert find_niches(people, own, minimum_lift=1).empty


def test_a_segment_cut_out_of_independent_persons_has_no_niche():
    """Inside the cut, persons who are not one are the other: no surprise outside."""
    rng = np.random.default_rng(8)
    size = 20_000
    people = pd.DataFrame(
        {
            "person_key": np.arange(size),
            "orders": 20,
            "moments": 20,
            "hours": rng.choice(["night", "day"], size, p=[0.1, 0.9]),
            "taste": rng.choice(["games", "food"], size, p=[0.1, 0.9]),
        }
    )
    alike = (people["hours"] == "night") == (people["taste"] == "games")
    kept = alike | (rng.random(size) < 0.2)
    people["segment_key"] = np.where(kept, "s", "t")
    own = ATTRIBUTES[ATTRIBUTES["attribute"].isin(["hours", "taste"])]
    inside = people[people["segment_key"] == "s"]
    assert len(find_niches(inside, own)) == 1
    assert find_niches(people, own).empty


def test_a_group_that_is_small_or_large_is_no_niche():
    people, _ = with_niche(noise(0))
    (found,) = find_niches(people, ATTRIBUTES).to_dict("records")
    size = found["sample_count"]
    share = size / (people["segment_key"] == "s0").sum()
    assert find_niches(people, ATTRIBUTES, minimum_persons=size + 20).empty
    assert find_niches(people, ATTRIBUTES, maximum_share=share / 2).empty


def test_conditions_on_who_somebody_is_make_no_niche():
    people = noise(0)
    young = people["age"] == "18-24"
    people.loc[young, "region"] = "r0"
    assert find_niches(people, ATTRIBUTES).empty


def test_two_conditions_of_one_theme_make_no_niche():
    people = noise(0)
    people.loc[people["taste"] == "3", "basket_level"] = "high"
    people.loc[people["hours"] == "3", "weekend_level"] = "high"
    for niche in find_niches(people, ATTRIBUTES).to_dict("records"):
        assert set(niche["attributes"]) not in (
            {"taste", "basket_level"},
            {"hours", "weekend_level"},
        )


def test_a_third_condition_is_told_where_two_are_a_larger_group():
    """Of those at night with games only the ones in r3 are more than chance."""
    people = noise(3, size=9000, segment_count=1)
    rng = np.random.default_rng(2)
    chosen = rng.choice(len(people), 240, replace=False)
    people.loc[chosen, ["hours", "taste", "region"]] = ["3", "3", "r3"]
    found = find_niches(people, ATTRIBUTES, maximum_share=0.04).to_dict("records")
    assert any({"r3", "3"} <= set(niche["attribute_values"]) for niche in found), found


def test_one_group_is_told_once():
    people, _ = with_niche(noise(0))
    same = people["hours"].eq("3") & people["taste"].eq("3")
    people.loc[same & people["segment_key"].eq("s0"), "device"] = "2"
    found = find_niches(people, ATTRIBUTES)
    told = [members(people, niche) for niche in found.to_dict("records")]
    for number, one in enumerate(told):
        for other in told[:number]:
            assert len(one & other) <= 0.6 * min(len(one), len(other))


def test_rows_in_any_order_and_other_columns_change_nothing():
    people, _ = with_niche(noise(0))
    expected = find_niches(people, ATTRIBUTES)
    shuffled = people.sample(frac=1, random_state=3).assign(other=1.0)
    pd.testing.assert_frame_equal(
        find_niches(shuffled, ATTRIBUTES.iloc[::-1]), expected
    )


@pytest.mark.parametrize("size", [0, 1, 30])
def test_few_persons_have_no_niche_and_the_same_types(size):
    found = find_niches(noise(0).iloc[:size], ATTRIBUTES)
    assert found.empty
    assert list(found.columns) == list(NICHE_TYPES)
    assert found["lift"].dtype == "float64"


def test_attributes_that_nobody_has_or_all_share_are_passed_over():
    people, _ = with_niche(noise(0))
    people = people.assign(device=None, region="same")
    assert len(find_niches(people, ATTRIBUTES)) == 1


def test_bad_arguments_are_named():
    people = noise(0, size=100)
    with pytest.raises(ValueError, match=r"people should have the columns \['orders'"):
        find_niches(people.drop(columns="orders"), ATTRIBUTES)
    with pytest.raises(ValueError, match="person_key should be unique"):
        find_niches(pd.concat([people, people]), ATTRIBUTES)
    with pytest.raises(ValueError, match="minimum_persons should be >= 2, found 1"):
        find_niches(people, ATTRIBUTES, minimum_persons=1)
    with pytest.raises(ValueError, match=r"minimum_lift should be >= 1, found 0\.5"):
        find_niches(people, ATTRIBUTES, minimum_lift=0.5)
    with pytest.raises(ValueError, match=r"maximum_share should be in 0\.\.1"):
        find_niches(people, ATTRIBUTES, maximum_share=2)


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=50))
def test_bands_grow_with_the_count_and_never_by_more_than_half(counts):
    counts = np.sort(np.array(counts))
    bands = evidence_bands(counts)
    assert (np.diff(bands) >= 0).all()
    assert (np.diff(bands)[(counts[1:] > 1.51 * counts[:-1])] > 0).all()


@given(st.text(max_size=20))
def test_a_value_stays_a_value_in_the_predicate(value):
    import duckdb

    predicate = niche_predicate("s", [("taste", value.replace("\0", ""))])
    found = duckdb.execute(
        f"select {predicate} from (select 's' as segment_key, ? as taste)",
        [value.replace("\0", "")],
    ).fetchall()
    assert found == [(True,)]
