"""What ``tessera.report`` writes, read as text."""

import re
import shutil
from html.parser import HTMLParser
from itertools import pairwise

import duckdb
import pytest
from report_warehouse import BEHAVIOUR_SEGMENTS, RFM_SEGMENTS, TYPICAL, VERSION

from tessera.errors import TesseraError
from tessera.report import write_site
from tessera.report.conditions import cells_of
from tessera.report.edition import Edition
from tessera.report.language import CODES, language
from tessera.report.read import PLANE_PERSONS, read_marts
from tessera.report.site import VEGA, pages_of, render

MENU_PAGES = ["index", "movement", "rfm", "model", "quality"]


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


@pytest.fixture
def read(site):
    """Read a page of the full site: ``read("rfm")``, ``read("rfm", "fr")``."""
    return lambda name, code="en": (site / code / f"{name}.html").read_text("utf-8")


@pytest.fixture(scope="module")
def bundled(site):
    """Copy the scripts of a written site, so that another need not bundle them."""

    def prepare(folder):
        (folder / "assets").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(site / "assets" / VEGA, folder / "assets" / VEGA)
        return folder

    return prepare


def written(warehouse, name="index", code="en"):
    """Render one page on a changed warehouse."""
    edition = Edition(read_marts(warehouse), language(code))
    (page,) = [page for page in pages_of(edition) if page.path == f"{name}.html"]
    return render(edition, page)


def all_pages(folder):
    return {
        path.relative_to(folder): path.read_text("utf-8")
        for code in CODES
        for path in sorted((folder / code).rglob("*.html"))
    }


def test_every_segment_has_a_page_in_every_language(site):
    for code in CODES:
        pages = {path.stem for path in (site / code / "segments").iterdir()}
        assert pages == {
            *RFM_SEGMENTS,
            *(f"behaviour-{key}" for key in BEHAVIOUR_SEGMENTS),
            "context-weekend",
            "context-web",
        }
        assert {path.stem for path in (site / code).glob("*.html")} == set(MENU_PAGES)


def test_every_link_leads_to_a_page_and_a_place_that_exist(site):
    pages = all_pages(site)
    places = {path: set(Elements(page).values("id")) for path, page in pages.items()}
    broken = []
    for path, page in pages.items():
        for target in Elements(page).values("href"):
            file, _, place = target.partition("#")
            reached = (site / path.parent / file).resolve() if file else site / path
            known = places.get(reached.relative_to(site.resolve()), set())
            if not reached.is_file() or (place and place not in known):
                broken.append((path, target))
    assert broken == []


def test_a_newcomer_reads_who_brings_most_and_who_grew(read):
    overview = read("index")
    glance = overview.split('id="glance"')[1].split("</section>")[0]
    assert "Brings most revenue (RFM)" in glance
    assert re.search(r"Brings most revenue \(RFM\).*?Champions", glance, re.S)
    assert "Grew most in 30 days" in glance


def test_a_newcomer_reads_why_somebody_is_in_a_segment(read):
    page = read("segments/rfm-at-risk")
    assert "last bought more than 75 days ago" in page
    assert "more than 2 orders" in page
    french = read("segments/rfm-at-risk", "fr")
    assert "dernier achat il y a plus de 75 jours" in french


def test_ways_of_a_rule_are_told_apart(read):
    page = read("segments/context-weekend")
    assert "Way 2: all of these hold:" in page
    assert "one of Bretagne, Corse" in page
    assert "3 to 9" in page
    assert "everybody whom no other segment takes" in read("segments/context-web")


def test_figures_and_dates_are_of_the_language(read):
    assert "30 June 2025" in read("index")
    assert "30 juin 2025" in read("index", "fr")
    assert "1,204,331" in read("quality")
    assert "1\u202f204\u202f331" in read("quality", "fr")
    assert "25 · 60 · 110 · 1,180.5" in read("rfm")
    assert "25 · 60 · 110 · 1\u202f180,5" in read("rfm", "fr")


