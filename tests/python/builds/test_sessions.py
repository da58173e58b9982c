"""Sessions, against those that RetailRocket's and Snowplow's publishers found."""

import duckdb
import pytest

RETAILROCKET_MAPPING = """
tables:
  web.events:
    columns:
      # The file numbers no event, and three rows repeat another: the row counts.
      event_id: lpad(source_row::varchar, 5, '0')
      event_at: timestamp
      visitor_id: visitorid
      event_name: "['view_item', 'add_to_cart', 'purchase'][event + 1]"
      product_id: itemid
      order_id: transactionid
"""

# What Snowplow leaves out before it makes sessions is not for the models to know:
# - events without the tracker's number of a session,
# - page views without one of the page view,
# - events sent more than three days after they happened,
# - events more than three days after their session began.
SNOWPLOW_MAPPING = """
inputs:
  events:
    files: "*.csv"
    sql: >
      select
          *,
          (contexts_com_snowplowanalytics_snowplow_web_page_1_0_0 ->> '$[0].id')
              as page_view_id
      from export
      where
          domain_sessionid is not null
          and (event_name != 'page_view' or page_view_id is not null)
          and dvce_sent_tstamp::timestamp
          <= dvce_created_tstamp::timestamp + interval 3 day
      qualify
          collector_tstamp::timestamp
          <= min(collector_tstamp::timestamp) over (partition by domain_sessionid)
          + interval 3 day

tables:
  web.events:
    columns:
      event_id: event_id
      # Device time, set right by the collector's clock.
      event_at: derived_tstamp
      # One event came without the shop's own cookie; the collector's stands in.
      visitor_id: coalesce(domain_userid, 'network ' || network_userid)
      user_id: user_id
      session_id: domain_sessionid
      event_name: event_name
      page_view_id: page_view_id
      page_url: page_url
      device_category: >
        lower(contexts_nl_basjes_yauaa_context_1_0_0 ->> '$[0].deviceClass')
      campaign_source: mkt_source
      campaign_medium: mkt_medium
      campaign_name: mkt_campaign
      country_code: geo_country
"""


def build_sessions(workspace, mapping_text, *files):
    mapping = workspace.root / "mapping.yml"
    mapping.write_text(mapping_text)
    workspace.ingest(mapping, *files)
    # Cautious: no test that also looks at tables which are not built here.
    workspace.build("--select", "+int_web_sessions", "--indirect-selection", "cautious")
    return workspace


@pytest.fixture(scope="module")
def retailrocket_file(shared_data):
    return shared_data / "clickstream" / "retailrocket_sample_sessionised.parquet"


@pytest.fixture(scope="module")
def retailrocket(new_workspace, retailrocket_file):
    return build_sessions(
        new_workspace("retailrocket"), RETAILROCKET_MAPPING, retailrocket_file
    )


def test_retailrocket_events_fall_in_the_published_sessions(
    retailrocket, retailrocket_file
):
    # Each pair of our session and theirs, with the number of events in both.
    pairs = retailrocket.query(
        f"""
        with published as (
            select file_row_number + 1 as source_row, session_id
            from read_parquet('{retailrocket_file}', file_row_number = true)
        )

        select events.session_id, published.session_id, count(*)
        from intermediate.int_web_session_events as events
        inner join published on events.event_id::bigint = published.source_row
        group by all
        """
    )
    assert sum(events for *_, events in pairs) == 5_169
    assert len(pairs) == 1_435
    assert len({ours for ours, *_ in pairs}) == 1_435
    assert len({theirs for _, theirs, _ in pairs}) == 1_435


def test_retailrocket_sessions_have_the_published_start_length_and_events(
    retailrocket, retailrocket_file
):
    found = retailrocket.query(
        """
        select
            visitor_id::bigint,
            started_at,
            epoch_ms(ended_at) - epoch_ms(started_at),
            event_count,
            product_view_count,
            cart_count,
            purchase_count
        from intermediate.int_web_sessions
        order by all
        """
    )
    expected = duckdb.execute(
        f"""
        select
            visitorid,
            session_start_time,
            session_length,
            count(*),
            count(*) filter (where event = 0),
            count(*) filter (where event = 1),
            count(distinct transactionid)
        from '{retailrocket_file}'
        group by session_id, visitorid, session_start_time, session_length
        order by all
        """
    ).fetchall()
    assert len(expected) == 1_435
    assert found == expected
    assert len({row[0] for row in found}) == 1_092


