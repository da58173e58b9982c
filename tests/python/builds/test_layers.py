"""The project's own rules, read from dbt's manifest."""

import re
from collections import defaultdict
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

# What each layer may read, besides the seeds.
MAY_READ = {
    "staging": {"source", "staging"},
    "intermediate": {"staging", "intermediate"},
    "features": {"intermediate", "features"},
    "fits": {"features", "fits", "int_clock"},
    "segments": {"segments", "fits", "features", "intermediate"},
    "personas": {"personas", "segments", "fits", "features", "intermediate"},
    "marts": {"marts", "personas", "segments", "fits", "features", "intermediate"},
    "gates": {"marts", "gates", "int_clock"},
    "activation": {"marts", "activation"},
}
UNIQUENESS_TESTS = {
    "unique",
    "unique_combination",
    "unique_by_construction",
    "unique_in_touched_days",
    "unique_tonight",
    "stretches_never_overlap",
}
# Views of the longest tables, on the way to or from `stg_web__events` and
# `seg_membership_history`, whose keys are tested; each look at them reads all of it.
WITHOUT_UNIQUENESS_TEST = {
    "stg_web__events_normalised",
    "stg_web__events_sound",
    "seg_memberships_before",
}
LONGEST_MODEL = 100


@pytest.fixture(scope="module")
def models(manifest):
    return {
        node["unique_id"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }


def layer_of(node):
    return node["fqn"][1]


def is_public(model):
    # The gates' verdict is read from outside, as marts are; their figures are not.
    return layer_of(model) in ("marts", "activation") or model["schema"] == "marts"


def test_a_layer_reads_only_the_one_before_it(manifest, models):
    wrong = []
    for model in models.values():
        allowed = MAY_READ[layer_of(model)]
        for parent_id in model["depends_on"]["nodes"]:
            kind = parent_id.split(".")[0]
            if kind == "seed":
                continue
            parent = manifest["nodes"].get(parent_id)
            layer = "source" if kind == "source" else layer_of(parent)
            if layer not in allowed and parent_id.split(".")[-1] not in allowed:
                wrong.append((model["name"], parent_id))
    assert wrong == []


def test_layers_are_kept_by_access(models):
    wrong = [
        model["name"]
        for model in models.values()
        if model["config"]["access"] != ("public" if is_public(model) else "private")
        or not model["config"]["group"]
    ]
    assert wrong == []


def test_marts_and_segments_have_contracts(models):
    wrong = [
        model["name"]
        for model in models.values()
        if layer_of(model) in ("marts", "segments")
        and not model["config"]["contract"]["enforced"]
    ]
    assert wrong == []


def test_every_description_opens_with_its_grain(models):
    wrong = [
        model["name"]
        for model in models.values()
        if not model["description"].startswith("One row per ")
        # There is one clock, so it has no grain to name.
        and not (
            model["name"] == "int_clock" and model["description"].startswith("One row")
        )
    ]
    assert wrong == []


def test_every_source_table_opens_with_its_grain(manifest):
    wrong = [
        source["name"]
        for source in manifest["sources"].values()
        if not source["description"].startswith("One row per ")
    ]
    assert wrong == []


def test_every_model_has_a_uniqueness_test_on_its_grain(manifest, models):
    tests = defaultdict(set)
    # Those that a night leaves out are disabled.
    left_out = chain.from_iterable(manifest["disabled"].values())
    for node in chain(manifest["nodes"].values(), left_out):
        if node["resource_type"] == "test" and node.get("attached_node"):
            tests[node["attached_node"]].add(node["test_metadata"]["name"])
    without = {
        model["name"]
        for model_id, model in models.items()
        if not tests[model_id] & UNIQUENESS_TESTS
    }
    assert without == WITHOUT_UNIQUENESS_TEST


def test_every_column_of_a_mart_is_described(models):
    wrong = [
        (model["name"], column["name"])
        for model in models.values()
        if layer_of(model) == "marts"
        for column in model["columns"].values()
        if not column["description"]
    ]
    assert wrong == []


def test_no_model_is_long(models):
    lengths = {
        model["name"]: len(model["raw_code"].splitlines()) for model in models.values()
    }
    assert {
        name: length for name, length in lengths.items() if length > LONGEST_MODEL
    } == {}


def test_there_are_at_least_four_models_to_a_macro(manifest, models):
    # Not counted: macros/engine, which holds what differs between engines and spares
    # models a second version; macros/normalise, one macro a kind of value, which is a
    # vocabulary; the override of dbt's schema names; generic tests.
    macros = [
        macro["name"]
        for macro in manifest["macros"].values()
        if macro["package_name"] == "tessera"
        and macro["original_file_path"].startswith("macros/")
        and not macro["original_file_path"].startswith(
            ("macros/engine/", "macros/normalise/")
        )
        and macro["name"] != "generate_schema_name"
    ]
    assert len(macros) * 4 <= len(models), macros


def test_every_macro_documents_its_arguments(manifest):
    wrong = [
        macro["name"]
        for macro in manifest["macros"].values()
        if macro["package_name"] == "tessera"
        and macro["original_file_path"].startswith("macros/")
        and "Arguments" not in macro["macro_sql"]
        and not (ROOT / macro["original_file_path"]).read_text().startswith("{#")
    ]
    assert wrong == []


def test_marts_hold_no_column_of_a_direct_identifier(manifest, models):
    identifiers = {
        column["name"]
        for source in manifest["sources"].values()
        if source["source_name"] != "ingest"
        for column in source["columns"].values()
        if column["config"].get("meta", {}).get("direct_identifier")
    }
    assert {"email", "phone", "last_name"} <= identifiers
    wrong = [
        (model["name"], column)
        for model in models.values()
        if layer_of(model) in ("features", "fits", "segments", "marts")
        for column in identifiers & set(model["columns"])
    ]
    assert wrong == []


def test_the_overview_leads_to_every_mart(manifest, models):
    (overview,) = [
        doc["block_contents"]
        for doc in manifest["docs"].values()
        if doc["name"] == "__overview__" and doc["package_name"] == "tessera"
    ]
    linked = set(re.findall(r"#!/(?:model|exposure)/([a-z_.0-9]+)\)", overview))
    marts = {key for key, model in models.items() if model["schema"] == "marts"}
    assert marts <= linked
    assert linked <= marts | set(manifest["exposures"])
    # A mart that nothing reads is nobody's.
    read = {
        parent
        for exposure in manifest["exposures"].values()
        for parent in exposure["depends_on"]["nodes"]
    }
    assert marts <= read
