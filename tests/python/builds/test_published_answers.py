"""Real data, and the answers that others published for it."""

import json

import duckdb
import pytest

WITHOUT_TESTS = ("--exclude", "resource_type:test")


def shop_up_to(*models):
    """Options that build some models and what they are made of from the shop."""
    selected = [f"source:shop+,+{model}" for model in models]
    # A test that needs more than these is one of the demo's.
    return (
        "--select", "stg_ingest__lake_loads", "source:ingest+,+fct_load_reconciliation",
        *selected, "--indirect-selection", "cautious",
    )  # fmt: skip


@pytest.fixture(scope="module")
def online_retail(new_shop, mappings, shared_data):
    workspace = new_shop("online_retail")
    workspace.ingest(
        mappings / "online_retail.yml",
        shared_data / "online_retail" / "online_retail.parquet",
    )
    workspace.build(
        *shop_up_to(
            "fct_load_reconciliation", "fct_quarantined_rows", "fct_person_scores"
        )
    )
    return workspace


def test_online_retail_loses_no_line(online_retail):
    ((rows_in, kept, duplicates, quarantined),) = online_retail.query(
        "select rows_in, kept, duplicates, quarantined "
        "from marts.fct_load_reconciliation where table_name = 'order_lines'"
    )
    assert rows_in == 541_909
    assert rows_in == kept + duplicates + quarantined
    assert kept == online_retail.value(
        "select count(*) from staging.stg_shop__order_lines"
    )


def test_online_retail_says_why_each_row_is_quarantined(online_retail):
    quarantined = online_retail.value(
        "select sum(quarantined) from marts.fct_load_reconciliation"
    )
    assert online_retail.query(
        "select count(*), count(file_name), count(row_number), count(rule), "
        "count(reason), count(remedy) from marts.fct_quarantined_rows"
    ) == [(quarantined,) * 6]
    assert quarantined > 0


def test_online_retail_sales_are_the_usual_ones(online_retail):
    assert online_retail.query(
        "select count(distinct customer_id), count(*), sum(sale_amount)::decimal(18, 2)"
        "::varchar from intermediate.int_orders "
        "where customer_id is not null and event_type = 'purchase'"
    ) == [(4_338, 18_532, "8911407.90")]
    assert online_retail.query(
        "select count(*), sum(frequency_count), sum(monetary_amount)::varchar "
        "from marts.fct_person_scores where frequency_count > 0"
    ) == [(4_338, 18_532, "8911407.90")]


R_CLOCK = {"TESSERA_AS_OF_DATE": "2006-12-31"}
RFM_R_MAPPING = """
tables:
  shop.orders:
    columns:
      order_id: source_row
      customer_id: customer_id
      ordered_at: order_date
      order_status: "'completed'"
      channel: "'web'"
  shop.order_lines:
    columns:
      order_line_id: source_row
      order_id: source_row
      product_id: "'article'"
      quantity: 1
      line_amount: revenue
"""


@pytest.fixture(scope="module")
def rfm_r(new_shop, shared_data, tmp_path_factory):
    mapping = tmp_path_factory.mktemp("rfm_r") / "rfm_r.yml"
    mapping.write_text(RFM_R_MAPPING)
    workspace = new_shop("rfm_r")
    workspace.ingest(
        mapping, shared_data / "peers" / "rfm_r" / "rfm_data_orders.parquet"
    )
    workspace.environment |= R_CLOCK
    workspace.build(
        *shop_up_to("fct_person_scores", "dim_segments", "dim_persons"), *WITHOUT_TESTS
    )
    return workspace


def rules_of(ruleset, shared_data):
    """Write the rules of R's rfm as the seed, with its 'Others' last."""
    rules = duckdb.execute(
        "select priority, segment, r_lo, r_hi, f_lo, f_hi, m_lo, m_hi "
        f"from '{shared_data}/peers/rfm_r/segment_rules.parquet' "
        "where ruleset = ? order by priority",
        [ruleset],
    ).fetchall()
    lines = [
        "priority,segment_key,segment_name,description,recency_from,recency_to,"
        "frequency_from,frequency_to,monetary_from,monetary_to"
    ]
    everything = [
        (100, "Others", 1, 5, 1, 5, 1, 5),
        (101, "No purchase yet", 0, 0, 0, 0, 0, 0),
    ]
    for priority, name, *bounds in [*rules, *everything]:
        key = "rfm-" + name.lower().replace(" ", "-").replace("'", "")
        lines.append(",".join(map(str, [priority, key, name, name, *bounds])))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("ruleset", ["testrules", "docrules"])
