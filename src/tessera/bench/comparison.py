"""Tables and a plot of what `tessera.bench.peers` measured."""

from __future__ import annotations

from pathlib import Path

from tessera.bench.measure import markdown_table
from tessera.bench.peers import (
    FLOOR,
    FLOOR_ALL,
    PANDAS,
    POLARS,
    SAME_STEPS,
    SAME_STEPS_NIGHT,
    STEPS,
    WHOLE,
    WHOLE_NIGHT,
    Results,
)

# What stands where nothing was measured.
UNKNOWN = "-"
FIGURES = ("seconds", "cpu_seconds", "peak_megabytes")
# By the beginning of a step's name; what begins otherwise is a peer. The colours are of
# Okabe and Ito, whom the colour-blind tell apart.
COLOURS = {"floor": "#999999", "peers": "#e69f00", "tessera": "#0072b2"}
# What is held against what, both times the first is to be the larger one.
RATIOS = (
    ("pandas beside the same steps", PANDAS, SAME_STEPS),
    ("Polars beside the same steps", POLARS, SAME_STEPS),
    ("pandas beside the night after, same steps", PANDAS, SAME_STEPS_NIGHT),
    ("Polars beside the night after, same steps", POLARS, SAME_STEPS_NIGHT),
    ("pandas beside the night after, whole job", PANDAS, WHOLE_NIGHT),
    ("Polars beside the night after, whole job", POLARS, WHOLE_NIGHT),
    ("first night beside the night after, same steps", SAME_STEPS, SAME_STEPS_NIGHT),
    ("first night beside the night after, whole job", WHOLE, WHOLE_NIGHT),
    ("same steps beside the floor, all files", SAME_STEPS, FLOOR_ALL),
    ("floor of all files beside that of events", FLOOR_ALL, FLOOR),
)


def comparison_tables(results: Results) -> str:
    """Write the ratios first, then medians and failures, then where dbt's time went.

    Parameters
    ----------
    results : Results
        Of one size.

    Returns
    -------
    str
        Markdown tables; what was not measured has a dash.
    """
    parts = [
        markdown_table(
            ["times as much", "seconds", "CPU seconds", "peak memory"],
            [
                [name, *(_ratio(results, more, less, figure) for figure in FIGURES)]
                for name, more, less in RATIOS
            ],
        ),
        markdown_table(
            [
                f"{results.facts['events']:,} events, medians",
                *(
                    "runs",
                    "seconds",
                    "CPU seconds",
                    "peak MB",
                    "MB read",
                    "persons",
                    "load",
                ),
            ],
            [
                [
                    step,
                    str(len(runs)),
                    *(
                        _number(results.median(step, figure), digits)
                        for figure, digits in (
                            ("seconds", 1),
                            ("cpu_seconds", 1),
                            ("peak_megabytes", 0),
                            ("read_megabytes", 0),
                            ("persons", 0),
                            ("load_average", 0),
                        )
                    ),
                ]
                for step, runs in sorted(
                    results.runs.items(), key=lambda found: _place(found[0])
                )
            ],
        ),
    ]
    if results.failures:
        parts.append(
            markdown_table(
                ["failed", "ended by", "after seconds", "at peak MB"],
                [
                    [
                        step,
                        failure["ended_by"],
                        _number(failure["seconds"], 1),
                        _number(failure["peak_megabytes"], 0),
                    ]
                    for step, failure in results.failures.items()
                ],
            )
        )
    for step, built in results.builds.items():
        rows = [
            [layer, str(spent["nodes"]), f"{spent['seconds']:.1f}"]
            for layer, spent in built["layers"].items()
        ]
        starting = results.runs[step][-1]["seconds"] - built["seconds_of_nodes"]
        rows.append(["dbt before and after its nodes", "", f"{starting:.1f}"])
        parts.append(markdown_table([step, "nodes", "seconds of nodes"], rows))
    if results.scoring:
        best, *_ = results.scoring.values()
        parts.append(
            markdown_table(
                ["scoring", "seconds", "times as long"],
                [
                    [way, f"{seconds:.2f}", f"{seconds / best:.1f}"]
                    for way, seconds in results.scoring.items()
                ],
            )
        )
    return "\n\n".join(parts)


def compare_results(before: Results, after: Results) -> str:
    """Write what became of each figure between two commits.

    Parameters
    ----------
    before, after : Results
        Of one size and machine.

    Returns
    -------
    str
        A Markdown table of ratios; below one, it became less.
    """
    rows = []
    for step in after.runs:
        cells = []
        for figure in FIGURES:
            then, now = before.median(step, figure), after.median(step, figure)
            cells.append(f"{now / then:.2f}" if then and now else UNKNOWN)
        rows.append([step, *cells])
    names = f"{before.facts['commit']} → {after.facts['commit']}"
    return markdown_table([names, "seconds", "CPU seconds", "peak memory"], rows)


def draw_comparison(results: Results, path: Path) -> None:
    """Draw seconds, CPU seconds and memory of every step as an SVG.

    Parameters
    ----------
    results : Results
        Of one size.
    path : Path
        File to write; nothing is written while nothing was measured.
    """
    import altair

    titles = dict(
        zip(FIGURES, ("seconds", "CPU seconds", "peak memory, MB"), strict=True)
    )
    steps = sorted(results.runs, key=_place)
    rows = [
        {
            "step": step,
            "whose": next(
                (whose for whose in COLOURS if step.startswith(whose)), "peers"
            ),
            "figure": titles[figure],
            "value": results.median(step, figure),
        }
        for step in steps
        for figure in FIGURES
    ]
    if not rows:
        return
    altair.Chart(altair.Data(values=rows)).mark_bar().encode(
        x=altair.X("value:Q", title=None).axis(tickCount=4),
        y=altair.Y("step:N", sort=steps, title=None).axis(labelLimit=400),
        color=altair.Color("whose:N", legend=None).scale(
            domain=list(COLOURS), range=list(COLOURS.values())
        ),
        column=altair.Column("figure:N", sort=list(titles.values()), title=None),
    ).resolve_scale(x="independent").properties(
        # Names are measured in another font than they are shown in.
        width=180,
        padding={"left": 60, "right": 20, "top": 5, "bottom": 5},
    ).save(str(path))


def _place(step: str) -> int:
    """Put steps in the order of a round, however they were resumed."""
    return STEPS.index(step) if step in STEPS else len(STEPS)


def _ratio(results: Results, more: str, less: str, figure: str) -> str:
    above, below = results.median(more, figure), results.median(less, figure)
    return f"{above / below:.2f}" if above and below else UNKNOWN


def _number(value: float | None, digits: int) -> str:
    return UNKNOWN if value is None else f"{value:,.{digits}f}"
