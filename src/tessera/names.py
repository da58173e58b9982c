"""Names that files, links and identifiers are made of."""

from __future__ import annotations

import re


def slug(name: str) -> str:
    """Write a name as a part of an element's id or a file's name.

    >>> slug("Life cycle")
    'life-cycle'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
