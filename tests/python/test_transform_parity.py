"""Transforms of features: the SQL that scores everyone against scikit-learn."""

from pathlib import Path

import duckdb
import jinja2
import numpy as np
import pytest
from sklearn.preprocessing import PowerTransformer

from tessera.methods.scaling import fit_yeo_johnson, yeo_johnson

MACROS = Path(__file__).parents[2] / "macros"
POWERS = [-5.0, -1.3, 0.0, 1e-5, 0.4187, 1.0, 1.75, 2.0, 2.00002, 5.0]


@pytest.fixture(scope="module")
def macros():
    files = ("transformed_feature", "untransformed_feature", "filled_feature")
    text = "".join((MACROS / f"{name}.sql").read_text() for name in files)
    text += (MACROS / "engine" / "is_finite.sql").read_text()
    return jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(text).module


@pytest.fixture(scope="module")
def values():
    random = np.random.default_rng(5)
    spread = random.normal(size=50_000) * 10 ** random.uniform(-3, 3, size=50_000)
    return np.concatenate([spread, [0.0, -0.0, 1.0, -1.0, 1e-12, -1e-12]])


def feature(exponent):
    return {
        "name": "raw",
        "transform": "yeo_johnson",
        # As it is read from the warehouse: text that gives back the same bits.
        "transform_lambda": repr(exponent),
        "imputed_value": "0.25",
        "lower_bound": None,
        "upper_bound": None,
        "groups": [],
    }


def in_sql(expression, **columns):
    with duckdb.connect() as db:
        db.register("frame", {name: column for name, column in columns.items()})
        return db.execute(f"select {expression} as made from frame").fetchnumpy()[
            "made"
        ]


def in_scikit_learn(values, exponent):
    transformer = PowerTransformer(standardize=False).fit(np.array([[0.0], [1.0]]))
    transformer.lambdas_ = np.array([exponent])
    return transformer.transform(values.reshape(-1, 1))[:, 0]


@pytest.mark.parametrize("exponent", POWERS)
def test_yeo_johnson_in_sql_and_in_python_equals_that_of_scikit_learn(
    macros, values, exponent
):
    expected = in_scikit_learn(values, exponent)
    made = in_sql(macros.transformed_feature(feature(exponent)), raw=values)
    here = yeo_johnson(values, exponent)
    # Differences of powers lose digits near powers of 0 and 2: 1e-10 of 1 by 1e-5.
    np.testing.assert_allclose(made, expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(here, made, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("exponent", POWERS)
def test_untransforming_undoes_it(macros, exponent):
    # Within what a steep power leaves of a double's digits.
    values = np.linspace(-3, 3, 1_001)
    transformed = yeo_johnson(values, exponent)
    back = macros.untransformed_feature(feature(exponent), "made")
    np.testing.assert_allclose(in_sql(back, made=transformed), values, atol=1e-7)


def test_a_missing_value_is_filled_before_it_is_transformed(macros):
    made = in_sql(
        macros.transformed_feature(feature(0.5)),
        raw=np.array([np.nan, np.inf, -np.inf, 3.0]),
    )
    filled = 2 * (1.25**0.5 - 1)
    np.testing.assert_allclose(made, [filled, filled, filled, 2.0], rtol=1e-14)


def test_the_power_is_the_likeliest_and_bounded():
    random = np.random.default_rng(6)
    skewed = np.exp(random.normal(size=2_000)) - 0.5
    (expected,) = PowerTransformer().fit(skewed.reshape(-1, 1)).lambdas_
    found = fit_yeo_johnson(skewed)
    assert found == expected
    after = yeo_johnson(skewed, found)
    spread = (after - after.mean()) / after.std()
    assert abs((spread**3).mean()) < 0.2
    # So far from any normal distribution that the power would run away.
    steep = np.concatenate([np.full(500, 0.0), [1e-3, 1e-3, 2e-3]])
    assert -5 <= fit_yeo_johnson(steep) <= 5
    assert fit_yeo_johnson(np.full(9, 4.0)) == 1
    assert fit_yeo_johnson(np.array([])) == 1
