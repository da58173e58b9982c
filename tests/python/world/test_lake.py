"""What the lake holds: the contracts' columns, no truth, every planted trap."""

from pathlib import Path

import pytest

from tessera.lake.contracts import read_contracts

ROOT = Path(__file__).parents[3]
SOURCES = ("crm", "shop", "web", "social", "ads", "email", "survey", "campaigns")
CONTRACTS = [one for one in read_contracts(ROOT).values() if one.source in SOURCES]
TRUTH_WORDS = ("person_id", "planted", "segment", "household_id", "true_", "dirty")


def columns(world, table: str) -> dict[str, str]:
    described = world.rows(f"describe select * from {world.lake(table)}")
    return {name: kind.lower() for name, kind, *_ in described}


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda one: one.name)
def test_every_contract_column_has_its_type(small_world, contract):
    found = columns(small_world, contract.name)
    wanted = {column.name: column.data_type for column in contract.columns}
    assert {name: found.get(name) for name in wanted} == wanted
    assert (found["source_file"], found["source_row"]) == ("varchar", "bigint")


def test_all_sources_have_rows(small_world):
    sources = {
        table.split(".")[0] for table, n in small_world.summary.rows.items() if n
    }
    assert sources == set(SOURCES)


def test_no_column_of_the_lake_tells_the_truth(small_world):
    for table in small_world.summary.rows:
        for name in columns(small_world, table):
            assert not any(word in name for word in TRUTH_WORDS), (table, name)


@pytest.mark.parametrize("table", ["web.events", "shop.orders", "crm.contacts"])
def test_rows_of_a_file_are_numbered_from_one(small_world, table):
    gaps = small_world.rows(
        f"select source_file from {small_world.lake(table)} group by source_file "
        "having min(source_row) != 1 or max(source_row) != count(*) "
        "or count(distinct source_row) != count(*)"
    )
    assert gaps == []


def test_number_of_events_is_near_the_wanted_one(small_world):
    assert small_world.summary.event_count == pytest.approx(2_000 * 20, rel=0.2)


def test_shared_identifiers_are_planted(small_world):
    contacts = small_world.lake("crm.contacts")
    tills = small_world.rows(
        f"select count(distinct lower(trim(email))) from {contacts} "
        "where customer_id like 'CTILL%' group by customer_id"
    )
    assert len(tills) == 4
    assert min(tills)[0] >= 10
    junk = small_world.rows(
        f"select count_if(lower(email) like '%magasin.lyon%'), "
        f"count_if(lower(email) like '%test@test.com%'), "
        f"count_if(phone = '0000000000') from {contacts}"
    )
    assert min(junk[0]) >= 1


def test_late_events_arrive_one_to_six_days_late(small_world):
    late = small_world.rows(
        f"select loaded_on::date - event_at::date as days_late, count(*) "
        f"from {small_world.lake('web.events')} group by days_late"
    )
    counts = {days: rows for days, rows in late if days is not None and days >= 0}
    assert set(range(7)) <= set(counts)
    assert max(counts) <= 6 + 3 + 1  # late, resent, and an hour before midnight
    share = sum(rows for days, rows in counts.items() if days > 1) / sum(
        counts.values()
    )
    assert 0.005 < share < 0.03


def test_postcodes_keep_leading_zeros_corsica_and_overseas(small_world):
    found = small_world.rows(
        "select count_if(postcode like '0____'), count_if(postcode like '20___'), "
        f"count_if(postcode like '97___') from {small_world.lake('crm.contacts')}"
    )
    assert min(found[0]) > 0


def test_coupons_are_redeemed_by_whom_they_were_sent_to_while_they_are_valid(
    small_world,
):
    redemptions = small_world.lake("campaigns.redemptions")
    campaigns = small_world.lake("campaigns.campaigns")
    targetings = small_world.lake("campaigns.targetings")
    found = small_world.rows(
        "select count(*), count(distinct campaign_id), "
        "count(*) filter (where redeemed_on between starts_on and ends_on), "
        f"count(*) filter (where customer_id in (select customer_id from {targetings} "
        f"as sent where sent.campaign_id = redeemed.campaign_id)), "
        "count(distinct coupon_id) "
        f"from {redemptions} as redeemed join {campaigns} using (campaign_id)"
    )[0]
    redeemed, campaign_count, *others = found
    assert redeemed > 10
    # The month's coupon and the winter sales.
    assert campaign_count >= 2
    assert others == [redeemed] * 3


def test_bargain_hunters_redeem_most(small_world):
    shares = dict(
        small_world.rows(
            "select planted_segment, count(distinct redeemed.coupon_id) "
            f"/ count(distinct sent.customer_id) from "
            f"{small_world.lake('campaigns.targetings')} as sent "
            f"left join {small_world.lake('campaigns.redemptions')} as redeemed "
            "using (campaign_id, customer_id) "
            f"join {small_world.truth('profile_persons')} as profiles "
            "on source = 'shop' and profile_id = sent.customer_id "
            f"join {small_world.truth('persons')} using (person_id) group by all"
        )
    )
    assert shares["deal_hunters"] == max(shares.values()) > 0
    assert shares["deal_hunters"] > 3 * shares["premium_loyals"]
