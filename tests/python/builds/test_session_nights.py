"""Sessions that nights make one by one are those that all events give at once."""

from datetime import date

import duckdb
import pytest

pytestmark = pytest.mark.slow

HEADER = "event_id,visitor_id,event_at,session_id,event_name,page_url"
# Anna's two sessions are joined by an event that comes two days late; Bert's numbered
# one gets an earlier start and loses an event to another; Carl's moves by an hour, for
# it comes again with another time; Dora's next one starts a second within the limit of
# the first, Emil's at the limit. Fay is only there on the first night.
NIGHTS = {
    date(2024, 3, 1): """
a1,anna,2024-03-01 23:40:00,,page_view,/a
b1,bert,2024-03-01 09:00:00,s1,page_view,/b
b2,bert,2024-03-01 09:10:00,s1,view_item,/b2
c1,carl,2024-03-01 10:00:00,,page_view,/c
d1,dora,2024-03-01 23:45:00,,page_view,/d
e1,emil,2024-03-01 23:45:00,,page_view,/e
f1,fay,2024-03-01 12:00:00,,page_view,/f
""",
    date(2024, 3, 2): """
a2,anna,2024-03-02 00:20:00,,page_view,/a2
c1,carl,2024-03-01 11:00:00,,page_view,/c
d2,dora,2024-03-02 00:15:59,,page_view,/d2
e2,emil,2024-03-02 00:16:00,,page_view,/e2
g1,gus,2024-03-02 08:00:00,,page_view,/g
g1,gus,2024-03-02 08:00:00,,page_view,/g
""",
    date(2024, 3, 3): """
a3,anna,2024-03-01 23:59:30,,page_view,/a3
b0,bert,2024-02-29 22:00:00,s1,page_view,/b0
b2,bert,2024-03-01 09:10:00,s2,view_item,/b2
h1,hans,2024-03-03 07:00:00,,page_view,/h
""",
}
# What a night has to run for sessions, and for its loads to count as read.
SESSIONS = ("--select", "+int_web_sessions")
READ = ("--select", "stg_web__event_loads", "int_load_counts", "int_loads_read")
FOUND = """
    select
        visitor_id, started_at::varchar, duration_seconds, event_count,
        case when is_numbered then session_id end
    from intermediate.int_web_sessions
    order by all
"""


@pytest.fixture(scope="module")
def nights(new_shop):
    """Give a workspace, its sessions after each night, and the event days looked at."""
    workspace = new_shop("session_nights")
    after = []
    for night, rows in NIGHTS.items():
        workspace.load(web__events=HEADER + rows, loaded_on=night)
        workspace.dbt("run", *SESSIONS)
        shown = workspace.query(
            "select event_id from intermediate.int_web_session_events order by 1"
        )
        after.append((workspace.query(FOUND), [event for (event,) in shown]))
        if night != max(NIGHTS):
            workspace.dbt("run", *READ)
    return workspace, after


def test_two_nights_see_two_sessions(nights):
    _, after = nights
    assert after[1][0] == [
        ("anna", "2024-03-01 23:40:00", 0, 1, None),
        ("anna", "2024-03-02 00:20:00", 0, 1, None),
        ("bert", "2024-03-01 09:00:00", 600, 2, "s1"),
        ("carl", "2024-03-01 11:00:00", 0, 1, None),
        ("dora", "2024-03-01 23:45:00", 1859, 2, None),
        ("emil", "2024-03-01 23:45:00", 0, 1, None),
        ("emil", "2024-03-02 00:16:00", 0, 1, None),
        ("fay", "2024-03-01 12:00:00", 0, 1, None),
        ("gus", "2024-03-02 08:00:00", 0, 1, None),
    ]


def test_a_late_event_joins_two_sessions_across_midnight(nights):
    _, after = nights
    assert after[2][0] == [
        ("anna", "2024-03-01 23:40:00", 2400, 3, None),
        ("bert", "2024-02-29 22:00:00", 39600, 2, "s1"),
        ("bert", "2024-03-01 09:10:00", 0, 1, "s2"),
        *after[1][0][3:],
        ("hans", "2024-03-03 07:00:00", 0, 1, None),
    ]


def test_a_night_looks_at_events_of_touched_sessions_only(nights):
    _, after = nights
    assert [shown for _, shown in after[1:]] == [
        ["a1", "a2", "c1", "d1", "d2", "e1", "e2", "g1"],
        ["a1", "a2", "a3", "b0", "b1", "b2", "h1"],
    ]


def test_the_test_of_the_longest_table_looks_at_touched_days(nights):
    # The third night is not read yet, and has rows of the first day, not of the second.
    workspace, _ = nights
    test = ("test", "--select", "stg_web__events")

    def pass_on(day, repeats):
        with duckdb.connect(str(workspace.warehouse)) as connection:
            refused = connection.execute(
                f"delete from staging.stg_web__events_refused where event_on = '{day}'"
            )
            assert refused.fetchall() == [(repeats,)]

    pass_on("2024-03-02", 1)
    workspace.dbt(*test)
    pass_on("2024-03-01", 2)
    assert "Failure in test" in workspace.dbt(*test, exit_code=1).log


def test_sessions_by_night_are_those_made_at_once(nights):
    workspace, after = nights
    # From the lake alone: the test above has spoilt what the nights had made.
    workspace.dbt("run", "--full-refresh", *SESSIONS)
    shown = workspace.query(
        "select count(*), count(distinct event_id) "
        "from intermediate.int_web_session_events"
    )
    assert shown == [(14, 14)]
    assert workspace.query(FOUND) == after[2][0]


def test_sessions_are_not_made_from_nothing_without_their_events(nights):
    workspace, _ = nights
    said = workspace.dbt(
        "run", "--full-refresh", "--select", "int_web_sessions", exit_code=1
    )
    assert "select +int_web_sessions" in said.log
