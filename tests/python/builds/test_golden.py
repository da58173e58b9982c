"""What survives of each person, and what public data and a partner add beside it."""

import hashlib
from dataclasses import dataclass

import duckdb
import pytest
from normalise.conftest import Macros

from tessera.world import generate_world

MARTS = ("dim_persons", "fct_enrichment_match_rates", "fct_attribute_sources")
SAID = """
    select person_key, country_code, region, age_band, sex, marital_status, education,
        employment, income_band, household_size, children_count, home_ownership,
        language_code
    from marts.dim_persons
"""
# Whom the CRM knows, when all her contacts are of one planted person, who is at home
# where she was planted or has moved to.
KNOWN = """
    select
        person_key,
        any_value(truth.region) as true_region,
        any_value(truth.moved_on is null or truth.moved_on > as_of_date) as has_stayed,
        any_value(
            case
                when truth.moved_on <= as_of_date then truth.second_postcode
                else truth.postcode
            end
        ) as true_postcode
    from intermediate.int_person_profiles as profiles
    cross join intermediate.int_clock
    join planted_profiles on
        planted_profiles.source = 'crm' and profiles.source_name = 'crm'
        and planted_profiles.profile_id = profiles.profile_id
    join truth using (person_id)
    group by person_key
    having min(person_id) = max(person_id)
"""


@dataclass
class Enriched:
    """A world before and after public data and a partner's file came in.

    Attributes
    ----------
    db : duckdb.DuckDBPyConnection
        The warehouse, with `known` and `said_before`, what persons said before.
    has_france : bool
        Whether the public data came in, which not every machine has.
    partner_hashes : set of str
        Hashed addresses that the partner's file names.
    """

    db: duckdb.DuckDBPyConnection
    has_france: bool
    partner_hashes: set

    def value(self, sql: str) -> object:
        """Give the one value of a query."""
        return self.db.sql(sql).fetchall()[0][0]


def run_marts(workspace, *only: str) -> None:
    """Make the marts and what they need, or of these what comes after a source."""
    selected = [
        ",".join([*([start] if start else []), f"+{mart}"])
        for start in (only or ("",))
        for mart in MARTS
    ]
    workspace.dbt("run", "--select", "stg_ingest__lake_loads", *selected)


@pytest.fixture(scope="module")
def enriched(new_shop, mappings):
    """Build a world, then load the dictionaries and a partner's file, and build on."""
    workspace = new_shop("golden")
    truth = workspace.root / "truth"
    generate_world(
        persons=1_500, days=20, seed=11, out=workspace.lake, truth=truth, dirt=1
    )
    workspace.init_lake()
    run_marts(workspace)
    said_before = workspace.root / "said.parquet"
    with workspace.connect() as db:
        db.execute(f"copy ({SAID}) to '{said_before}'")
        addresses = db.sql(
            "select distinct email from staging.stg_crm__contacts "
            "where email is not null and contact_id[-1] in ('1', '2')"
        ).fetchall()
    hashes = {hashlib.sha256(email.encode()).hexdigest() for (email,) in addresses}
    partner = workspace.root / "acme_2024.csv"
    lines = [f"{one.upper()},has_garden,yes,2024-01-02" for one in sorted(hashes)]
    late = [f"{one},has_garden,no,2024-06-01" for one in sorted(hashes)]
    text = "\n".join(["email_sha256,attribute,value,as_of", *lines, *late])
    partner.write_text(text + "\n")
    workspace.ingest(mappings / "partner_attributes.yml", partner)
    france = mappings.parents[1] / "shared" / "data" / "france_geo"
    if france.is_dir():
        for mapping, files in {
            "decoupage_administratif": ("communes_etalab", "departements", "regions"),
            "codes_postaux": ("codes_postaux_communes",),
            "insee_communes": ("communes_socioeco",),
        }.items():
            paths = [france / f"{name}.parquet" for name in files]
            workspace.ingest(mappings / f"{mapping}.yml", *paths)
    run_marts(workspace, "source:reference+", "source:partner+")
    with workspace.connect() as db:
        db.execute(
            f"create temp table truth as from '{truth}/persons.parquet';"
            f"create temp table planted_profiles as "
            f"from '{truth}/profile_persons.parquet';"
            f"create temp table said_before as from '{said_before}';"
            f"create temp table known as {KNOWN};"
        )
        yield Enriched(db, france.is_dir(), hashes)


