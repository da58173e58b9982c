"""Golden values decided for touched persons are those decided for everybody."""

import random
import shutil
import zlib
from datetime import date, datetime, timedelta

import duckdb
import pytest

DECIDED = (
    "int_golden_touches", "int_attribute_values", "int_attribute_choices",
    "int_golden_values",
)  # fmt: skip
FIRST_NIGHT = date(2024, 6, 1)
# A night run twice, and a past one again.
NIGHTS = (0, 1, 1, 2, 0, 3)
SOURCES = ("crm", "shop", "social", "web", "survey")
PERSONS = 60
TABLES = {
    "crm": "staging.stg_crm__contacts_judged",
    "shop": "staging.stg_shop__orders_judged",
    "social": "staging.stg_social__profiles_judged",
    "web": "intermediate.int_web_places_daily",
    "survey": "staging.stg_survey__responses_judged",
}
NAMES = {"crm": "contact_id", "shop": "customer_id", "web": "visitor_id"}
MAPPED = """
    insert into rules.survey_attributes values
        ('s', 'born', 'birth_date'), ('s', 'school', 'education');
    insert into staging.stg_shop__country_spellings values ('FR', 'FR'), ('BE', 'BE');
"""

# Who has a value; the others are looked at every night.
TOUCHED = """
    select count(*) from intermediate.int_golden_touches
    where person_key in (select person_key from intermediate.int_golden_values)
"""


class Town:
    """Profiles of persons, and what they say from night to night."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.people = {}
        self.rows = {source: [] for source in SOURCES}
        self.stores = {"n": "north", "s": "south"}
        self.count = 0
        for _ in range(150):
            self.add()

    def any(self, *values):
        """Draw one of some values, or nothing."""
        return self.random.choice([*values, None])

    def add(self):
        """Let a profile come, of a person who may have others."""
        self.count += 1
        profile = (self.random.choice(SOURCES), f"x:{self.count}")
        self.people[profile] = self.random.randrange(PERSONS)
        for _ in range(self.random.randint(1, 3)):
            self.say(profile)

    def say(self, profile):
        """Let a profile say something, perhaps on a day to come."""
        source, name = profile
        self.count += 1
        day = FIRST_NIGHT + timedelta(days=self.random.randint(-3, 3))
        said_at = datetime(day.year, day.month, day.day, self.random.randrange(24))
        email = self.any("a@x.fr", "b@x.fr", "c@x.fr")
        region = self.any("north", "South", "south")
        country = self.any("FR", "BE")
        # Who was born on these days is 121 on one of the nights, or not born yet.
        born = self.any(date(1903, 6, 3), date(2024, 6, 2), date(1990, 1, 1))
        row = {
            "crm": {
                "birth_date": born, "region": region, "country_code": country,
                "postcode": self.any("75001", "69001"), "city": self.any("Lyon"),
                "updated_at": self.random.choice([said_at, said_at, None]),
            },
            "shop": {
                "order_id": f"o{self.count}", "ordered_at": said_at,
                "country_spelling": country, "store_id": self.any(*self.stores),
            },
            "social": {
                "platform": "x", "profile_id": name.removeprefix("x:"),
                "region": region, "country_code": country, "first_seen_at": said_at,
            },
            "web": {
                "seen_on": day, "country": country, "region": region,
                "event_count": self.count,
            },
            "survey": {
                "response_id": str(self.count), "survey_id": "s",
                "question_id": self.random.choice(["born", "school", "other"]),
                "answer": str(self.any(born, "bac")), "answered_at": said_at,
                "respondent_id": name,
            },
        }[source]  # fmt: skip
        row |= {NAMES[source]: name} if source in NAMES else {}
        address = {"shop": "customer_email"}.get(source, "email")
        row |= {address: email} if source != "web" else {}
        if source != "web":
            row |= {
                "row_verdict": "kept",
                "content_hash": zlib.crc32(repr(row).encode()),
            }
        if source == "crm":
            row |= {"load_id": f"{self.count:09}", "source_row": 1}
            self.outdate(name)
        elif source == "social":
            self.rows["social"] = [
                known
                for known in self.rows["social"]
                if known["profile_id"] != row["profile_id"]
            ]
        self.rows[source].append(row)

    def outdate(self, contact):
        """Call the versions of a contact superseded by the one that comes."""
        for row in self.rows["crm"]:
            if row["contact_id"] == contact and row["row_verdict"] == "kept":
                row["row_verdict"] = "superseded"

    def forget(self, profile):
        """Erase a profile, and all that it said."""
        source, name = profile
        del self.people[profile]
        self.rows[source] = [
            row for row in self.rows[source] if name not in row.values()
        ]

    def live(self, changes):
        """Let a night's changes happen."""
        for _ in range(changes):
            profile = self.random.choice(sorted(self.people))
            rows = self.rows[self.random.choice(SOURCES)]
            row = self.random.choice(rows)
            match self.random.randrange(7):
                case 0:
                    self.add()
                case 1 | 2:
                    self.say(profile)
                case 3:
                    self.forget(profile)
                case 4:
                    self.people[profile] = self.random.randrange(PERSONS)
                case 5:
                    rows.remove(row)
                case 6 if "row_verdict" in row:
                    row["row_verdict"] = "quarantined"

    def write(self, warehouse, night):
        """Write what is known on a night in the place of what was."""
        everything = {TABLES[source]: rows for source, rows in self.rows.items()}
        everything |= {
            "staging.stg_shop__stores_judged": [
                {"store_id": name, "region": region, "row_verdict": "kept"}
                for name, region in self.stores.items()
            ],
            "intermediate.int_person_profiles": [
                {
                    "source_name": source, "profile_id": name, "person_key": person,
                    "profile_key": zlib.crc32(f"{source}{name}".encode()),
                }
                for (source, name), person in self.people.items()
            ],
        }  # fmt: skip
        with duckdb.connect(str(warehouse)) as db:
            db.execute("update intermediate.int_clock set as_of_date = ?", [night])
            for table, rows in everything.items():
                db.execute(f"delete from {table}")
                for row in rows:
                    columns, marks = ", ".join(row), ", ".join("?" * len(row))
                    db.execute(
                        f"insert into {table} ({columns}) values ({marks})",
                        list(row.values()),
                    )


