"""Behaviour of ``tessera.methods.naming``."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.methods.naming import NAME_TYPES, join_traits, name_segments

LABELS = pd.DataFrame(
    {
        "feature": ["orders", "breadth", "recency", "mobile", "returns"],
        "label_high": [
            "Frequent",
            "Wide assortment",
            "Lapsed",
            "SMS reader",
            "Returns",
        ],
        "label_low": ["Rare", "Narrow assortment", "Recent", "On paper", "Keeps"],
    }
)


def profile_of(*rows):
    profile = pd.DataFrame(rows, columns=LABELS["feature"])
    return profile.assign(segment_number=range(1, len(rows) + 1))


def names_of(*rows, **settings):
    return name_segments(profile_of(*rows), LABELS, **settings)["segment_name"].tolist()


def test_names_hold_the_strongest_traits_in_their_direction():
    assert names_of([0.9, 1.4, 0, 0, 0], [-2, 0.3, -1, 0.1, 0]) == [
        "Wide assortment, frequent",
        "Rare, recent",
    ]


def test_descriptions_list_up_to_four_traits_by_side():
    named = name_segments(profile_of([1.2, -0.5, -0.8, 0.3, 0.29]), LABELS)
    assert named["description"].item() == (
        "More than others: frequent (+1.20), SMS reader (+0.30); "
        "less than others: lapsed (-0.80), wide assortment (-0.50)."
    )


def test_a_segment_with_only_low_traits_opens_with_them():
    named = name_segments(profile_of([-1.0, 0, 0, 0, 0]), LABELS)
    assert named["description"].item() == "Less than others: frequent (-1.00)."


@pytest.mark.parametrize(
    ("difference", "name"), [(0.25, "Frequent"), (0.24, "Average shoppers")]
)
def test_traits_start_at_a_quarter_of_a_standard_deviation(difference, name):
    assert names_of([difference, 0, 0, 0, 0]) == [name]


def test_average_segments_are_described_and_named_by_parameter():
    named = name_segments(profile_of([0, 0, 0, 0, None]), LABELS, average_name="Middle")
    assert named["segment_name"].item() == "Middle"
    assert named["description"].item() == "Close to everyone on every trait."


def test_equal_names_get_a_further_trait():
    assert names_of([2, 1, 0.5, 0, 0], [2, 1, 0, 0.5, 0]) == [
        "Frequent, wide assortment, lapsed",
        "Frequent, wide assortment, SMS reader",
    ]


def test_names_still_equal_are_numbered():
    row = [2, 1, 0, 0, 0]
    assert names_of(row, row, [0] * 5, [0] * 5, row) == [
        "Frequent, wide assortment",
        "Frequent, wide assortment 2",
        "Average shoppers",
        "Average shoppers 2",
        "Frequent, wide assortment 3",
    ]


def test_a_label_shared_by_two_features_is_said_once():
    labels = LABELS.assign(label_high="Frequent")
    named = name_segments(profile_of([2, 1, 0, 0, 0]), labels)
    assert named["segment_name"].item() == "Frequent"


def test_ties_go_to_the_first_feature():
    assert names_of([1.001, 1.004, 0, 0, 0]) == ["Frequent, wide assortment"]


def test_order_of_rows_and_place_of_the_key_change_nothing():
    profile = profile_of([2, 1, 0, 0, 0], [2, 1, 0, 0, 0], [0, 0, 1, 1, 0])
    expected = name_segments(profile, LABELS)
    pd.testing.assert_frame_equal(name_segments(profile.iloc[::-1], LABELS), expected)
    indexed = profile.set_index("segment_number")
    pd.testing.assert_frame_equal(name_segments(indexed, LABELS), expected)


def test_no_segments_give_no_rows_and_the_same_types():
    named = name_segments(profile_of(), LABELS)
    assert named.empty
    assert named.dtypes.astype(str).to_dict() == NAME_TYPES


def test_bad_arguments_are_named():
    profile = profile_of([1, 1, 1, 1, 1])
    with pytest.raises(ValueError, match="trait_count should be >= 1, found 0"):
        name_segments(profile, LABELS, trait_count=0)
    with pytest.raises(ValueError, match="minimum_difference should be >= 0, found -1"):
        name_segments(profile, LABELS, minimum_difference=-1)
    with pytest.raises(ValueError, match="segment_number as index or column"):
        name_segments(profile.drop(columns="segment_number"), LABELS)
    with pytest.raises(ValueError, match="segment_number should be unique"):
        name_segments(pd.concat([profile, profile]), LABELS)
    with pytest.raises(ValueError, match="infinite"):
        name_segments(profile.assign(orders=np.inf), LABELS)
    with pytest.raises(ValueError, match=r"none for \['returns'\]"):
        name_segments(profile, LABELS.iloc[:4])
    with pytest.raises(ValueError, match=r"none for \['orders'\]"):
        name_segments(profile, LABELS.assign(label_low=[None, "b", "c", "d", "e"]))
    with pytest.raises(ValueError, match=r"columns \['label_low'\]"):
        name_segments(profile, LABELS.drop(columns="label_low"))


def test_no_traits_join_to_nothing():
    assert join_traits([]) == ""


@settings(max_examples=60)
@given(
    rows=st.lists(
        st.lists(st.sampled_from([-2.0, -0.5, 0.0, 0.5, 2.0]), min_size=5, max_size=5),
        max_size=12,
    )
)
def test_names_are_unique_whatever_the_profile(rows):
    names = names_of(*rows)
    assert len(set(names)) == len(rows)