@pytest.fixture
def france(enriched):
    """Give the world with public data, where the machine has them."""
    if not enriched.has_france:
        pytest.skip("the public data are not here")
    return enriched


def test_the_postcode_that_survives_is_that_of_the_home(enriched):
    right = enriched.value(
        "select count(*) filter (postcode = true_postcode) / count(postcode) "
        "from known join intermediate.int_persons using (person_key)"
    )
    assert enriched.value("select count(*) from known") > 1000
    assert right >= 0.98, right


def test_the_region_that_survives_is_that_of_the_home(enriched):
    right, told = enriched.db.sql(
        "select count(*) filter (region = true_region) / count(region), "
        "count(region) / count(*) "
        "from known join marts.dim_persons using (person_key) where has_stayed"
    ).fetchall()[0]
    # Where the CRM has none, the region of the store stands, where people shop.
    assert told >= 0.7, told
    assert right >= 0.95, right


def test_nothing_enriched_replaces_what_was_said(enriched):
    assert enriched.value("select count(*) from said_before") > 1000
    for left, right in (("said_before", f"({SAID})"), (f"({SAID})", "said_before")):
        only = f"select count(*) from (from {left} except all from {right})"
        assert enriched.value(only) == 0


def test_the_partner_is_believed_by_night_and_by_addresses_of_one_person(enriched):
    points = enriched.db.sql(
        "select email_sha256, list(distinct person_key) "
        "from intermediate.int_contact_points where attribute = 'email' group by all"
    ).fetchall()
    expected = {
        owners[0]
        for email, owners in points
        if email in enriched.partner_hashes and len(owners) == 1
    }
    found = enriched.db.sql(
        "select person_key, attribute_value "
        "from intermediate.int_person_partner_attributes"
    ).fetchall()
    assert len(expected) > 100
    # What the partner says after the night is not known yet.
    assert set(found) == {(person, "yes") for person in expected}
    assert len(found) == len(expected)
    assert enriched.value(
        "select matched_count from marts.fct_enrichment_match_rates "
        "where enrichment = 'partner'"
    ) == len(expected)


def test_no_mart_holds_what_names_a_person(enriched):
    for mart in MARTS:
        found = enriched.value(
            f"""
            with cells as (
                unpivot (select columns(*)::varchar from marts.{mart})
                on columns(*) into name column_name value cell
            )
            select count(*)
            from cells
            join intermediate.int_contact_points on cell = attribute_value
            -- A family may be called like a town or a department.
            where attribute not in ('first_name', 'last_name')
            """
        )
        assert found == 0, mart


def test_sources_and_rules_account_for_every_winner(enriched):
    counted = enriched.db.sql(
        "select attribute, sum(person_count)::bigint from marts.fct_attribute_sources "
        "where attribute in ('region', 'sex', 'education') group by all order by all"
    ).fetchall()
    held = [
        (
            attribute,
            enriched.value(f"select count({attribute}) from marts.dim_persons"),
        )
        for attribute in ("education", "region", "sex")
    ]
    assert counted == held


def test_the_published_region_of_a_home_is_the_planted_one(france):
    right = france.value(
        "select count(*) filter ("
        "strip_accents(lower(area_region)) = strip_accents(lower(true_region))"
        ") / count(area_region) "
        "from known join marts.dim_persons using (person_key) where has_stayed"
    )
    assert right >= 0.99, right


def test_nearly_every_french_home_is_found(france):
    found = france.value(
        "select count(*) filter (area_match != 'none') / count(*) "
        "from intermediate.int_home_places "
        "join intermediate.int_person_areas using (person_key) "
        "where country_code = 'FR'"
    )
    exact = france.value(
        "select count(*) filter (area_match = 'exact' and is_town_confirmed) "
        "/ count(*) from intermediate.int_person_areas where area_match != 'none'"
    )
    assert (found >= 0.99, exact >= 0.9) == (True, True), (found, exact)


