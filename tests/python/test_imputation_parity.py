"""Missing and outlying values: SQL against Python, policy by policy, row by row."""

import csv
from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import PowerTransformer

from tessera.methods.components import fit_components, project
from tessera.methods.mixture import nearest_centroid
from tessera.methods.rotation import rotate_components
from tessera.methods.scaling import fit_scaling, transform_features

PERSON_COUNT = 200_000
SAMPLE_SIZE = 10_000
REGIONS = ["north", "l'ouest", 'quote"d', "été", "only outside the sample", None]
# Feature, transform, policy, and how many persons in a hundred lack it.
FEATURES = [
    ("orders", "log1p", "zero", 0),
    ("spend", "log1p", "median", 10),
    ("gap", "none", "mean", 20),
    ("margin", "signed_log1p", "constant:-1.25", 10),
    ("basket", "log1p", "group_median:region", 30),
    ("age", "none", "group_median:age_band", 30),
    ("rhythm", "none", "model", 25),
    ("pace", "log1p", "model", 25),
    ("slope", "signed_log1p", "model", 5),
    ("lines", "none", "drop:0.5", 10),
    ("rare", "none", "drop:0.05", 30),
    ("profit", "yeo_johnson", "mean", 10),
    ("drift", "yeo_johnson", "model", 20),
]
OUTLIERS = """
    level,variable,method,factor,minimum_sample,transform,action
    person,spend,iqr,1.5,100,log1p,winsorise
    person,gap,z_score,2,100,none,winsorise
    person,orders,iqr,3,1000000,none,winsorise
    person,pace,z_score,2.5,100,log1p,winsorise
    person,lines,iqr,1.5,100,none,flag
    person,margin,iqr,1,100,none,quarantine
"""
INVERSE = {
    "none": lambda values: values,
    "log1p": lambda values: np.exp(values) - 1,
    "signed_log1p": lambda values: np.sign(values) * (np.exp(np.abs(values)) - 1),
}


def inv_yeo_johnson(values, exponent):
    """Undo the transform as scikit-learn does."""
    transformer = PowerTransformer(standardize=False).fit(np.array([[0.0], [1.0]]))
    transformer.lambdas_ = np.array([exponent])
    return transformer.inverse_transform(values.reshape(-1, 1))[:, 0]


def random_persons():
    """Features that go together; who lacks one often lacks its neighbour too."""
    random = np.random.default_rng(20250102)
    causes = random.normal(size=(PERSON_COUNT, 3))
    mixing = random.normal(size=(3, len(FEATURES)))
    values = causes @ mixing + random.normal(
        scale=0.4, size=(PERSON_COUNT, len(FEATURES))
    )
    prone = random.random(PERSON_COUNT)
    frame = {"person_key": np.arange(PERSON_COUNT, dtype="int64")}
    for number, (name, transform, _, missing) in enumerate(FEATURES):
        column = values[:, number]
        if transform == "log1p":
            column = np.exp(column)
        elif transform == "signed_log1p":
            column = np.sinh(column)
        elif transform == "yeo_johnson":
            column = np.exp(column / 3) - 1.5
        lacking = (prone + random.random(PERSON_COUNT)) / 2 < missing / 100
        column[lacking] = np.nan
        if missing:
            column[random.random(PERSON_COUNT) < 0.001] = np.inf
            column[random.random(PERSON_COUNT) < 0.001] = -np.inf
        frame[name] = column
    frame["orders"] = np.floor(frame["orders"])
    known = np.arange(PERSON_COUNT) < SAMPLE_SIZE
    region = random.integers(len(REGIONS), size=PERSON_COUNT)
    region[known & (region == 4)] = 0
    frame["region"] = np.array(REGIONS, dtype=object)[region]
    bands = np.array(["18-24", "25-34", None], dtype=object)
    frame["age_band"] = bands[random.integers(3, size=PERSON_COUNT)]
    return pd.DataFrame(frame)


