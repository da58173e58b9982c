"""The macros of macros/normalise, run without dbt."""
