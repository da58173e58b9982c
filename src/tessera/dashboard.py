"""The dashboard for Superset: from a readable file to the ZIP that Superset imports.

Superset's files repeat the columns of every table and the query of every chart, and
lay charts out in a tree of components; nobody writes that by hand. Identifiers are made
of names, so importing again replaces what the last import made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import duckdb
import yaml

from tessera.errors import TesseraError
from tessera.names import slug
from tessera.warehouse import open_warehouse

VERSION = "1.0.0"
ROW_LIMIT = 10_000
GRID_COLUMNS = 12
ROW_HEIGHT = {"number": 22, "table": 62}
USUAL_HEIGHT = 52
FOLDER = "audience"
VIZ_TYPES = {
    "number": "big_number_total",
    "bar": "echarts_timeseries_bar",
    "line": "echarts_timeseries_line",
    "pie": "pie",
    "table": "table",
    "heatmap": "heatmap_v2",
    "sankey": "sankey_v2",
}


class DefinitionError(TesseraError):
    """The file that defines the dashboard says something that cannot be shown."""


@dataclass(frozen=True)
class Chart:
    """One chart as the file defines it.

    Parameters
    ----------
    name, kind, mart : str
        Title, one of `VIZ_TYPES`, and the table in schema ``marts``.
    metrics : mapping of str to str
        SQL by name.
    by : tuple of str
        Columns that it is grouped by.
    where : str
        SQL of a condition; empty for none.
    time : mapping, optional
        ``column`` and ``grain``, an ISO 8601 duration.
    formats : mapping of str to str
        How metrics are written, in d3's notation, by name.
    """

    name: str
    kind: str
    mart: str
    metrics: Mapping[str, str]
    by: tuple[str, ...] = ()
    where: str = ""
    time: Mapping[str, str] | None = None
    formats: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> set[str]:
        """Columns that it names."""
        return {*self.by, *([self.time["column"]] if self.time else [])}

    @property
    def uuid(self) -> str:
        """Identifier, the same for the same name."""
        return _identifier("chart", self.name)


@dataclass(frozen=True)
class Definition:
    """A dashboard: its charts, and which stand side by side."""

    title: str
    description: str
    charts: tuple[Chart, ...]
    rows: tuple[tuple[str, ...], ...] = field(default=())


def read_definition(file: Path) -> Definition:
    """Read the file that defines the dashboard.

    Raises
    ------
    DefinitionError
        If there is no such file, a chart has an unknown kind or setting, or a row
        names a chart that is not defined.
    """
    if not file.is_file():
        raise DefinitionError(f"{file}: there is no such file.")
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    charts = []
    for entry in content["charts"]:
        name = entry.get("name", "?")
        if entry.get("kind") not in VIZ_TYPES:
            raise DefinitionError(
                f"{file}: chart {name!r}: kind should be one of "
                f"{', '.join(VIZ_TYPES)}, found {entry.get('kind')!r}."
            )
        try:
            charts.append(Chart(**entry | {"by": tuple(entry.get("by", ()))}))
        except TypeError as error:
            raise DefinitionError(f"{file}: chart {name!r}: {error}.") from None
    known = {chart.name for chart in charts}
    for row in content["rows"]:
        for name in row:
            if name not in known:
                raise DefinitionError(f"{file}: rows: no chart is called {name!r}.")
    return Definition(
        content["title"],
        content["description"],
        tuple(charts),
        tuple(tuple(row) for row in content["rows"]),
    )


def write_bundle(definition: Definition, database: Path, bundle: Path) -> list[str]:
    """Write the ZIP that Superset imports.

    Parameters
    ----------
    definition : Definition
        What to show.
    database : Path
        The published file; Superset is told to open it read-only.
    bundle : Path
        ZIP file to write; the same input gives the same bytes.

    Returns
    -------
    list of str
        Names of the charts left out, whose mart the file lacks.

    Raises
    ------
    DefinitionError
        If a chart names a column that its mart lacks.
    TesseraError
        If there is no such database, or it is in use.
    """
    with open_warehouse(database) as connection:
        tables = _tables(connection)
    shown = [chart for chart in definition.charts if chart.mart in tables]
    for chart in shown:
        unknown = chart.columns - {name for name, _, _ in tables[chart.mart]}
        if unknown:
            raise DefinitionError(
                f"chart {chart.name!r}: marts.{chart.mart} has no column "
                f"{', '.join(sorted(unknown))}."
            )
    files: dict[str, Any] = {
        "metadata.yaml": {
            "version": VERSION,
            "type": "Dashboard",
            "timestamp": "2020-01-01T00:00:00+00:00",
        },
        "databases/tessera.yaml": _database(database),
        f"dashboards/{slug(definition.title)}.yaml": _dashboard(definition, shown),
    }
    for mart in sorted({chart.mart for chart in shown}):
        files[f"datasets/tessera/{mart}.yaml"] = _dataset(mart, tables[mart])
    for chart in shown:
        files[f"charts/{slug(chart.name)}.yaml"] = _chart(chart)
    bundle.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(bundle, "w", ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(
                ZipInfo(f"{FOLDER}/{name}", (2020, 1, 1, 0, 0, 0)),
                yaml.safe_dump(content, sort_keys=False, allow_unicode=True),
            )
    left = {chart.name for chart in shown}
    return [chart.name for chart in definition.charts if chart.name not in left]


def _identifier(kind: str, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"tessera/{kind}/{name}"))


def _tables(
    connection: duckdb.DuckDBPyConnection,
) -> dict[str, list[tuple[str, str, str | None]]]:
    """Give each mart's columns with type and description."""
    tables: dict[str, list[tuple[str, str, str | None]]] = {}
    for table, column, kind, comment in connection.execute(
        """
        select table_name, column_name, data_type, comment
        from duckdb_columns()
        where database_name = current_database() and schema_name = 'marts'
        order by table_name, column_index
        """
    ).fetchall():
        tables.setdefault(table, []).append((column, kind, comment))
    return tables


