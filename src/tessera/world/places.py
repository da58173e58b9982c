"""Where people live and where the stores stand: real towns, postcodes and regions."""

from dataclasses import dataclass

import numpy as np

STORE_COUNT = 60

# town | postcodes (a dash is a run) | region | country | weight | latitude | longitude
_TOWNS = """
Paris|75001-75020|Île-de-France|FR|40|48.86|2.34
Marseille|13001-13016|Provence-Alpes-Côte d'Azur|FR|16|43.30|5.39
Lyon|69001-69009|Auvergne-Rhône-Alpes|FR|14|45.76|4.84
Toulouse|31000 31100 31200 31300|Occitanie|FR|11|43.60|1.43
Nice|06000 06100 06200 06300|Provence-Alpes-Côte d'Azur|FR|8|43.70|7.25
Nantes|44000 44100 44200 44300|Pays de la Loire|FR|9|47.24|-1.56
Montpellier|34000 34070 34080 34090|Occitanie|FR|8|43.61|3.87
Strasbourg|67000 67100 67200|Grand Est|FR|7|48.57|7.76
Bordeaux|33000 33100 33200 33300|Nouvelle-Aquitaine|FR|9|44.86|-0.58
Lille|59000 59160 59260 59800|Hauts-de-France|FR|9|50.63|3.05
Rennes|35000 35200 35700|Bretagne|FR|6|48.12|-1.69
Reims|51100|Grand Est|FR|4|49.25|4.06
Toulon|83000 83100 83200|Provence-Alpes-Côte d'Azur|FR|4|43.14|5.93
Saint-Étienne|42000 42100 42230|Auvergne-Rhône-Alpes|FR|4|45.42|4.37
Le Havre|76600 76610 76620|Normandie|FR|4|49.71|1.14
Grenoble|38000 38100|Auvergne-Rhône-Alpes|FR|5|45.18|5.72
Dijon|21000|Bourgogne-Franche-Comté|FR|4|47.33|5.03
Angers|49000 49100|Pays de la Loire|FR|4|47.48|-0.56
Nîmes|30000 30900|Occitanie|FR|4|43.83|4.34
Clermont-Ferrand|63000 63100|Auvergne-Rhône-Alpes|FR|4|45.79|3.11
Le Mans|72000 72100|Pays de la Loire|FR|3|47.98|0.20
Aix-en-Provence|13080 13090 13100 13290|Provence-Alpes-Côte d'Azur|FR|4|43.54|5.39
Brest|29200|Bretagne|FR|3|48.41|-4.50
Tours|37000 37100 37200|Centre-Val de Loire|FR|4|47.39|0.69
Amiens|80000 80080 80090|Hauts-de-France|FR|3|49.90|2.28
Limoges|87000 87100 87280|Nouvelle-Aquitaine|FR|3|45.86|1.23
Annecy|74000 74370 74600 74940|Auvergne-Rhône-Alpes|FR|3|45.90|6.13
Perpignan|66000 66100|Occitanie|FR|3|42.70|2.90
Metz|57000 57050 57070|Grand Est|FR|4|49.10|6.20
Besançon|25000|Bourgogne-Franche-Comté|FR|3|47.26|6.01
Orléans|45000 45100|Centre-Val de Loire|FR|3|47.87|1.91
Rouen|76000 76100|Normandie|FR|4|49.44|1.09
Mulhouse|68100 68200|Grand Est|FR|3|47.75|7.33
Caen|14000|Normandie|FR|3|49.18|-0.37
Nancy|54000 54100|Grand Est|FR|4|48.69|6.17
Argenteuil|95100|Île-de-France|FR|5|48.95|2.25
Saint-Denis|93200 93210 93380|Île-de-France|FR|6|48.93|2.37
Montreuil|93100|Île-de-France|FR|4|48.86|2.45
Boulogne-Billancourt|92100|Île-de-France|FR|6|48.84|2.24
Nanterre|92000|Île-de-France|FR|5|48.90|2.20
Créteil|94000|Île-de-France|FR|5|48.78|2.45
Versailles|78000|Île-de-France|FR|5|48.80|2.12
Évry-Courcouronnes|91000 91080|Île-de-France|FR|4|48.63|2.43
Meaux|77100|Île-de-France|FR|4|48.96|2.90
Poitiers|86000|Nouvelle-Aquitaine|FR|3|46.58|0.37
Pau|64000|Nouvelle-Aquitaine|FR|3|43.32|-0.34
La Rochelle|17000|Nouvelle-Aquitaine|FR|3|46.16|-1.18
Avignon|84000 84140|Provence-Alpes-Côte d'Azur|FR|3|43.94|4.83
Calais|62100|Hauts-de-France|FR|3|50.95|1.87
Arras|62000|Hauts-de-France|FR|3|50.29|2.77
Dunkerque|59140 59240 59279 59430|Hauts-de-France|FR|3|51.02|2.34
Valenciennes|59300|Hauts-de-France|FR|3|50.36|3.51
Troyes|10000|Grand Est|FR|2|48.29|4.08
Lorient|56100|Bretagne|FR|2|47.75|-3.38
Vannes|56000|Bretagne|FR|2|47.66|-2.75
Quimper|29000|Bretagne|FR|2|48.00|-4.10
Saint-Brieuc|22000|Bretagne|FR|2|48.51|-2.77
Chambéry|73000|Auvergne-Rhône-Alpes|FR|2|45.58|5.91
Bourg-en-Bresse|01000|Auvergne-Rhône-Alpes|FR|2|46.20|5.25
Saint-Quentin|02100|Hauts-de-France|FR|2|49.85|3.28
Laon|02000|Hauts-de-France|FR|1|49.57|3.61
Moulins|03000|Auvergne-Rhône-Alpes|FR|1|46.56|3.33
Manosque|04100|Provence-Alpes-Côte d'Azur|FR|1|43.83|5.79
Gap|05000|Provence-Alpes-Côte d'Azur|FR|1|44.58|6.06
Annonay|07100|Auvergne-Rhône-Alpes|FR|1|45.24|4.64
Charleville-Mézières|08000|Grand Est|FR|1|49.78|4.73
Pamiers|09100|Occitanie|FR|1|43.13|1.62
Foix|09000|Occitanie|FR|1|42.97|1.61
Narbonne|11100|Occitanie|FR|1|43.15|3.03
Rodez|12000|Occitanie|FR|1|44.36|2.57
Aurillac|15000|Auvergne-Rhône-Alpes|FR|1|44.93|2.44
Angoulême|16000|Nouvelle-Aquitaine|FR|2|45.65|0.15
Bourges|18000|Centre-Val de Loire|FR|2|47.08|2.40
Brive-la-Gaillarde|19100|Nouvelle-Aquitaine|FR|1|45.15|1.51
Ajaccio|20000 20090 20167|Corse|FR|2|41.92|8.71
Bastia|20200 20600|Corse|FR|2|42.69|9.42
Corte|20250|Corse|FR|1|42.27|9.07
Guéret|23000|Nouvelle-Aquitaine|FR|1|46.16|1.87
Périgueux|24000|Nouvelle-Aquitaine|FR|1|45.19|0.71
Valence|26000|Auvergne-Rhône-Alpes|FR|2|44.92|4.92
Évreux|27000|Normandie|FR|2|49.02|1.14
Chartres|28000|Centre-Val de Loire|FR|2|48.45|1.50
Auch|32000|Occitanie|FR|1|43.66|0.57
Châteauroux|36000|Centre-Val de Loire|FR|1|46.80|1.69
Lons-le-Saunier|39000|Bourgogne-Franche-Comté|FR|1|46.68|5.56
Mont-de-Marsan|40000|Nouvelle-Aquitaine|FR|1|43.89|-0.50
Blois|41000|Centre-Val de Loire|FR|1|47.58|1.30
Cahors|46000|Occitanie|FR|1|44.46|1.44
Agen|47000|Nouvelle-Aquitaine|FR|1|44.20|0.63
Cherbourg-en-Cotentin|50100 50110 50120 50130|Normandie|FR|2|49.63|-1.64
Chaumont|52000|Grand Est|FR|1|48.10|5.16
Laval|53000|Pays de la Loire|FR|1|48.06|-0.77
Bar-le-Duc|55000|Grand Est|FR|1|48.76|5.17
Nevers|58000|Bourgogne-Franche-Comté|FR|1|46.99|3.16
Beauvais|60000|Hauts-de-France|FR|2|49.44|2.09
Alençon|61000|Normandie|FR|1|48.43|0.09
Tarbes|65000|Occitanie|FR|1|43.24|0.07
Vesoul|70000|Bourgogne-Franche-Comté|FR|1|47.63|6.15
Chalon-sur-Saône|71100|Bourgogne-Franche-Comté|FR|2|46.79|4.85
Niort|79000|Nouvelle-Aquitaine|FR|1|46.33|-0.46
Albi|81000|Occitanie|FR|1|43.93|2.13
Montauban|82000|Occitanie|FR|1|44.02|1.36
La Roche-sur-Yon|85000|Pays de la Loire|FR|2|46.69|-1.44
Épinal|88000|Grand Est|FR|1|48.16|6.49
Auxerre|89000 89290|Bourgogne-Franche-Comté|FR|1|47.79|3.58
Belfort|90000|Bourgogne-Franche-Comté|FR|1|47.65|6.84
Pointe-à-Pitre|97110|Guadeloupe|FR|1|16.24|-61.54
Fort-de-France|97200 97234|Martinique|FR|2|14.65|-61.07
Cayenne|97300|Guyane|FR|1|4.95|-52.33
Saint-Denis|97400 97417 97490|La Réunion|FR|2|-20.94|55.44
Saint-Pierre|97410 97432|La Réunion|FR|2|-21.31|55.50
Bruxelles|1000 1050 1180|Bruxelles-Capitale|BE|3|50.85|4.35
Liège|4000 4020|Liège|BE|1|50.63|5.57
Genève|1201 1205|Genève|CH|1|46.20|6.14
Luxembourg|1009 2180|Luxembourg|LU|1|49.61|6.13
"""


