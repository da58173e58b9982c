"""The report: one HTML page that a marketer opens, written from the marts."""

from tessera.report.page import write_report
from tessera.report.read import MissingTableError

__all__ = ["MissingTableError", "write_report"]
