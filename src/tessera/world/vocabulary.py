"""Words as the sources write them: countries, sexes, currencies."""

import numpy as np

from tessera.world.places import TOWN_COUNTRY

COUNTRY_SPELLINGS = [
    "FR", "France", "fr", "FRANCE", "FRA", "BE", "Belgique", "CH", "Suisse", "LU",
    "Luxembourg",
]  # fmt: skip
_COUNTRY_START = {"FR": 0, "BE": 5, "CH": 7, "LU": 9}
_TOWN_START = np.array([_COUNTRY_START[code] for code in TOWN_COUNTRY])
_TOWN_FRENCH = _TOWN_START == 0

SEX_WORDS = (
    "F", "female", "Madame", "femme", "M", "male", "Monsieur", "homme", "other",
    "Autre",
)  # fmt: skip
# Spellings of each sex code of persons: female, male, other.
SEX_SPELLINGS = np.array([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 8, 9]])
CURRENCY_SPELLINGS = ["EUR", "eur", "€", "CHF"]
FRANC = 3
FRANCS_PER_EURO = 0.95
LANGUAGE_SPELLINGS = ["fr", "FR", "fr-FR", "français", "French", "nl", "de", "en"]


def country_codes(town: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Give the spelling of the country of each town, as a code.

    Parameters
    ----------
    town : ndarray of int, shape (n,)
        Positions in `PLACES`.
    draws : ndarray of float64, shape (n,)
        Uniform numbers; seven in ten use the ISO code.

    Returns
    -------
    ndarray of int64, shape (n,)
        Positions in `COUNTRY_SPELLINGS`.

    Examples
    --------
    >>> COUNTRY_SPELLINGS[country_codes(np.array([0]), np.array([0.75]))[0]]
    'France'
    """
    french = np.searchsorted([0.7, 0.85, 0.92, 0.97], draws, side="right")
    foreign = (draws >= 0.7).astype(np.int64)
    return _TOWN_START[town] + np.where(_TOWN_FRENCH[town], french, foreign)


def currency_codes(draws: np.ndarray) -> np.ndarray:
    """Give the spelling of the euro, as a code; 97 in 100 use the ISO code.

    Examples
    --------
    >>> currency_codes(np.array([0.5, 0.98])).tolist()
    [0, 1]
    """
    return np.searchsorted([0.97, 0.99], draws, side="right")