@pytest.mark.parametrize(
    ("fact", "sql"),
    [
        # INSEE, populations de référence 2023: Paris and all communes of France.
        (
            2_103_778,
            "select population_count from staging.stg_reference__communes "
            "where commune_code = '75056'",
        ),
        (
            34_969,
            "select count(*) from staging.stg_reference__communes "
            "where commune_kind = 'commune'",
        ),
        # Paris, Lyon and Marseille are the sum of their 45 arrondissements.
        (
            0,
            "select sum(case commune_kind when 'commune' then population_count "
            "else -population_count end)::bigint from staging.stg_reference__communes "
            "where commune_kind = 'district' "
            "or commune_code in ('75056', '69123', '13055')",
        ),
        # The 13 regions of the mainland and Corsica, the 5 overseas.
        (
            18,
            "select count(*) from staging.stg_reference__divisions "
            "where division_kind = 'region' and length(division_code) = 2",
        ),
        # 96 departments of the mainland and Corsica, 5 overseas.
        (
            101,
            "select count(*) from staging.stg_reference__divisions where "
            "division_kind = 'department' and (length(division_code) = 2 "
            "or division_code in ('971', '972', '973', '974', '976'))",
        ),
        # Corsica's communes bear letters, its postcodes do not.
        (
            0,
            "select count(*) from staging.stg_reference__postcodes "
            "where (postcode[:2] = '20') != (commune_code[:2] in ('2A', '2B'))",
        ),
        # Ain has the first postcodes, none of which lost its zero.
        (
            0,
            "select count(*) from staging.stg_reference__postcodes "
            "where length(postcode) != 5",
        ),
    ],
)
def test_what_insee_publishes_is_what_staging_holds(france, fact, sql):
    assert france.value(sql) == fact


def test_a_commune_that_the_census_file_repeats_is_one(france, shared_data):
    file = shared_data / "france_geo" / "communes_socioeco.parquet"
    people = (
        "select sum(population)::bigint from (select max(population_2021) as population"
        f" from '{file}' where commune_type in ('COM', 'ARM') group by insee_com)"
    )
    held = "select sum(population_count)::bigint from staging."
    assert france.value(f"{held}stg_reference__commune_figures") == france.value(people)


def test_postcodes_of_several_communes_keep_them_all(france, shared_data):
    file = shared_data / "france_geo" / "codes_postaux_communes.parquet"
    several = (
        "select count(*) from (select 1 from {table} "
        "group by {postcode} having count(distinct {commune}) > 1)"
    )
    expected = france.value(
        several.format(table=f"'{file}'", postcode="codePostal", commune="codeCommune")
    )
    assert expected > 4000
    assert expected == france.value(
        several.format(
            table="staging.stg_reference__postcodes",
            postcode="postcode",
            commune="commune_code",
        )
    )


def test_a_postcode_tells_its_department_but_for_a_few_on_the_border(france):
    department = Macros().sql("department_code", "postcode")
    right = france.value(
        f"select count(*) filter ({department} = department_code) / count(*) "
        "from staging.stg_reference__postcodes "
        "join staging.stg_reference__communes using (country_code, commune_code)"
    )
    assert right >= 0.99, right


def test_urbanity_is_near_the_published_shares_of_people(france):
    # INSEE's grid of density: 38 % dense, 29 % in between, 33 % rural. The densities of
    # whole communes, fields and all, make more of them rural.
    shares = dict(
        france.db.sql(
            "select urbanity, sum(census_population_count) "
            "/ sum(sum(census_population_count)) over () "
            "from intermediate.int_areas "
            "where census_population_count is not null group by urbanity"
        ).fetchall()
    )
    published = {"city": 0.38, "town": 0.29, "rural": 0.33}
    off = {kind: shares[kind] - share for kind, share in published.items()}
    assert set(shares) == set(published)
    assert max(map(abs, off.values())) <= 0.08, off