@pytest.fixture(scope="module")
def scored(new_workspace):
    """Bounds in SQL, fit in Python, scores and fills in SQL."""
    workspace = new_workspace("imputation")
    workspace.init_lake()
    workspace.write_seed("outliers", OUTLIERS)
    persons = random_persons()
    registry = pd.DataFrame(
        {
            "feature": [name for name, *_ in FEATURES],
            "transform": [transform for _, transform, *_ in FEATURES],
            "imputation": [policy for *_, policy, _ in FEATURES],
            "weight": [0.5 if number == 2 else 1.0 for number in range(len(FEATURES))],
        }
    )
    groups = ["region", "age_band"]
    names = registry["feature"].tolist()
    with duckdb.connect(str(workspace.warehouse)) as connection:
        for schema in ("fits", "features", "intermediate"):
            connection.execute(f"create schema {schema}")
        connection.register("frame", persons[["person_key", *names]])
        columns = ", ".join(
            # pandas has no null among floats; the warehouse has, and NaN besides.
            f"case when isnan({name}) and person_key % 5 > 0 then null else {name} end "
            f"as {name}"
            for name in names
        )
        connection.execute(
            "create table features.ftr_person_matrix as select person_key, "
            f"date '2024-07-01' as as_of_date, {columns} from frame"
        )
        connection.register("frame", persons[["person_key", *groups]])
        connection.execute(
            "create table features.ftr_person_groups as select person_key, "
            "date '2024-07-01' as as_of_date, * exclude (person_key) from frame "
            # Somebody may be missing here altogether.
            f"where person_key < {SAMPLE_SIZE} or person_key % 7 > 0"
        )
        connection.execute(
            "create table intermediate.int_clock as "
            "select date '2024-07-01' as as_of_date"
        )
    grouped = (persons.index < SAMPLE_SIZE) | (persons["person_key"] % 7 > 0)
    persons.loc[~grouped, groups] = None

    workspace.dbt("seed", "--select", "outliers")
    workspace.dbt("run", "--select", "fit_outlier_bounds", "fit_person_outliers")
    with duckdb.connect(str(workspace.warehouse)) as connection:
        bounds = connection.execute(
            "from fits.fit_outlier_bounds where action = 'winsorise'"
        ).df()
        sample = persons.head(SAMPLE_SIZE)
        scaling = fit_scaling(sample, registry, bounds=bounds).assign(
            feature_number=np.arange(10, 10 * len(FEATURES) + 1, 10)
        )
        matrix = transform_features(sample, scaling)
        used = scaling.loc[scaling["is_used"], "feature"].tolist()
        components = fit_components(matrix, used, minimum_variance_share=0.9)
        components["feature_number"] = components["feature"].map(
            scaling.set_index("feature")["feature_number"]
        )
        axes = rotate_components(components).assign(
            feature_number=components["feature_number"].to_numpy()
        )
        points = project(matrix, components)
        centroids = pd.DataFrame(
            {
                "segment_number": np.arange(1, 7, dtype="int32"),
                "coordinates": points[:6].tolist(),
                "person_share": 1 / 6,
                "pooled_variance": 1.0,
            }
        )
        for name, table in (
            ("fit_feature_scaling", scaling),
            ("fit_components", components),
            ("fit_axes", axes),
            ("fit_centroids", centroids),
        ):
            connection.register("frame", table)
            connection.execute(
                f"create table fits.{name} as "
                "select *, date '2024-07-01' as fitted_on from frame"
            )
        connection.execute(
            "create table fits.fit_centroids_in_use as "
            "select date '2024-07-01' as as_of_date, as_of_date as fitted_on, "
            "as_of_date as centroids_on, false as is_changed"
        )
        connection.execute(
            "create table fits.fit_known_centroids as "
            "select *, fitted_on as centroids_on from fits.fit_centroids"
        )
    workspace.dbt(
        "run",
        "--select",
        *(
            "fit_axis_terms",
            "fit_segment_maps",
            "fit_score_maps",
            "seg_behaviour_scores",
        ),
        *("seg_imputed_values", "ftr_person_missing_values"),
    )
    return workspace, persons, scaling, components, points[:6]


def test_every_policy_is_at_work(scored):
    _, _, scaling, *_ = scored
    by_name = scaling.set_index("feature")
    assert by_name["is_used"].to_dict() == {
        name: name != "rare" for name, *_ in FEATURES
    }
    assert by_name["drop_reason"]["rare"].startswith("missing for ")
    assert list(by_name["group_names"]["basket"]) == sorted(REGIONS[:4])
    for name, _, policy, missing in FEATURES:
        share = by_name["missing_share"][name]
        assert (share > 0) == (missing > 0)
        assert pd.isna(by_name["model_intercept"][name]) == (policy != "model")


