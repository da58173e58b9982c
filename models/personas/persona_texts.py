"""One row per segment of a partition: its traits and its paragraph in two languages.

The words are seeds, the paragraphs templates in ``tessera.personas``.
"""

from tessera.personas.texts import write_personas
from tessera.personas.wording import Wording


def model(dbt, session):
    settings = dbt.config.get("meta")
    wording = Wording(
        measures=dbt.ref("persona_measures").df(),
        labels=dbt.ref("features").df(),
        attributes=dbt.ref("persona_attributes").df(),
        values=dbt.ref("persona_values").df(),
        currency=settings["currency"],
    )
    return write_personas(
        facts=dbt.ref("persona_facts").order("segmentation, segment_key").df(),
        names=dbt.ref("persona_settled_names").df(),
        given_names=dbt.ref("segment_names").df(),
        traits=dbt.ref("persona_traits").order("segment_key, trait_rank").df(),
        modes=dbt.ref("persona_modes").order("segment_key, priority").df(),
        wording=wording,
        minimum_size=settings["minimum_size"],
    )
