"""Shops with too little to divide: the build ends green, and says why."""

from datetime import date, timedelta

import pytest

DAY = date(2024, 1, 1)


def varied(person_count):
    """Sales of persons who differ in everything that can differ."""
    return [
        (
            f"c{person}",
            DAY + timedelta(days=(person * 17 + order * (7 + person % 5)) % 170),
            5 + (person * 7919 + order * 104729) % 120,
        )
        for person in range(person_count)
        for order in range(1 + person % 6)
    ]


@pytest.fixture
def built(workspace, small_shop):
    """Build a shop from its sales and give the workspace back."""

    def build(sales):
        workspace.load(**small_shop(sales))
        workspace.build()
        return workspace

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
        ("behaviour", person_count, person_count),
        ("rfm", person_count, person_count),
    ]


def test_a_single_person_is_one_segment(built):
    workspace = built([("c1", DAY, 10)])
    assert_everybody_is_in_one_segment_each(workspace, 1)
    count, reason = model_of(workspace)
    assert count == 1
    assert reason.startswith("1 person")


def test_two_persons_are_two_segments(built):
    workspace = built([("c1", DAY, 10), ("c2", DAY + timedelta(days=9), 99)])
    assert_everybody_is_in_one_segment_each(workspace, 2)
    count, reason = model_of(workspace)
    assert count == 2
    assert "fewer than the minimum of 4" in reason


def test_fewer_persons_than_segments_wanted_give_fewer_segments(built):
    workspace = built(varied(3))
    assert_everybody_is_in_one_segment_each(workspace, 3)
    count, reason = model_of(workspace)
    assert count <= 3
    assert "3 persons" in reason


def test_persons_who_are_all_alike_are_one_segment(built):
    workspace = built([(f"c{person}", DAY, 10) for person in range(20)])
    assert_everybody_is_in_one_segment_each(workspace, 20)
    count, reason = model_of(workspace)
    assert count == 1
    assert "20 persons" in reason
    assert behaviour_sizes(workspace) == {"behaviour-1": 20}
    # Equal persons have equal scores.
    assert (
        workspace.value(
            "select count(distinct (recency_score, frequency_score, monetary_score)) "
            "from marts.fct_person_scores"
        )
        == 1
    )


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
    assert 4 <= count <= 10
    assert reason


def test_a_person_with_refunds_only_never_bought(built):
    workspace = built([*varied(12), ("returner", DAY, -20, "returned")])
    assert_everybody_is_in_one_segment_each(workspace, 13)
    key = workspace.value(
        "select person_key from intermediate.int_person_profiles "
        "where profile_id = 'returner'"
    )
    assert workspace.query(
        "select segmentation, segment_key from marts.fct_segment_memberships "
        "where person_key = ? order by all",
        key,
    ) == [("behaviour", "behaviour-no-purchase"), ("rfm", "rfm-no-purchase")]
    assert workspace.query(
        "select frequency_count, monetary_amount::double, recency_score, "
        "frequency_score, monetary_score from marts.fct_person_scores "
        "where person_key = ?",
        key,
    ) == [(0, 0, 0, 0, 0)]


def test_a_shop_of_refunds_only_builds(built):
    workspace = built([("returner", DAY, -20, "returned")])
    assert_everybody_is_in_one_segment_each(workspace, 1)
    assert behaviour_sizes(workspace) == {"behaviour-no-purchase": 1}


def test_free_orders_do_not_break_the_shares(built):
    workspace = built([(f"c{person}", DAY, 0) for person in range(6)])
    assert_everybody_is_in_one_segment_each(workspace, 6)
    assert workspace.value("select sum(revenue_share) from marts.dim_segments") == 0
