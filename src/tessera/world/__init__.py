"""A planted world: all seven sources of a French retailer, with known truth."""

from tessera.world.generate import WorldSummary, generate_world

__all__ = ["WorldSummary", "generate_world"]