def test_segments_have_the_name_of_the_language(read):
    assert "<h1>Champions</h1>" in read("segments/rfm-champions")
    assert "<h1>Championnes</h1>" in read("segments/rfm-champions", "fr")


def test_words_that_have_no_translation_are_marked_as_english(read):
    page = read("segments/behaviour-b4", "fr")
    assert '<h1><span lang="en">Gift givers</span></h1>' in page
    assert 'lang="en">Few visits' in page


def test_a_portrait_stands_in_the_language(read):
    assert "They buy in the evening" in read("segments/rfm-champions")
    french = read("segments/rfm-champions", "fr")
    assert "Elles achètent le soir" in french
    assert "They buy" not in french


def test_traits_are_written_with_their_unit(read):
    page = read("segments/rfm-champions")
    assert "+0.91" in page  # standard deviations of a measure
    assert "\N{MULTIPLICATION SIGN} 2.0" in page  # lift of an attribute
    assert "4.0%" in page  # a measure that is a share
    assert "12.5 days" in page
    assert "€1,234" in page
    assert "1\u202f234\xa0€" in read("segments/rfm-champions", "fr")


def test_traits_and_features_have_the_names_of_the_marts(read):
    page = read("segments/rfm-champions")
    assert "Preferred channel" in page
    assert "Days between purchases" in page
    assert "mean_gap_days" not in page
    french = read("segments/rfm-champions", "fr")
    assert "Canal préféré" in french
    assert "L\N{RIGHT SINGLE QUOTATION MARK}e-mail" in french
    assert "Taste for Garden +0.62" in read("model")
    assert "Goût pour Garden +0,62" in read("model", "fr")


def test_reasons_are_told_in_the_language(read):
    english = "K = 5 (k means): most stable (0.780) among the one candidate"
    assert english in read("model")
    model = read("model", "fr")
    assert "K = 5 (k-moyennes)\xa0: le plus stable (0,780)" in model
    assert "y avait pas de modèle." in model
    assert "Le premier modèle." in model
    quality = read("quality", "fr")
    assert "«\xa0Prometteuses\xa0» est passé de 50,0\u202f% à 10,0\u202f%" in quality
    assert "depuis le 29 juin 2025" in quality
    assert "2\u202f000 lignes, 1\u202f999 clés" in quality
    assert "Gift givers</span>" not in quality.split('id="reconciliation"')[0]
    assert "nom de famille, date de naissance" in quality
    assert "même\xa0: e-mail" in quality


def test_who_stayed_is_no_movement(read):
    page = read("movement")
    assert "8 of 2,000 persons moved since last night, 164 in 30 days" in page
    assert ">900<" not in page.split('id="movement-rfm"')[1].split("</section>")[0]


def test_the_movement_rate_has_a_trend(read):
    section = read("movement").split('id="movement-rfm"')[1].split("</section>")[0]
    assert "Line of Movement rate by night, from 0.0% to 0.4%" in section
    # 9 moved the night before last, of all who were in a segment that night.
    night = section.split("29 June 2025")[1].split("</tr>")[0]
    assert re.findall(r">([^<>]+)</td>", night)[1:] == ["9", "9", "0.5%"]
    # Nobody can have moved on the first night.
    assert "22 May 2025" not in section
    assert "Taux de mouvement" in read("movement", "fr")


def test_who_came_and_who_left_are_told_in_words(read):
    page = read("movement")
    assert "40 persons from “New here” to “No purchase yet”" in page
    assert "3 persons from “Hibernating” to “Gone”" in page
    assert "31 came and 24 went in 30 days: +7." in read("segments/rfm-champions")


def test_causes_are_those_of_tonight(read):
    page = read("movement")
    assert "they did, or did not do, something: 94%" in page
    assert "the model was fitted anew" not in page
    champions = read("segments/rfm-champions")
    assert "they did, or did not do, something: +2.5" in champions


def test_the_model_page_names_algorithms_in_words(read):
    page = read("model")
    assert "K means" in page
    assert "Average linkage" in page
    assert "average_linkage" not in page
    assert VERSION in page