@pytest.mark.parametrize(
    ("feature", "method", "factor", "transform"),
    [
        ("spend", "iqr", 1.5, "log1p"),
        ("gap", "z_score", 2, "none"),
        ("pace", "z_score", 2.5, "log1p"),
        ("lines", "iqr", 1.5, "none"),
        ("margin", "iqr", 1, "none"),
    ],
)
def test_bounds_and_outliers_equal_those_of_numpy(
    scored, feature, method, factor, transform
):
    workspace, persons, *_ = scored
    raw = persons[feature].to_numpy()
    present = raw[np.isfinite(raw)]
    values = np.log(1 + np.maximum(present, 0)) if transform == "log1p" else present
    if method == "iqr":
        low, high = np.quantile(values, [0.25, 0.75])
        spread = high - low
    else:
        low = high = values.mean()
        spread = values.std()
    lower, upper = (
        INVERSE[transform](low - factor * spread),
        INVERSE[transform](high + factor * spread),
    )
    ((*found, sample_size),) = workspace.query(
        "select lower_bound, upper_bound, sample_size from fits.fit_outlier_bounds "
        "where variable = ?",
        feature,
    )
    assert found == pytest.approx([lower, upper], rel=1e-8, abs=1e-8)
    assert sample_size == len(present)
    expected = np.isfinite(raw) & ((raw < found[0]) | (raw > found[1]))
    keys = workspace.query(
        "select person_key from fits.fit_person_outliers "
        "where variable = ? order by person_key",
        feature,
    )
    assert [key for (key,) in keys] == np.flatnonzero(expected).tolist()


def test_too_few_values_have_no_bounds(scored):
    workspace, *_ = scored
    assert workspace.query(
        "select lower_bound, upper_bound, reason from fits.fit_outlier_bounds "
        "where variable = 'orders'"
    ) == [(None, None, "no bounds: 200000 values, fewer than 1000000")]


def test_every_missing_value_is_flagged(scored):
    workspace, persons, *_ = scored
    found = dict(
        workspace.query(
            "select feature, count(*) from features.ftr_person_missing_values "
            "group by feature"
        )
    )
    assert found == {
        name: int((~np.isfinite(persons[name])).sum())
        for name, *_, missing in FEATURES
        if missing
    }


@pytest.mark.parametrize(
    ("feature", "transform", "policy"),
    [entry[:3] for entry in FEATURES if entry[3] and entry[0] != "rare"],
)
def test_sql_fills_each_policy_as_python_does(scored, feature, transform, policy):
    workspace, persons, scaling, *_ = scored
    used = scaling[scaling["is_used"]].reset_index(drop=True)
    row = used[used["feature"] == feature].iloc[0]
    lacking = np.flatnonzero(~np.isfinite(persons[feature]))
    values = transform_features(persons.iloc[lacking], scaling)[:, row.name]
    values = values / row["weight"] * row["scale"] + row["center"]
    if transform == "yeo_johnson":
        expected = inv_yeo_johnson(values, row["transform_lambda"])
    else:
        expected = INVERSE[transform](values)
    found = workspace.query(
        "select person_key, imputed_value, imputation from segments.seg_imputed_values "
        "where feature = ? order by person_key",
        feature,
    )
    keys, filled, policies = zip(*found, strict=True)
    assert list(keys) == lacking.tolist()
    assert set(policies) == {policy}
    np.testing.assert_allclose(filled, expected, rtol=1e-9, atol=1e-9)
    if policy.startswith(("group", "model")):
        assert len(np.unique(np.round(filled, 6))) > 1