@pytest.mark.parametrize(
    ("rule", "sessions"),
    [
        ("date_sub('minute', previous_at, event_at) > 30", 1_435),
        # Full minutes crossed on the clock, and minutes with their fractions, cut some
        # of the five published sessions that have a gap from 30:07 to 30:53.
        ("date_diff('minute', previous_at, event_at) > 30", 1_438),
        ("event_at - previous_at > interval 30 minute", 1_440),
    ],
)
def test_only_whole_minutes_passed_give_the_published_sessions(
    retailrocket, rule, sessions
):
    found = retailrocket.value(
        f"""
        with gaps as (
            select
                event_at,
                lag(event_at) over (
                    partition by visitor_id order by event_number
                ) as previous_at
            from intermediate.int_web_session_events
        )

        select count(*) from gaps where coalesce({rule}, true)
        """
    )
    assert found == sessions


@pytest.fixture(scope="module")
def snowplow_folder(shared_data):
    return shared_data / "peers" / "snowplow_web_apache2"


@pytest.fixture(scope="module")
def snowplow(new_workspace, snowplow_folder):
    return build_sessions(
        new_workspace("snowplow"),
        SNOWPLOW_MAPPING,
        snowplow_folder / "snowplow_web_events.csv",
    )


# To Snowplow, a session in which no page was looked at is none.
LOOKED_AT = """
    select *
    from intermediate.int_web_sessions
    where session_id in (
        select session_id
        from intermediate.int_web_session_events
        where event_name in ('page_view', 'page_ping')
    )
"""


def published(folder, name, sql):
    return duckdb.execute(
        f"with published as (from '{folder}/snowplow_web_{name}_expected.csv') {sql}"
    ).fetchall()


def test_snowplow_has_the_published_numbers(snowplow, snowplow_folder):
    found = snowplow.query(
        f"""
        select
            count(*),
            count(distinct visitor_id) filter (where visitor_id not like 'network %'),
            sum(page_view_count)::bigint
        from ({LOOKED_AT})
        """
    )
    assert found == [(18, 11, 43)]
    assert found == [
        tuple(
            published(snowplow_folder, name, "select count(*) from published")[0][0]
            for name in ("sessions", "users", "page_views")
        )
    ]


def test_what_snowplow_calls_no_session_is_consent_or_a_cookie(snowplow):
    assert snowplow.query(
        f"""
        select
            count(distinct session_id),
            list(distinct event_name order by event_name)
        from intermediate.int_web_session_events
        where session_id not in (select session_id from ({LOOKED_AT}))
        """
    ) == [(27, ["cmp_visible", "consent_preferences", "snplow_cookies"])]


def test_snowplow_sessions_have_the_published_values(snowplow, snowplow_folder):
    # A lone ping is left out here: see the next test. Not compared: the user, where
    # Snowplow names the first of a session and we the last; engaged time and
    # scrolling, which are sums of pings; what it looks up or parses (place names,
    # browser, channel). Its seconds are those of the clock, ours those that passed.
    found = snowplow.query(
        f"""
        select
            session_id,
            visitor_id,
            started_at,
            ended_at,
            date_diff('second', started_at, ended_at),
            event_count,
            page_view_count,
            landing_page_url,
            campaign_source,
            campaign_medium,
            campaign_name,
            device_category,
            country_code
        from ({LOOKED_AT})
        where page_view_count > 0
        order by session_id
        """
    )
    expected = published(
        snowplow_folder,
        "sessions",
        """
        select
            domain_sessionid,
            coalesce(domain_userid, 'network ' || network_userid),
            start_tstamp,
            end_tstamp,
            absolute_time_in_s,
            total_events,
            page_views,
            first_page_url,
            mkt_source,
            mkt_medium,
            mkt_campaign,
            lower(device_category),
            geo_country
        from published
        where total_events > 1 or event_counts not like '%page_ping%'
        order by domain_sessionid
        """,
    )
    assert len(expected) == 15
    assert found == expected


def test_snowplow_sees_five_seconds_and_a_view_in_a_lone_ping(
    snowplow, snowplow_folder
):
    # Its tracker pings when a page has been open for five seconds, so Snowplow puts
    # start and view before the ping. We count what was reported.
    found = snowplow.query(
        f"""
        select
            session_id,
            started_at - interval 5 second,
            ended_at,
            page_view_count + 1,
            duration_seconds + 5
        from ({LOOKED_AT})
        where page_view_count = 0
        order by session_id
        """
    )
    expected = published(
        snowplow_folder,
        "sessions",
        """
        select
            domain_sessionid,
            start_tstamp,
            end_tstamp,
            page_views,
            absolute_time_in_s
        from published
        where total_events = 1 and event_counts like '%page_ping%'
        order by domain_sessionid
        """,
    )
    assert len(expected) == 3
    assert found == expected
