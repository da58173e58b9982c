"""The report as Chromium shows it, from files and without a network.

A page is opened once per language and then looked at in two widths and both colour
schemes: opening is what takes time.
"""

import shutil

import duckdb
import pytest

from tessera.report import write_site

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install -e .[dev]"
)
axe_core = pytest.importorskip(
    "axe_playwright_python.sync_playwright",
    reason="axe is not installed: pip install -e .[dev]",
)

WIDTHS = [1280, 375]
SCHEMES = ["light", "dark"]
# Every kind of page; segments by rule, by model, that overlap, and without a portrait.
PAGES = [
    "index",
    "movement",
    "rfm",
    "model",
    "quality",
    "segments/rfm-champions",
    "segments/behaviour-b1",
    "segments/behaviour-b4",
    "segments/context-weekend",
]
BARE_PAGES = PAGES[:5]
CHART_COUNTS = {"rfm": 2, "model": 5}
SERIOUS = {"serious", "critical"}
# Axe would fetch the styles again, which the page's policy forbids, and rightly.
AXE_OPTIONS = {"preload": False, "resultTypes": ["violations"]}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MARKS = """
    charts => charts.map(chart => [
        chart.id,
        chart.querySelectorAll("svg [class*='role-mark'] :is(path, text, line)").length,
    ])
"""
WIDER_THAN_PAGE = """
    charts => charts
        .filter(chart => chart.querySelector("svg").clientWidth > chart.clientWidth)
        .map(chart => chart.id)
"""
CLIPPED = """
    charts => charts.filter(chart => {
        const frame = chart.getBoundingClientRect();
        return [...chart.querySelectorAll("svg text")].some(text => {
            const box = text.getBoundingClientRect();
            return box.left < frame.left - 1 || box.right > frame.right + 1;
        });
    }).map(chart => chart.id)
"""
OVERLAPPING_NAMES = """
    lists => lists.flatMap(list => {
        const boxes = [...list.children].map(item => item.getBoundingClientRect());
        return boxes.slice(1).filter((box, place) => box.top < boxes[place].bottom - 2);
    }).length
"""
SIDEWAYS = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length"
OPEN_ALL = "all => all.forEach(one => one.open = true)"


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed: run scripts/install_chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_page(browser):
    """Open a file in the one window; gives the page, its complaints and requests."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 800})
    page = context.new_page()
    complaints, requests = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))

    def open_file(path):
        complaints.clear()
        requests.clear()
        page.emulate_media(color_scheme=SCHEMES[0])
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        page.goto(path.as_uri())
        wait_for_charts(page)
        return page, complaints, requests

    yield open_file
    context.close()


def wait_for_charts(page):
    page.wait_for_function(
        "document.querySelectorAll('.chart:not([data-drawn])').length === 0"
    )


def violations(page):
    results = axe_core.Axe().run(page, options=AXE_OPTIONS)
    return [
        (found["id"], found["impact"], [node["html"][:120] for node in found["nodes"]])
        for found in results.response["violations"]
        if found["impact"] in SERIOUS
    ]


@pytest.mark.parametrize(("code", "schemes"), [("en", SCHEMES), ("fr", SCHEMES[::-1])])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_whole_alone_and_for_everybody(
    open_page, site, name, code, schemes
):
    page, complaints, requests = open_page(site / code / f"{name}.html")
    assert page.evaluate("document.documentElement.lang") == code
    # Both languages together see each width in each scheme.
    for width, scheme in zip(WIDTHS, schemes, strict=True):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.eval_on_selector_all("details", OPEN_ALL)
        assert page.evaluate(OVERFLOW) == 0, width
        assert violations(page) == [], (width, scheme)
        if name in CHART_COUNTS:
            page.wait_for_timeout(100)
            drawn = page.eval_on_selector_all(".chart", MARKS)
            assert len(drawn) == CHART_COUNTS[name]
            assert [chart for chart, marks in drawn if marks < 2] == []
            assert page.eval_on_selector_all(".chart", WIDER_THAN_PAGE) == []
            assert page.eval_on_selector_all(".chart", CLIPPED) == []
        assert page.eval_on_selector_all(".sankey ul", OVERLAPPING_NAMES) == 0
    # On a phone a row is a card: no table needs scrolling sideways.
    assert page.eval_on_selector_all(".scroll", SIDEWAYS) == 0
    assert complaints == []
    assert all(url.startswith(site.as_uri()) for url in requests)


@pytest.mark.parametrize("name", BARE_PAGES)
def test_an_empty_page_opens_whole_and_for_everybody(open_page, bare_site, name):
    page, complaints, requests = open_page(bare_site / "fr" / f"{name}.html")
    page.set_viewport_size({"width": 375, "height": 800})
    assert page.evaluate(OVERFLOW) == 0
    assert violations(page) == []
    assert complaints == []
    assert all(url.startswith(bare_site.as_uri()) for url in requests)


def test_the_entry_leads_to_the_readers_language(browser, site):
    for locale, code in (("fr-FR", "fr"), ("en-GB", "en"), ("de-DE", "en")):
        context = browser.new_context(locale=locale)
        page = context.new_page()
        page.goto((site / "index.html").as_uri())
        page.wait_for_url(f"**/{code}/index.html")
        context.close()


def test_another_language_shows_the_same_page(open_page, site):
    page, *_ = open_page(site / "en" / "segments" / "rfm-champions.html")
    page.click(".languages a")
    assert page.url == (site / "fr" / "segments" / "rfm-champions.html").as_uri()


def test_the_form_answers_from_the_edges(open_page, site):
    page, complaints, _ = open_page(site / "en" / "rfm.html")
    for values, segment in (
        (("15", "9", "900"), "Champions"),
        (("76", "9", "900"), "At risk"),
        (("75", "2", "0"), "Promising"),
        (("500", "1", "5"), "Hibernating"),
    ):
        fields = ("recency_score", "frequency_score", "monetary_score")
        for field, value in zip(fields, values, strict=True):
            page.fill(f"[name={field}]", value)
        assert page.inner_text(".answer a") == segment
    assert "last bought more than 130 days ago" in page.inner_text(".answer")
    assert complaints == []


def test_keys_alone_reach_the_content_and_the_tables(open_page, site):
    page, *_ = open_page(site / "en" / "index.html")
    page.keyboard.press("Tab")
    assert page.inner_text(":focus") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_axis_figures_are_written_in_the_language(open_page, site):
    page, *_ = open_page(site / "fr" / "model.html")
    labels = page.eval_on_selector_all(
        "#selection-silhouette .role-axis-label text",
        "texts => texts.map(text => text.textContent)",
    )
    assert any("," in label for label in labels)
    assert not any("." in label for label in labels)


def test_charts_follow_the_colour_scheme(open_page, site):
    page, *_ = open_page(site / "en" / "rfm.html")
    colour = (
        "getComputedStyle(document.querySelector("
        "'#rfm-persons .role-mark.mark-rect path')).fill"
    )
    light = page.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(colour) != light


def test_a_long_name_is_cut_and_the_page_keeps_its_width(
    open_page, warehouse, site, tmp_path
):
    wordy = shutil.copyfile(warehouse, tmp_path / "wordy.duckdb")
    with duckdb.connect(str(wordy)) as connection:
        connection.execute(
            "update marts.dim_segments set segment_name = repeat('wordy', 20)"
        )
    shutil.copytree(site / "assets", tmp_path / "site" / "assets")
    folder = write_site(wordy, tmp_path / "site").entry.parent
    for name in ("index", "model"):
        page, *_ = open_page(folder / "en" / f"{name}.html")
        page.set_viewport_size({"width": 375, "height": 800})
        assert page.evaluate(OVERFLOW) == 0
