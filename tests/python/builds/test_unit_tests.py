"""dbt's unit tests, which a night leaves out, on the models of an empty lake."""

import re


def test_the_unit_tests_of_all_models_pass(shop):
    shop.environment["TESSERA_UNIT_TESTS"] = "1"
    result = shop.dbt("--warn-error", "test", "--select", "test_type:unit")
    summary = re.search(r"Done\. PASS=(\d+) WARN=0 ERROR=0 SKIP=0", result.log)
    assert summary, result.log[-2000:]
    assert int(summary[1]) > 0
