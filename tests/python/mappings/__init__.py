"""Tests of the mappings for exports as they come."""
