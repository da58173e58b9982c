"""One row per segment that no rule names: the name it has from tonight on.

The method is in ``tessera.methods.settled_names``, the words are seeds.
"""

from tessera.methods.settled_names import settled_names
from tessera.personas.names import name_traits
from tessera.personas.wording import Wording


def model(dbt, session):
    settings = dbt.config.get("meta")
    previous = dbt.ref("persona_previous_names").order("segment_key").df()
    segments = dbt.ref("persona_facts").filter("segmentation = 'behaviour'")
    segments = segments.filter("model_version != 'rule'").order("segment_key").df()
    traits = dbt.ref("persona_traits").order("segment_key, trait_rank").df()
    wording = Wording(
        measures=dbt.ref("persona_measures").df(),
        labels=dbt.ref("features").df(),
        attributes=dbt.ref("persona_attributes").df(),
        values=dbt.ref("persona_values").df(),
        currency=settings["currency"],
    )
    return settled_names(segments, previous, name_traits(traits, wording))
