"""Behaviour of ``tessera.methods.scaling``."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from tessera.methods.scaling import SCALING_TYPES, fit_scaling, transform_features


def registry_of(*features, transform="none", imputation="median", weight=1.0):
    return pd.DataFrame(
        {
            "feature": list(features),
            "transform": transform,
            "imputation": imputation,
            "weight": weight,
        }
    )


def sample_of(**features):
    count = len(next(iter(features.values())))
    return pd.DataFrame({"person_key": range(count), **features})


@pytest.fixture
def shoppers():
    random = np.random.default_rng(7)
    return sample_of(
        amount=random.lognormal(3, 1, 300),
        orders=random.poisson(4, 300).astype(float),
        margin=random.normal(0, 20, 300),
    )


def test_standardised_values_equal_those_of_scikit_learn(shoppers):
    scaling = fit_scaling(shoppers, registry_of("amount", "orders"))
    expected = StandardScaler().fit_transform(shoppers[["amount", "orders"]])
    np.testing.assert_allclose(transform_features(shoppers, scaling), expected)


@pytest.mark.parametrize(
    ("imputation", "expected"), [("median", 2.0), ("mean", 4.0), ("zero", 0.0)]
)
def test_nulls_and_infinities_are_imputed_from_the_values_present(imputation, expected):
    sample = sample_of(visits=[1.0, 2.0, 9.0, None, np.inf, -np.inf])
    row = fit_scaling(sample, registry_of("visits", imputation=imputation)).iloc[0]
    assert row["imputed_value"] == expected
    assert row["missing_share"] == 0.5
    assert row["is_used"]


def test_logarithm_clips_negative_amounts_at_zero():
    sample = sample_of(amount=[-5.0, 0.0, np.e - 1])
    scaling = fit_scaling(sample, registry_of("amount", transform="log1p"))
    assert scaling["center"].item() == pytest.approx(1 / 3)
    values = transform_features(sample, scaling)[:, 0]
    assert values[0] == values[1]


def test_signed_logarithm_keeps_the_side_of_zero():
    sample = sample_of(margin=[1 - np.e, 0.0, np.e - 1])
    scaling = fit_scaling(sample, registry_of("margin", transform="signed_log1p"))
    assert scaling["center"].item() == pytest.approx(0)
    assert scaling["scale"].item() == pytest.approx(np.sqrt(2 / 3))


def test_weight_multiplies_the_standardised_value(shoppers):
    once = fit_scaling(shoppers, registry_of("amount"))
    twice = fit_scaling(shoppers, registry_of("amount", weight=2.0))
    np.testing.assert_allclose(
        transform_features(shoppers, twice), 2 * transform_features(shoppers, once)
    )


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([None] * 4, "all values are null"),
        ([np.inf, -np.inf, None, np.nan], "all values are null"),
        ([3.0] * 4, "constant"),
        ([1e9, 1e9 + 1e-7, 1e9, 1e9], "constant"),
        ([3.0, None, None, 3.0], "constant"),
        ([1e200, -1e200, 0.0, 5.0], "values are too large to be squared"),
    ],
)
@pytest.mark.filterwarnings("ignore:overflow")
def test_features_that_tell_nobody_apart_are_dropped(values, reason):
    sample = sample_of(visits=np.array(values, dtype=float))
    row = fit_scaling(sample, registry_of("visits")).iloc[0]
    assert (row["is_used"], row["drop_reason"]) == (False, reason)
    assert (row["center"], row["scale"]) == (0.0, 1.0)


@pytest.mark.parametrize(("others", "is_used"), [(100, False), (101, True)])
def test_one_value_for_nearly_everyone_is_near_constant(others, is_used):
    visits = np.zeros(1000)
    visits[:others] = np.arange(1, others + 1)
    row = fit_scaling(sample_of(visits=visits), registry_of("visits")).iloc[0]
    assert row["is_used"] == is_used
    if not is_used:
        assert row["drop_reason"] == "near constant: one value holds 90.00% of persons"


def test_the_later_of_two_near_duplicates_is_dropped_by_name(shoppers):
    shoppers["refunds"] = -shoppers["orders"]
    scaling = fit_scaling(shoppers, registry_of("amount", "orders", "refunds"))
    assert scaling["is_used"].tolist() == [True, True, False]
    assert scaling["drop_reason"].iloc[2] == "near-duplicate of orders (r = -1.000)"


def test_correlation_just_below_the_limit_keeps_both(shoppers):
    shoppers["mixed"] = shoppers["orders"] + 0.1 * shoppers["margin"]
    r = abs(np.corrcoef(shoppers["orders"], shoppers["mixed"])[0, 1])
    registry = registry_of("orders", "mixed")
    kept = fit_scaling(shoppers, registry, duplicate_correlation=r + 1e-6)
    dropped = fit_scaling(shoppers, registry, duplicate_correlation=r - 1e-6)
    assert kept["is_used"].tolist() == [True, True]
    assert dropped["is_used"].tolist() == [True, False]


def test_a_dropped_feature_takes_no_other_with_it(shoppers):
    shoppers["copy"] = shoppers["orders"]
    registry = registry_of("orders", "copy").assign(weight=[0.0, 1.0])
    scaling = fit_scaling(shoppers, registry)
    assert scaling["is_used"].tolist() == [False, True]
    assert scaling["drop_reason"].iloc[0] == "its weight is 0"


def test_one_person_drops_every_feature():
    scaling = fit_scaling(sample_of(visits=[3.0]), registry_of("visits"))
    assert scaling["drop_reason"].tolist() == ["constant"]
    assert transform_features(sample_of(visits=[3.0]), scaling).shape == (1, 0)


def test_no_persons_give_no_rows_and_the_same_types():
    sample = sample_of(visits=pd.Series(dtype="float64"))
    scaling = fit_scaling(sample, registry_of("visits"))
    assert scaling.empty
    assert scaling.dtypes.astype(str).to_dict() == {
        name: str(dtype) for name, dtype in SCALING_TYPES.items()
    }
    assert transform_features(sample, scaling).shape == (0, 0)


def test_no_features_give_no_rows():
    scaling = fit_scaling(sample_of(visits=[1.0, 2.0]), registry_of())
    assert list(scaling.columns) == list(SCALING_TYPES)
    assert scaling.empty


def test_order_of_rows_changes_no_bit(shoppers):
    registry = registry_of("amount", "orders", "margin", transform="signed_log1p")
    shuffled = shoppers.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        fit_scaling(shuffled, registry), fit_scaling(shoppers, registry), rtol=0, atol=0
    )


def test_nullable_integers_and_decimals_of_the_warehouse_are_read():
    sample = sample_of(visits=pd.array([1, None, 3], dtype="Int64"))
    assert fit_scaling(sample, registry_of("visits"))["imputed_value"].item() == 2.0


def test_sql_repeats_the_arithmetic(shoppers):
    shoppers.loc[::7, "margin"] = None
    registry = registry_of("margin", transform="signed_log1p", weight=1.5)
    scaling = fit_scaling(shoppers, registry)
    # Read by DuckDB through their names in this scope.
    scored = duckdb.sql("""
        with imputed as (
            select person_key, coalesce(margin, imputed_value) as x, scaling.*
            from shoppers cross join scaling
        )
        select weight * (sign(x) * ln(1 + abs(x)) - center) / scale as value
        from imputed
        order by person_key
    """).fetchnumpy()["value"]
    np.testing.assert_allclose(
        scored, transform_features(shoppers, scaling)[:, 0], rtol=1e-12, atol=1e-14
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"transform": "sqrt"}, "transform of 'visits' should be one of .*'sqrt'"),
        ({"imputation": "mode"}, "imputation of 'visits' should be one of .*'mode'"),
        ({"weight": -1.0}, "weight of 'visits' should be >= 0, found -1.0"),
        ({"weight": np.nan}, "weight of 'visits' should be >= 0, found nan"),
        ({"feature": "clicks"}, r"sample should have the columns \['clicks'\]"),
    ],
)
def test_registry_errors_name_value_and_rule(changed, message):
    registry = registry_of("visits").assign(**changed)
    with pytest.raises(ValueError, match=message):
        fit_scaling(sample_of(visits=[1.0, 2.0]), registry)


def test_repeated_features_and_text_are_refused():
    with pytest.raises(ValueError, match="unique"):
        fit_scaling(sample_of(visits=[1.0]), registry_of("visits", "visits"))
    with pytest.raises(ValueError, match="'visits' should be numeric"):
        fit_scaling(sample_of(visits=["many"]), registry_of("visits"))
    with pytest.raises(ValueError, match=r"near_constant_share should be in 0\.\.1"):
        fit_scaling(
            sample_of(visits=[1.0]), registry_of("visits"), near_constant_share=2
        )


def test_values_are_clipped_to_their_bounds_and_fills_are_not():
    sample = sample_of(amount=[-50.0, 0.0, 2.0, 4.0, 400.0, None])
    registry = registry_of("amount", imputation="constant:99")
    bounds = pd.DataFrame(
        {"variable": ["amount"], "lower_bound": [0.0], "upper_bound": [10.0]}
    )
    scaling = fit_scaling(sample, registry, bounds=bounds)
    row = scaling.iloc[0]
    clipped = np.array([0, 0, 2, 4, 10, 99.0])
    assert (row["lower_bound"], row["upper_bound"]) == (0, 10)
    assert row["center"] == pytest.approx(clipped.mean())
    np.testing.assert_allclose(
        transform_features(sample, scaling)[:, 0],
        (clipped - clipped.mean()) / clipped.std(),
    )


def test_fills_are_fitted_on_clipped_values():
    sample = sample_of(amount=[1.0, 2.0, 900.0, None])
    bounds = pd.DataFrame(
        {"variable": ["amount"], "lower_bound": [None], "upper_bound": [3.0]}
    )
    registry = registry_of("amount", imputation="mean")
    row = fit_scaling(sample, registry, bounds=bounds).iloc[0]
    assert row["imputed_value"] == 2
    assert (row["lower_bound"], row["upper_bound"]) == (1, 3)


def test_nobody_is_scored_beyond_what_the_fit_has_seen():
    sample = sample_of(amount=[1.0, 2.0, 9.0, None])
    registry = registry_of("amount", transform="log1p", imputation="constant:99")
    scaling = fit_scaling(sample, registry)
    assert scaling[["lower_bound", "upper_bound"]].values.tolist() == [[1, 9]]
    exploded = sample_of(amount=[-1e12, 1.0, 9.0, 1e12, np.inf])
    low, least, greatest, high, missing = transform_features(exploded, scaling)[:, 0]
    assert (low, high) == (least, greatest)
    # What is missing is filled, and the fill is not clipped.
    assert missing > greatest


def test_null_bounds_change_nothing(shoppers):
    registry = registry_of("amount", "orders")
    bounds = pd.DataFrame(
        {"variable": ["amount"], "lower_bound": [None], "upper_bound": [None]}
    )
    pd.testing.assert_frame_equal(
        fit_scaling(shoppers, registry, bounds=bounds), fit_scaling(shoppers, registry)
    )


def test_bounds_that_cross_or_repeat_are_refused():
    sample, registry = sample_of(visits=[1.0, 2.0]), registry_of("visits")
    bounds = pd.DataFrame(
        {"variable": ["visits"], "lower_bound": [2.0], "upper_bound": [1.0]}
    )
    with pytest.raises(ValueError, match="bounds of 'visits' should not cross"):
        fit_scaling(sample, registry, bounds=bounds)
    with pytest.raises(ValueError, match=r"bounds\.variable should be unique"):
        fit_scaling(sample, registry, bounds=pd.concat([bounds, bounds]))


@pytest.mark.parametrize(
    ("policy", "is_used"),
    [("drop", True), ("drop:0.4", True), ("drop:0.39", False), ("drop:0", False)],
)
def test_drop_drops_above_its_share_and_else_fills_with_the_median(policy, is_used):
    sample = sample_of(visits=[1.0, 2.0, 9.0, None, np.inf])
    row = fit_scaling(sample, registry_of("visits", imputation=policy)).iloc[0]
    assert row["is_used"] == is_used
    assert row["imputed_value"] == 2
    if not is_used:
        assert row["drop_reason"].startswith("missing for 40.00% of persons, more than")


@pytest.mark.parametrize(("limit", "is_used"), [(0.4, True), (0.39, False)])
def test_drop_alone_goes_by_the_general_share(limit, is_used):
    sample = sample_of(visits=[1.0, 2.0, 9.0, None, None])
    registry = registry_of("visits", imputation="drop")
    scaling = fit_scaling(sample, registry, maximum_missing_share=limit)
    assert scaling["is_used"].item() == is_used


def test_a_null_is_filled_with_the_median_of_its_group():
    count = 60
    region = np.repeat(["north", "south", None], count // 3)
    visits = np.r_[np.full(20, 1.0), np.full(20, 5.0), np.full(20, 2.0)]
    visits[[0, 20, 40]] = np.nan
    sample = sample_of(visits=visits, region=region)
    sample.loc[len(sample)] = [count, 5.0, "south"]
    sample.loc[len(sample)] = [count + 1, 1.0, "north"]
    registry = registry_of("visits", imputation="group_median:region")
    scaling = fit_scaling(sample, registry)
    row = scaling.iloc[0]
    assert dict(zip(row["group_names"], row["group_values"], strict=True)) == {
        "north": 1.0,
        "south": 5.0,
    }
    unscaled = transform_features(sample, scaling)[:, 0] * row["scale"] + row["center"]
    np.testing.assert_allclose(unscaled[[0, 20, 40]], [1, 5, row["imputed_value"]])


def test_a_group_that_the_sample_lacks_is_refused():
    registry = registry_of("visits", imputation="group_median:region")
    with pytest.raises(
        ValueError, match=r"sample should have the columns \['region'\]"
    ):
        fit_scaling(sample_of(visits=[1.0, 2.0]), registry)


def modelled(person_count=500):
    random = np.random.default_rng(5)
    orders = random.poisson(6, person_count).astype(float)
    amount = np.exp(0.3 * orders + random.normal(0, 0.1, person_count))
    sample = sample_of(orders=orders, amount=amount)
    sample.loc[::9, "amount"] = np.nan
    registry = registry_of("orders", "amount").assign(
        transform=["none", "log1p"], imputation=["median", "model"]
    )
    return sample, amount, registry


def test_a_model_fills_from_the_other_features_on_the_transformed_scale():
    sample, amount, registry = modelled()
    scaling = fit_scaling(sample, registry)
    row = scaling.iloc[1]
    values = transform_features(sample, scaling)[:, 1] * row["scale"] + row["center"]
    missing = sample["amount"].isna().to_numpy()
    truth = np.log(1 + amount)
    np.testing.assert_allclose(values[~missing], truth[~missing])
    assert np.abs(values[missing] - truth[missing]).max() < 0.5
    assert values.mean() == pytest.approx(row["center"])
    assert values.std() == pytest.approx(row["scale"])
    assert (len(row["model_coefficients"]), row["model_coefficients"][1]) == (2, 0)
    assert pd.isna(scaling["model_intercept"].iloc[0])


def test_a_model_looks_at_used_features_alone():
    sample, _, registry = modelled()
    sample["constant"] = 3.0
    registry = pd.concat([registry_of("constant"), registry], ignore_index=True)
    scaling = fit_scaling(sample, registry)
    assert scaling["is_used"].tolist() == [False, True, True]
    assert len(scaling["model_coefficients"].iloc[2]) == 2


def test_a_dropped_feature_has_no_model():
    sample, _, registry = modelled()
    sample["amount"] = np.nan
    scaling = fit_scaling(sample, registry)
    assert pd.isna(scaling["model_intercept"]).all()
    assert scaling["model_coefficients"].map(len).tolist() == [0, 0]


def test_who_lacks_two_modelled_features_is_predicted_in_two_steps():
    sample, _, registry = modelled()
    sample["lines"] = 2 * sample["orders"] + np.arange(len(sample)) % 3
    sample.loc[[0, 1], "lines"] = np.nan
    registry = pd.concat(
        [registry, registry_of("lines", imputation="model")], ignore_index=True
    )
    scaling = fit_scaling(sample, registry, duplicate_correlation=1)
    amount, lines = scaling.iloc[1], scaling.iloc[2]
    both = sample.index[sample["amount"].isna() & sample["lines"].isna()]
    assert both.tolist() == [0]
    orders = sample["orders"][0]
    first = lines["start_intercept"] + lines["start_coefficients"][0] * orders
    assert lines["start_coefficients"][1] == 0
    expected = amount["model_intercept"] + np.dot(
        amount["model_coefficients"], [orders, 0, first]
    )
    values = transform_features(sample, scaling)[:, 1]
    assert values[0] * amount["scale"] + amount["center"] == pytest.approx(expected)


@settings(max_examples=60)
@given(
    values=st.lists(
        st.none() | st.floats(-1e12, 1e12) | st.sampled_from([np.inf, -np.inf]),
        min_size=1,
        max_size=30,
    ),
    transform=st.sampled_from(["none", "log1p", "signed_log1p"]),
    imputation=st.sampled_from(
        ["median", "mean", "zero", "constant:-3", "model", "drop", "drop:0.2"]
    ),
)
def test_used_features_are_centred_with_unit_spread(values, transform, imputation):
    sample = sample_of(visits=np.array(values, dtype=float))
    registry = registry_of("visits", transform=transform, imputation=imputation)
    scaling = fit_scaling(sample, registry)
    matrix = transform_features(sample, scaling)
    assert np.isfinite(matrix).all()
    assert scaling["is_used"].item() == pd.isna(scaling["drop_reason"].item())
    if scaling["is_used"].item():
        assert matrix.mean() == pytest.approx(0, abs=1e-5)
        assert matrix.std() == pytest.approx(1, abs=1e-5)
