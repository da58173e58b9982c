"""The planted world itself, before any model reads it."""