def _database(database: Path) -> dict[str, Any]:
    return {
        "database_name": "Tessera",
        "sqlalchemy_uri": f"duckdb:///{database.absolute()}",
        "cache_timeout": None,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_file_upload": False,
        # A reader that writes nothing keeps nobody from publishing.
        "extra": {
            "allows_virtual_table_explore": True,
            "engine_params": {"connect_args": {"read_only": True}},
        },
        "uuid": _identifier("database", "tessera"),
        "version": VERSION,
    }


def _dataset(mart: str, columns: list[tuple[str, str, str | None]]) -> dict[str, Any]:
    return {
        "table_name": mart,
        "schema": "marts",
        "main_dttm_col": None,
        "sql": None,
        "params": None,
        "template_params": None,
        "filter_select_enabled": True,
        "fetch_values_predicate": None,
        "extra": None,
        "uuid": _identifier("dataset", mart),
        "metrics": [{"metric_name": "count", "expression": "count(*)"}],
        "columns": [
            {
                "column_name": name,
                "is_dttm": kind.startswith(("DATE", "TIMESTAMP")),
                "is_active": True,
                "type": kind,
                "groupby": True,
                "filterable": True,
                "description": comment,
            }
            for name, kind, comment in columns
        ],
        "version": VERSION,
        "database_uuid": _identifier("database", "tessera"),
    }


