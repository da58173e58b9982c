"""What all charts share: colours, symbols and the Vega-Lite configuration.

Colours are CSS variables, defined once in ``report.css`` for the light and the
dark scheme. The SVG renderer passes them through, so a chart changes scheme
with the page and without being drawn again. A scale may therefore map to these
colours only one by one; it cannot interpolate between them.
"""

from __future__ import annotations

from typing import Any

INK = "var(--ink)"
MUTED = "var(--muted)"
RULE = "var(--rule)"
SURFACE = "var(--surface)"
PERSONS = "var(--persons)"
REVENUE = "var(--revenue)"

HEAT_STEPS = 6
HEAT = [f"var(--heat-{step})" for step in range(HEAT_STEPS)]
HEAT_INK = [f"var(--heat-ink-{step})" for step in range(HEAT_STEPS)]

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif'

# Paths in the square from -1 to 1: Vega draws them, and so does the page's legend.
SYMBOLS = [
    "M-0.9,0A0.9,0.9,0,1,1,0.9,0A0.9,0.9,0,1,1,-0.9,0Z",  # circle
    "M-0.8,-0.8L0.8,-0.8L0.8,0.8L-0.8,0.8Z",  # square
    "M0,-1L1,0.8L-1,0.8Z",  # triangle
    "M0,-1.1L0.9,0L0,1.1L-0.9,0Z",  # diamond
    "M-0.3,-1L0.3,-1L0.3,-0.3L1,-0.3L1,0.3L0.3,0.3L0.3,1L-0.3,1L-0.3,0.3L-1,0.3"
    "L-1,-0.3L-0.3,-0.3Z",  # plus
    "M0,1L1,-0.8L-1,-0.8Z",  # triangle, pointing down
    "M-1,-0.45L1,-0.45L1,0.45L-1,0.45Z",  # bar
    "M0,-1L0.95,-0.31L0.59,0.81L-0.59,0.81L-0.95,-0.31Z",  # pentagon
]
SERIES = [f"var(--series-{number})" for number in range(1, len(SYMBOLS) + 1)]

CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "padding": {"left": 0, "top": 4, "right": 4, "bottom": 4},
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "grid": False,
        "labelColor": MUTED,
        "labelFontSize": 12,
        "labelPadding": 6,
        "ticks": False,
        "titleColor": MUTED,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
    },
    "text": {"fill": INK, "fontSize": 12},
}


def series_style(number: int) -> tuple[str, str]:
    """Colour and symbol path of the `number`-th series, counted from 1.

    Colours come round again after eight; the symbols are then one place
    further, so that no two of the first 64 series look the same.

    >>> series_style(1) == (SERIES[0], SYMBOLS[0])
    True
    >>> series_style(9) == (SERIES[0], SYMBOLS[1])
    True
    """
    round_, place = divmod(number - 1, len(SERIES))
    return SERIES[place], SYMBOLS[(place + round_) % len(SYMBOLS)]
