"""Nightly edges by the very macro: a step is followed, a day's spike is not."""

from itertools import pairwise
from pathlib import Path

import duckdb
import jinja2
import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
MACRO = ROOT / "macros" / "edge_moved.sql"
SETTLING = ROOT / "models" / "fits" / "fit_settled_edges.sql"
# As most lines of the seed `thresholds` have it.
SMOOTHING, CLAMP = 0.3, 0.1
PERSONS = 2_000


@pytest.fixture(scope="module")
def move():
    """Give a function that moves a night's edges with the macro's SQL."""
    text = MACRO.read_text(encoding="utf-8") + "{{ edge_moved() }}"
    expression = jinja2.Environment().from_string(text).render()
    connection = duckdb.connect()

    def move(previous, found, smoothing=SMOOTHING, clamp=CLAMP, nights=1):
        previous = list(previous) if previous is not None else [None] * len(found)
        distance = (
            (max(previous) - min(previous)) / max(len(previous) - 1, 1)
            if previous[0] is not None
            else None
        )
        rows = connection.execute(
            f"""
            select {expression}
            from (
                select
                    unnest($previous::double[]) as previous_edge,
                    unnest($found::double[]) as raw_edge,
                    unnest(range(len($found::double[]))) as place
            ) as edges
            cross join (
                select
                    $smoothing::double as smoothing,
                    $clamp::double as maximum_change_share,
                    $nights::bigint as night_count,
                    $distance::double as mean_distance
            ) as rules
            cross join lateral (
                select greatest(abs(previous_edge), mean_distance) as edge_scale
            ) as scales
            order by place
            """,
            {
                "previous": previous,
                "found": [float(edge) for edge in found],
                "smoothing": smoothing,
                "clamp": clamp,
                "nights": nights,
                "distance": distance,
            },
        ).fetchall()
        return np.array([edge for (edge,) in rows])

    return move


def amounts(night, factor=1.0):
    """Give what persons spent by a night: skewed, and different each night."""
    random = np.random.default_rng(night)
    return factor * random.lognormal(3, 1, PERSONS)


def quintiles(values):
    return np.quantile(values, [0.2, 0.4, 0.6, 0.8], method="higher")


def follow(move, factors):
    """Edges as found and as moved, night by night."""
    found = [quintiles(amounts(night, factor)) for night, factor in enumerate(factors)]
    moved = [move(None, found[0])]
    for edges in found[1:]:
        moved.append(move(moved[-1], edges))
    return np.array(found), np.array(moved)


def scores(values, edges):
    return np.searchsorted(edges, values, side="left") + 1


def test_a_first_night_takes_the_edges_as_found(move):
    found, moved = follow(move, [1.0])
    assert moved[0].tolist() == found[0].tolist()


@pytest.mark.parametrize("step", [1.5, 0.6])
def test_a_step_is_followed_within_ten_nights(move, step):
    quiet = [1.0] * 10
    _, moved = follow(move, quiet + [step] * 10)
    # Against where the step leads, which a single night's edges only sample.
    goal = step * quintiles(np.concatenate([amounts(night) for night in range(200)]))
    assert np.abs(moved[9] / goal - 1).min() > 0.25
    assert np.abs(moved[19] / goal - 1).max() < 0.05
    # It is approached from one side, night by night.
    assert (np.diff(np.abs(moved[9:15] / goal - 1), axis=0) < 0).all()


@pytest.mark.parametrize("spike", [5.0, 100.0, 0.0])
def test_a_spike_of_a_day_moves_edges_by_the_clamp_at_most(move, spike):
    factors = [1.0] * 10 + [spike] + [1.0] * 10
    _, moved = follow(move, factors)
    before, on_the_day = moved[9], moved[10]
    scale = np.maximum(np.abs(before), (before[-1] - before[0]) / 3)
    assert (np.abs(on_the_day - before) <= CLAMP * scale * (1 + 1e-9)).all()
    assert (np.abs(on_the_day - before) > 0.9 * CLAMP * scale).all()
    # A week later it is forgotten.
    quiet, _ = follow(move, [1.0] * 200)
    assert np.abs(moved[17] / quiet.mean(axis=0) - 1).max() < 0.05