def _chart(chart: Chart) -> dict[str, Any]:
    """Write a chart's settings, and the query that its data are read with."""
    metrics = [
        {
            "expressionType": "SQL",
            "sqlExpression": sql,
            "label": name,
            "hasCustomLabel": True,
            "optionName": f"metric_{slug(name).replace('-', '_')}",
        }
        for name, sql in chart.metrics.items()
    ]
    params: dict[str, Any] = {
        "viz_type": VIZ_TYPES[chart.kind],
        "adhoc_filters": [
            {
                "clause": "WHERE",
                "expressionType": "SQL",
                "sqlExpression": chart.where,
            }
        ]
        if chart.where
        else [],
        "row_limit": ROW_LIMIT,
    }
    columns: list[Any] = list(chart.by)
    orderby: list[Any] = [[metrics[0], False]]
    match chart.kind:
        case "number":
            params |= {"metric": metrics[0]}
            orderby = []
        case "bar" | "line":
            axis = chart.time["column"] if chart.time else chart.by[0]
            groups = list(chart.by if chart.time else chart.by[1:])
            columns = [_axis(axis, chart.time), *groups]
            params |= {
                "x_axis": axis,
                "groupby": groups,
                "metrics": metrics,
                "x_axis_sort_asc": True,
                "rich_tooltip": True,
                "show_legend": bool(groups),
                "truncateYAxis": False,
            }
            written = chart.formats.get(next(iter(chart.metrics)))
            if written:
                params |= {"y_axis_format": written}
            if chart.time:
                params |= {"time_grain_sqla": chart.time["grain"]}
                orderby = []
            elif chart.kind == "bar":
                # Names have room beside lying bars, the longest on top.
                label = metrics[0]["label"]
                params |= {"orientation": "horizontal", "x_axis_sort": label}
        case "pie":
            params |= {
                "groupby": list(chart.by),
                "metric": metrics[0],
                "label_type": "key_percent",
            }
        case "table":
            params |= {
                "query_mode": "aggregate",
                "groupby": list(chart.by),
                "metrics": metrics,
                "column_config": {
                    name: {"d3NumberFormat": written}
                    for name, written in chart.formats.items()
                },
            }
        case "heatmap":
            params |= {
                "x_axis": chart.by[0],
                "groupby": chart.by[1],
                "metric": metrics[0],
                "show_values": True,
                "normalize_across": "heatmap",
            }
            orderby = []
        case "sankey":
            params |= {
                "source": chart.by[0],
                "target": chart.by[1],
                "metric": metrics[0],
            }
    query = {
        "columns": columns,
        "metrics": metrics,
        "filters": [],
        "extras": {"where": f"({chart.where})" if chart.where else "", "having": ""},
        "orderby": orderby,
        "row_limit": ROW_LIMIT,
        "series_columns": [],
        "annotation_layers": [],
        "applied_time_extras": {},
        "url_params": {},
        "custom_params": {},
        "custom_form_data": {},
    }
    # Superset puts the dataset's number in the place of this one when it imports.
    source = {"id": 0, "type": "table"}
    return {
        "slice_name": chart.name,
        "viz_type": VIZ_TYPES[chart.kind],
        "params": params | {"datasource": "0__table"},
        "query_context": json.dumps(
            {
                "datasource": source,
                "force": False,
                "queries": [query],
                "form_data": params | {"datasource": "0__table"},
                "result_format": "json",
                "result_type": "full",
            }
        ),
        "cache_timeout": None,
        "uuid": chart.uuid,
        "version": VERSION,
        "dataset_uuid": _identifier("dataset", chart.mart),
    }


def _axis(column: str, time: Mapping[str, str] | None) -> dict[str, Any]:
    """Write the horizontal axis; of a date, cut to its grain."""
    axis = {
        "columnType": "BASE_AXIS",
        "expressionType": "SQL",
        "label": column,
        "sqlExpression": column,
    }
    return axis | {"timeGrain": time["grain"]} if time else axis


def _dashboard(definition: Definition, shown: list[Chart]) -> dict[str, Any]:
    """Lay the charts out, row by row; those left out leave no gap."""
    charts = {chart.name: chart for chart in shown}
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {
            "id": "GRID_ID",
            "type": "GRID",
            "parents": ["ROOT_ID"],
            "children": [],
        },
        "HEADER_ID": {
            "id": "HEADER_ID",
            "type": "HEADER",
            "meta": {"text": definition.title},
        },
    }
    for number, names in enumerate(definition.rows, start=1):
        row = [charts[name] for name in names if name in charts]
        if not row:
            continue
        row_id = f"ROW-{number}"
        position["GRID_ID"]["children"].append(row_id)
        position[row_id] = {
            "id": row_id,
            "type": "ROW",
            "parents": ["ROOT_ID", "GRID_ID"],
            "children": [f"CHART-{slug(chart.name)}" for chart in row],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for chart in row:
            chart_id = f"CHART-{slug(chart.name)}"
            position[chart_id] = {
                "id": chart_id,
                "type": "CHART",
                "parents": ["ROOT_ID", "GRID_ID", row_id],
                "children": [],
                "meta": {
                    "chartId": 0,
                    "uuid": chart.uuid,
                    "sliceName": chart.name,
                    "width": GRID_COLUMNS // len(row),
                    "height": max(
                        ROW_HEIGHT.get(one.kind, USUAL_HEIGHT) for one in row
                    ),
                },
            }
    return {
        "dashboard_title": definition.title,
        "description": definition.description,
        "css": "",
        "slug": slug(definition.title),
        "published": True,
        "uuid": _identifier("dashboard", definition.title),
        "position": position,
        "metadata": {"color_scheme": "supersetColors", "cross_filters_enabled": True},
        "version": VERSION,
    }