@dataclass(frozen=True)
class Place:
    """A town: its postcodes, region, country, share of the people and position."""

    town: str
    postcodes: tuple[str, ...]
    region: str
    country_code: str
    weight: float
    latitude: float
    longitude: float


def _place(line: str) -> Place:
    town, postcodes, region, country, weight, latitude, longitude = line.split("|")
    if "-" in postcodes:
        first, last = postcodes.split("-")
        codes = [f"{code:05d}" for code in range(int(first), int(last) + 1)]
    else:
        codes = postcodes.split()
    return Place(
        town=town,
        postcodes=tuple(codes),
        region=region,
        country_code=country,
        weight=float(weight),
        latitude=float(latitude),
        longitude=float(longitude),
    )


PLACES = [_place(line) for line in _TOWNS.strip().splitlines()]
REGIONS = sorted({place.region for place in PLACES})

# One home address code = one pair of town and postcode.
POSTCODES = [code for place in PLACES for code in place.postcodes]
POSTCODE_TOWN = np.array(
    [town for town, place in enumerate(PLACES) for _ in place.postcodes], np.int16
)
POSTCODE_WEIGHTS = np.array(
    [place.weight / len(place.postcodes) for place in PLACES for _ in place.postcodes]
)
TOWN_REGION = np.array([REGIONS.index(place.region) for place in PLACES], np.int16)
TOWN_COUNTRY = [place.country_code for place in PLACES]


def store_towns() -> list[int]:
    """Give the town of each store, the largest towns first; Paris and Lyon have more.

    Examples
    --------
    >>> towns = store_towns()
    >>> len(towns), PLACES[towns[0]].town
    (60, 'Paris')
    """
    french = [at for at, place in enumerate(PLACES) if place.country_code == "FR"]
    ranked = sorted(french, key=lambda at: (-PLACES[at].weight, at))
    extra = [ranked[0]] * 5 + [ranked[1]] + [ranked[2]]
    return (ranked[:1] + extra + ranked[1:])[:STORE_COUNT]


def nearest_stores() -> np.ndarray:
    """Give the nearest store of each town, by straight line.

    Returns
    -------
    ndarray of int16, shape (towns,)

    Examples
    --------
    >>> nearest_stores().shape == (len(PLACES),)
    True
    """
    stores = [PLACES[town] for town in store_towns()]
    position = np.array([(store.latitude, store.longitude) for store in stores])
    homes = np.array([(place.latitude, place.longitude) for place in PLACES])
    apart = ((homes[:, None, :] - position[None, :, :]) ** 2).sum(axis=2)
    return apart.argmin(axis=1).astype(np.int16)
