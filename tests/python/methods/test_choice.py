"""Behaviour of ``tessera.methods._choice``: both sides of every step of the rule."""

import math

import pytest

from tessera.methods._choice import choose_candidate

SINGLE = {
    "algorithm": "k_means",
    "segment_count": 1,
    "is_scorable": True,
    "silhouette": math.nan,
    "standard_error": math.nan,
    "person_shares": [1.0],
    "agreement": math.nan,
}


def candidate(count, silhouette, *, smallest=0.1, agreement=math.nan, **others):
    return SINGLE | {
        "segment_count": count,
        "silhouette": silhouette,
        "standard_error": 0.01,
        "person_shares": [1 - smallest, smallest],
        "agreement": agreement,
        **others,
    }


def choice_of(*candidates, floor=0.0, is_led=False, stabilities=None, **options):
    rows = [SINGLE, *candidates]
    asked = stabilities or {}
    chosen, reasons = choose_candidate(
        rows,
        floor=floor,
        is_led=is_led,
        minimum_segment_share=0.02,
        stability_of=lambda at: asked.get(rows[at]["segment_count"], 0.5),
        **options,
    )
    assert all(reasons)
    return rows[chosen]["segment_count"], dict(
        zip((row["segment_count"] for row in rows), reasons, strict=True)
    )


RARE = {"rare_segment_share": 0.005}


def test_a_rare_segment_stays_if_it_is_found_again():
    small = candidate(4, 0.490, smallest=0.005)
    chosen, reasons = choice_of(
        candidate(3, 0.500), small, stabilities={3: [0.8, 0.8], 4: [0.95, 0.75]}, **RARE
    )
    assert chosen == 4
    # The rare one itself has to be found again, and not its candidate as a whole.
    chosen, reasons = choice_of(
        candidate(3, 0.500), small, stabilities={3: [0.8, 0.8], 4: [1, 0.749]}, **RARE
    )
    assert chosen == 3
    assert reasons[4] == (
        "K = 4 (k means): its smallest segment holds 0.5% of persons, less than 2.0%."
    )


@pytest.mark.parametrize(
    "small",
    [candidate(4, 0.490, smallest=0.0049), candidate(4, 0.4899, smallest=0.005)],
    ids=["too rare", "parts worse"],
)
def test_a_segment_too_rare_or_one_that_parts_worse_is_not_asked(small):
    chosen, _ = choice_of(
        candidate(3, 0.500), small, stabilities={3: 0.8, 4: [1, 1]}, **RARE
    )
    assert chosen == 3


def test_the_most_stable_wins_within_one_standard_error_of_the_best():
    chosen, reasons = choice_of(
        candidate(3, 0.500),
        candidate(4, 0.490),
        candidate(5, 0.4899),
        stabilities={3: 0.8, 4: 0.9, 5: 1.0},
    )
    assert chosen == 4
    assert reasons == {
        1: "K = 1: there is structure, so persons are parted.",
        3: "K = 3 (k means): stability 0.800 is not above that of K = 4 (k means) "
        "(0.900).",
        4: "K = 4 (k means): most stable (0.900) among the 2 candidates within one "
        "standard error of the best silhouette (0.500).",
        5: "K = 5 (k means): silhouette 0.490 is more than one standard error below "
        "the best (0.500).",
    }


def test_equal_stabilities_go_to_the_fewest_segments():
    chosen, _ = choice_of(candidate(5, 0.5), candidate(4, 0.495))
    assert chosen == 4


def test_stability_is_asked_of_finalists_only():
    asked = []

    def stability_of(at):
        asked.append(at)
        return 0.5

    choose_candidate(
        [SINGLE, candidate(3, 0.5), candidate(4, 0.3)],
        floor=0.0,
        is_led=False,
        minimum_segment_share=0.02,
        stability_of=stability_of,
    )
    assert asked == [1]