def test_only_the_champions_lineage_is_shown(read):
    table = read("model").split("From the segments before to those in use")[1]
    assert table.count("the same segment") == 1
    assert table.count(">new<") == 1


def test_a_failed_gate_is_told_and_the_failed_come_first(read):
    page = read("quality")
    assert "1 of 3 checks passed." in page
    assert "1 check holds back publication" in page
    assert page.index("Moved share") < page.index("Repeated keys")


def test_data_quality_tells_what_became_of_every_row(read):
    page = read("quality")
    assert "99.9% of 1,266,991 rows were kept" in page
    assert "Every row is accounted for." in page
    assert "12 different reasons" in page
    assert "such as row 1,204 of new.csv" in page
    assert "4 questions wait for an answer. 1 pair more agrees in names only" in page
    # In the order of the queue, and without an address.
    queue = page.split('id="identity"')[1]
    assert queue.index("crm K&lt;3&gt;") < queue.index("crm K1") < queue.index("crm K5")
    assert "email …" in queue
    assert "a@b.fr" not in page
    assert "K8" not in page
    assert "Half of them within 3 days" in page
    assert "75.0% of persons" in page


def test_rows_that_went_missing_are_told(warehouse, tmp_path):
    leaking = changed(
        warehouse,
        tmp_path / "leaking.duckdb",
        "update marts.fct_load_reconciliation set kept = kept - 7 "
        "where table_name = 'orders'",
    )
    page = written(leaking, "quality")
    assert "7 rows cannot be accounted for." in page
    assert "7 unaccounted for" in page


def test_a_segment_that_a_resample_would_redraw_is_not_to_be_built_on(read):
    assert "no lasting campaign on “Gift givers” yet" in read("index")


def test_nothing_is_loaded_from_elsewhere(site):
    for path, page in all_pages(site).items():
        elements = Elements(page)
        for target in [*elements.values("src"), *elements.values("href")]:
            assert not re.match(r"[a-z]+:|//", target), (path, target)
        (policy,) = [value for value in elements.values("content") if "src" in value]
        assert policy.startswith("default-src 'none'")
        assert "http" not in policy
    styles = (site / "assets" / "report.css").read_text("utf-8")
    assert "@import" not in styles
    assert "url(" not in styles


def test_only_typical_persons_have_a_key_and_no_refused_value_is_told(site):
    pages_of_keys = {}
    for path, page in all_pages(site).items():
        for key in re.findall(r"\b1000\d{4}\b", page):
            pages_of_keys.setdefault(int(key), set()).add(path.stem)
        assert "secret" not in page, path
    assert pages_of_keys == {
        TYPICAL["rfm-champions"]: {"rfm-champions"},
        TYPICAL["b1"]: {"behaviour-b1"},
    }


def test_a_typical_person_is_explained(warehouse, read):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        ((days, points),) = connection.execute(
            "select recency_days, recency_score from marts.fct_person_scores "
            f"where person_key = {TYPICAL['rfm-champions']}"
        ).fetchall()
    page = read("segments/rfm-champions")
    example = page.split('id="example"')[1].split("</section>")[0]
    assert f"tessera person {TYPICAL['rfm-champions']}" in example
    cells = re.findall(r"<td[^>]*>\s*([^<]*?)\s*</td>", example)
    assert cells[:2] == [str(days), str(points)]
    assert "days ago" in cells[2]
    assert "RFM: " in example
    assert ", since 1 May 2025" in example
    behaviour = read("segments/behaviour-b1", "fr").split('id="example"')[1]
    assert "Milieu du segment" in behaviour
    assert "(probabilité 90\u202f%)" in behaviour
    # Nobody is typical of a segment that overlaps others.
    assert 'id="example"' not in read("segments/context-web")


def test_headings_are_in_order_and_ids_unique(site):
    for path, page in all_pages(site).items():
        elements = Elements(page)
        levels = [int(tag[1]) for tag in elements.tags("h1", "h2", "h3")]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(b - a <= 1 for a, b in pairwise(levels)), path
        identifiers = elements.values("id")
        assert len(identifiers) == len(set(identifiers)), path


