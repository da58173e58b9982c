"""Pictures that are written into a page as SVG: flows, trees and lines.

Heights are pixels and widths are shares of whatever room there is: the lines stretch
with the page while the words beside them, which are HTML, keep their size. That is
what a phone needs, and what a chart library that scales its text does not give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

SLOT = 36  # pixels that a label of two lines needs
SANKEY_HEIGHT = 260  # pixels that the flows of one side share at most
NODE_HEIGHT = 56  # pixels that each node of the fuller side adds, up to that
NODE_WIDTH = 1.6  # of the hundred units across
TREE_ROW = 34


@dataclass(frozen=True)
class Node:
    """One end of the flows: a name with its sum, in pixels from the top."""

    label: str
    figure: str
    colour: str
    link: str | None
    top: float
    height: float
    slot: float

    @property
    def middle(self) -> float:
        """Where the label stands."""
        return self.top + self.height / 2


@dataclass(frozen=True)
class Ribbon:
    """One flow: the outline of its band."""

    path: str
    colour: str
    title: str


@dataclass(frozen=True)
class Sankey:
    """Flows from the names on the left to those on the right."""

    left: tuple[Node, ...]
    right: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]
    height: float


@dataclass(frozen=True)
class End:
    """A name of a Sankey before it has a place."""

    label: str
    colour: str
    link: str | None = None


@dataclass(frozen=True)
class Flow:
    """How much goes from the one end to the other, with words for the band."""

    start: End
    goal: End
    value: float
    title: str


def sankey(
    flows: Sequence[Flow],
    write: Callable[[float], str] = str,
    *,
    left_order: Sequence[End] = (),
    right_order: Sequence[End] = (),
) -> Sankey:
    """Lay out flows between two columns.

    Parameters
    ----------
    flows : sequence of Flow
        Each with a value above 0; one per pair of ends.
    write : callable
        Writes a node's sum for the reader.
    left_order, right_order : sequence of End
        Ends from top to bottom; those not named follow, the largest first.

    Returns
    -------
    Sankey
        Bands leave a node in the order of the nodes they go to, so that as few as
        possible cross. The sums of both sides are equal and so is the scale.

    Examples
    --------
    >>> loyal, lost = End("Loyal", "red"), End("Lost", "blue")
    >>> drawn = sankey([Flow(loyal, lost, 3, "3 from loyal to lost")])
    >>> [(node.label, node.figure, node.height) for node in drawn.left]
    [('Loyal', '3', 56.0)]
    """
    total = sum(flow.value for flow in flows)
    left = _column([(flow.start, flow.value) for flow in flows], left_order)
    right = _column([(flow.goal, flow.value) for flow in flows], right_order)
    height = min(SANKEY_HEIGHT, NODE_HEIGHT * max(len(left), len(right)))
    scale = height / total if total else 0
    left_nodes = _place(left, scale, write)
    right_nodes = _place(right, scale, write)
    left_rank = {end: rank for rank, end in enumerate(left)}
    right_rank = {end: rank for rank, end in enumerate(right)}

    out = {end: node.top for end, node in left_nodes.items()}
    into = {end: node.top for end, node in right_nodes.items()}
    starts, goals = {}, {}
    for flow in sorted(flows, key=lambda flow: right_rank[flow.goal]):
        starts[id(flow)] = out[flow.start]
        out[flow.start] += flow.value * scale
    for flow in sorted(flows, key=lambda flow: left_rank[flow.start]):
        goals[id(flow)] = into[flow.goal]
        into[flow.goal] += flow.value * scale
    ribbons = tuple(
        Ribbon(
            _band(starts[id(flow)], goals[id(flow)], flow.value * scale),
            flow.start.colour,
            flow.title,
        )
        for flow in sorted(flows, key=lambda flow: -flow.value)
    )
    lowest = max(
        (node.slot for node in [*left_nodes.values(), *right_nodes.values()]),
        default=0,
    )
    return Sankey(
        tuple(left_nodes.values()), tuple(right_nodes.values()), ribbons, lowest
    )


def _column(
    parts: Sequence[tuple[End, float]], order: Sequence[End]
) -> dict[End, float]:
    """Sum up what goes through each end, in the order they are drawn."""
    sums: dict[End, float] = {}
    for end, value in parts:
        sums[end] = sums.get(end, 0) + value
    wanted = {end: rank for rank, end in enumerate(order)}
    ranked = sorted(
        sums, key=lambda end: (wanted.get(end, len(wanted)), -sums[end], end.label)
    )
    return {end: sums[end] for end in ranked}


def _place(
    sums: dict[End, float], scale: float, write: Callable[[float], str]
) -> dict[End, Node]:
    """Stack ends; a thin one gets the room that its label needs."""
    nodes, top = {}, 0.0
    for end, value in sums.items():
        height = max(value * scale, 1)
        slot = max(height + 6, SLOT)
        nodes[end] = Node(
            end.label,
            write(value),
            end.colour,
            end.link,
            round(top + (slot - height) / 2, 1),
            round(height, 1),
            round(top + slot, 1),
        )
        top += slot
    return nodes


def _band(start: float, goal: float, height: float) -> str:
    """Outline of a band from the left column to the right one."""
    near, far, middle = NODE_WIDTH, 100 - NODE_WIDTH, 50
    low, end = start + height, goal + height
    return (
        f"M{near},{start:.1f}C{middle},{start:.1f} {middle},{goal:.1f} {far},{goal:.1f}"
        f"L{far},{end:.1f}C{middle},{end:.1f} {middle},{low:.1f} {near},{low:.1f}Z"
    )


@dataclass(frozen=True)
class Sparkline:
    """A line of a hundred by a hundred, stretched by whoever shows it."""

    path: str
    description: str


@dataclass(frozen=True)
class Trend:
    """A line with the words at its ends."""

    line: Sparkline
    area: str
    highest: str
    lowest: str
    first: str
    last: str
    colour: str


def line_path(
    values: Sequence[float],
    *,
    from_zero: bool = False,
    at: Sequence[float] | None = None,
) -> str:
    """Write values as the path of a line over the whole width.

    Parameters
    ----------
    values : sequence of float
        Two or more.
    from_zero : bool
        Whether the bottom is 0; otherwise it is the least value.
    at : sequence of float, optional
        Where each lies across, ascending from 0; at equal distances when absent.

    Returns
    -------
    str
        In the square from 0 to 100, high values at the top.

    Examples
    --------
    >>> line_path([1, 3, 2])
    'M0,100L50,0L100,50'
    >>> line_path([1, 3, 2], at=[0, 1, 4])
    'M0,100L25,0L100,50'
    """
    lowest = min(0, *values) if from_zero else min(values)
    span = (max(values) - lowest) or 1
    places = range(len(values)) if at is None else at
    step = 100 / places[-1]
    points = (
        f"{place * step:.4g},{100 - 100 * (value - lowest) / span:.4g}"
        for place, value in zip(places, values, strict=True)
    )
    return "M" + "L".join(points)


@dataclass(frozen=True)
class Leaf:
    """A name at the left of a tree."""

    label: str
    link: str | None
    colour: str


@dataclass(frozen=True)
class Tree:
    """A dendrogram: names at the left, merges to the right by how unlike they are."""

    leaves: tuple[Leaf, ...]
    paths: tuple[str, ...]
    height: float
    deepest: str


def dendrogram(
    leaves: dict[int, Leaf],
    merges: Sequence[tuple[int, int, int, float]],
    write: Callable[[float], str] = str,
) -> Tree:
    """Lay out the merges of segments until all are one.

    Parameters
    ----------
    leaves : dict of int to Leaf
        Segments by number.
    merges : sequence of tuple
        First node, second node, merged node and height, the lowest first.
    write : callable
        Writes the greatest height for the reader.

    Returns
    -------
    Tree
        Leaves in an order in which no two lines cross.

    Examples
    --------
    >>> leaves = {n: Leaf(str(n), None, "red") for n in (1, 2, 3)}
    >>> tree = dendrogram(leaves, [(1, 3, 4, 0.5), (2, 4, 5, 1.0)])
    >>> [leaf.label for leaf in tree.leaves]
    ['2', '1', '3']
    """
    children = {merged: (first, second) for first, second, merged, _ in merges}
    order = _leaf_order(merges[-1][2], children) if merges else list(leaves)
    place = {node: (0.0, TREE_ROW * (rank + 0.5)) for rank, node in enumerate(order)}
    highest = max((height for *_, height in merges), default=1) or 1
    paths = []
    for first, second, merged, height in merges:
        across = 96 * height / highest
        (first_x, first_y), (second_x, second_y) = place[first], place[second]
        paths.append(
            f"M{first_x:.1f},{first_y:.1f}H{across:.1f}V{second_y:.1f}H{second_x:.1f}"
        )
        place[merged] = (across, (first_y + second_y) / 2)
    if merges:
        across, middle = place[merges[-1][2]]
        paths.append(f"M{across:.1f},{middle:.1f}H100")
    return Tree(
        tuple(leaves[node] for node in order if node in leaves),
        tuple(paths),
        TREE_ROW * len(order),
        write(highest),
    )


def _leaf_order(root: int, children: dict[int, tuple[int, int]]) -> list[int]:
    """Leaves below a node from top to bottom."""
    waiting, order = [root], []
    while waiting:
        node = waiting.pop()
        if node in children:
            first, second = children[node]
            waiting += [second, first]
        else:
            order.append(node)
    return order
