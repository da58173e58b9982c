"""Errors that tell the person at the keyboard what to do."""

from __future__ import annotations


class TesseraError(Exception):
    """Something the user can mend; shown without a traceback.

    The message names the file, column, value and rule at fault where there are
    any, then what to do. It never quotes a value of a direct identifier.
    """