def test_every_picture_is_told_in_words_and_every_table_has_a_caption(site):
    for path, page in all_pages(site).items():
        elements = Elements(page)
        assert len(elements.tags("table")) == len(elements.tags("caption")), path
        for _, held in elements.found:
            if held.get("class") in ("chart", "trend"):
                assert len(held["aria-label"]) > 40, path
        told = page.count('class="unseen"')
        drawn = page.count('class="sankey"') + page.count('class="tree"')
        assert told == drawn, path


def test_values_are_escaped(warehouse, tmp_path):
    name = "<script>alert('1')</script>"
    poisoned = changed(
        warehouse,
        tmp_path / "poisoned.duckdb",
        f"""
        update marts.dim_segments
        set segment_name = $${name}$$, description = $${name}$$
        where segment_key in ('b1', 'rfm-champions')
        """,
        f"update marts.fct_model_versions set reason = $${name}$$",
        f"update marts.fct_axis_loadings set axis_name = $${name}$$",
        f"update marts.dim_personas set paragraph_en = $${name}$$",
        f"update marts.fct_segment_traits set trait_label = $${name}$$",
        f"update marts.dim_segment_rules set value = $${name}$$ where operator = 'in'",
    )
    for page in (
        "index",
        "model",
        "segments/rfm-champions",
        "segments/context-weekend",
    ):
        text = written(poisoned, page)
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_empty_marts_give_pages_that_say_what_is_missing(bare_site):
    for code, empty in (("en", "is still empty."), ("fr", "est encore vide.")):
        for name in MENU_PAGES:
            page = (bare_site / code / f"{name}.html").read_text("utf-8")
            assert empty in page, (code, name)
            assert 'class="missing"' in page
            assert 'class="chart"' not in page
            assert VEGA not in page


@pytest.mark.slow
def test_any_mart_may_be_absent_alone(warehouse, tmp_path):
    # An empty one reads the same; all of them empty are above.
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        ).fetchall()
    for (table,) in tables:
        lame = changed(warehouse, tmp_path / "lame.duckdb", f"drop table marts.{table}")
        edition = Edition(read_marts(lame), language("fr"))
        assert len(pages_of(edition)) >= 5, table


def test_an_absent_mart_is_named(warehouse, tmp_path):
    first_night = changed(
        warehouse,
        tmp_path / "first.duckdb",
        "drop table marts.fct_segment_migrations",
        "drop table marts.dim_personas",
        "truncate marts.fct_segment_sizes_daily",
    )
    page = written(first_night, "segments/rfm-champions")
    assert "Not in this file: marts.dim_personas." in page
    assert "No movement yet: it takes two nights." in page
    assert "This is the first night on record" in written(first_night)


def test_a_column_that_an_older_file_lacks_reads_as_unknown(warehouse, tmp_path, read):
    older = changed(
        warehouse,
        tmp_path / "older.duckdb",
        "alter table marts.dim_segments drop column stability",
        "alter table marts.fct_model_candidates drop column dunn",
    )
    edition = Edition(read_marts(older), language("en"))
    assert edition.marts.segments["stability"].isna().all()
    assert len(pages_of(edition)) == 5 + len(edition.names)


def test_figures_that_were_not_taken_leave_gaps_not_errors(warehouse, tmp_path):
    gaps = changed(
        warehouse,
        tmp_path / "gaps.duckdb",
        "update marts.dim_segments set revenue_share = null, description = null",
        "update marts.dim_segments set revenue_amount = null",
        """
        update marts.fct_person_scores
        set
            axis_1_score = if(person_key % 2 = 0, null, axis_1_score),
            axis_2_score = if(person_key % 3 = 0, 'nan', axis_2_score)
        """,
        "update marts.fct_model_candidates set silhouette = null, is_elbow = null",
        "update marts.fct_model_candidates set is_chosen = false",
        "update marts.fct_thresholds set edges = [], reason = null, scope = null",
        "update marts.fct_segment_traits set interval_low = null, difference = null "
        "where trait = 'order_count'",
    )
    assert "So far none was chosen." in written(gaps, "model")


