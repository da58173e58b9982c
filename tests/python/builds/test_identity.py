"""One person over several nights: merged, told apart, and the same when run again."""

from datetime import date

import pytest

from tessera.identity.answers import SEED_COLUMNS

SELECTION = (
    "--select", "+int_person_keys", "+fct_person_key_changes", "+fct_identity_reviews",
    "+fct_identity_match_rates", "+int_identity_resolutions",
)  # fmt: skip
MODELS = ("--resource-type", "seed", "--resource-type", "model")
DECISIONS = ",".join(SEED_COLUMNS)
CONTACTS = "contact_id,customer_id,email,phone,first_name,birth_date,created_at"
# Anna has a contact and an account; Bert two contacts with one number; a till rings up
# forty strangers under one number; two people of one household share an address.
FIRST = [
    "anna1,A,anna@mail.fr,,Anna,1980-01-01,2024-01-05",
    "bert1,,bert@mail.fr,0612345601,Bert,1970-01-01,2024-01-03",
    "bert2,,,+33 6 12 34 56 01,BERT,,2024-01-04",
    "carl1,,home@mail.fr,0140000001,Carl,1975-05-05,2024-01-02",
    "dora1,,home@mail.fr,0140000001,Dora,1976-06-06,2024-01-02",
    "blank1, , , , ,,2024-01-02",
    "blank2,,,0000000000,,,2024-01-02",
    *(f"till{one},TILL,till{one}@mail.fr,,Tim,,2024-01-02" for one in range(40)),
]
# A contact that has Anna's number and Bert's address; then one with a third address.
SECOND = ["both1,A,bert@mail.fr,,,,2024-01-10"]
NIGHTS = {
    "first": "2024-01-06",
    "merged": "2024-01-11",
    "parted": "2024-01-12",
    "again": "2024-01-12",
    "first_again": "2024-01-06",
}


def load_contacts(workspace, rows, loaded_on, turned=False):
    rows = rows[::-1] if turned else rows
    text = "\n".join([CONTACTS, *rows]) + "\n"
    workspace.load(loaded_on, crm__contacts=text)


def night(workspace, name):
    """Run a night and give who is who, and all that the ledgers say."""
    workspace.environment["TESSERA_AS_OF_DATE"] = NIGHTS[name]
    workspace.dbt("build", *MODELS, *SELECTION)
    return {
        "persons": dict(
            workspace.query(
                "select source_name || ':' || profile_id, person_key "
                "from intermediate.int_person_profiles"
            )
        ),
        "ledger": workspace.query("from intermediate.int_person_keys order by all"),
        "changes": workspace.query(
            "select changed_on::varchar, change_type, reason, profile_count, "
            "from_person_key, to_person_key "
            "from marts.fct_person_key_changes order by all"
        ),
        "rates": workspace.query("from marts.fct_identity_match_rates order by all"),
        "reviews": workspace.query(
            "select review_kind, left_profile_id, right_profile_id, evidence "
            "from marts.fct_identity_reviews order by all"
        ),
    }


@pytest.fixture(scope="module")
def nights(new_shop, small_shop):
    """Run five nights of one shop, the last one the first again."""
    workspace = new_shop("identity")
    sales = [("A", "2024-01-05", 10), ("TILL", "2024-01-05", 10)]
    workspace.load(date(2024, 1, 6), **small_shop(sales))
    load_contacts(workspace, FIRST, date(2024, 1, 6))
    found = {"first": night(workspace, "first")}
    load_contacts(workspace, SECOND, date(2024, 1, 11))
    found["merged"] = night(workspace, "merged")
    workspace.write_seed(
        "identity_decisions",
        f"{DECISIONS}\ncrm,anna1,crm,bert1,different,2024-01-12,she says so\n",
    )
    found["parted"] = night(workspace, "parted")
    found["again"] = night(workspace, "again")
    found["first_again"] = night(workspace, "first_again")
    found["resolutions"] = workspace.query(
        "select as_of_date::varchar, affected_profile_count "
        "from intermediate.int_identity_resolutions "
        # The workspace was built empty before.
        "where affected_profile_count > 0 order by resolved_at"
    )
    return found


