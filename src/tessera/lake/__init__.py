"""The lake: contracts, layout, and the door through which exports come in."""
