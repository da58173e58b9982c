"""Traits as the words that names are made of."""

from __future__ import annotations

import pandas as pd

from tessera.methods._frames import typed_frame
from tessera.personas.languages import ENGLISH, FRENCH
from tessera.personas.wording import Wording

NAME_TRAIT_TYPES = {
    "segment_key": "str",
    "trait": "str",
    "trait_rank": "int64",
    "is_leading": "bool",
    "is_naming": "bool",
    "words": "str",
    "words_fr": "str",
}


def name_traits(traits: pd.DataFrame, wording: Wording) -> pd.DataFrame:
    """Put the traits of segments into the words of names.

    Parameters
    ----------
    traits : DataFrame
        Rows of ``persona_traits``.
    wording : Wording

    Returns
    -------
    DataFrame of shape (n_traits, 7)
        In the order given: `segment_key`; `trait`, what is remembered of it, such as
        ``measure:order_count:high``; `trait_rank`; `is_leading`; `is_naming`, whether
        it may enter a new name; `words` and `words_fr`. No traits give no rows.

    Examples
    --------
    >>> wording = Wording(
    ...     measures=pd.DataFrame(
    ...         {
    ...             "measure": ["orders"],
    ...             "is_named": [True],
    ...             "name_high_fr": ["Fréquentes"],
    ...         }
    ...     ),
    ...     labels=pd.DataFrame({"feature": ["orders"], "label_high": ["Frequent"]}),
    ...     attributes=pd.DataFrame({"attribute": []}),
    ...     values=pd.DataFrame({"attribute": [], "value": []}),
    ...     currency="EUR",
    ... )
    >>> traits = pd.DataFrame(
    ...     {
    ...         "segment_key": ["a"],
    ...         "trait_kind": ["measure"],
    ...         "trait": ["orders"],
    ...         "trait_value": ["high"],
    ...         "trait_rank": [1],
    ...         "is_leading": [True],
    ...         "leads_topic": [True],
    ...     }
    ... )
    >>> name_traits(traits, wording)[["trait", "words", "words_fr"]].values.tolist()
    [['measure:orders:high', 'Frequent', 'Fréquentes']]
    """
    return typed_frame(
        (
            {
                "segment_key": row["segment_key"],
                "trait": f"{row['trait_kind']}:{row['trait']}:{row['trait_value']}",
                "trait_rank": row["trait_rank"],
                "is_leading": row["is_leading"],
                "is_naming": row["leads_topic"]
                and wording.is_named(row["trait_kind"], row["trait"]),
                "words": wording.name(
                    row["trait_kind"], row["trait"], row["trait_value"], ENGLISH
                ),
                "words_fr": wording.name(
                    row["trait_kind"], row["trait"], row["trait_value"], FRENCH
                ),
            }
            for row in traits.to_dict("records")
        ),
        NAME_TRAIT_TYPES,
    )
