"""One row per pair of profiles that the matcher thinks alike.

The method is in ``tessera.methods.linkage``.
"""

from tessera.methods.linkage import judge_pairs


def model(dbt, session):
    pairs = dbt.ref("int_linkage_pairs").order("left_profile_key, right_profile_key")
    return judge_pairs(pairs.df())
