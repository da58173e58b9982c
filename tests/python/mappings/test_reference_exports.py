"""Mappings for open data and a partner's file, each on a sample in its shape."""

import pytest

# Files of each mapping; table, rows that came in, and of these the refused ones.
EXPORTS = {
    "decoupage_administratif": (
        ("communes.json", "departements.json", "regions.json"),
        [
            ("reference.communes", 4, 0),
            ("reference.divisions", 2, 0),
            ("reference.divisions", 2, 0),
        ],
    ),
    "codes_postaux": (("codes-postaux.json",), [("reference.postcodes", 4, 0)]),
    "insee_communes": (
        ("communes_figures.csv",),
        [("reference.commune_figures", 4, 1)],
    ),
    "partner_attributes": (("acme_2024-03.csv",), [("partner.attributes", 3, 1)]),
}
HASH = "b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514"
ROWS = {
    # The delegated commune, which bears the whole one's code, is left out.
    ("decoupage_administratif", "reference.communes"): (
        "country_code, commune_code, commune_name, commune_kind, department_code, "
        "region_code, population_count",
        [
            ("FR", "01015", "Arboys en Bugey", "commune", "01", "84", "667"),
            ("FR", "2A004", "Ajaccio", "commune", "2A", "94", "76320"),
            (
                "FR",
                "75101",
                "Paris 1er Arrondissement",
                "district",
                "75",
                "11",
                "15114",
            ),
            ("FR", "98901", "Île de Clipperton", "commune", "989", "989", None),
        ],
    ),
    ("decoupage_administratif", "reference.divisions"): (
        "division_kind, division_code, division_name, region_code",
        [
            ("department", "01", "Ain", "84"),
            ("department", "2A", "Corse-du-Sud", "94"),
            ("region", "01", "Guadeloupe", None),
            ("region", "94", "Corse", None),
        ],
    ),
    ("codes_postaux", "reference.postcodes"): (
        "country_code, postcode, commune_code, commune_name, post_town",
        [
            ("FR", "01300", "01015", "Arboys en Bugey", "ARBOYS EN BUGEY"),
            ("FR", "01300", "01034", "Belley", "BELLEY"),
            ("FR", "20167", "2A004", "Ajaccio", "AJACCIO"),
            ("FR", "75001", "75101", "Paris 1er Arrondissement", "PARIS"),
        ],
    ),
    # Ajaccio stands once for each postcode and comes in once.
    ("insee_communes", "reference.commune_figures"): (
        "commune_code, census_year, population_count, household_count, "
        "labour_force_count, unemployed_count, surface_square_kilometres",
        [
            ("01015", "2021", "667", "303", "307", "39", "22.49"),
            ("2A004", "2021", "73822", "31353", "32950", "2735", "82.03"),
            ("75101", "2021", "15919", "9499", "9252", "846", "1.83"),
        ],
    ),
    # Staging folds the capitals of the hash.
    ("partner_attributes", "partner.attributes"): (
        "partner_id, lower(email_sha256), attribute, attribute_value, said_on",
        [
            ("acme", HASH, "has_garden", "yes", "2024-03-01"),
            ("acme", HASH, "has_garden", "no", "2023-01-31"),
        ],
    ),
}
REFUSED = {
    "decoupage_administratif": [],
    "codes_postaux": [],
    "insee_communes": [
        ("reference.commune_figures", "population_count", "many", "not_a_bigint")
    ],
    "partner_attributes": [
        ("partner.attributes", "said_on", "31/03/2024", "not_a_date")
    ],
}


def load(lake, mappings, samples, name):
    """Load the samples of one mapping."""
    files = [samples / file for file in EXPORTS[name][0]]
    return lake.ingest(mappings / f"{name}.yml", *files)


@pytest.mark.parametrize("name", EXPORTS)
def test_nothing_is_refused_but_what_was_planted(sample_lake, mappings, samples, name):
    loads = load(sample_lake, mappings, samples, name)
    counts = [(part.contract.name, part.rows_in, part.rows_refused) for part in loads]
    assert counts == EXPORTS[name][1]
    refused = [(table, *rest) for table, _, *rest in sample_lake.refused()]
    assert refused == REFUSED[name]


@pytest.mark.parametrize(
    ("name", "table"), ROWS, ids=[f"{name}-{table}" for name, table in ROWS]
)
def test_every_row_comes_in_typed_and_complete(
    sample_lake, mappings, samples, name, table
):
    load(sample_lake, mappings, samples, name)
    columns, expected = ROWS[name, table]
    # Files of one table, and rows made of several, are in no order.
    rows = sample_lake.rows(table, columns)
    assert sorted(rows, key=str) == sorted(expected, key=str)
