"""The report as Chromium shows it, from a file and without a network."""

import shutil

import duckdb
import pytest

from tessera.report import write_report

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install -e .[dev]"
)

SCHEMES = ["light", "dark"]
WIDTHS = [375, 1280]
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


@pytest.fixture
def open_page(browser):
    """Open a file in a new window; gives the page, its complaints and requests."""
    contexts = []

    def open_file(path, width, scheme):
        contexts.append(
            browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme=scheme
            )
        )
        page = contexts[-1].new_page()
        complaints, requests = [], []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_function(
            "document.querySelectorAll('.chart:not([data-drawn])').length === 0"
        )
        return page, complaints, requests

    yield open_file
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_report_opens_whole_and_alone(open_page, report, width, scheme):
    page, complaints, requests = open_page(report, width, scheme)
    assert complaints == []
    assert requests == [report.as_uri()]
    drawn = page.eval_on_selector_all(".chart", MARKS)
    assert len(drawn) == 9
    assert [chart for chart, marks in drawn if marks < 2] == []
    assert page.evaluate(OVERFLOW) == 0
    assert page.eval_on_selector_all(".chart", WIDER_THAN_PAGE) == []
    assert page.eval_on_selector_all(".chart", CLIPPED) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_empty_report_opens_whole_and_alone(open_page, bare_report, width):
    page, complaints, requests = open_page(bare_report, width, "light")
    assert complaints == []
    assert requests == [bare_report.as_uri()]
    assert page.evaluate(OVERFLOW) == 0


def test_no_table_needs_sideways_scrolling_on_a_phone(open_page, report):
    page, *_ = open_page(report, 375, "light")
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    assert (
        page.eval_on_selector_all(
            ".scroll",
            "all => all.filter(one => one.scrollWidth > one.clientWidth).length",
        )
        == 0
    )


def test_a_long_name_is_cut_not_the_chart(open_page, warehouse, tmp_path):
    wordy = shutil.copyfile(warehouse, tmp_path / "wordy.duckdb")
    with duckdb.connect(str(wordy)) as connection:
        connection.execute(
            "update marts.dim_segments set segment_name = repeat('wordy ', 20)"
        )
    page, *_ = open_page(write_report(wordy, tmp_path / "wordy.html"), 375, "light")
    assert page.evaluate(OVERFLOW) == 0
    assert page.eval_on_selector_all(".chart", CLIPPED) == []
    longest = page.eval_on_selector_all(
        "#sizes-rfm .mark-rect path",
        "bars => Math.max(...bars.map(bar => bar.getBoundingClientRect().width))",
    )
    assert longest > 200


def test_charts_follow_the_width_of_the_window(open_page, report):
    page, *_ = open_page(report, 1280, "light")
    page.set_viewport_size({"width": 375, "height": 800})
    page.wait_for_timeout(300)
    assert page.evaluate(OVERFLOW) == 0
    assert page.eval_on_selector_all(".chart", WIDER_THAN_PAGE) == []


def test_charts_follow_the_colour_scheme(open_page, report):
    page, *_ = open_page(report, 1280, "light")
    colour = (
        "getComputedStyle(document.querySelector("
        "'#sizes-rfm .role-mark.mark-rect path')).fill"
    )
    light = page.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    assert light == "rgb(0, 114, 178)"
    assert page.evaluate(colour) == "rgb(86, 180, 233)"
