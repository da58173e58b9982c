"""Who does something on a day: a Poisson process per person, thinned by the day."""

import numpy as np

from tessera.world import mix
from tessera.world.persons import Persons


class Arrivals:
    """Times people act, at a yearly rate by segment and a factor by day.

    Parameters
    ----------
    persons : Persons
    name : str
        Name of the stream of chance.
    rates : ndarray of float, shape (segments,)
        Yearly rate of each segment.
    after_churn : float
        What remains of the rate once a person has left, 0..1.

    Notes
    -----
    The work of a day grows with what happens on it, not with the number of people.
    """

    def __init__(
        self, persons: Persons, name: str, rates: np.ndarray, after_churn: float = 0.0
    ):
        self.persons = persons
        self.name = name
        self.rates = np.asarray(rates, dtype=np.float64) / 365.0
        self.after_churn = after_churn
        self.cumulative = np.cumsum(self._highest(slice(None)) * persons.activity)

    def _highest(self, who) -> np.ndarray:
        first = self.rates[self.persons.segment[who]]
        second = self.rates[self.persons.second_segment[who]]
        drifts = self.persons.drift_day[who] < 2**29
        return np.maximum(first, np.where(drifts, second, 0.0))

    def yearly(self) -> float:
        """Give how many times a year all people together act, at factor 1."""
        persons = self.persons
        return float(
            np.cumsum(self.rates[persons.segment] * persons.activity)[-1] * 365
        )

    def on(self, day: int, factor: np.ndarray | float = 1.0) -> np.ndarray:
        """Give who acts on a day, in order, once for each time.

        Parameters
        ----------
        day : int
            Day of the world.
        factor : ndarray of float, shape (segments,), or float
            Factor of the day.

        Returns
        -------
        ndarray of int64, shape (n,)
        """
        persons = self.persons
        factor = np.broadcast_to(np.asarray(factor, np.float64), self.rates.shape)
        top = float(factor.max())
        total = float(self.cumulative[-1]) if len(persons) else 0.0
        size = mix.poisson_total(
            mix.stream(persons.seed, self.name, "size", day), total * top
        )
        draws = mix.uniform(mix.stream(persons.seed, self.name, "who", day), size)
        who = np.searchsorted(self.cumulative, np.sort(draws) * total, side="right")
        who = np.minimum(who, len(persons) - 1)
        segment = persons.segment_on(who, day)
        wanted = self.rates[segment] * factor[segment]
        wanted *= np.where(persons.churn_day[who] <= day, self.after_churn, 1.0)
        here = (persons.join_day[who] <= day) & (persons.erasure_day[who] > day)
        luck = mix.uniform(mix.stream(persons.seed, self.name, "keep", day), size)
        return who[here & (luck * self._highest(who) * top < wanted)]
