"""Tests of who is one person."""
