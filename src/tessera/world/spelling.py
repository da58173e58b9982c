"""How text goes wrong: typing errors, capitals, lost accents, filled-in junk."""

import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def fill(texts: pa.Array, mask: np.ndarray, values: str | list | None) -> pa.Array:
    """Put one value, or a list of them in order, where the mask is true.

    Examples
    --------
    >>> fill(pa.array(["a", "b"]), np.array([False, True]), None).to_pylist()
    ['a', None]
    """
    count = int(mask.sum())
    if count == 0:
        return texts
    if not isinstance(values, list):
        values = [values] * count
    chosen = pa.array(values, texts.type)
    return pc.replace_with_mask(texts, pa.array(mask), chosen)


def mistype(text: str, draw: float) -> str:
    """Make one typing error: swap, drop or double a letter.

    Parameters
    ----------
    text : str
    draw : float
        Uniform number that chooses the place and the kind of error.

    Returns
    -------
    str
        Different from `text` where it has two different letters in a row.

    Examples
    --------
    >>> mistype("martin", 0.5)
    'marttin'
    """
    body = text.split("@")[0]
    if len(body) < 3:
        return text
    at = 1 + int(draw * (len(body) - 2))
    kind = int(draw * 7919) % 3
    left, here, after, rest = text[:at], text[at], text[at + 1 : at + 2], text[at + 2 :]
    if kind == 0 or here == after:
        return left + after + rest
    if kind == 1 and after != "@":
        return left + after + here + rest
    return left + here + here + after + rest


def mistyped(texts: pa.Array, mask: np.ndarray, draws: np.ndarray) -> pa.Array:
    """Make one typing error in each text where the mask is true.

    Examples
    --------
    >>> mistyped(pa.array(["martin"]), np.array([True]), np.array([0.5])).to_pylist()
    ['marttin']
    """
    chosen = texts.filter(pa.array(mask)).to_pylist()
    wrong = [
        text and mistype(text, draw)
        for text, draw in zip(chosen, draws[mask], strict=True)
    ]
    return fill(texts, mask, wrong)


def without_accents(text: str) -> str:
    """Give the text without its accents.

    Examples
    --------
    >>> without_accents("Éloïse")
    'Eloise'
    """
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _bare(texts: pa.Array) -> pa.Array:
    words = pc.dictionary_encode(texts)
    bare = pa.array([without_accents(word) for word in words.dictionary.to_pylist()])
    return bare.take(words.indices)


def restyled(texts: pa.Array, draws: np.ndarray) -> pa.Array:
    """Write names as clerks do: capitals, no accents, decomposed accents, spaces.

    Parameters
    ----------
    texts : pyarrow.Array of string, shape (n,)
    draws : ndarray of float64, shape (n,)
        Uniform numbers that choose the style; six in ten stay as they are.

    Returns
    -------
    pyarrow.Array of string, shape (n,)

    Examples
    --------
    >>> restyled(pa.array(["Léa"]), np.array([0.65])).to_pylist()
    ['LÉA']
    """
    result = texts
    for first, last, change in (
        (0.60, 0.72, pc.utf8_upper),
        (0.72, 0.80, lambda text: pc.utf8_upper(_bare(text))),
        (0.80, 0.88, _bare),
        (0.88, 0.93, pc.utf8_lower),
        (0.93, 0.96, lambda text: pc.utf8_normalize(text, form="NFD")),
        (0.96, 1.00, lambda text: pc.binary_join_element_wise(" ", text, " ", "")),
    ):
        mask = (draws >= first) & (draws < last)
        if mask.any():
            chosen = pa.array(mask)
            result = pc.replace_with_mask(result, chosen, change(texts.filter(chosen)))
    return result
