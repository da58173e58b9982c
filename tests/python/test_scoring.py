"""The scoring macro against scikit-learn: a million random persons, row by row."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from tessera.methods.components import fit_components, project
from tessera.methods.mixture import segment_probabilities
from tessera.methods.online import Followed, sum_night
from tessera.methods.rotation import rotate_components
from tessera.methods.scaling import fit_scaling, transform_features

PERSON_COUNT = 1_000_000
SAMPLE_SIZE = 20_000
FEATURE_COUNT = 20
COMPONENT_COUNT = 8
SEGMENT_COUNT = 12
# Of so many persons one has ordered once, and centroids do not follow her.
ONE_IN = 10
TRANSFORMS = ("none", "log1p", "signed_log1p")
IMPUTATIONS = ("median", "mean", "zero")


def random_persons():
    """Persons of a dozen kinds, with features of every scale and some unknown."""
    random = np.random.default_rng(20250101)
    kind = random.integers(SEGMENT_COUNT, size=PERSON_COUNT)
    centers = random.normal(scale=2, size=(SEGMENT_COUNT, COMPONENT_COUNT))
    mixing = random.normal(size=(COMPONENT_COUNT, FEATURE_COUNT))
    hidden = centers[kind] + random.normal(size=(PERSON_COUNT, COMPONENT_COUNT))
    values = hidden @ mixing + random.normal(
        scale=0.3, size=(PERSON_COUNT, FEATURE_COUNT)
    )
    frame = {"person_key": np.arange(PERSON_COUNT, dtype="int64")}
    for number in range(FEATURE_COUNT):
        column = values[:, number]
        match TRANSFORMS[number % 3]:
            case "log1p":
                column = np.exp(column / 3)
            case "signed_log1p":
                column = np.sinh(column / 3)
        if number % 4 == 0:
            column[random.random(PERSON_COUNT) < 0.1] = np.nan
        frame[f"feature_{number + 1}"] = column
    return pd.DataFrame(frame)


def feature_registry():
    return pd.DataFrame(
        {
            "feature": [f"feature_{number + 1}" for number in range(FEATURE_COUNT)],
            "transform": [TRANSFORMS[number % 3] for number in range(FEATURE_COUNT)],
            "imputation": [IMPUTATIONS[number % 3] for number in range(FEATURE_COUNT)],
            "weight": [0.5 if number == 7 else 1.0 for number in range(FEATURE_COUNT)],
        }
    )


@pytest.fixture(scope="module")
def scored(new_workspace):
    """Fit on a sample, score everybody in SQL; both answers, row by row."""
    workspace = new_workspace("scoring")
    workspace.init_lake()
    persons = random_persons()
    sample = persons.head(SAMPLE_SIZE)
    registry = feature_registry()
    scaling = fit_scaling(sample, registry).assign(
        feature_number=np.arange(10, 10 * FEATURE_COUNT + 1, 10)
    )
    assert scaling["is_used"].all()
    used = scaling["feature"].tolist()
    matrix = transform_features(sample, scaling)
    every = fit_components(matrix, used, minimum_variance_share=1.0)
    components = every[every["component"] <= COMPONENT_COUNT].copy()
    components["feature_number"] = components["feature"].map(
        scaling.set_index("feature")["feature_number"]
    )
    axes = rotate_components(components).assign(
        feature_number=components["feature_number"].to_numpy()
    )
    sample_points = project(matrix, components)
    with threadpool_limits(limits=2):
        kmeans = KMeans(SEGMENT_COUNT, n_init=1, random_state=0).fit(sample_points)
    sizes = np.bincount(kmeans.labels_, minlength=SEGMENT_COUNT)
    shares = sizes / sizes.sum()
    distances = (sample_points - kmeans.cluster_centers_[kmeans.labels_]) ** 2
    variances = (
        np.bincount(kmeans.labels_, weights=distances.sum(axis=1))
        / sizes
        / COMPONENT_COUNT
    )
    centroids = pd.DataFrame(
        {
            "segment_number": np.arange(1, SEGMENT_COUNT + 1, dtype="int32"),
            "coordinates": kmeans.cluster_centers_.tolist(),
            "person_share": shares,
            "pooled_variance": float(shares @ variances),
        }
    )
    with duckdb.connect(str(workspace.warehouse)) as connection:
        connection.execute("create schema fits; create schema features")
        for name, table in (
            ("fits.fit_feature_scaling", scaling),
            # The order of rows in a table is no one's promise.
            ("fits.fit_components", components.sample(frac=1, random_state=1)),
            ("fits.fit_axes", axes.sample(frac=1, random_state=1)),
            ("fits.fit_centroids", centroids.sample(frac=1, random_state=1)),
        ):
            connection.register("frame", table)
            connection.execute(
                f"create table {name} as "
                "select *, date '2024-07-01' as fitted_on from frame"
            )
        connection.execute(
            """
            create schema intermediate;
            create table intermediate.int_clock as
            select date '2024-07-03' as as_of_date;
            create table fits.fit_centroids_in_use as
            select
                date '2024-07-03' as as_of_date,
                date '2024-07-01' as fitted_on,
                fitted_on as centroids_on,
                fitted_on as online_on,
                false as is_changed;
            create table fits.fit_known_centroids as
            select
                *,
                fitted_on as centroids_on,
                null::double as person_weight
            from fits.fit_centroids
            """
        )
        connection.register("frame", persons)
        connection.execute(
            "create table features.ftr_person_matrix as "
            "select * replace (person_key::bigint as person_key), "
            f"case when person_key % {ONE_IN} = 0 then 1 else 2 end as order_count, "
            "date '2024-07-01' as as_of_date from frame"
        )
        # pandas has no null among floats; the warehouse has.
        nulls = connection.execute(
            "select count(*) from features.ftr_person_matrix where feature_1 is null"
        ).fetchall()[0]
        assert nulls[0] > 0

    workspace.dbt(
        "run",
        "--select",
        "fit_axis_terms",
        "fit_segment_maps",
        "fit_score_maps",
        "seg_behaviour_scores",
        "fit_online_sums",
    )

    with duckdb.connect(str(workspace.warehouse), read_only=True) as connection:
        answer = connection.execute(
            "from segments.seg_behaviour_scores order by person_key"
        ).df()
        sums = connection.execute(
            "from fits.fit_online_sums order by segment_number"
        ).df()
    matrix = transform_features(persons, scaling)
    points, axis_scores = project(matrix, components), project(matrix, axes)
    return answer, points, kmeans, shares, variances, axis_scores, sums


def test_everybody_is_scored_once(scored):
    answer, *_ = scored
    assert (answer["person_key"].to_numpy() == np.arange(PERSON_COUNT)).all()


def test_labels_equal_those_of_scikit_learn_on_every_row(scored):
    answer, points, kmeans, *_ = scored
    expected = kmeans.predict(points)
    assert len(np.unique(expected)) == SEGMENT_COUNT
    assert (answer["segment_number"].to_numpy() - 1 == expected).all()


def test_axis_scores_equal_the_projection_on_the_turned_axes(scored):
    answer, *_, axis_scores, _ = scored
    for axis in (1, 2):
        found = answer[f"axis_{axis}_score"].to_numpy()
        np.testing.assert_allclose(found, axis_scores[:, axis - 1], rtol=0, atol=1e-9)


def test_probabilities_equal_the_posterior(scored):
    answer, points, kmeans, shares, variances, *_ = scored
    posterior = segment_probabilities(
        points, kmeans.cluster_centers_, shares, variances
    )
    segments = answer["segment_number"].to_numpy() - 1
    np.testing.assert_allclose(
        answer["probability"].to_numpy(),
        posterior[np.arange(PERSON_COUNT), segments],
        rtol=0,
        atol=1e-9,
    )
    np.testing.assert_allclose(
        np.array(answer["probabilities"].tolist()), posterior, rtol=0, atol=1e-9
    )


def test_sums_for_centroids_that_follow_equal_those_in_python(scored):
    _, points, kmeans, shares, variances, _, sums = scored
    points = points[np.arange(PERSON_COUNT) % ONE_IN > 0]
    former = Followed(
        kmeans.cluster_centers_, shares * len(points), float(shares @ variances)
    )
    night = sum_night(points, former)
    # Some lie so far off that they are held back.
    off = points - kmeans.cluster_centers_[kmeans.predict(points)]
    assert night.square_sum < np.square(off).sum()
    assert sums["person_count"].tolist() == night.counts.tolist()
    assert set(sums["gone_days"]) == {2}
    np.testing.assert_allclose(sums["person_weight"], former.weights, rtol=1e-12)
    # SQL adds whole millionths.
    millionths = 1e-6 * night.counts.max()
    np.testing.assert_allclose(
        np.array(sums["deviation_sums"].tolist()), night.deviations, atol=millionths
    )
    assert sums["square_sum"].sum() == pytest.approx(night.square_sum, rel=1e-5)