def test_a_file_without_marts_is_named_with_the_way_out(tmp_path):
    duckdb.connect(str(tmp_path / "none.duckdb")).close()
    with pytest.raises(TesseraError, match=r"none\.duckdb.*`dbt build`"):
        write_site(tmp_path / "none.duckdb", tmp_path / "site")
    with pytest.raises(TesseraError, match=r"gone\.duckdb.*`dbt build`"):
        write_site(tmp_path / "gone.duckdb", tmp_path / "site")


def test_two_writes_are_identical_and_leave_only_the_site(
    warehouse, tmp_path, bundled, site
):
    before = warehouse.read_bytes()
    folder = bundled(tmp_path / "site")
    (folder / "lineage.html").write_text("dbt's", encoding="utf-8")
    gone = folder / "en" / "segments" / "gone.html"
    gone.parent.mkdir(parents=True)
    gone.touch()
    write_site(warehouse, folder)
    first = {path: path.read_bytes() for path in folder.rglob("*.html")}
    write_site(warehouse, folder)
    assert {path: path.read_bytes() for path in folder.rglob("*.html")} == first
    assert {path.name for path in folder.iterdir()} == {
        "assets",
        "en",
        "fr",
        "index.html",
        "lineage.html",
    }
    assert not gone.exists()
    assert warehouse.read_bytes() == before
    assert "../lineage.html" in first[folder / "en" / "index.html"].decode()
    assert "lineage.html" not in (site / "en" / "index.html").read_text("utf-8")


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
    plane = read_marts(crowded).plane
    smallest = duckdb.sql(
        f"select range from range(4000) order by md5(range::varchar) "
        f"limit {PLANE_PERSONS}"
    ).fetchall()
    assert plane["across_position"].tolist() == [key for (key,) in smallest]


def test_one_person_far_out_does_not_shrink_the_plane(warehouse, tmp_path):
    stretched = changed(
        warehouse,
        tmp_path / "stretched.duckdb",
        "update marts.fct_person_scores set axis_1_score = 900 "
        "where person_key = 10000007",
    )
    page = written(stretched, "model")
    assert "1 person lies beyond the frame" in page
    assert '"across_position":900' not in page


def test_pages_of_keys_that_look_alike_do_not_overwrite_each_other(warehouse, tmp_path):
    alike = changed(
        warehouse,
        tmp_path / "alike.duckdb",
        "update marts.dim_segments set segment_key = 'B-1' where segment_key = 'b2'",
        "update marts.dim_segments set segment_key = 'b 1' where segment_key = 'b3'",
    )
    paths = Edition(read_marts(alike), language("en")).paths
    assert len(set(paths.values())) == len(paths)


def test_the_form_and_the_warehouse_give_the_same_segment(warehouse, read):
    cells = cells_of(Edition(read_marts(warehouse), language("en")))
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(
            """
            select distinct
                concat_ws('-', recency_score, frequency_score, monetary_score),
                segment_key
            from marts.fct_person_scores
            inner join marts.fct_segment_memberships using (person_key)
            where segmentation = 'rfm' and recency_score > 0
            """
        ).fetchall()
    assert len(rows) > 50
    assert {cell: cells[cell] for cell, _ in rows} == dict(rows)
    assert "lookup-data" in read("rfm")


def test_nights_after_tonight_are_not_shown(warehouse, read):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        ((last,),) = connection.execute(
            "select max(as_of_date)::varchar from marts.fct_segment_sizes_daily"
        ).fetchall()
    assert last == "2025-07-01"
    page = read("segments/rfm-champions")
    assert "From 22 May 2025 to 30 June 2025, night by night." in page
    assert "1 July 2025" not in page


def test_days_of_the_week_are_named(read):
    assert "Wednesday" in read("segments/rfm-champions")
    assert "Mercredi" in read("segments/rfm-champions", "fr")
