"""Records of one person, found by what they say alike."""

from tessera.methods.linkage.matches import judge_pairs, match_records

__all__ = ["judge_pairs", "match_records"]
