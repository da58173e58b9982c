"""Lengths, distances, ages, rates and hashes, on both sides of each edge."""

import hashlib
import math
from datetime import date, datetime

import pyarrow as pa
import pytest


def test_lengths_in_metres(macros):
    values = [1.5, 1.0, 26.2, 1.0, 1.0, 250.0, 1.0, None]
    units = ["km", "M", "Miles", "ft", "yd", "cm", "parsec", "m"]
    found = macros.map("metres", values, units)
    expected = [1500, 1, 42164.8128, 0.3048, 0.9144, 2.5, None, None]
    assert found == [answer and pytest.approx(answer) for answer in expected]


def test_distances_of_places_whose_distance_is_known(macros):
    paris, lyon = (48.8566, 2.3522), (45.7640, 4.8357)
    assert macros.value("distance_metres", *paris, *lyon) == pytest.approx(
        391_500, rel=1e-3
    )
    assert macros.value("distance_metres", *paris, *paris) == 0
    half_the_globe = math.pi * 6_371_008.8
    for place in ((0.0, 0.0, 0.0, 180.0), (90.0, 10.0, -90.0, 77.0)):
        found = macros.value("distance_metres", *place)
        assert found == pytest.approx(half_the_globe)


@pytest.mark.parametrize(
    "place",
    [(None, 0.0), (90.1, 0.0), (0.0, -180.1), (math.nan, 0.0), (0.0, math.inf)],
)
def test_a_place_that_is_none_is_at_no_distance(macros, place):
    numbers = [pa.array([value], pa.float64()) for value in (*place, 0.0, 0.0)]
    assert macros.map("distance_metres", *numbers) == [None]


@pytest.mark.parametrize(
    ("birth", "as_of", "age"),
    [
        ((2000, 6, 15), (2024, 6, 14), 23),
        ((2000, 6, 15), (2024, 6, 15), 24),
        ((2000, 2, 29), (2023, 2, 28), 22),
        ((2000, 2, 29), (2023, 3, 1), 23),
        ((2000, 2, 29), (2024, 2, 28), 23),
        ((2000, 2, 29), (2024, 2, 29), 24),
        ((1999, 12, 31), (2000, 1, 1), 0),
        ((2000, 1, 1), (2000, 1, 1), 0),
        ((2000, 1, 2), (2000, 1, 1), None),
    ],
)
def test_ages_turn_on_birthdays(macros, birth, as_of, age):
    assert macros.value("age_years", date(*birth), date(*as_of)) == age


def test_age_bands_begin_where_they_say(macros):
    ages = [-1, 0, 17, 18, 24, 25, 34, 35, 44, 45, 54, 55, 64, 65, 120, None]
    found = macros.map("band_of_age", ages)
    assert found == [
        None,
        *["under 18"] * 2,
        *["18-24"] * 2,
        *["25-34"] * 2,
        *["35-44"] * 2,
        *["45-54"] * 2,
        *["55-64"] * 2,
        *["65+"] * 2,
        None,
    ]


def test_hashes_are_those_of_others(macros):
    texts = ["anna@example.com", "", "é"]
    expected = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    assert macros.map("sha256_hex", texts) == expected


def test_amounts_are_decimals_of_one_type(macros):
    for mark in ("auto", ".", ","):
        expression = macros.sql("amount", "'5'", decimal_mark=mark)
        (found,) = macros.connection.execute(f"select typeof({expression})").fetchall()[
            0
        ]
        assert found == "DECIMAL(18,4)"


def test_the_rate_in_force_is_the_latest_before_the_day(macros):
    """Before the first rate, on its day, between two; an unknown currency."""
    join = macros.sql(
        "latest_join", "orders", "rates", "currency_code", "ordered_at", "valid_from"
    )
    rate = macros.sql("rate_in_force", "orders.currency_code", "rates")
    found = macros.connection.execute(f"""
        with
        rates (currency_code, valid_from, rate_to_reporting) as (values
            ('EUR', date '1999-01-01', 1.0),
            ('USD', date '2024-01-01', 0.5),
            ('USD', date '2024-02-01', 0.25)
        ),
        orders (order_id, currency_code, ordered_at) as (values
            (1, 'USD', timestamp '2023-12-31 23:59'),
            (2, 'USD', timestamp '2024-01-01 00:00'),
            (3, 'USD', timestamp '2024-01-31 23:59'),
            (4, 'USD', timestamp '2024-03-01 00:00'),
            (5, 'EUR', timestamp '1990-01-01 00:00'),
            (6, 'XXX', timestamp '2024-01-01 00:00'),
            (7, 'USD', null)
        )
        select ({rate})::double from orders {join} order by order_id
    """).fetchall()
    expected = [None, 0.5, 0.5, 0.25, 1.0, None, None]
    assert [value for (value,) in found] == expected


def test_the_hour_that_summer_time_skips_and_repeats(macros):
    def utc(text):
        return macros.value(
            "timestamp_utc", text, format="iso", time_zone="Europe/Paris"
        )

    assert utc("2024-03-31 02:30") == utc("2024-03-31 03:30")
    assert utc("2024-10-27 02:30") == datetime(2024, 10, 27, 1, 30)
    assert utc("2024-10-27 01:59") == datetime(2024, 10, 26, 23, 59)
    assert utc("2024-10-27 02:30+02:00") == datetime(2024, 10, 27, 0, 30)


def test_france_delivers_overseas_and_every_other_country_at_home(macros):
    countries = ["FR", "RE", "NC", "WF", "BE", "MC", None]
    found = macros.map("postal_country", countries)
    assert found == ["FR", "FR", "FR", "FR", "BE", "MC", None]
