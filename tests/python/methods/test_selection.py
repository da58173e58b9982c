"""Features left out: by variance, by correlation, by contribution."""

import numpy as np
import pandas as pd
import pytest

from tessera.methods.components import fit_components
from tessera.methods.scaling import fit_scaling, transform_features
from tessera.methods.selection import SELECTION_TYPES, select_features

PERSON_COUNT = 2_000


def entry(feature, transform="none", imputation="mean", weight=1.0, is_clustered=True):
    return {
        "feature": feature,
        "transform": transform,
        "imputation": imputation,
        "weight": weight,
        "is_clustered": is_clustered,
    }


@pytest.fixture(scope="module")
def sample():
    """Two causes with three signs each, one of its own, and some that say nothing."""
    random = np.random.default_rng(3)
    first, second, own = random.normal(size=(3, PERSON_COUNT))
    frame = {"person_key": np.arange(PERSON_COUNT)}
    for number in range(3):
        frame[f"first_{number}"] = first + 0.3 * random.normal(size=PERSON_COUNT)
        frame[f"second_{number}"] = second + 0.3 * random.normal(size=PERSON_COUNT)
    frame["own"] = own
    frame["same"] = 1.0
    frame["nearly_same"] = (np.arange(PERSON_COUNT) < 200).astype(float)
    frame["copy"] = -3 * frame["first_0"] + 0.01 * random.normal(size=PERSON_COUNT)
    frame["nobody"] = np.nan
    frame["half"] = np.where(np.arange(PERSON_COUNT) % 2, np.nan, own)
    return pd.DataFrame(frame)


def registry_of(*features, **options):
    entries = [entry(name, **options) for name in features]
    return pd.DataFrame(entries)


SIGNS = [f"{cause}_{number}" for cause in ("first", "second") for number in range(3)]


def test_each_reason_is_told_with_its_figure(sample):
    registry = registry_of(*SIGNS, "same", "nearly_same", "copy", "nobody")
    selection = select_features(sample, registry).set_index("feature")
    assert selection.loc[SIGNS, "is_kept"].all()
    assert selection.loc[SIGNS, "reason"].isna().all()
    reasons = selection.loc[["same", "nearly_same", "copy", "nobody"], "reason"]
    assert reasons["same"] == "constant"
    assert reasons["nearly_same"].startswith("near constant: one value holds 90.00%")
    assert reasons["copy"].startswith("near-duplicate of first_0 (r = -")
    assert reasons["nobody"] == "all values are null"
    assert selection.loc["nearly_same", "top_value_share"] == pytest.approx(0.9)
    assert selection.loc["copy", "nearest_feature"] == "first_0"
    assert selection.loc["copy", "nearest_correlation"] < -0.98
    assert selection.loc["same", "variance"] == 0
    assert selection.loc["same", ["nearest_correlation"]].isna().all()
    figures = ["variance", "top_value_share", "nearest_correlation"]
    assert selection.loc["nobody", figures].isna().all()
    assert selection.loc["nobody", "missing_share"] == 1


def test_one_value_less_than_nearly_all_is_kept(sample):
    one_more = sample.assign(nearly_same=(np.arange(PERSON_COUNT) < 201).astype(float))
    selection = select_features(
        one_more, registry_of("nearly_same"), minimum_contribution=0
    )
    assert selection["is_kept"].tolist() == [True]


def test_what_the_axes_do_not_see_is_left_out(sample):
    registry = registry_of(*SIGNS, "own")
    # Two axes are those of the two causes.
    limits = {"minimum_variance_share": 0.7}
    selection = select_features(sample, registry, **limits).set_index("feature")
    own = selection.loc["own"]
    assert not own["is_kept"]
    share = own["component_contribution"]
    assert own["reason"] == (
        f"the axes tell {share:.2%} of its variance, less than 5.00%"
    )
    assert selection.loc[SIGNS, "is_kept"].all()
    assert (selection.loc[SIGNS, "component_contribution"] > 0.8).all()
    # On the border: as much as is asked for is enough.
    for minimum, is_kept in ((share, True), (np.nextafter(share, 1), False)):
        again = select_features(
            sample, registry, minimum_contribution=minimum, **limits
        ).set_index("feature")
        assert again.loc["own", "is_kept"] == is_kept
    # With all axes nothing is unseen.
    whole = select_features(sample, registry, minimum_variance_share=1.0)
    assert whole["component_contribution"].tolist() == pytest.approx([1.0] * 7)


