"""Persons found night by night, from what changed, are those found from everything."""

import random
import shutil
from datetime import date, timedelta
from hashlib import sha256

import duckdb
import pytest

# From values to the ledger; what comes before is made up here.
RESOLUTION = [
    f"{name},path:models/intermediate/identity"
    for name in ("int_profile_value_changes+", "int_identity_last_resolution+")
]
# What a night leaves behind, whoever was affected by it.
COMPARED = (
    "int_profile_value_keys", "int_profile_identifiers", "int_identifier_values",
    "int_muted_identifiers", "int_identifier_contradictions", "int_identifier_links",
    "int_identity_components", "int_component_overloads", "int_identity_suspects",
    "int_identity_parts", "int_identity_cuts", "int_identity_alarms",
    "int_identity_questions", "int_person_profiles", "int_person_key_moves",
    "int_person_key_changes", "int_person_keys",
)  # fmt: skip
FIRST_NIGHT = date(2024, 6, 1)
# A night run twice, and a past one again.
NIGHTS = (0, 1, 1, 2, 0, 3)
BORN = ("1980-01-01", "1980-01-02", None)
NAMES = ("Anne", "Bernard", None)
TYPES = {
    "crm": ("customer_id", "loyalty_card", "email", "phone"),
    "shop": ("customer_id", "loyalty_card", "email"),
    "web": ("login", "device"),
    "ads": ("device", "hashed_email"),
    "survey": ("email", "hashed_email"),
}
UPSTREAM = """
    create or replace table intermediate.int_profiles as
    select
        (md5_number_upper(source_name || ':' || profile_id) >> 1)::bigint
            as profile_key,
        source_name, profile_id, first_seen_on
    from profiles;
    create or replace view intermediate.int_contacts_known as
    select profile_id as contact_id, birth_date, first_name, null as country_code
    from intermediate.made_contacts;
    create or replace view intermediate.int_profile_values as
    select
        made.*,
        hash(made, contacts.birth_date, contacts.first_name, rules.value_rules_key)
            as fingerprint
    from intermediate.made_values as made
    left join intermediate.made_contacts as contacts
        on made.source_name = 'crm' and made.profile_id = contacts.profile_id
    cross join intermediate.int_identity_rules as rules;
    create or replace table intermediate.int_identity_decisions as
    select
        least(one, other) as left_profile_key,
        greatest(one, other) as right_profile_key,
        any_value(decision) as decision, any_value(decided_on) as decided_on
    from decisions group by all;
    create or replace table intermediate.int_profile_matches as
    select
        least(one, other) as left_profile_key,
        greatest(one, other) as right_profile_key,
        max(probability) as match_probability,
        log2(max(probability) / (1 - max(probability))) as match_weight,
        case when max(probability) >= 0.95 then 'link' else 'review' end as verdict,
        'email' as evidence
    from matches group by all;
    update intermediate.int_clock set as_of_date = $night;
"""


