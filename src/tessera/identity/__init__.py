"""Questions about identity for a person to answer, and the answers taken in."""
