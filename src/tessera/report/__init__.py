"""The report: a site of static pages that a marketer opens, written from the marts."""

from tessera.report.site import Site, write_site

__all__ = ["Site", "write_site"]