@pytest.mark.parametrize(("floor", "chosen"), [(0.4803, 3), (0.4805, 1)])
def test_the_interval_of_the_best_has_to_lie_above_persons_without_structure(
    floor, chosen
):
    found, reasons = choice_of(candidate(3, 0.5), candidate(4, 0.2), floor=floor)
    assert found == chosen
    if chosen == 1:
        assert reasons[1] == (
            "K = 1: no silhouette is surely above 0.480, which persons without "
            "structure reach."
        )
        assert reasons[4].startswith("K = 4 (k means): silhouette 0.200 is not surely")


@pytest.mark.parametrize(
    ("cloud_floor", "divides_cloud", "chosen"),
    [(0.40, True, 3), (0.40, False, 1), (0.49, True, 1), (None, True, 1)],
)
def test_one_cloud_is_divided_if_asked_and_if_its_features_hang_together(
    cloud_floor, divides_cloud, chosen
):
    found, reasons = choice_of(
        candidate(3, 0.5),
        floor=0.6,
        cloud_floor=cloud_floor,
        divides_cloud=divides_cloud,
    )
    assert found == chosen
    assert ("one cloud, cut for use" in reasons[3]) == (chosen == 3)


def test_shuffled_features_are_to_be_beaten_like_drawn_persons():
    assert choice_of(candidate(3, 0.5), floor=0.1, cloud_floor=0.6)[0] == 1
    chosen, reasons = choice_of(candidate(3, 0.5), floor=0.1, cloud_floor=0.2)
    assert chosen == 3
    assert "cloud" not in reasons[3]


def test_what_density_shows_needs_no_silhouette():
    chosen, _ = choice_of(candidate(3, 0.1, agreement=0.95), floor=0.9, is_led=True)
    assert chosen == 3


def test_density_leaves_only_those_that_agree_with_it():
    chosen, reasons = choice_of(
        candidate(3, 0.3, agreement=0.90),
        candidate(4, 0.6, agreement=0.89),
        is_led=True,
    )
    assert chosen == 3
    assert reasons[3].endswith(
        "(0.300) of those that agree with what density shows by 0.90 or more."
    )
    assert reasons[4] == (
        "K = 4 (k means): agrees by 0.89 with what density shows, less than 0.90."
    )


def test_when_none_agrees_the_nearest_to_the_density_is_chosen():
    chosen, reasons = choice_of(
        candidate(3, 0.6, agreement=0.4),
        candidate(4, 0.3, agreement=0.5),
        candidate(5, 0.3, agreement=0.5),
        is_led=True,
    )
    assert chosen == 4
    assert reasons[4] == (
        "K = 4 (k means): nearest (adjusted Rand 0.50) to what density shows, a shape "
        "that no centroids follow."
    )
    assert "less than K = 4 (k means) (0.50)" in reasons[3]


def test_a_candidate_with_a_tiny_segment_is_set_aside():
    chosen, reasons = choice_of(
        candidate(3, 0.4, smallest=0.02), candidate(4, 0.9, smallest=0.0199)
    )
    assert chosen == 3
    assert reasons[4] == (
        "K = 4 (k means): its smallest segment holds 2.0% of persons, less than 2.0%."
    )


def test_when_every_candidate_has_a_tiny_segment_the_rest_of_the_rule_holds():
    chosen, _ = choice_of(
        candidate(3, 0.4, smallest=0.01), candidate(4, 0.9, smallest=0.01)
    )
    assert chosen == 4


def test_challengers_are_never_chosen():
    better = candidate(
        4, 0.9, algorithm="hdbscan", is_scorable=False, person_shares=None
    )
    chosen, reasons = choice_of(candidate(3, 0.4), better)
    assert chosen == 3
    assert reasons[4] == "K = 4 (hdbscan): a challenger, which SQL cannot score."


def test_without_any_silhouette_there_is_one_segment():
    chosen, reasons = choice_of(candidate(3, math.nan))
    assert chosen == 1
    assert reasons[3] == "K = 3 (k means): silhouette is undefined."


def test_one_segment_has_to_be_among_the_candidates():
    with pytest.raises(ValueError, match="one of 1 segment"):
        choose_candidate(
            [],
            floor=0.0,
            is_led=False,
            minimum_segment_share=0.02,
            stability_of=lambda at: 1.0,
        )
