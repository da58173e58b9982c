"""One row per niche that a fresh half of the sample confirmed.

The method is in ``tessera.methods.niches``.
"""

from tessera.methods.niches import find_niches


def model(dbt, session):
    settings = dbt.config.get("meta")
    return find_niches(
        dbt.ref("niche_sample").order("person_key").df(),
        dbt.ref("niche_attributes").order("attribute").df(),
        minimum_persons=max(
            settings["minimum_persons"], settings["minimum_segment_size"], 2
        ),
        minimum_lift=settings["minimum_lift"],
        false_discovery_rate=settings["false_discovery_rate"],
        maximum_share=settings["maximum_share"],
    )
