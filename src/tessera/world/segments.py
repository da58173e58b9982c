"""The six planted segments: how their members shop, read, browse and leave."""

from dataclasses import dataclass, replace

import numpy as np

from tessera.world.catalogue import CATEGORIES, DEPARTMENTS
from tessera.world.mix import lookup_table

DEVICES = ("mobile", "desktop", "tablet")
TRAITS = (
    "price_sensitivity", "novelty_seeking", "family_orientation", "quality_focus",
    "social_influence", "home_interest", "tech_interest", "sustainability",
)  # fmt: skip
NO_SEGMENT = "no_purchase"


@dataclass(frozen=True)
class Segment:
    """Behaviour of one planted segment; rates are per person and year.

    Attributes
    ----------
    share : share of the buyers.
    orders, visits, mailings, reactions, impressions : yearly rates at activity 1.
    web_share : share of the orders placed on the web.
    lines : mean lines of an order.
    tiers : weights of entry, core and premium products.
    discount_share : share of the lines bought with a discount.
    departments : weights of the departments, in the catalogue's order.
    hours : (hour, spread, weight) of the peaks of the day, local time.
    weekdays : weights of Monday to Sunday.
    devices : weights of mobile, desktop and tablet.
    opens, clicks : share of mails opened, share of the opened clicked.
    promotion : factor on orders during a promotion.
    churn : yearly hazard of leaving.
    traits : mean of each survey trait, 1 to 5.
    """

    name: str
    share: float
    orders: float
    visits: float
    mailings: float
    reactions: float
    impressions: float
    web_share: float
    lines: float
    tiers: tuple
    discount_share: float
    departments: tuple
    hours: tuple
    weekdays: tuple
    devices: tuple
    opens: float
    clicks: float
    promotion: float
    churn: float
    returns: float
    age: tuple
    female_share: float
    traits: tuple


SEGMENTS = (
    Segment(
        "deal_hunters", 0.27, 3.1, 1.7, 3.5, 2.0, 1.9, 0.80, 1.9, (70, 26, 4), 0.78,
        (15, 24, 15, 15, 6, 14, 6, 5), ((19.5, 2, 1),), (1, 1, 1, 1, 1, 1, 1),
        (45, 45, 10), 0.48, 0.45, 2.6, 0.10, 0.08, (41, 12), 0.62,
        (4.5, 2.6, 3.0, 2.2, 3.0, 2.8, 2.3, 2.6),
    ),
    Segment(
        "store_families", 0.24, 3.2, 0.6, 2.6, 1.5, 1.3, 0.12, 3.2, (45, 48, 7), 0.24,
        (8, 4, 62, 12, 2, 6, 2, 4), ((11, 1.5, 1), (16, 2, 1.4)),
        (0.5, 0.5, 1.4, 0.5, 0.6, 3.0, 0.6), (70, 15, 15), 0.22, 0.10, 1.5, 0.07, 0.05,
        (38, 7), 0.60, (3.4, 2.6, 4.6, 3.3, 2.6, 3.2, 2.6, 3.4),
    ),
    Segment(
        "mobile_fashion", 0.19, 4.0, 2.9, 2.4, 9.0, 2.4, 0.90, 1.6, (30, 60, 10), 0.22,
        (54, 6, 1, 2, 33, 2, 1, 1), ((13, 1, 0.6), (22, 1.5, 1.4)),
        (1, 1, 1, 1, 1.2, 1.2, 1.3), (92, 6, 2), 0.25, 0.25, 1.6, 0.16, 0.18, (27, 6),
        0.74, (3.0, 4.5, 2.0, 3.0, 4.6, 2.4, 3.0, 3.2),
    ),
    Segment(
        "home_projects", 0.15, 2.3, 1.1, 2.6, 2.0, 1.5, 0.55, 2.1, (12, 56, 32), 0.20,
        (2, 2, 2, 82, 2, 3, 3, 4), ((10, 1.5, 1), (15, 2, 1)),
        (1.2, 1.2, 1.2, 1.2, 1, 1.1, 0.5), (22, 62, 16), 0.30, 0.25, 1.3, 0.08, 0.07,
        (52, 11), 0.52, (3.0, 2.6, 3.0, 4.0, 2.2, 4.7, 2.8, 3.4),
    ),
    Segment(
        "premium_loyals", 0.135, 5.0, 1.4, 3.5, 2.5, 1.2, 0.42, 2.0, (3, 27, 70), 0.06,
        (24, 20, 2, 10, 20, 4, 4, 16), ((12, 1.5, 1), (18, 1.5, 1.2)),
        (1, 1.1, 1.1, 1.1, 1.4, 1.2, 0.2), (45, 48, 7), 0.60, 0.35, 1.05, 0.03, 0.04,
        (50, 12), 0.55, (1.6, 3.0, 3.0, 4.7, 2.6, 3.4, 2.8, 4.0),
    ),
    Segment(
        "night_collectors", 0.015, 6.5, 4.5, 3.0, 10.0, 1.8, 0.97, 1.5, (30, 30, 40),
        0.08, (1, 2, 1, 1, 1, 1, 92, 1), ((1.5, 1.5, 1),), (1, 1, 1, 1, 1.2, 1.4, 1.3),
        (20, 78, 2), 0.40, 0.50, 1.1, 0.05, 0.03, (30, 7), 0.25,
        (2.4, 4.6, 1.6, 3.6, 3.8, 2.0, 4.9, 2.4),
    ),
)  # fmt: skip

