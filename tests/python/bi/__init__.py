"""Tests of what BI tools get."""
