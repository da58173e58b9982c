"""What ``tessera.report`` writes, read as text."""

import re
import shutil
from html import escape
from html.parser import HTMLParser

import duckdb
import pytest
from report_warehouse import BEHAVIOUR_SEGMENTS, RFM_SEGMENTS, VERSION

from tessera.errors import TesseraError
from tessera.report import MissingTableError, write_report
from tessera.report.data_sections import quality_section
from tessera.report.read import MART_TABLES, PLANE_PERSONS, read_marts, read_plane


class Elements(HTMLParser):
    """Collects the start tags of a page with their attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        """Keep the tag; the parser calls this for each."""
        self.found.append((tag, dict(attributes)))

    def tags(self, *names):
        """Give those of these names, in the order of the page."""
        return [tag for tag, _ in self.found if tag in names]

    def values(self, attribute):
        """Give the attribute's value of every tag that has it."""
        return [held[attribute] for _, held in self.found if attribute in held]


def changed(warehouse, destination, *statements):
    """Copy a warehouse and run statements on the copy."""
    shutil.copyfile(warehouse, destination)
    with duckdb.connect(str(destination)) as connection:
        for statement in statements:
            connection.execute(statement)
    return destination


def written(warehouse, folder):
    return write_report(warehouse, folder / "page.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(report):
    return report.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def bare_page(bare_report):
    return bare_report.read_text(encoding="utf-8")


def test_every_segment_is_named(page):
    for name, *_ in [*RFM_SEGMENTS.values(), *BEHAVIOUR_SEGMENTS.values(), ("North",)]:
        assert escape(name) in page


def test_the_head_gives_day_persons_segmentations_and_version(page):
    for fact in ("30 June 2025", "2,000", "behaviour, rfm", VERSION):
        assert f"<dd>{fact}</dd>" in page


def test_figures_are_written_for_readers(page):
    assert "99.9% of 1,266,991 rows were kept" in page
    assert "25 · 60 · 110 · 1,180.5" in page


def test_the_reason_for_the_number_of_segments_is_told(page):
    assert "5 has the best silhouette of the candidates" in page


def test_only_the_last_thresholds_are_shown(page):
    assert page.count('abbr="Recency days"') == 1


def test_nothing_is_loaded_from_elsewhere(page):
    elements = Elements(page)
    assert elements.values("src") == []
    assert all(target.startswith("#") for target in elements.values("href"))
    assert not re.search(r"""fetch\(\s*["'`]\s*(https?:)?//""", page)
    assert not re.search(r"@import|url\(\s*[\"']?(https?:)?//", page)


def test_the_policy_forbids_requests(page):
    (policy,) = [value for value in Elements(page).values("content") if "src" in value]
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy


def test_vega_stands_once_in_the_page(page):
    assert page.count("window.vegaEmbed=") == 1


def test_no_key_of_a_person_and_no_refused_value_leaves_the_warehouse(page):
    assert not re.search(r"\b1000\d{4}\b", page.split("window.vegaEmbed")[0])
    assert "secret" not in page


def test_headings_are_in_order_and_ids_unique(page):
    elements = Elements(page)
    assert elements.tags("h1", "h2", "h3") == ["h1"] + ["h2"] * 9
    identifiers = elements.values("id")
    assert len(identifiers) == len(set(identifiers))


def test_every_table_has_a_caption_and_every_chart_a_description(page):
    elements = Elements(page)
    assert len(elements.tags("table")) == len(elements.tags("caption")) > 0
    charts = [held for _, held in elements.found if held.get("class") == "chart"]
    assert len(charts) == len(elements.tags("figcaption")) == 9
    assert all(len(chart["aria-label"]) > 40 for chart in charts)


def test_values_are_escaped(warehouse, tmp_path):
    name = "<script>alert('1')</script>"
    poisoned = changed(
        warehouse,
        tmp_path / "poisoned.duckdb",
        f"""
        update marts.dim_segments
        set segment_name = $${name}$$, description = $${name}$$
        where segment_key in ('b1', 'champions')
        """,
        f"update marts.fct_model_versions set reason = $${name}$$",
        f"update marts.fct_axis_loadings set axis_name = $${name}$$",
        f"update marts.fct_quarantined_rows set rule = $${name}$$",
    )
    page = written(poisoned, tmp_path)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert Elements(page).tags("script") == ["script"] * 3


def test_empty_marts_give_a_page_that_says_what_is_missing(bare_page):
    assert "No person has been scored yet" in bare_page
    assert bare_page.count('class="missing"') >= 7
    for table in set(MART_TABLES) - {"fct_model_versions", "fct_axis_loadings"}:
        assert f"marts.{table}" in bare_page


def test_an_empty_page_carries_no_charts_and_no_vega(bare_page):
    assert 'class="chart"' not in bare_page
    assert "vegaEmbed" not in bare_page


@pytest.mark.parametrize("table", MART_TABLES)
def test_any_mart_may_be_empty_alone(warehouse, tmp_path, table):
    emptied = changed(warehouse, tmp_path / "w.duckdb", f"truncate marts.{table}")
    assert "</html>" in written(emptied, tmp_path)


def test_edges_of_some_persons_say_whose_they_are(warehouse, tmp_path):
    page = written(warehouse, tmp_path)
    assert page.count("lifecycle: at risk") == 1
    assert "all: all" not in page


def test_figures_that_were_not_taken_leave_gaps_not_errors(warehouse, tmp_path):
    gaps = changed(
        warehouse,
        tmp_path / "gaps.duckdb",
        "update marts.dim_segments set revenue_share = null, description = null",
        """
        update marts.fct_person_scores
        set
            axis_1_score = if(person_key % 2 = 0, null, axis_1_score),
            axis_2_score = if(person_key % 3 = 0, 'nan', axis_2_score)
        """,
        "update marts.fct_model_candidates set silhouette = null, is_elbow = null",
        "update marts.fct_model_candidates set is_chosen = false, inertia = 'inf'",
        "update marts.fct_thresholds set edges = [], reason = null, scope = null",
    )
    page = written(gaps, tmp_path)
    assert "Revenue is not known here" in page
    assert "none was chosen" in page


def test_a_missing_mart_is_named_with_the_way_out(warehouse, tmp_path):
    broken = changed(
        warehouse, tmp_path / "broken.duckdb", "drop table marts.fct_thresholds"
    )
    page = tmp_path / "page.html"
    page.write_text("yesterday's", encoding="utf-8")
    with pytest.raises(MissingTableError, match=r"marts\.fct_thresholds.*`dbt build`"):
        write_report(broken, page)
    assert page.read_text(encoding="utf-8") == "yesterday's"


def test_a_missing_warehouse_is_named_with_the_way_out(tmp_path):
    with pytest.raises(TesseraError, match=r"none\.duckdb.*`dbt build`"):
        write_report(tmp_path / "none.duckdb", tmp_path / "page.html")


def test_two_writes_are_identical_and_leave_only_the_page(warehouse, tmp_path):
    before = warehouse.read_bytes()
    first = write_report(warehouse, tmp_path / "site" / "index.html").read_bytes()
    second = write_report(warehouse, tmp_path / "site" / "index.html").read_bytes()
    assert first == second
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["index.html"]
    assert warehouse.read_bytes() == before


def test_the_plane_is_a_bounded_sample_that_the_key_decides(bare_warehouse, tmp_path):
    crowded = changed(
        bare_warehouse,
        tmp_path / "crowded.duckdb",
        """
        insert into marts.fct_person_scores by name
        select range as person_key, range as axis_1_score, 0.0 as axis_2_score
        from range(4000)
        """,
        """
        insert into marts.fct_segment_memberships by name
        select range as person_key, 'behaviour' as segmentation, 'b1' as segment_key
        from range(4000)
        """,
    )
    with duckdb.connect(str(crowded), read_only=True) as connection:
        plane = read_plane(connection)
        smallest = connection.execute(
            f"""
            select range
            from range(4000)
            order by md5(range::varchar)
            limit {PLANE_PERSONS}
            """
        ).fetchall()
    assert plane["axis_1_score"].tolist() == [key for (key,) in smallest]


def test_rows_that_went_missing_are_told(warehouse, tmp_path):
    leaking = changed(
        warehouse,
        tmp_path / "leaking.duckdb",
        "update marts.fct_load_reconciliation set kept = kept - 7 "
        "where table_name = 'orders'",
    )
    page = written(leaking, tmp_path)
    assert "7 rows cannot be accounted for" in page
    assert "7 unaccounted for" in page


def test_reasons_that_differ_are_counted_not_shown(page):
    assert "12 different reasons" in page
    assert "amount under zero" in page


def test_the_last_nights_enrichments_are_told(page):
    assert "Public figures of the home" in page
    assert "1,500" in page
    assert "75.0% of persons" in page
    # The night before, two persons fewer were known.
    assert "1,998" not in page


def test_quality_without_refused_rows_asks_for_nothing(bare_warehouse):
    with duckdb.connect(str(bare_warehouse), read_only=True) as connection:
        none = connection.execute("from marts.fct_quarantined_rows").df()
        no_blanks = connection.execute("from marts.fct_blanked_values").df()
    loads = none.iloc[:0].assign(rows_in=[], kept=[], duplicates=[], quarantined=[])
    loads.loc[0, ["source_name", "table_name"]] = ["shop", "orders"]
    loads.loc[0, ["rows_in", "kept", "duplicates", "quarantined"]] = [2, 1, 1, 0]
    section = quality_section(
        loads.assign(last_loaded_on=None), none, no_blanks, enrichments=none
    )
    assert "there is nothing to mend" in section.advice


def test_blanked_values_are_counted_over_loads_with_a_place_in_the_latest(warehouse):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        marts = read_marts(connection)
    assert [
        (row.column_name, row.given_count, row.blanked_count, row.file_name)
        for row in marts.blanked.itertuples()
    ] == [("country_code", 40, 1, "new.csv"), ("email", 2_100, 10, "new.csv")]


def test_a_blanked_value_is_shown_by_its_place(page):
    assert "such as row 1,204 of new.csv" in page
    assert "no such word" not in page


def test_a_segment_that_a_resample_would_redraw_is_not_to_be_built_on(page):
    assert "no lasting campaign on “Gift givers” yet" in page


def test_many_shaky_segments_are_counted(warehouse, tmp_path):
    shaky = changed(
        warehouse,
        tmp_path / "shaky.duckdb",
        "update marts.dim_segments set stability = 0",
    )
    assert "no lasting campaign on 5 of these segments yet" in written(shaky, tmp_path)


def test_one_person_far_out_does_not_shrink_the_plane(warehouse, tmp_path):
    stretched = changed(
        warehouse,
        tmp_path / "stretched.duckdb",
        "update marts.fct_person_scores set axis_1_score = 900 "
        "where person_key = 10000007",
    )
    page = written(stretched, tmp_path)
    assert "1 person beyond the frame" in page
    assert '"axis_1_score":900' not in page


def test_match_rates_are_those_of_the_last_night(page):
    assert "9,000 profiles of all sources are 5,000 persons" in page
    assert "62.0% of profiles" in page
    assert "half of them within 3 days of their first sight" in page


def test_the_review_queue_can_be_read_and_answered(page):
    assert "3 questions wait for an answer" in page
    assert "crm K&lt;3&gt;" in page
    assert "99 found" in page
    assert "tessera identity answer" in page


def test_an_empty_review_queue_asks_for_nothing(warehouse, tmp_path):
    answered = changed(
        warehouse,
        tmp_path / "answered.duckdb",
        "delete from marts.fct_identity_reviews",
    )
    page = written(answered, tmp_path)
    assert "No question waits for an answer." in page
    assert "Nothing is asked of you." in page
