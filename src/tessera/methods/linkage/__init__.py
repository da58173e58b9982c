"""Records of one person, found by what they say alike."""

from tessera.methods.linkage.matches import match_records

__all__ = ["match_records"]
