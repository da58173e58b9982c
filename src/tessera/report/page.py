"""From sections to one HTML file that asks for nothing else.

Vega, Vega-Lite and vega-embed come from vl-convert-python and stand once in the
page, which opens from ``file://``. Its content security policy forbids every
request, so that a browser keeps the promise too.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tessera.report import formats
from tessera.report.read import Marts, read_marts
from tessera.report.sections import build_sections
from tessera.warehouse import open_warehouse


def write_report(warehouse: Path, destination: Path) -> Path:
    """Write the report on a warehouse.

    Parameters
    ----------
    warehouse : Path
        DuckDB file with the marts in schema `marts`; opened read-only.
    destination : Path
        HTML file to write. Its folder is made when it does not exist. An
        earlier report is replaced in one step, so that a reader never opens
        half of one.

    Returns
    -------
    Path
        `destination`. The same warehouse gives the same bytes.

    Raises
    ------
    TesseraError
        If there is no warehouse, or it is in use.
    MissingTableError
        If a mart does not exist. Empty marts are no error.
    """
    with open_warehouse(warehouse) as connection:
        page = render(read_marts(connection))

    destination.parent.mkdir(parents=True, exist_ok=True)
    partial = destination.with_name(f".{destination.name}.{os.getpid()}.partial")
    try:
        partial.write_text(page, encoding="utf-8")
        partial.replace(destination)
    finally:
        partial.unlink(missing_ok=True)
    return destination


def render(marts: Marts) -> str:
    """Render the page."""
    environment = Environment(
        loader=PackageLoader("tessera.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(day=formats.day, whole=formats.whole)
    sections = build_sections(marts)
    figures = [figure for section in sections for figure in section.figures]
    return environment.get_template("report.html.jinja").render(
        overview=marts.overview,
        model=None if marts.model.empty else marts.model.iloc[0],
        sections=sections,
        styles=_package_text("report.css"),
        vega=Markup(_vega_scripts()) if figures else "",
        draw=_package_text("report.js"),
        specs=script_json({figure.chart_id: figure.spec for figure in figures}),
    )


def script_json(value: Any) -> Markup:
    r"""Write a value as JSON that may stand inside a script element.

    No character is left that could end the element or open a comment.

    >>> print(script_json({"name": "</script>"}))
    {"name":"\u003c/script\u003e"}
    """
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


@cache
def _vega_scripts() -> str:
    """Vega, Vega-Lite (of the version that Altair writes for) and vega-embed."""
    major_minor = alt.SCHEMA_VERSION.removeprefix("v").rpartition(".")[0]
    scripts = vl_convert.javascript_bundle(vl_version=major_minor)
    if "</script" in scripts.lower():
        raise ValueError("The Vega scripts cannot be inlined: they hold '</script'.")
    return scripts


def _package_text(name: str) -> Markup:
    return Markup(Path(__file__).with_name(name).read_text(encoding="utf-8"))
