"""A plugin of dbt-duckdb that closes the warehouse once in a number of nodes.

DuckDB keeps memory for deleted rows from the first reading of a table until the file
is closed, and no limit can put it aside. With ``keep_open: false`` dbt-duckdb lets go
of the file after each node, which gives that memory back, but opens it for each, too.
"""

from __future__ import annotations

from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin


class Plugin(BasePlugin):
    """Hold the warehouse open from node to node, and let go of it once in `nodes`.

    With ``keep_open: false`` dbt-duckdb connects anew for each node, or for several
    that run side by side. As long as another connection of the process is left, DuckDB
    gives it the file that stands open already. This plugin leaves one, but for every so
    many nodes.
    """

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Take `nodes` from the profile; with 0 or 1 nothing is held."""
        self._nodes = int(plugin_config["nodes"])
        self._node = 0
        self._held: duckdb.DuckDBPyConnection | None = None

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Hold the warehouse beyond this node, or let the node's end close it."""
        self._node += 1
        if self._node < self._nodes:
            # A cursor would not do: it is closed with the connection that it is of.
            self._held = self._held or duckdb.connect(
                self.creds.path, config=dict(self.creds.config_options or {})
            )
            return
        self._node = 0
        if self._held is not None:
            self._held.close()
            self._held = None