def test_a_feature_that_needs_more_days_than_there_are_is_left_out(sample):
    registry = registry_of(*SIGNS, "copy").assign(history_days=np.nan)
    registry.loc[registry["feature"] == "first_0", "history_days"] = 180
    young = select_features(sample, registry, known_days=179).set_index("feature")
    assert young.loc["first_0", "reason"] == (
        "it needs 180 days of history, there are 179"
    )
    # What repeats a feature that is left out is no repetition.
    assert young.index[young["is_kept"]].tolist() == [*SIGNS[1:], "copy"]
    assert young.loc["first_0", "variance"] > 0
    for known_days in (180, None):
        grown = select_features(sample, registry, known_days=known_days)
        assert grown["is_kept"].tolist() == [True] * 6 + [False]
    with pytest.raises(ValueError, match="history_days"):
        select_features(sample, registry_of(*SIGNS), known_days=1)


def test_contributions_are_the_squared_correlations_with_the_axes(sample):
    registry = registry_of(*SIGNS, "own")
    selection = select_features(sample, registry)
    scaling = fit_scaling(sample, registry)
    matrix = transform_features(sample, scaling)
    components = fit_components(matrix, scaling["feature"].tolist())
    scores = np.stack(
        [
            matrix @ axis["weight_value"].to_numpy()
            for _, axis in components.groupby("component")
        ],
        axis=1,
    )
    expected = [
        sum(np.corrcoef(column, score)[0, 1] ** 2 for score in scores.T)
        for column in matrix.T
    ]
    assert selection["component_contribution"].tolist() == pytest.approx(expected)


def test_what_is_not_clustered_displaces_nothing_and_has_its_figures(sample):
    registry = pd.DataFrame(
        [entry("copy", is_clustered=False), *(entry(name) for name in SIGNS)]
    )
    selection = select_features(sample, registry)
    assert selection["feature"].tolist() == ["copy", *SIGNS]
    assert selection["is_kept"].tolist() == [False] + [True] * 6
    copy = selection.iloc[0]
    assert copy["reason"] == "the registry does not cluster on it"
    assert copy["nearest_feature"] == "first_0"
    assert pd.isna(copy["component_contribution"])
    alone = select_features(sample, registry_of(*SIGNS))
    pd.testing.assert_frame_equal(
        selection.iloc[1:].reset_index(drop=True), alone, check_exact=True
    )


def test_what_a_model_fills_is_predicted_from_the_clustered_features_alone(sample):
    registry = pd.DataFrame(
        [
            entry("copy", is_clustered=False),
            *(entry(name) for name in SIGNS),
            entry("half", imputation="model"),
            entry("nearly_same", imputation="model", is_clustered=False),
        ]
    )
    selection = select_features(sample, registry).set_index("feature")
    clustered = registry[registry["is_clustered"]]
    pd.testing.assert_frame_equal(
        selection.loc[clustered["feature"]].reset_index(),
        select_features(sample, clustered),
        check_exact=True,
    )
    assert selection.loc["half", "is_kept"]
    assert selection.loc["half", "missing_share"] == 0.5
    # Half lack it, and have the median in the figures.
    assert selection.loc["half", "top_value_share"] == pytest.approx(0.5, abs=1e-3)


def test_what_is_left_out_takes_no_part_in_the_scaling(sample):
    registry = registry_of(*SIGNS, "own", "same")
    selection = select_features(sample, registry, minimum_variance_share=0.7)
    left_out = selection[~selection["is_kept"]]
    scaling = fit_scaling(
        sample,
        registry,
        left_out=dict(zip(left_out["feature"], left_out["reason"], strict=True)),
    )
    assert scaling["is_used"].tolist() == selection["is_kept"].tolist()
    reasons = scaling.loc[~scaling["is_used"], "drop_reason"].tolist()
    assert reasons == left_out["reason"].tolist()


def test_the_order_of_persons_changes_nothing(sample):
    registry = registry_of(*SIGNS, "own", "half", "nobody")
    pd.testing.assert_frame_equal(
        select_features(sample, registry),
        select_features(sample.sample(frac=1, random_state=1), registry),
    )


@pytest.mark.parametrize("persons", [0, 1, 2])
def test_few_persons_are_no_error(sample, persons):
    selection = select_features(sample.head(persons), registry_of("own", "same"))
    assert len(selection) == (2 if persons else 0)
    assert selection.dtypes.astype(str).tolist() == [
        str(kind) for kind in SELECTION_TYPES.values()
    ]
    assert (selection["is_kept"] == selection["reason"].isna()).all()


def test_a_share_outside_its_range_is_refused(sample):
    with pytest.raises(ValueError, match=r"minimum_contribution should be in 0..1"):
        select_features(sample, registry_of("own"), minimum_contribution=1.5)
    with pytest.raises(ValueError, match="is_clustered"):
        select_features(sample, registry_of("own").drop(columns="is_clustered"))
