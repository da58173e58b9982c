"""What is compared, how alike is alike, and which pairs are looked at at all.

Everything that says when two records resemble each other stands in this one place. The
columns are those that ``records.py`` makes; a comparison or blocking rule whose columns
are null in all records drops out.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """One answer to how alike two values are.

    Parameters
    ----------
    label : str
        What it means.
    condition : str
        SQL over `<column>_l` and `<column>_r`; the first that holds counts.
    prior_match : float
        Share of the pairs of one person that are at this level, before anything is
        learned.
    prior_other : float
        The same of pairs of two persons.
    frequency_column : str or None
        Column whose rare values weigh more than its common ones.
    evidence : str or None
        What agrees, where that is less than the whole attribute.
    agreeing : tuple of tuple of str
        SQL over the columns of one record. The level holds only where all expressions
        of one of these groups are equal in both; none: nothing has to be.
    """

    label: str
    condition: str
    prior_match: float
    prior_other: float
    frequency_column: str | None = None
    evidence: str | None = None
    agreeing: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Comparison:
    """One attribute of two records, from alike to different.

    Parameters
    ----------
    name : str
        Attribute, as `evidence` names it.
    columns : tuple of str
        Columns it cannot do without: it says nothing of a pair in which one side lacks
        each of them.
    missing : str
        SQL that holds where the comparison says nothing.
    levels : tuple of Level
        Best first. What remains is the last one, which has no condition.
    may_be_silent : bool
        Whether it may say nothing of a pair with values on both sides, too.
    """

    name: str
    columns: tuple[str, ...]
    missing: str
    levels: tuple[Level, ...]
    may_be_silent: bool = False


def _missing(column: str) -> str:
    """Say that a value lacks on one side."""
    return f"{column}_l is null or {column}_r is null"


def _similar(column: str, threshold: float) -> str:
    """Say that two texts are alike by Jaro and Winkler, 0..1."""
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {threshold}"


def _typed(column: str, slips: int) -> str:
    """Say that so many slips of the keyboard turn one text into the other."""
    return f"damerau_levenshtein({column}_l, {column}_r) <= {slips}"


def _same(column: str, match: float, other: float) -> Level:
    """Say that two values are equal, rare ones weighing more."""
    return Level(
        "same",
        f"{column}_l = {column}_r",
        match,
        other,
        column,
        agreeing=((column,),),
    )


def _other(match: float, other: float) -> Level:
    """Say what remains."""
    return Level("different", "ELSE", match, other)


# Each name of one is, slips aside, the other name of the other.
_SWAPPED = (
    "jaro_winkler_similarity(given_name_l, family_name_r) >= 0.85 "
    "and jaro_winkler_similarity(family_name_l, given_name_r) >= 0.85"
)
# A first name shortened (Rob, J.) and a long form that begins like it.
_SHORTENED = (
    "starts_with(given_name_l, given_name_r) or starts_with(given_name_r, given_name_l)"
)
# The family name of one stands among the names of the other: Durand and Martin Durand.
_AMONG = (
    "list_contains(name_words_l, family_name_r) "
    "or list_contains(name_words_r, family_name_l)"
)

_SAME_PLACE = "postcode_l = postcode_r or city_l = city_r"

COMPARISONS = (
    Comparison(
        "given_name",
        ("given_name",),
        _missing("given_name"),
        (
            _same("given_name", 0.7, 0.01),
            Level("swapped with the family name", _SWAPPED, 0.05, 0.0001),
            Level("alike", _similar("given_name", 0.9), 0.1, 0.01),
            Level(
                "shortened",
                _SHORTENED,
                0.05,
                0.01,
                agreeing=(("left(given_name, 1)",),),
            ),
            Level("somewhat alike", _similar("given_name", 0.75), 0.03, 0.05),
            _other(0.07, 0.92),
        ),
    ),
    Comparison(
        "family_name",
        ("family_name",),
        f"{_missing('family_name')} or ({_SWAPPED})",
        (
            _same("family_name", 0.75, 0.005),
            Level("alike", _similar("family_name", 0.9), 0.12, 0.005),
            Level("among the other's names", _AMONG, 0.03, 0.005),
            Level("somewhat alike", _similar("family_name", 0.75), 0.03, 0.03),
            _other(0.07, 0.955),
        ),
        may_be_silent=True,
    ),
    Comparison(
        "birth_date",
        ("birth_date",),
        _missing("birth_date"),
        (
            _same("birth_date", 0.8, 0.0002),
            Level("one slip", _typed("birth_date", 1), 0.1, 0.002),
            Level("two slips", _typed("birth_date", 2), 0.04, 0.015),
            _other(0.06, 0.9828),
        ),
    ),
    # A home is one attribute: its street, postcode, town and region come and go
    # together, and counted one by one they would outweigh who lives there.
    Comparison(
        "home",
        ("street_address", "postcode", "city", "region"),
        " and ".join(
            f"({_missing(part)})"
            for part in ("street_address", "postcode", "city", "region")
        ),
        (
            Level(
                "same street and place",
                f"street_address_l = street_address_r and ({_SAME_PLACE})",
                0.5,
                0.0001,
                agreeing=(("street_address", "postcode"), ("street_address", "city")),
            ),
            Level(
                "street alike, same place",
                f"{_similar('street_address', 0.9)} and ({_SAME_PLACE})",
                0.1,
                0.0002,
                agreeing=(("postcode",), ("city",)),
            ),
            Level("street alike", _similar("street_address", 0.9), 0.08, 0.002),
            Level(
                "same postcode and town",
                "postcode_l = postcode_r and city_l = city_r",
                0.1,
                0.005,
                "postcode",
                agreeing=(("postcode", "city"),),
            ),
            Level(
                "same postcode",
                "postcode_l = postcode_r",
                0.05,
                0.005,
                "postcode",
                agreeing=(("postcode",),),
            ),
            Level(
                "same town",
                "city_l = city_r",
                0.07,
                0.02,
                "city",
                agreeing=(("city",),),
            ),
            Level(
                "postcode or town alike",
                f"{_typed('postcode', 1)} or {_similar('city', 0.9)}",
                0.03,
                0.02,
            ),
            Level(
                "same area",
                "postcode_area_l = postcode_area_r or region_l = region_r",
                0.03,
                0.06,
                evidence="area",
                agreeing=(("postcode_area",), ("region",)),
            ),
            _other(0.04, 0.8927),
        ),
    ),
    Comparison(
        "phone",
        ("phone",),
        _missing("phone"),
        (
            _same("phone", 0.7, 0.0002),
            # One slip, at two neighbouring places at most, leaves one end as it is, but
            # for numbers too short to have two ends.
            Level(
                "one slip",
                _typed("phone", 1),
                0.05,
                0.00001,
                agreeing=(
                    ("left(phone, 3)",),
                    ("right(phone, 3)",),
                    ("nullif(length(phone) < 8, false)",),
                ),
            ),
            _other(0.25, 0.99979),
        ),
    ),
    Comparison(
        "email",
        ("email",),
        _missing("email"),
        (
            _same("email", 0.6, 0.0002),
            Level(
                "same mailbox name",
                "mailbox_l = mailbox_r",
                0.05,
                0.0002,
                "mailbox",
                agreeing=(("mailbox",),),
            ),
            # Many addresses are a name and a number. Names are compared already, and
            # namesakes differ in the number.
            Level(
                "two slips, same digits",
                f"mailbox_digits_l = mailbox_digits_r and {_typed('email', 2)}",
                0.1,
                0.0001,
                agreeing=(("mailbox_digits",),),
            ),
            _other(0.25, 0.9995),
        ),
    ),
    Comparison(
        "identity_number",
        ("identity_number",),
        _missing("identity_number"),
        (
            _same("identity_number", 0.85, 0.0001),
            Level("one slip", _typed("identity_number", 1), 0.1, 0.0001),
            _other(0.05, 0.9998),
        ),
    ),
    Comparison(
        "sex",
        ("sex",),
        _missing("sex"),
        (_same("sex", 0.97, 0.5), _other(0.03, 0.5)),
    ),
    Comparison(
        "employment",
        ("employment",),
        _missing("employment"),
        (
            _same("employment", 0.8, 0.1),
            _other(0.2, 0.9),
        ),
    ),
)

# Each line is a ladder: its first rung that gives few enough pairs is taken, so a small
# data set is looked at widely and a large one narrowly. A rung is SQL expressions that
# have to be equal.
BLOCKING_LADDERS = (
    (("identity_number",),),
    (("email",),),
    (("phone",),),
    (("mailbox",), ("mailbox", "family_start"), ("mailbox", "birth_date")),
    (("street_address", "given_start"), ("street_address", "given_name")),
    (("street_address", "family_start"), ("street_address", "family_name")),
    (
        ("birth_date",),
        ("birth_date", "given_start"),
        ("birth_date", "given_name"),
    ),
    (("birth_date", "family_start"), ("birth_date", "family_name")),
    (("birth_date", "postcode_area"), ("birth_date", "postcode")),
    (("birth_date", "city"),),
    (
        ("family_name",),
        ("family_name", "given_start"),
        ("name_pair",),
        ("name_pair", "postcode_area"),
    ),
    (
        ("given_name",),
        ("given_name", "family_start"),
    ),
    (("given_start", "family_start"),),
    (("name_pair",), ("name_pair", "postcode_area")),
    (("family_name", "postcode_area"), ("family_name", "postcode")),
    (("given_name", "postcode_area"), ("given_name", "postcode")),
    (("family_name", "city"), ("family_name", "city", "given_start")),
    (("given_name", "city"), ("given_name", "city", "birth_year")),
    (("postcode", "birth_year"),),
    (("postcode",), ("postcode", "family_start"), ("postcode", "given_start")),
)

# Pairs that EM learns from; each leaves the attributes of its rule to the others. All
# ask for something of one person's own: pairs of one home would teach what a household
# is, not what a person is.
TRAINING_RULES = (
    ("birth_date",),
    ("given_name", "family_name"),
    ("given_name", "postcode"),
    ("email",),
    ("identity_number",),
)

# Two records of one person may differ wholly in these, but not in more than this share
# of their pairs: else it is a household or a street that EM has found.
PERSONAL = ("given_name", "birth_date")
LARGEST_PERSONAL_DIFFERENCE = 0.3

# So many levels of `home`, from the best down, say that two records are of one home.
# How many persons share one is in its weight already: their family names and telephones
# then add nothing. And two persons of one home bear one first name (father and son) or
# one birth date (twins) about one time in fifty, among strangers a far rarer thing.
HOME_LEVELS = 2
SHARED_AT_HOME = ("family_name", "phone")
ALIKE_AT_HOME = 0.02