def test_scores_equal_those_of_python_on_every_row(scored):
    workspace, persons, scaling, components, centroids = scored
    matrix = transform_features(persons, scaling)
    points = project(matrix, components)
    axis_scores = project(matrix, rotate_components(components))
    found = np.array(
        workspace.query(
            "select person_key, axis_1_score, axis_2_score, segment_number "
            "from segments.seg_behaviour_scores order by person_key"
        )
    )
    assert (found[:, 0] == np.arange(PERSON_COUNT)).all()
    np.testing.assert_allclose(found[:, 1:3], axis_scores[:, :2], rtol=0, atol=1e-9)
    assert (found[:, 3] == nearest_centroid(points, centroids)).all()


POLICIES = {
    "mean_gap_days": "model",
    "gap_variation": "model",
    "discount_share": "group_median:order_band",
    "refund_share": "constant:0.5",
    "average_order_amount": "drop:0",
}
BUILD_OUTLIERS = """
    level,variable,method,factor,minimum_sample,transform,action
    order,sale_amount,iqr,3,100,log1p,quarantine
    order_line,line_amount,iqr,3,100,log1p,winsorise
    person,monetary_amount,iqr,1.5,100,log1p,winsorise
    person,order_count,z_score,2,50,none,quarantine
"""


def shop_with_an_outlier():
    """300 customers with one to nine orders, and one order of a million."""
    orders = ["order_id,customer_id,ordered_at,order_status,channel"]
    lines = ["order_line_id,order_id,product_id,quantity,line_amount,discount_amount"]
    for customer in range(300):
        for order in range(1 + customer % 9):
            key = f"{customer}-{order}"
            day = date(2024, 1, 1) + timedelta(
                days=(customer * 17 + order * (5 + customer % 7)) % 170
            )
            amount = 5 + (customer * 7919 + order * 104729) % 120
            # Who paid nothing has no price that a discount took a share of.
            amount = 0 if customer % 10 == 0 else amount
            amount = 1_000_000 if key == "1-1" else amount
            orders.append(f"{key},c{customer},{day},completed,web")
            lines.append(f"l{key},{key},p{order},1,{amount},{customer % 3}")
    return {
        "shop__orders": "\n".join(orders) + "\n",
        "shop__order_lines": "\n".join(lines) + "\n",
    }


@pytest.fixture(scope="module")
def built(new_workspace):
    """Build a shop whose seeds ask for every policy."""
    workspace = new_workspace("policies")
    path = workspace.root / "seeds" / "features.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["imputation"] = POLICIES.get(row["feature"], row["imputation"])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    workspace.write_seed("outliers", BUILD_OUTLIERS)
    workspace.load(**shop_with_an_outlier())
    # What no policy touches is tested on real data and on planted worlds.
    workspace.build(
        untested=[
            "staging", "intermediate/identity", "intermediate/golden", "personas"
        ]
    )  # fmt: skip
    return workspace


def test_a_build_with_every_policy_is_green_and_leaves_a_trace(built):
    filled = dict(
        built.query(
            "select imputation, count(*) from segments.seg_imputed_values group by all"
        )
    )
    assert set(filled) >= {"model"}
    assert all(filled.values())
    assert built.query(
        "select count(*) from segments.seg_imputed_values "
        "where imputed_value is null or isinf(imputed_value)"
    ) == [(0,)]


def test_a_build_clips_lines_and_sets_orders_aside(built):
    assert built.query(
        "select level, entity_key, action from intermediate.int_outliers "
        "where measure = 1000000 order by level"
    ) == [("order", "1-1", "quarantine"), ("order_line", "l1-1", "winsorise")]
    assert (
        built.value(
            "select count(*) from intermediate.int_orders_treated "
            "where order_id = '1-1'"
        )
        == 0
    )
    assert built.query(
        "select table_name, row_key, broken_rule.rule "
        "from intermediate.int_outlier_quarantines where row_key in ('1-1', 'l1-1') "
        "order by all"
    ) == [("order_lines", "l1-1", "order_not_known"), ("orders", "1-1", "outlier")]


def test_a_build_keeps_quarantined_persons_out_of_the_sample_and_scores_them(built):
    outlying = built.value(
        "select count(distinct person_key) from fits.fit_person_outliers "
        "where action = 'quarantine'"
    )
    persons = built.value("select count(*) from features.ftr_person_matrix")
    assert built.value("select count(*) from fits.fit_sample") == persons - outlying
    scored = built.value("select count(*) from segments.seg_behaviour_scores")
    assert scored == persons
