"""Shops with too little to divide: the build ends green, and says why."""

from datetime import date, timedelta

import pytest

DAY = date(2024, 1, 1)


@pytest.fixture
def built(shop, small_shop):
    """Build a shop from its sales and give the workspace back.

    Data tests are those of the layers where few persons make a difference.
    """
    marts = ["dim_persons", "dim_segments", "fct_person_scores", "fct_model_versions"]
    selected = [f"source:shop+,+{mart}" for mart in marts]

    def build(sales):
        shop.load(**small_shop(sales))
        shop.build(
            "--select", "stg_ingest__lake_loads", "fct_segment_memberships", *selected,
            untested=["staging", "intermediate", "features"],
        )  # fmt: skip
        return shop

    return build


def model_of(workspace):
    """Segments, reason and persons of the one model there is."""
    ((count, reason),) = workspace.query(
        "select segment_count, reason from marts.fct_model_versions"
    )
    return count, reason


def behaviour_sizes(workspace):
    return dict(
        workspace.query(
            "select segment_key, person_count from marts.dim_segments "
            "where segmentation = 'behaviour' and person_count > 0"
        )
    )


def assert_everybody_is_in_one_segment_each(workspace, person_count):
    assert workspace.value("select count(*) from marts.dim_persons") == person_count
    assert workspace.query(
        "select segmentation, count(*), count(distinct person_key) "
        "from marts.fct_segment_memberships group by all order by all"
    ) == [
        (segmentation, person_count, person_count)
        for segmentation in ("behaviour", "geography", "lifecycle", "rfm", "value")
    ]


def test_a_single_person_is_one_segment(built):
    workspace = built([("c1", DAY, 10)])
    assert_everybody_is_in_one_segment_each(workspace, 1)
    count, reason = model_of(workspace)
    assert count == 1
    assert reason.startswith("1 person")


@pytest.mark.slow
def test_two_who_bought_are_two_segments_and_a_returner_never_bought(built):
    workspace = built(
        [
            ("c1", DAY, 10),
            ("c2", DAY + timedelta(days=9), 99),
            ("returner", DAY, -20, "returned"),
        ]
    )
    assert_everybody_is_in_one_segment_each(workspace, 3)
    count, reason = model_of(workspace)
    assert count == 2
    assert "fewer than the minimum of 4" in reason
    key = workspace.value(
        "select person_key from intermediate.int_person_profiles "
        "where profile_id = 'returner'"
    )
    assert workspace.query(
        "select segmentation, segment_key from marts.fct_segment_memberships "
        "where person_key = ? order by all",
        key,
    ) == [
        ("behaviour", "behaviour-no-purchase"),
        ("geography", "geography-unknown"),
        ("lifecycle", "lifecycle-no-purchase"),
        ("rfm", "rfm-no-purchase"),
        ("value", "value-none"),
    ]
    assert workspace.query(
        "select frequency_count, monetary_amount::double, recency_score, "
        "frequency_score, monetary_score from marts.fct_person_scores "
        "where person_key = ?",
        key,
    ) == [(0, 0, 0, 0, 0)]


@pytest.mark.slow
def test_persons_who_are_all_alike_are_one_segment(built):
    # They paid nothing, which must not break the shares.
    workspace = built([(f"c{person}", DAY, 0) for person in range(20)])
    assert_everybody_is_in_one_segment_each(workspace, 20)
    count, reason = model_of(workspace)
    assert count == 1
    assert "20 persons" in reason
    assert list(behaviour_sizes(workspace).values()) == [20]
    # Equal persons have equal scores.
    assert (
        workspace.value(
            "select count(distinct (recency_score, frequency_score, monetary_score)) "
            "from marts.fct_person_scores"
        )
        == 1
    )
    assert workspace.value("select sum(revenue_share) from marts.dim_segments") == 0


def test_a_feature_that_tells_nobody_apart_is_dropped_with_a_reason(built):
    # Nobody returns anything and nobody ever has three gaps.
    sales = [
        (f"c{person}", DAY + timedelta(days=person * 3 + order * 5), 10 + person**2)
        for person in range(30)
        for order in range(1 + person % 3)
    ]
    workspace = built(sales)
    assert_everybody_is_in_one_segment_each(workspace, 30)
    reasons = dict(
        workspace.query(
            "select feature, drop_reason from fits.fit_feature_scaling "
            "where not is_used"
        )
    )
    assert reasons["refund_share"] == "constant"
    assert reasons["gap_variation"] == "all values are null"
    assert workspace.value(
        "select bool_and(is_used = (drop_reason is null)) from fits.fit_feature_scaling"
    )
    count, reason = model_of(workspace)
    # Whether thirty persons who differ by chance are parted hangs on the draw; the
    # reason says what was done, and why.
    assert reason.startswith(f"K = {count}")


@pytest.mark.slow
def test_a_shop_of_refunds_only_builds(built):
    workspace = built([("returner", DAY, -20, "returned")])
    assert_everybody_is_in_one_segment_each(workspace, 1)
    assert behaviour_sizes(workspace) == {"behaviour-no-purchase": 1}
