"""Centroids that follow the days: where they go, when they score, what they cause."""

from datetime import date, timedelta

import numpy as np
import pytest

from builds.persons import SELECTION, clustered_features, persons_in_groups, write_night
from tessera.methods.components import project
from tessera.methods.mixture import nearest_centroid, segment_probabilities
from tessera.methods.online import Followed, move_centroids, sum_night
from tessera.methods.scaling import transform_features

FIRST = date(2024, 6, 1)
BETWEEN_COUNT = 25
NIGHTS = [FIRST + timedelta(days=number) for number in (0, 1, 2, 3, 5)]
LEADERS = ("seg_leader_changes", "seg_leader_history")
VARIABLES = {
    "refit": "never", "online": "auto", "online_forgetting": 0.5,
    "online_parity_nights": 1, "online_least_agreement": 0.0,
    "online_most_distance_excess": 9.0, "online_most_share_change": 1.0,
    "minimum_segment_count": 4, "maximum_segment_count": 4,
}  # fmt: skip
REMEMBERED = {
    "fits.fit_online_centroids": "*",
    "fits.fit_centroids_in_use": "as_of_date, status, centroids_on, reason, columns(*)",
    "segments.seg_leader_history": "person_key, segment_key, valid_from, valid_to",
}

pytestmark = pytest.mark.slow


def drifting_persons(shift):
    """Draw four groups, the first on its way to the second, and some between the two.

    Who is between stays where she is; the first persons of the second group are meant.
    """
    features = clustered_features()["feature"].tolist()
    logarithms = np.log(persons_in_groups()[features].to_numpy())
    groups = persons_in_groups()["group"].to_numpy()
    first, second = (logarithms[groups == number].mean(axis=0) for number in (0, 1))
    persons = persons_in_groups(shift=shift)
    between = np.linspace(0.4, 0.65, BETWEEN_COUNT)[:, None]
    rows = np.flatnonzero(groups == 1)[:BETWEEN_COUNT]
    persons.loc[rows, features] = np.exp(first + between * (second - first))
    return persons, set(persons.loc[rows, "person_key"])


@pytest.fixture(scope="module")
def nights(new_workspace):
    """Nights on which a group drifts towards another, and each of them run again."""
    workspace = new_workspace("online")
    workspace.init_lake()
    workspace.write_seed("features", clustered_features().to_csv(index=False))
    left = {}

    def run(night):
        persons, _ = drifting_persons(0.06 * (night - FIRST).days)
        write_night(workspace, night, persons)
        workspace.build(*SELECTION[:2], *LEADERS, *SELECTION[2:], variables=VARIABLES)
        return {
            "remembered": {
                table: workspace.query(f"select {columns} from {table} order by all")
                for table, columns in REMEMBERED.items()
            },
            "changes": [
                (person, before, after, tuple(shares))
                for person, before, after, *shares in workspace.query(
                    "from segments.seg_leader_changes order by all"
                )
            ],
            "asked": workspace.value(
                "select count(*) from segments.seg_counterfactual_leaders"
            ),
        }

    for night in NIGHTS:
        left[night] = run(night)
    with workspace.connect() as connection:
        last = {
            table: connection.execute(f"from {schema}.{table} order by {key}").df()
            for schema, table, key in (
                ("fits", "fit_feature_scaling", "feature_number"),
                ("fits", "fit_components", "component, feature_number"),
                ("fits", "fit_known_centroids", "centroids_on, segment_number"),
                ("fits", "fit_online_centroids", "as_of_date, segment_number"),
                ("features", "ftr_person_matrix", "person_key"),
                ("segments", "seg_behaviour_scores", "person_key"),
            )
        }
    left["again"] = run(NIGHTS[-1])
    left["past"] = run(NIGHTS[-2])
    left["past_and_later"] = run(NIGHTS[-1])
    return left, last


def points_of(last):
    """Place the last night's persons on the components."""
    matrix = transform_features(last["ftr_person_matrix"], last["fit_feature_scaling"])
    return project(matrix, last["fit_components"])


def test_centroids_are_let_in_once_they_do_as_a_refit_would(nights):
    left, _ = nights
    in_use = left[NIGHTS[-1]]["remembered"]["fits.fit_centroids_in_use"]
    # They begin the night after the fit, and are tried the night after that.
    assert [(row[0], row[1], row[2]) for row in in_use] == [
        (NIGHTS[0], "fitted", NIGHTS[0]),
        (NIGHTS[1], "fitted", NIGHTS[0]),
        (NIGHTS[2], "admitted", NIGHTS[1]),
        (NIGHTS[3], "admitted", NIGHTS[2]),
        (NIGHTS[4], "admitted", NIGHTS[3]),
    ]


def test_persons_are_scored_with_the_centroids_of_the_night_before(nights):
    _, last = nights
    points, known = points_of(last), last["fit_known_centroids"]
    online = known[known["centroids_on"] == known["centroids_on"].max()]
    fitted = known[known["centroids_on"] == known["fitted_on"]]
    scores = last["seg_behaviour_scores"]
    expected = nearest_centroid(points, online["coordinates"].tolist())
    assert scores["segment_number"].tolist() == expected.tolist()
    assert (nearest_centroid(points, fitted["coordinates"].tolist()) != expected).any()
    posterior = segment_probabilities(
        points, online["coordinates"].tolist(), online["person_share"],
        online["pooled_variance"],
    )  # fmt: skip
    found = np.array(scores["probabilities"].tolist())
    np.testing.assert_allclose(found, posterior, atol=1e-9)


def test_centroids_move_as_the_method_says(nights):
    _, last = nights
    known = last["fit_known_centroids"]
    online = known[known["centroids_on"] == known["centroids_on"].max()]
    former = Followed(
        np.array(online["coordinates"].tolist()),
        online["person_weight"].to_numpy(),
        online["pooled_variance"].iloc[0],
    )
    night = sum_night(points_of(last), former)
    # One night was left out.
    expected = move_centroids(former, night, forgetting=0.5, gone_days=2)
    followed = last["fit_online_centroids"]
    found = followed[followed["as_of_date"] == followed["as_of_date"].max()]
    coordinates = np.array(found["coordinates"].tolist())
    np.testing.assert_allclose(coordinates, expected.centroids, atol=1e-6)
    np.testing.assert_allclose(found["person_weight"], expected.weights)
    assert found["pooled_variance"].iloc[0] == pytest.approx(expected.pooled_variance)


def test_who_moves_because_centroids_moved_is_moved_by_the_model(nights):
    left, _ = nights
    _, between = drifting_persons(0)
    moved = [
        change
        for night in NIGHTS[1:]
        for change in left[night]["changes"]
        if change[0] in between
    ]
    # From the second segment to the first, and nothing about them changed.
    assert moved
    assert {shares for *_, shares in moved} == {(0, 1, 0)}
    assert len({(before, after) for _, before, after, _ in moved}) == 1
    for night in NIGHTS[1:]:
        assert all(sum(shares) == 1 for *_, shares in left[night]["changes"])
    assert [left[night]["asked"] > 0 for night in NIGHTS] == [
        False, False, True, True, True,
    ]  # fmt: skip


def test_a_night_run_twice_and_a_past_night_built_again_change_nothing(nights):
    """But for shares of causes: a past night lacks the features of the one before."""
    left, _ = nights
    before = left[NIGHTS[-1]]["remembered"]
    assert left["again"] == left[NIGHTS[-1]]
    assert left["past"]["remembered"] == left[NIGHTS[-2]]["remembered"]
    assert left["past_and_later"]["remembered"] == before