@pytest.fixture(scope="module")
def shuffled(new_shop, small_shop):
    """Run the first night from the same rows in another order."""
    workspace = new_shop("shuffled")
    sales = [("TILL", "2024-01-05", 10), ("A", "2024-01-05", 10)]
    workspace.load(date(2024, 1, 6), **small_shop(sales))
    load_contacts(workspace, FIRST, date(2024, 1, 6), turned=True)
    return night(workspace, "first")


def same(persons, *profiles):
    return len({persons[profile] for profile in profiles}) == 1


def test_shared_numbers_and_phones_join_one_person(nights):
    persons = nights["first"]["persons"]
    assert same(persons, "crm:anna1", "shop:A")
    assert same(persons, "crm:bert1", "crm:bert2")
    assert not same(persons, "crm:anna1", "crm:bert1")


def test_blank_and_placeholder_values_join_nobody(nights):
    persons = nights["first"]["persons"]
    assert not same(persons, "crm:blank1", "crm:blank2")


def test_a_till_joins_nobody_and_raises_an_alarm(nights):
    persons = nights["first"]["persons"]
    people = [f"crm:till{one}" for one in range(40)] + ["shop:TILL"]
    assert len({persons[one] for one in people}) == 41
    alarms = [row for row in nights["first"]["reviews"] if row[0] == "shared_value"]
    assert [(row[2], row[3]) for row in alarms] == [(None, "customer")]


def test_contradicting_birth_dates_go_to_review(nights):
    persons = nights["first"]["persons"]
    assert not same(persons, "crm:carl1", "crm:dora1")
    asked = [row for row in nights["first"]["reviews"] if row[0] == "contradiction"]
    assert [({*row[1:3]}, row[3]) for row in asked] == [
        ({"carl1", "dora1"}, "same email, other birth_date")
    ]


def test_a_merge_keeps_the_earliest_key_and_is_written_down(nights):
    before, after = nights["first"]["persons"], nights["merged"]["persons"]
    assert same(after, "crm:anna1", "shop:A", "crm:both1", "crm:bert1", "crm:bert2")
    # Bert was seen before Anna.
    assert after["crm:anna1"] == before["crm:bert1"]
    assert nights["merged"]["changes"] == [
        (
            "2024-01-11",
            "merged",
            "customer_id",
            2,
            before["crm:anna1"],
            before["crm:bert1"],
        )
    ]


def test_nobody_else_changes_key(nights):
    anna = {"crm:anna1", "shop:A"}
    # The newcomer came to Bert's key, and goes where the stronger link ties her.
    for one, other, concerned in (
        ("first", "merged", anna),
        ("merged", "parted", anna | {"crm:both1"}),
    ):
        before, after = nights[one]["persons"], nights[other]["persons"]
        changed = {name for name, key in before.items() if after[name] != key}
        assert changed == concerned


def test_a_decision_restores_the_earlier_keys(nights):
    before, after = nights["first"]["persons"], nights["parted"]["persons"]
    assert {name: after[name] for name in before} == before
    assert not same(after, "crm:anna1", "crm:bert1")
    # The newcomer stays where the stronger link, the customer number, ties her.
    assert same(after, "crm:both1", "crm:anna1")
    assert [row[:3] for row in nights["parted"]["changes"]] == [
        ("2024-01-11", "merged", "customer_id"),
        ("2024-01-12", "restored", "decision"),
    ]


def test_a_night_run_twice_gives_the_same(nights):
    assert nights["again"] == nights["parted"]


def test_a_night_looks_at_those_whom_something_touched(nights):
    # Everybody; Anna, Bert and who came; the same for the decision, twice; and all of
    # them again, since the ledger is written anew from its first night on.
    assert nights["resolutions"] == [
        ("2024-01-06", 49),
        ("2024-01-11", 5),
        ("2024-01-12", 5),
        ("2024-01-12", 5),
        ("2024-01-06", 50),
    ]


def test_a_past_night_run_again_gives_what_it_gave(nights):
    # Contacts have one state, so who came later is told by her day alone.
    assert nights["first_again"] == nights["first"]


@pytest.mark.slow
def test_the_order_of_rows_changes_no_key(nights, shuffled):
    assert shuffled == nights["first"]


def test_match_rates_count_who_is_known_to_several_sources(nights):
    rates = {row[1]: row[2:] for row in nights["first"]["rates"]}
    # profiles, persons, linked profiles
    assert rates["shop"][:3] == (2, 2, 1)
    assert rates["crm"][:3] == (47, 46, 1)
    assert rates["all"][:3] == (49, 47, 2)
