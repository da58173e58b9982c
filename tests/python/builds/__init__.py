"""Tests that build a whole warehouse."""
