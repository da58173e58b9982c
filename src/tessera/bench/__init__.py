"""Benchmarks: what ``scripts/bench`` runs. They measure; nothing asserts on time."""