def decided(workspace):
    return workspace.query("from intermediate.int_golden_values order by all")


def change(workspace, statement):
    with duckdb.connect(str(workspace.warehouse)) as db:
        db.execute(statement)


@pytest.mark.slow
def test_what_is_carried_over_is_what_would_be_decided_anew(new_shop):
    workspace, anew = new_shop("carried_values"), new_shop("anew_values")
    town = Town(1)
    change(workspace, MAPPED)
    touched = []
    for position, night in enumerate(NIGHTS):
        town.write(workspace.warehouse, FIRST_NIGHT + timedelta(days=night))
        if position == len(NIGHTS) - 1:
            change(
                workspace,
                "update rules.survivorship_rules set rule = 'latest', "
                "tie_break = 'most_trusted' where attribute = 'region'",
            )
        shutil.copy(workspace.warehouse, anew.warehouse)
        workspace.dbt("run", "--select", *DECIDED)
        anew.dbt("run", "--full-refresh", "--select", *DECIDED)
        values = decided(workspace)
        assert values == decided(anew), night
        assert len({attribute for _, attribute, *_ in values}) >= 8
        touched.append(workspace.query(TOUCHED)[0][0])
        if position == 1:
            continue
        town.live(8)
        if position == 3:
            town.stores["n"] = "east"
    first, second, again, third, past, last = touched
    # The first night and another rule touch everybody, a night run twice nobody.
    assert min(first, last) > PERSONS * 0.8
    assert again == 0
    assert 0 < max(second, third) < first * 0.75
    assert past > 0
