"""Chance by arithmetic: figures that depend on nothing but a seed and an index.

The generator is SplitMix64 used as a counter: integers only, so that it gives the
same figures on every machine, whatever the order or the number of threads.
"""

from zlib import crc32

import numpy as np

_GAMMA = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF
_LUT_SIZE = 4096
PRIME = 2_147_483_647


def stream(seed: int, *parts: str | int) -> int:
    """Give the 64-bit key of a named stream of chance.

    Parameters
    ----------
    seed : int
        Seed of the world.
    *parts : str or int
        Name of the stream, such as the table, the column and the day.

    Returns
    -------
    int
        Key in 0..2**64-1.

    Examples
    --------
    >>> stream(7, "orders", 3) == stream(7, "orders", 3)
    True
    >>> stream(7, "orders", 3) == stream(7, "orders", 4)
    False
    """
    key = seed & _MASK
    for part in parts:
        number = crc32(part.encode()) + (1 << 32) if isinstance(part, str) else part
        key = _mix_one(key ^ number & _MASK)
    return key


def _mix_one(state: int) -> int:
    state = (state + _GAMMA) & _MASK
    state = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & _MASK
    state = ((state ^ state >> 27) * 0x94D049BB133111EB) & _MASK
    return state ^ state >> 31


def _mix(state: np.ndarray) -> np.ndarray:
    state = state + np.uint64(_GAMMA)
    state ^= state >> np.uint64(30)
    state *= np.uint64(0xBF58476D1CE4E5B9)
    state ^= state >> np.uint64(27)
    state *= np.uint64(0x94D049BB133111EB)
    state ^= state >> np.uint64(31)
    return state


def bits(key: int, index: np.ndarray | int) -> np.ndarray:
    """Give 64 random bits for each index (or for 0..index-1).

    Parameters
    ----------
    key : int
        Key of the stream.
    index : ndarray of int, shape (n,), or int
        Positions in the stream, or how many from the start.

    Returns
    -------
    ndarray of uint64, shape (n,)

    Examples
    --------
    >>> bool(bits(1, 5)[3] == bits(1, np.array([3]))[0])
    True
    """
    if isinstance(index, int | np.integer):
        index = np.arange(index, dtype=np.uint64)
    state = index.astype(np.uint64)
    state *= np.uint64(_GAMMA)
    state += np.uint64(key)
    return _mix(state)


def uniform(key: int, index: np.ndarray | int) -> np.ndarray:
    """Give numbers uniform in 0 (included) to 1 (excluded); see `bits`.

    Returns
    -------
    ndarray of float64, shape (n,)

    Examples
    --------
    >>> draws = uniform(stream(1, "demo"), 10_000)
    >>> bool(abs(draws.mean() - 0.5) < 0.02)
    True
    """
    return (bits(key, index) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def normal(key: int, index: np.ndarray | int) -> np.ndarray:
    """Give roughly standard normal numbers (sum of twelve 16-bit parts; see `bits`).

    Returns
    -------
    ndarray of float64, shape (n,)
        In -6..6, mean 0, variance 1; sums of integers, so the same everywhere.

    Examples
    --------
    >>> draws = normal(stream(1, "demo"), 10_000)
    >>> bool(abs(draws.std() - 1) < 0.03)
    True
    """
    total = 0
    for part in range(3):
        word = bits(key ^ (part + 1) * 0x5851F42D4C957F2D & _MASK, index)
        for shift in (0, 16, 32, 48):
            total = total + ((word >> np.uint64(shift)) & np.uint64(0xFFFF))
    return total.astype(np.float64) / 65536.0 - 6.0 + 6 / 65536.0


def poisson_total(key: int, mean: float) -> int:
    """Give one Poisson number, by the normal approximation above 400.

    Examples
    --------
    >>> poisson_total(1, 0.0)
    0
    """
    if mean <= 0:
        return 0
    if mean > 400:
        return max(0, round(mean + mean**0.5 * float(normal(key, 1)[0])))
    draws = -np.log1p(-uniform(key, int(mean * 2 + 60)))
    return int(np.searchsorted(np.cumsum(draws), mean))


def small_counts(draws: np.ndarray, mean: np.ndarray | float) -> np.ndarray:
    """Turn uniform numbers into counts from 0, geometric with the given mean.

    Parameters
    ----------
    draws : ndarray of float64, shape (n,)
        Uniform numbers.
    mean : ndarray of float64, shape (n,), or float
        Mean of the counts, above 0.

    Returns
    -------
    ndarray of int64, shape (n,)
        At most 40.

    Examples
    --------
    >>> small_counts(np.array([0.0, 0.6, 0.9]), 1.0).tolist()
    [0, 1, 3]
    """
    stop = np.log(np.asarray(mean) / (1 + np.asarray(mean)))
    return np.minimum(np.log1p(-draws) / stop, 40).astype(np.int64)


def scramble(index: np.ndarray, salt: int, size: int = PRIME) -> np.ndarray:
    """Map positions one to one onto numbers that do not betray them.

    Parameters
    ----------
    index : ndarray of int64, shape (n,)
        Positions in 0..size-1.
    salt : int
        Which of many maps.
    size : int
        How many positions there are, at most 2147483647.

    Returns
    -------
    ndarray of int64, shape (n,)
        Distinct numbers, below the first prime from `size` on.

    Examples
    --------
    >>> len(set(scramble(np.arange(1000), 5).tolist()))
    1000
    """
    prime = PRIME if size == PRIME else next_prime(size)
    factor = int(bits(salt, 1)[0]) % (prime - 2) + 2 if prime > 3 else 1
    return (index.astype(np.int64) * factor + salt % prime) % prime


def next_prime(number: int) -> int:
    """Give the first prime from a number on.

    Examples
    --------
    >>> next_prime(1000)
    1009
    """
    number = max(number, 2)
    while any(number % part == 0 for part in range(2, int(number**0.5) + 1)):
        number += 1
    return number


def lookup_table(weights: np.ndarray) -> np.ndarray:
    """Make a table for drawing categories by row of weights, in 4,096 steps.

    Parameters
    ----------
    weights : ndarray of float, shape (rows, categories)
        Any non-negative weights.

    Returns
    -------
    ndarray of int16, shape (rows, 4096)

    Examples
    --------
    >>> np.bincount(lookup_table(np.array([[1, 3]]))[0]).tolist()
    [1024, 3072]
    """
    weights = np.atleast_2d(np.asarray(weights, dtype=np.float64))
    edges = np.cumsum(weights, axis=1)
    steps = (np.arange(_LUT_SIZE) + 0.5) / _LUT_SIZE
    rows = [np.searchsorted(edge / edge[-1], steps, side="right") for edge in edges]
    return np.minimum(np.array(rows), weights.shape[1] - 1).astype(np.int16)


def pick(table: np.ndarray, row: np.ndarray | int, draws: np.ndarray) -> np.ndarray:
    """Draw a category for each uniform number, by the row of `lookup_table`.

    Returns
    -------
    ndarray of int16, shape (n,)

    Examples
    --------
    >>> pick(lookup_table([[1, 3]]), 0, np.array([0.1, 0.3])).tolist()
    [0, 1]
    """
    return table[row, (draws * _LUT_SIZE).astype(np.int64)]
