"""Behaviour of ``tessera.methods.settled_names``."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.methods.settled_names import (
    AVERAGE,
    SETTLED_TYPES,
    Name,
    Trait,
    holds,
    settled_name,
    settled_names,
)

REMEMBERED = [
    "segmentation",
    "segment_key",
    "segment_name",
    "segment_name_fr",
    "name_traits",
]


def trait(word, *, leading=True, naming=True, side="high"):
    """Make a trait whose words are its own name, in French with an accent."""
    return Trait(f"measure:{word}:{side}", leading, naming, word.title(), f"É{word}")


def traits_of(**by_key):
    """Lay out traits as the model sees them, the strongest first."""
    return pd.DataFrame(
        [
            {
                "segment_key": key.replace("_", "-"),
                "trait": one.trait,
                "trait_rank": rank,
                "is_leading": one.is_leading,
                "is_naming": one.is_naming,
                "words": one.words,
                "words_fr": one.words_fr,
            }
            for key, traits in by_key.items()
            for rank, one in enumerate(traits, start=1)
        ],
        columns=[
            "segment_key", "trait", "trait_rank", "is_leading", "is_naming", "words",
            "words_fr",
        ],
    )  # fmt: skip


def segments_of(*keys):
    return pd.DataFrame({"segmentation": "behaviour", "segment_key": list(keys)})


def remembered(named):
    """Turn names of one night into what the next night remembers."""
    return named[REMEMBERED] if len(named) else pd.DataFrame(columns=REMEMBERED)


NOTHING = pd.DataFrame(columns=REMEMBERED)
OLD = Name(
    "Orders, basket",
    "Éorders, ébasket",
    ("measure:orders:high", "measure:basket:high"),
)


def test_a_new_segment_is_named_by_its_two_strongest_traits_that_may_name():
    traits = [trait("answers", naming=False), trait("orders"), trait("age"), trait("x")]
    assert settled_name(None, traits) == Name(
        "Orders, age", "Éorders, éage", ("measure:orders:high", "measure:age:high")
    )


def test_a_change_of_rank_renames_nothing():
    traits = [trait("age"), trait("region"), trait("basket"), trait("orders")]
    assert settled_name(OLD, traits) == OLD


@pytest.mark.parametrize(
    ("traits", "still"),
    [
        ([trait("orders"), trait("basket", leading=False)], True),
        ([trait("orders", leading=False), trait("basket", leading=False)], False),
        ([trait("orders"), trait("basket", side="low")], False),
        ([trait("orders")], False),
        ([], False),
    ],
)
def test_a_name_holds_while_each_trait_does_and_one_leads(traits, still):
    assert holds(OLD, traits) is still


def test_a_name_without_traits_holds_until_there_is_one_to_name_by():
    assert holds(AVERAGE, [])
    assert holds(AVERAGE, [trait("answers", naming=False)])
    assert not holds(AVERAGE, [trait("orders")])


def test_a_taken_name_grows_by_a_trait_then_gets_a_number():
    traits = [trait("orders"), trait("age"), trait("region")]
    taken = {"Orders, age"}
    assert settled_name(None, traits, taken).english == "Orders, age, region"
    taken.add("Orders, age, region")
    assert settled_name(None, traits, taken).english == "Orders, age 2"
    assert settled_name(None, [], {"Average shoppers"}).french == "Clientèle moyenne 2"


def test_a_name_taken_in_french_alone_is_taken():
    traits = [trait("orders"), trait("age"), trait("region")]
    assert settled_name(None, traits, {"Éorders, éage"}).english.count(",") == 2


def test_a_segment_keeps_its_name_over_nights_and_a_newcomer_takes_another():
    alike = [trait("orders"), trait("age"), trait("region")]
    first = settled_names(segments_of("k-9"), NOTHING, traits_of(k_9=alike))
    assert first["reason"].tolist() == ["First named."]
    second = settled_names(
        segments_of("k-1", "k-9"), remembered(first), traits_of(k_1=alike, k_9=alike)
    )
    assert dict(zip(second["segment_key"], second["segment_name"], strict=True)) == {
        "k-1": "Orders, age, region",
        "k-9": "Orders, age",
    }
    assert second["is_kept"].tolist() == [False, True]


def test_two_segments_that_swap_their_traits_do_not_swap_their_names():
    """A name moved from one segment to another would mislead more than a new one."""
    orders = [trait("orders"), trait("age"), trait("region")]
    basket = [trait("basket"), trait("price"), trait("device")]
    first = settled_names(segments_of("a", "b"), NOTHING, traits_of(a=orders, b=basket))
    second = settled_names(
        segments_of("a", "b"), remembered(first), traits_of(a=basket, b=orders)
    )
    assert not set(first["segment_name"]) & set(second["segment_name"])
    assert second["reason"].str.startswith("Renamed from").all()


def test_a_name_of_a_segment_that_is_gone_is_not_given_again():
    traits = [trait("orders"), trait("age"), trait("region")]
    first = settled_names(segments_of("gone"), NOTHING, traits_of(gone=traits))
    second = settled_names(
        segments_of("born"), remembered(first), traits_of(born=traits)
    )
    assert second["segment_name"].item() == "Orders, age, region"
    again = settled_names(
        segments_of("gone"), remembered(first), traits_of(gone=traits)
    )
    assert again["is_kept"].item()


def test_other_segmentations_may_have_the_same_name():
    traits = [trait("orders"), trait("age")]
    segments = pd.DataFrame({"segmentation": ["a", "b"], "segment_key": ["a-1", "b-1"]})
    named = settled_names(segments, NOTHING, traits_of(a_1=traits, b_1=traits))
    assert named["segment_name"].nunique() == 1


def test_no_segments_give_no_rows_and_the_same_types():
    named = settled_names(segments_of(), NOTHING, traits_of())
    assert named.empty
    assert list(named.columns) == list(SETTLED_TYPES)


def test_bad_tables_are_named():
    with pytest.raises(ValueError, match=r"segments.segment_key should be unique"):
        settled_names(segments_of("a", "a"), NOTHING, traits_of())
    with pytest.raises(ValueError, match=r"columns \['segmentation'\]"):
        settled_names(segments_of("a")[["segment_key"]], NOTHING, traits_of())


nights = st.lists(
    st.dictionaries(
        st.sampled_from("abcd"),
        st.lists(st.sampled_from("uvwxyz"), unique=True, max_size=5),
        max_size=4,
    ),
    min_size=1,
    max_size=6,
)


@given(nights)
@settings(max_examples=60)
def test_on_any_run_of_nights_names_are_unique_true_and_run_twice_the_same(nights):
    ledger = NOTHING
    for night in nights:
        traits = {key: [trait(word) for word in words] for key, words in night.items()}
        arguments = segments_of(*traits), ledger, traits_of(**traits)
        named = settled_names(*arguments)
        pd.testing.assert_frame_equal(
            settled_names(arguments[0].iloc[::-1], ledger, arguments[2].iloc[::-1]),
            named,
        )
        assert named["segment_name"].is_unique
        assert named["segment_name_fr"].is_unique
        for row in named.to_dict("records"):
            own = {one.trait for one in traits[row["segment_key"]]}
            assert set(row["name_traits"]) <= own
            kept = ledger[ledger["segment_key"] == row["segment_key"]]
            old = [
                Name(
                    one["segment_name"], one["segment_name_fr"], (*one["name_traits"],)
                )
                for one in kept.to_dict("records")
            ]
            if old and holds(old[0], traits[row["segment_key"]]):
                assert row["segment_name"] == old[0].english
        others = ledger[~ledger["segment_key"].isin(named["segment_key"])]
        both = [frame for frame in (others, remembered(named)) if len(frame)]
        ledger = pd.concat(both) if both else NOTHING