class Town:
    """Profiles that come, go and change from night to night."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.profiles = {}
        self.decisions = []
        self.matches = {}
        for _ in range(220):
            self.add()

    def add(self):
        """Add a profile with values of its source, many of them shared."""
        source = self.random.choice(list(TYPES))
        profile = (source, f"p{self.random.randrange(10**9)}")
        seen_on = FIRST_NIGHT + timedelta(days=self.random.randint(-3, 4))
        self.profiles[profile] = {"seen_on": seen_on, "values": set()}
        for _ in range(self.random.randint(0, 3)):
            self.give(profile)
        self.say(profile)

    def give(self, profile):
        """Give a profile one more value."""
        kind = self.random.choice(TYPES[profile[0]])
        # One number in eight is that of a crowd.
        number = self.random.choice([0, *self.random.choices(range(1, 250), k=7)])
        email = f"u{number}{self.random.choice(['', '.x'])}@gmail.com"
        value = {
            "email": email,
            "hashed_email": sha256(email.encode()).hexdigest(),
        }.get(kind, f"{kind[0]}{number}")
        if kind in ("customer_id", "login"):
            value = f"c{number}"
        day = FIRST_NIGHT + timedelta(days=self.random.randint(-3, 4))
        self.profiles[profile]["values"].add(
            (kind, value, self.random.choice([day, None]))
        )

    def say(self, profile):
        """Let a contact tell its name and birth date, or others."""
        self.profiles[profile] |= {
            "birth_date": self.random.choice(BORN),
            "first_name": self.random.choice(NAMES),
        }

    def pick(self):
        """Pick a profile."""
        return self.random.choice(sorted(self.profiles))

    def live(self, changes):
        """Let a night's changes happen."""
        for _ in range(changes):
            profile = self.pick()
            match self.random.randrange(8):
                case 0 | 1:
                    self.add()
                case 2:
                    del self.profiles[profile]
                case 3:
                    self.give(profile)
                case 4:
                    values = self.profiles[profile]["values"]
                    values -= set(
                        self.random.sample(sorted(values, key=str), k=len(values) // 2)
                    )
                case 5:
                    self.say(profile)
                case 6:
                    pair = (
                        profile,
                        self.pick(),
                        self.random.choice(["same", "different"]),
                    )
                    self.decisions.append(pair)
                    self.decisions = self.decisions[-4:]
                case 7:
                    self.matches[profile, self.pick()] = self.random.choice(
                        [0.7, 0.96, 0.99]
                    )

    def write(self, warehouse, night):
        """Put all of it where the models before resolution would have put it."""
        with duckdb.connect(str(warehouse)) as connection:
            known = {
                key: told
                for key, told in self.profiles.items()
                if told["seen_on"] <= night
            }
            tables = {
                "profiles": (
                    "source_name varchar, profile_id varchar, first_seen_on date",
                    [(*key, told["seen_on"]) for key, told in known.items()],
                ),
                "intermediate.made_contacts": (
                    "profile_id varchar, birth_date date, first_name varchar",
                    [
                        (key[1], told["birth_date"], told["first_name"])
                        for key, told in self.profiles.items()
                        if key[0] == "crm"
                    ],
                ),
                "intermediate.made_values": (
                    "source_name varchar, profile_id varchar, identifier_type varchar, "
                    "identifier_value varchar, seen_on date",
                    # A value is seen on one day, the first.
                    sorted(
                        {
                            (*key, kind, value): (*key, kind, value, day)
                            for key, told in self.profiles.items()
                            for kind, value, day in sorted(told["values"], key=str)
                        }.values(),
                        key=str,
                    ),
                ),
                "decisions": (
                    "one bigint, other bigint, decision varchar, decided_on date",
                    [
                        (key_of(one), key_of(other), word, FIRST_NIGHT)
                        for one, other, word in self.decisions
                        if one != other
                    ],
                ),
                "matches": (
                    "one bigint, other bigint, probability double",
                    [
                        (key_of(one), key_of(other), probability)
                        for (one, other), probability in self.matches.items()
                        if one in known and other in known and one != other
                    ],
                ),
            }
            for name, (columns, rows) in tables.items():
                temporary = "" if "." in name else "temp "
                connection.execute(
                    f"create or replace {temporary}table {name} ({columns})"
                )
                if rows:
                    marks = ", ".join("?" * len(rows[0]))
                    connection.executemany(f"insert into {name} values ({marks})", rows)
            for statement in UPSTREAM.split(";"):
                if "$night" in statement:
                    connection.execute(statement, {"night": night})
                elif statement.strip():
                    connection.execute(statement)


def key_of(profile):
    return duckdb.execute(
        "select (md5_number_upper(?) >> 1)::bigint", [":".join(profile)]
    ).fetchall()[0][0]


def left_behind(workspace):
    return {
        name: workspace.query(f"from intermediate.{name} order by all")
        for name in COMPARED
    }


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_carried_over_is_what_would_be_found_anew(new_shop, seed):
    workspace = new_shop(f"carried{seed}")
    anew = new_shop(f"anew{seed}")
    town = Town(seed)
    affected = []
    for night in NIGHTS:
        town.write(workspace.warehouse, FIRST_NIGHT + timedelta(days=night))
        shutil.copy(workspace.warehouse, anew.warehouse)
        workspace.dbt("run", "--select", *RESOLUTION)
        anew.dbt("run", "--full-refresh", "--select", *RESOLUTION)
        carried, found = left_behind(workspace), left_behind(anew)
        assert {name for name in COMPARED if carried[name] != found[name]} == set()
        affected.append(
            workspace.query(
                "select arg_max(affected_profile_count, resolved_at), "
                "(select count(*) from intermediate.int_profiles) "
                "from intermediate.int_identity_resolutions"
            )[0]
        )
        town.live(6)
    # Most nights most persons are carried over.
    assert min(found / there for found, there in affected) < 0.5
