"""One row per niche: its conditions and its sentence in two languages.

The words are seeds, the sentences templates in ``tessera.personas``.
"""

from tessera.personas.texts import write_niches
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
    return write_niches(
        facts=dbt.ref("niche_facts").order("segment_key, niche_key").df(),
        attributes=dbt.ref("niche_attributes").df(),
        wording=wording,
    )