def test_smoothed_edges_flip_fewer_scores_than_edges_as_found(move):
    found, moved = follow(move, [1.0] * 30)
    values = amounts(999)
    flips = {
        name: np.mean(
            [
                np.mean(scores(values, one) != scores(values, other))
                for one, other in pairwise(edges[10:])
            ]
        )
        for name, edges in {"found": found, "moved": moved}.items()
    }
    assert flips["moved"] < flips["found"] / 2


def test_edges_never_fall_whatever_is_found(move):
    random = np.random.default_rng(5)
    edges = np.sort(random.normal(0, 10, 6))
    for _ in range(300):
        edges = move(edges, np.sort(random.normal(0, 10 ** random.uniform(0, 4), 6)))
        assert (np.diff(edges) >= 0).all()


def test_nights_left_out_count(move):
    assert move([100], [101], nights=3)[0] == pytest.approx(100 + (1 - 0.7**3))
    assert move([100], [900], nights=3)[0] == pytest.approx(130)


def test_equal_edges_of_zero_have_no_scale_and_only_smoothing_holds_them(move):
    assert move([0, 0], [10, 10]).tolist() == pytest.approx([3, 3])
    # Beside another edge there is one: a tenth of the distance of 50.
    assert move([0, 50], [1000, 1000])[0] == pytest.approx(5)


@pytest.fixture(scope="module")
def settle(move):
    """Give a function that settles whole numbers, night by night, as the model does."""
    sql = jinja2.Template(SETTLING.read_text(encoding="utf-8")).render(
        ref=lambda name: name
    )
    connection = duckdb.connect()

    def settle(nights):
        settled, smoothed, past = [], None, np.zeros((2, 4), dtype=int)
        for values in nights:
            found = quintiles(values)
            smoothed = move(smoothed, found)
            if settled:
                is_past = np.array([found > settled[-1], found < settled[-1]])
                past = np.where(is_past, past + 1, 0)
            connection.execute(
                """
                create or replace temp table fit_moved_edges as
                select 'order_count' as variable, 'all' as scope,
                    'all' as scope_value, 'quantiles' as method,
                    $persons::bigint as sample_size,
                    unnest(range(1, 5)) as edge_number,
                    unnest($past::bigint[]) as past_nights,
                    unnest($smoothed::double[]) as smoothed_edge,
                    unnest($previous::double[]) as previous_settled_edge
                """,
                {
                    "persons": len(values),
                    "past": past.max(axis=0).tolist(),
                    "smoothed": smoothed.tolist(),
                    "previous": settled[-1] if settled else [None] * 4,
                },
            )
            connection.execute(
                """
                create or replace temp table fit_value_counts as
                select 'order_count' as variable, 'all' as scope, 'all' as scope_value,
                    measure, count(*) as person_count
                from (select unnest($values::double[]) as measure) as persons
                group by measure
                """,
                {"values": values.tolist()},
            )
            edges = connection.execute(
                f"select edge from ({sql}) as settled order by edge_number"
            ).fetchall()
            settled.append([edge for (edge,) in edges])
        return np.array(settled)

    return settle


def orders(factor=1.0, night=0):
    """Give whole numbers of orders, with up to an eighth of the persons alike."""
    return np.round(factor * np.random.default_rng(night).gamma(4, 2, PERSONS)) + 2


def test_a_step_of_whole_numbers_is_followed_within_ten_nights(settle):
    settled = settle([orders()] * 5 + [orders(1.5)] * 10)
    assert settled[4].tolist() == quintiles(orders()).tolist()
    assert settled[14].tolist() == quintiles(orders(1.5)).tolist()
    assert (settled[4] < settled[14]).all()


def test_a_day_of_more_orders_moves_no_edge_of_whole_numbers(settle):
    settled = settle([orders()] * 5 + [orders(1.2)] + [orders()] * 5)
    assert (quintiles(orders(1.2)) > quintiles(orders())).all()
    assert (settled == settled[0]).all()


def test_edges_that_are_found_now_here_now_there_stay_where_many_are_alike(settle):
    # Every other night a twentieth of the persons has more, and quantiles rise.
    nights = [orders() for _ in range(20)]
    for night in nights[1::2]:
        night[np.argsort(night)[: PERSONS // 20]] += 12
    found = np.array([quintiles(night) for night in nights])
    assert (np.ptp(found, axis=0) >= 1).any()
    settled = settle(nights)
    assert (settled == settled[0]).all()
