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


@pytest.mark.parametrize(("others", "is_used"), [(5, False), (6, True)])
def test_one_value_for_nearly_everyone_is_near_constant(others, is_used):
    visits = np.zeros(1000)
    visits[:others] = np.arange(1, others + 1)
    row = fit_scaling(sample_of(visits=visits), registry_of("visits")).iloc[0]
    assert row["is_used"] == is_used
    if not is_used:
        assert row["drop_reason"] == "near constant: one value holds 99.50% of persons"


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
    assert scaling.dtypes.astype(str).to_dict() == SCALING_TYPES
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


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(
        st.none() | st.floats(-1e12, 1e12) | st.sampled_from([np.inf, -np.inf]),
        min_size=1,
        max_size=30,
    ),
    transform=st.sampled_from(["none", "log1p", "signed_log1p"]),
    imputation=st.sampled_from(["median", "mean", "zero"]),
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
