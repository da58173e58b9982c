"""The tables of truth about the whole world: people, profiles, segments, calendar."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tessera.world.almanac import calendar_rows
from tessera.world.columns import coded, constant, dates
from tessera.world.contacts import SHARED_TILLS, has_contact, has_second_account
from tessera.world.dirt_kinds import (
    DERIVED_KINDS,
    KINDS,
    REDELIVERED,
    REDELIVERED_RATE,
    SPOILT_CONTACT_KINDS,
)
from tessera.world.dirt_words import DESCRIPTIONS
from tessera.world.identifiers import (
    DEVICE_SLOTS,
    contact_ids,
    customer_ids,
    emails,
    shares_tablet,
    visitor_ids,
)
from tessera.world.names import LAST_NAMES
from tessera.world.persons import NEVER, Persons
from tessera.world.places import POSTCODES, REGIONS
from tessera.world.segments import PROSPECT_CODE, TRAITS
from tessera.world.settings import World
from tessera.world.social import PLATFORMS, has_profile, profile_ids
from tessera.world.surveys import respondent_ids, traits

CHUNK = 500_000
_SEXES = ["female", "male", "other"]


def write_truth(world: World, copies: list[tuple[str, int]]) -> None:
    """Write every table of truth but the dirty rows, which go day by day.

    Parameters
    ----------
    world : World
    copies : list of (str, int)
        Contacts made by planting near-duplicates, and their person.
    """
    folder = world.settings.truth
    folder.mkdir(parents=True, exist_ok=True)
    people = np.arange(len(world.persons))
    parts = [people[at : at + CHUNK] for at in range(0, len(people), CHUNK)]
    _write(folder / "persons.parquet", (_person_rows(world, part) for part in parts))
    _write(folder / "profile_persons.parquet", _profile_rows(world, parts, copies))
    segments = [_flat(asdict(segment)) for segment in world.segments]
    _write(folder / "segments.parquet", [pa.Table.from_pylist(segments)])
    calendar = calendar_rows(world.settings.days, world.settings.start)
    schema = pa.schema(
        [("kind", "string"), ("name", "string"), ("variable", "string"),
         ("factor", "double"), ("first_on", "date32"), ("last_on", "date32")]
    )  # fmt: skip
    _write(folder / "calendar.parquet", [pa.Table.from_pylist(calendar, schema)])
    _write(folder / "dirty_kinds.parquet", [pa.Table.from_pylist(kind_rows())])


def kind_rows() -> list[dict]:
    """List every kind of dirty row by table, with its planned rate and outcome.

    Examples
    --------
    >>> {row["outcome"] for row in kind_rows()} >= {"quarantine", "duplicate", "blank"}
    True
    """
    rows = [
        _kind(one.table, one.name, one.rule, one.outcome, one.column, one.rate)
        for one in KINDS
    ]
    rows += [
        _kind("crm.contacts", name, name, outcome, column, rate)
        for name, column, rate, outcome in SPOILT_CONTACT_KINDS
    ]
    rule, outcome = DERIVED_KINDS["redelivered"]
    rows += [
        _kind(table, "redelivered", rule, outcome, None, REDELIVERED_RATE)
        for table in REDELIVERED
    ]
    for name, table in (
        ("superseded", "shop.orders"),
        ("superseded", "shop.products"),
        ("superseded", "crm.contacts"),
        ("line_of_dirty_order", "shop.order_lines"),
        ("line_of_outlier_order", "shop.order_lines"),
        ("order_of_dirty_line", "shop.orders"),
    ):
        rule, outcome = DERIVED_KINDS[name]
        rows.append(_kind(table, name, rule, outcome, None, None))
    return rows


def _kind(table, name, rule, outcome, column, rate) -> dict:
    source, entity = table.split(".")
    return {
        "source": source,
        "table_name": entity,
        "kind": name,
        "expected_rule": rule,
        "outcome": outcome,
        "column_name": column,
        "planned_rate": rate,
        "description": DESCRIPTIONS[name],
    }


def _flat(values: dict) -> dict:
    return {
        name: value if isinstance(value, str | float | int) else str(value)
        for name, value in values.items()
    }


def _write(path: Path, tables) -> None:
    writer = None
    for table in tables:
        if writer is None:
            writer = pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _on(world: World, days: np.ndarray) -> pa.Array:
    never = days >= NEVER // 2
    epoch = world.settings.start.toordinal() - 719_163
    return dates(np.where(never, 0, days) + epoch, never)


def _person_rows(world: World, who: np.ndarray) -> pa.Table:
    persons = world.persons
    names = [segment.name for segment in world.segments]
    planted = world.settings.planted
    segment, second = persons.segment[who], persons.second_segment[who]
    hidden = (segment == PROSPECT_CODE) | (not planted)
    drifts = persons.drift_day[who] < world.settings.days
    moves = persons.move_day[who] < world.settings.days
    felt = traits(persons, who, world.segments)
    columns = {
        "person_id": pa.array(who),
        "planted_segment": coded(segment, names, hidden),
        "is_buyer": pa.array(segment != PROSPECT_CODE),
        "drifted_on": _on(world, np.where(drifts, persons.drift_day[who], NEVER)),
        "second_segment": coded(second, names, ~drifts | hidden),
        "sex": coded(persons.sex[who], _SEXES),
        "birth_date": dates(persons.birth_day[who]),
        "household_id": pa.array(persons.household[who]),
        "region": coded(persons.region_on(who, 0), REGIONS),
        "postcode": coded(persons.postcode[who], POSTCODES),
        "moved_on": _on(world, np.where(moves, persons.move_day[who], NEVER)),
        "second_postcode": coded(persons.second_postcode[who], POSTCODES, ~moves),
        "last_name": coded(persons.last_name[who], LAST_NAMES),
        "married_on": _on(world, persons.marriage_day[who]),
        "joined_on": _on(world, persons.join_day[who]),
        "churned_on": _on(world, persons.churn_day[who]),
        "erased_on": _on(world, persons.erasure_day[who]),
        "activity_factor": pa.array(persons.activity[who].astype(np.float64)),
        "is_over_represented": pa.array(persons.is_over_represented(who)),
    }
    for at, name in enumerate(TRAITS):
        columns[f"trait_{name}"] = pa.array(np.round(felt[:, at], 4))
    return pa.table(columns)


def _profiles(source: str, entity: str, ids: pa.Array, who, shared: bool = False):
    size = len(ids)
    person = pa.nulls(size, pa.int64()) if shared else pa.array(who, pa.int64())
    return pa.table(
        {
            "source": constant(source, size),
            "entity": constant(entity, size),
            "profile_id": ids,
            "person_id": person,
            "is_shared": pa.array(np.full(size, shared)),
        }
    )


def _profile_rows(world: World, parts: list[np.ndarray], copies: list):
    """Give who is behind each natural id that the world may show, piece by piece."""
    persons = world.persons
    for who in parts:
        who = who[persons.join_day[who] < world.settings.days]
        buyers = who[persons.segment[who] != PROSPECT_CODE]
        yield _profiles("shop", "customer", customer_ids(persons, buyers), buyers)
        second = buyers[has_second_account(persons, buyers)]
        yield _profiles("shop", "customer", customer_ids(persons, second, 1), second)
        devices = np.repeat(who, DEVICE_SLOTS)
        numbers = devices * DEVICE_SLOTS + np.tile(np.arange(DEVICE_SLOTS), len(who))
        yield _profiles("web", "visitor", visitor_ids(persons, numbers), devices)
        yield _profiles("email", "address", emails(persons, who), who)
        other = who[persons.draw("second_mail", who) < 0.15]
        yield _profiles("email", "address", emails(persons, other, 1), other)
        for platform, name in enumerate(PLATFORMS):
            has = who[has_profile(persons, who, platform)]
            ids = profile_ids(persons, has, np.full(len(has), platform))
            yield _profiles("social", name, ids, has)
        yield _profiles("survey", "respondent", respondent_ids(persons, who), who)
        known = who[has_contact(persons, who)]
        first = contact_ids(persons, known, np.zeros_like(known))
        yield _profiles("crm", "contact", first, known)
    contacts = world.contacts
    late = (contacts.slot == 1) & (contacts.created_day < world.settings.days)
    old = contacts.who[late].astype(np.int64)
    yield _profiles("crm", "contact", contact_ids(persons, old, np.ones_like(old)), old)
    names = pa.array([name for name, _ in copies], pa.string())
    yield _profiles("crm", "contact", names, [person for _, person in copies])
    tills = pa.array([f"CTILL{at + 1:02d}" for at in range(SHARED_TILLS)])
    yield _profiles("shop", "customer", tills, None, shared=True)
    yield _shared_tablets(persons)


def _shared_tablets(persons: Persons) -> pa.Table:
    houses = np.unique(persons.household).astype(np.int64)
    houses = houses[shares_tablet(persons, houses)]
    ids = visitor_ids(persons, len(persons) * DEVICE_SLOTS + houses)
    return _profiles("web", "visitor", ids, None, shared=True)


def true_profiles_sql(truth: Path) -> str:
    """Give the SQL of the true person of every profile; of shared ones there is none.

    An advertiser knows a cookie, or the hash of an address.

    Parameters
    ----------
    truth : Path
        Folder that the truth was written to.

    Returns
    -------
    str
        A select of `source_name`, `profile_id` and `person_id`, named as the
        warehouse names profiles.
    """
    return f"""
        with known as (from '{truth}/profile_persons.parquet')
        select
            source as source_name,
            case source
                when 'social' then entity || ':' || profile_id
                when 'email' then md5(profile_id)
                else profile_id
            end as profile_id,
            person_id
        from known
        union all
        select
            'ads', case source when 'email' then sha256(profile_id) else profile_id end,
            person_id
        from known
        where source in ('web', 'email')
    """
