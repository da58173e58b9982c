"""From marts to a folder of pages that ask for nothing else.

Every language has a folder of its own; styles, the page's script and Vega stand once
beside them, in ``assets``. Pages open from ``file://``, and their content security
policy forbids every request beyond the site, so that a browser keeps the promise too.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from tessera.report.blocks import Page
from tessera.report.edition import Edition
from tessera.report.language import CODES, SOURCE_CODE, Foreign, Language, language
from tessera.report.model_page import model_page
from tessera.report.overview_page import movement_page, overview_page
from tessera.report.quality_page import quality_page
from tessera.report.read import Marts, read_marts
from tessera.report.rfm_page import rfm_page
from tessera.report.segment_pages import segment_pages

ASSETS = "assets"
LINEAGE = "lineage.html"
VEGA = "vega.js"


@dataclass(frozen=True)
class Site:
    """What was written.

    Parameters
    ----------
    entry : Path
        The page to open first; it leads on to the reader's language.
    page_count : int
        Pages in all languages, the entry left out.
    has_lineage : bool
        Whether a lineage page stands beside them.
    """

    entry: Path
    page_count: int
    has_lineage: bool


def write_site(
    database: Path,
    folder: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Site:
    """Write the report on the marts of a DuckDB file.

    Parameters
    ----------
    database : Path
        The published file, or the warehouse; opened read-only.
    folder : Path
        Folder of the site, made when absent. What the report owns in it, the folders
        of the languages, ``assets`` and ``index.html``, is replaced; a page of a
        segment that is gone goes too. Other files, such as the lineage page, stay.
    progress : callable, optional
        Told the pages done and all pages.

    Returns
    -------
    Site
        The same marts give the same bytes.

    Raises
    ------
    TesseraError
        If there is no such file, it is in use, or it holds no mart. A mart that is
        missing or empty is no error: its page says so.
    """
    marts = read_marts(database)
    folder.mkdir(parents=True, exist_ok=True)
    has_lineage = (folder / LINEAGE).is_file()
    incoming = folder / f".incoming-{os.getpid()}"
    shutil.rmtree(incoming, ignore_errors=True)
    try:
        count = _write_files(marts, incoming, folder, has_lineage, progress)
        _switch(incoming, folder)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
    return Site(folder / "index.html", count, has_lineage)


def pages_of(edition: Edition) -> list[Page]:
    """Write all pages of one language, those of the menu first."""
    return [
        overview_page(edition),
        movement_page(edition),
        rfm_page(edition),
        model_page(edition),
        quality_page(edition),
        *segment_pages(edition),
    ]


def _write_files(
    marts: Marts,
    folder: Path,
    site: Path,
    has_lineage: bool,
    progress: Callable[[int, int], None],
) -> int:
    """Write the whole site into an empty folder; give the number of pages."""
    assets = folder / ASSETS
    assets.mkdir(parents=True)
    for name in ("report.css", "report.js"):
        shutil.copyfile(Path(__file__).with_name(name), assets / name)
    _write_vega(assets, last_assets=site / ASSETS)

    editions = [Edition(marts, language(code)) for code in CODES]
    written, total = 0, len(CODES) * (5 + len(marts.segments))
    for edition in editions:
        for page in pages_of(edition):
            file = folder / edition.say.code / page.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(
                render(edition, page, has_lineage=has_lineage), encoding="utf-8"
            )
            written += 1
            progress(written, total)
    entry = _environment(editions[0].say).get_template("entry.html.jinja")
    (folder / "index.html").write_text(
        entry.render(codes=CODES, default=SOURCE_CODE), encoding="utf-8"
    )
    return written


def _switch(incoming: Path, folder: Path) -> None:
    """Put the new files in the place of the old ones, the entry last."""
    for name in (ASSETS, *CODES):
        old = folder / f".old-{name}-{os.getpid()}"
        if (folder / name).exists():
            (folder / name).rename(old)
        (incoming / name).rename(folder / name)
        shutil.rmtree(old, ignore_errors=True)
    (incoming / "index.html").replace(folder / "index.html")


def render(edition: Edition, page: Page, *, has_lineage: bool = False) -> str:
    """Render one page of an edition as HTML."""
    say = edition.say
    return (
        _environment(say)
        .get_template("page.html.jinja")
        .render(
            page=page,
            night=edition.marts.as_of_date,
            menu=[
                ("overview", say("Overview"), "index.html"),
                ("movement", say("Movement"), "movement.html"),
                ("rfm", say("RFM"), "rfm.html"),
                ("model", say("Model"), "model.html"),
                ("quality", say("Data quality"), "quality.html"),
            ],
            root=page.home + "../",
            languages=[(code, _own_name(code)) for code in CODES],
            has_lineage=has_lineage,
            specs=script_json(
                {"charts": page.specs, "numbers": say.d3_locale()} if page.specs else {}
            ),
        )
    )


def _own_name(code: str) -> str:
    """Name of a language in itself, with a capital."""
    name = language(code).locale.get_display_name(code)
    return name[:1].upper() + name[1:]


@cache
def _environment(say: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("tessera.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = say
    environment.filters.update(told=told, json=script_json)
    return environment


def told(text: str) -> Markup:
    """Write a text into a page; one that is not in the page's language says so.

    >>> told("<b>"), told(Foreign("as found"))
    (Markup('&lt;b&gt;'), Markup('<span lang="en">as found</span>'))
    """
    if isinstance(text, Foreign) and text:
        return Markup('<span lang="{}">{}</span>').format(SOURCE_CODE, str(text))
    return escape(str(text))


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


def _write_vega(assets: Path, last_assets: Path) -> None:
    """Write Vega, Vega-Lite (of the version that Altair writes for) and vega-embed.

    Bundling them takes seconds, so the scripts of the last report are taken again when
    they are of the same versions.
    """
    stamp = f"// altair {alt.__version__}, vl-convert {version('vl-convert-python')}\n"
    last = last_assets / VEGA
    if last.is_file():
        scripts = last.read_text(encoding="utf-8")
        if scripts.startswith(stamp):
            (assets / VEGA).write_text(scripts, encoding="utf-8")
            return
    major_minor = alt.SCHEMA_VERSION.removeprefix("v").rpartition(".")[0]
    scripts = vl_convert.javascript_bundle(vl_version=major_minor)
    (assets / VEGA).write_text(stamp + scripts, encoding="utf-8")