def test_rfm_of_r_gives_the_same_scores_and_segments(rfm_r, shared_data, ruleset):
    rfm_r.write_seed("rfm_segments", rules_of(ruleset, shared_data))
    # The rules' own tests run too: every cell has one segment.
    rfm_r.build("--select", "rfm_segments+")
    found = rfm_r.query(
        """
        select
            profiles.profile_id,
            scores.recency_score,
            scores.frequency_score,
            scores.monetary_score,
            scores.recency_days,
            scores.frequency_count,
            scores.monetary_amount::double,
            segments.segment_name
        from intermediate.int_person_profiles as profiles
        inner join marts.fct_person_scores as scores using (person_key)
        inner join marts.fct_segment_memberships as memberships using (person_key)
        inner join marts.dim_segments as segments using (segmentation, segment_key)
        where segmentation = 'rfm'
        order by profile_id
        """
    )
    folder = shared_data / "peers" / "rfm_r"
    expected = duckdb.execute(
        f"""
        select
            customer_id,
            recency_score,
            frequency_score,
            monetary_score,
            recency_days,
            transaction_count,
            amount,
            segment_{ruleset}
        from '{folder}/expected_scores_orders.parquet'
        order by customer_id
        """
    ).fetchall()
    assert len(expected) == 995
    assert found == expected

    summary = rfm_r.query(
        """
        select
            segments.segment_name,
            count(*),
            sum(scores.frequency_count)::bigint,
            sum(scores.monetary_amount)::bigint,
            round(sum(scores.monetary_amount) / sum(scores.frequency_count), 2)
        from marts.fct_person_scores as scores
        inner join marts.fct_segment_memberships as memberships using (person_key)
        inner join marts.dim_segments as segments using (segmentation, segment_key)
        where segmentation = 'rfm'
        group by segments.segment_name
        order by segments.segment_name
        """
    )
    assert (
        summary
        == duckdb.execute(
            "select segment, customers, orders, revenue::bigint, aov "
            f"from '{folder}/expected_segment_summary.parquet' "
            "where ruleset = ? order by segment",
            [ruleset],
        ).fetchall()
    )
    assert rfm_r.query(
        "select segment_name, person_count from marts.dim_segments "
        "where segmentation = 'rfm' and person_count > 0 order by segment_name"
    ) == [(name, customers) for name, customers, *_ in summary]


# The lifetimes summary: repeat days, weeks from first to last purchase, weeks known,
# mean amount of a repeat day.
LIFETIMES_SUMMARY = """
    select
        profiles.profile_id::bigint,
        rfm.repeat_purchase_day_count,
        round(rfm.purchase_span_days / 7, 2),
        round(rfm.tenure_days / 7, 2),
        -- Half a cent goes up, as the publisher rounds, which a double cannot tell.
        round(coalesce(rfm.mean_repeat_day_amount, 0)::decimal(18, 6), 2)::double
    from features.ftr_person_rfm as rfm
    inner join intermediate.int_person_profiles as profiles using (person_key)
    order by 1
"""