# People who look but never buy: half of what the average buyer does, mixed tastes.
PROSPECT = replace(
    SEGMENTS[0], name=NO_SEGMENT, share=0.0, orders=0.0, visits=0.6, mailings=1.8,
    reactions=1.2, impressions=1.3, departments=(20, 10, 12, 18, 14, 10, 8, 8),
    opens=0.18, clicks=0.08, churn=0.15, age=(42, 16), female_share=0.52,
    traits=(3.0,) * 8,
)  # fmt: skip
PROSPECT_CODE = len(SEGMENTS)


def _average(segments: tuple[Segment, ...]) -> Segment:
    shares = np.array([segment.share for segment in segments])
    merged = {}
    for field in segments[0].__dataclass_fields__:
        values = [getattr(segment, field) for segment in segments]
        if field in ("name", "share"):
            continue
        if field == "hours":
            merged[field] = tuple(
                (hour, spread, weight * share)
                for share, peaks in zip(shares, values, strict=True)
                for hour, spread, weight in peaks
            )
        elif field in ("departments", "weekdays", "devices", "tiers"):
            rows = np.array([np.array(value) / sum(value) for value in values])
            merged[field] = tuple(shares @ rows)
        else:
            mean = shares @ np.array(values, dtype=np.float64)
            merged[field] = tuple(mean) if np.ndim(mean) else float(mean)
    return replace(segments[0], **merged)


def behaviours(planted: bool = True) -> tuple[Segment, ...]:
    """Give the behaviour of each segment code, people who never buy last.

    Parameters
    ----------
    planted : bool
        When false, every segment behaves like the average of all.

    Returns
    -------
    tuple of Segment, length 7

    Examples
    --------
    >>> [segment.name for segment in behaviours()][5:]
    ['night_collectors', 'no_purchase']
    >>> len({segment.orders for segment in behaviours(planted=False)[:6]})
    1
    """
    if planted:
        return (*SEGMENTS, PROSPECT)
    same = _average(SEGMENTS)
    return (
        *(replace(same, name=one.name, share=one.share) for one in SEGMENTS),
        PROSPECT,
    )


def category_weights(segments: tuple[Segment, ...]) -> np.ndarray:
    """Give the weight of each category by segment; shape (segments, categories).

    Examples
    --------
    >>> category_weights(behaviours()).shape == (7, len(CATEGORIES))
    True
    """
    names = list(DEPARTMENTS)
    rows = []
    for segment in segments:
        total = sum(segment.departments)
        rows.append(
            [
                segment.departments[names.index(department)]
                / total
                / len(DEPARTMENTS[department])
                for department, _, _ in CATEGORIES
            ]
        )
    return np.array(rows)


def hour_table(segments: tuple[Segment, ...]) -> np.ndarray:
    """Give the table that draws the quarter of an hour of the local day by segment.

    Returns
    -------
    ndarray of int16, shape (segments, 4096)
        Values 0..95.
    """
    quarters = (np.arange(96) + 0.5) / 4
    rows = []
    for segment in segments:
        # A twelfth of everything happens at any hour, so that nothing is certain.
        row = np.full(96, 1 / 96 / 12)
        row[: 7 * 4] /= 4
        total = sum(weight for _, _, weight in segment.hours)
        for hour, spread, weight in segment.hours:
            apart = np.abs(quarters - hour)
            apart = np.minimum(apart, 24 - apart)
            bell = np.exp(-0.5 * (apart / spread) ** 2)
            row += bell / bell.sum() * weight / total * 11 / 12
        rows.append(row)
    return lookup_table(np.array(rows))
