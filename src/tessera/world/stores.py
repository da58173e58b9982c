"""The stores, as the shop exports them."""

import pyarrow as pa

from tessera.world.columns import constant
from tessera.world.places import PLACES, STORE_COUNT, store_towns

STORE_IDS = [f"S{at + 1:02d}" for at in range(STORE_COUNT)]


def store_rows() -> pa.Table:
    """Give the rows of `shop.stores`.

    Examples
    --------
    >>> store_rows()["store_name"].to_pylist()[0]
    'Tessera Paris'
    """
    towns = [PLACES[town] for town in store_towns()]
    names = [f"Tessera {place.town}" for place in towns]
    return pa.table(
        {
            "store_id": pa.array(STORE_IDS),
            "store_name": pa.array(names),
            "city": pa.array([place.town for place in towns]),
            "postcode": pa.array(
                [
                    place.postcodes[at % len(place.postcodes)]
                    for at, place in enumerate(towns)
                ]
            ),
            "region": pa.array([place.region for place in towns]),
            "country_code": constant("FR", len(towns)),
            "latitude": pa.array([place.latitude for place in towns]),
            "longitude": pa.array([place.longitude for place in towns]),
        }
    )