def test_cdnow_equals_the_published_summary(new_shop, mappings, shared_data):
    workspace = new_shop("cdnow")
    folder = shared_data / "cdnow"
    workspace.ingest(mappings / "cdnow.yml", folder / "cdnow_sample.parquet")
    workspace.environment["TESSERA_AS_OF_DATE"] = "1997-09-30"
    workspace.build(*shop_up_to("ftr_person_rfm"), *WITHOUT_TESTS)
    found = workspace.query(LIFETIMES_SUMMARY)
    expected = duckdb.execute(
        'select sample_id, frequency, recency, "T", monetary_value '
        f"from '{folder}/expected_summary_1997_09_30.parquet' order by sample_id"
    ).fetchall()
    assert len(expected) == 2_357
    assert found == expected

    # Hardie's note on the same sample, a day later.
    case = lifetimes_cases(shared_data)["hardie_cdnow_sample_asof_1997_10_01"]
    workspace.environment["TESSERA_AS_OF_DATE"] = "1997-10-01"
    workspace.dbt("run", "--select", "int_clock+,+ftr_person_rfm")
    assert workspace.query(
        """
        select
            count(*),
            round(avg(mean_repeat_day_amount)),
            round(stddev(mean_repeat_day_amount)),
            round(min(mean_repeat_day_amount)),
            round(median(mean_repeat_day_amount)),
            round(max(mean_repeat_day_amount))
        from features.ftr_person_rfm
        where mean_repeat_day_amount > 0
        """
    ) == [
        tuple(
            case[name]
            for name in ("repeat_customers", "mean", "std", "min", "median", "max")
        )
    ]


def lifetimes_cases(shared_data):
    path = shared_data / "peers" / "pymc_lifetimes_rfm_cases.json"
    return json.loads(path.read_text())


# Replayed: the daily cases. Not replayed, for these models count in days: the summary
# and the split by week, whose recency is a difference of calendar weeks; test_* of the
# splits, which look after the clock; quartile labels and segments, for which
# pymc-marketing has rules of its own; errors of its arguments.
@pytest.fixture(scope="module")
def lifetimes(new_shop, shared_data, small_shop):
    cases = lifetimes_cases(shared_data)
    workspace = new_shop("lifetimes")
    sales = [tuple(row) for row in cases["transactions"]]
    # Customers of the other cases, apart from those of the first.
    sales += [(102, *row[1:]) for row in cases["order_independence"]["rows"][::-1]]
    sales += [(201, row[1], 1) for row in cases["same_period_squash"]["rows"]]
    workspace.load(**small_shop(sales))
    workspace.dbt("run", *shop_up_to("int_person_order_days"))
    return workspace


def features_as_of(workspace, day, columns):
    workspace.dbt(
        "run", "--select", "int_clock+,+ftr_person_rfm", variables={"as_of_date": day}
    )
    return [
        list(row)
        for row in workspace.query(
            f"select profile_id::bigint as customer_id, {columns} "
            "from features.ftr_person_rfm as rfm "
            "inner join intermediate.int_person_profiles using (person_key) "
            "order by customer_id"
        )
    ]


@pytest.mark.slow
def test_lifetimes_cases_by_day_are_equal(lifetimes, shared_data):
    cases = lifetimes_cases(shared_data)
    rows = features_as_of(
        lifetimes,
        "2015-02-07",
        "repeat_purchase_day_count, purchase_span_days, tenure_days, "
        "coalesce(mean_repeat_day_amount, 0), purchase_day_count, recency_days, "
        "monetary_amount::double / purchase_day_count",
    )
    first = [row for row in rows if row[0] < 100]
    expected = cases["rfm_summary_day_asof_2015_02_07"]["rows"]
    assert [row[:5] for row in first] == expected

    # As marketing counts: every purchase day, days since the last, mean of all days.
    expected = cases["rfm_with_first_transaction_marketing_definition"]["rows"]
    assert [[row[0], *row[5:]] for row in first] == expected

    # The order of rows does not matter; two orders of a day are one purchase day.
    others = {row[0]: row for row in rows if row[0] >= 100}
    assert others[102][4] == cases["order_independence"]["monetary_value"]
    assert others[201][1] == cases["same_period_squash"]["frequency"]


@pytest.mark.slow
def test_lifetimes_training_window_ends_with_the_clock(lifetimes, shared_data):
    case = lifetimes_cases(shared_data)["train_test_split_day_money"]
    rows = features_as_of(
        lifetimes, case["train_end"], "coalesce(mean_repeat_day_amount, 0)"
    )
    assert [value for person, value in rows if person < 100] == case["monetary_value"]
