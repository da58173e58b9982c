"""The review queue and its answers."""
