"""Mappings for exports as they come, each on a sample with the vendor's oddities."""

from datetime import date

import pytest

SAMPLES = {
    "ga4_bigquery": ["ga4_events_20240305.json"],
    "pixel_log": ["pixel_log.jsonl", "pixel_log.csv"],
    "shopify_orders": ["shopify_orders_export.csv"],
    "hubspot_contacts": ["hubspot-crm-exports-contacts.csv"],
    "meta_ads": ["meta_ads_report.csv"],
    "tiktok_ads": ["tiktok_ads_report.csv"],
    "typeform_responses": ["typeform_brand-2024.csv"],
    "surveymonkey_responses": ["surveymonkey_wave-3.csv"],
}

# Table of each load, rows that came in, and of these the refused ones.
LOADS = {
    "ga4_bigquery": [("web.events", 6, 1)],
    "pixel_log": [("web.events", 4, 1), ("web.events", 3, 1)],
    "shopify_orders": [
        ("shop.orders", 6, 1),
        ("shop.order_lines", 8, 1),
        ("shop.products", 3, 0),
        ("crm.contacts", 2, 0),
    ],
    "hubspot_contacts": [("crm.contacts", 5, 2), ("crm.consents", 3, 0)],
    "meta_ads": [("ads.performance_daily", 4, 1)],
    "tiktok_ads": [("ads.performance_daily", 3, 1)],
    "typeform_responses": [("survey.responses", 7, 1)],
    "surveymonkey_responses": [("survey.responses", 7, 1)],
}

# The bad rows that were planted: table, row, column, value, rule.
REFUSED = {
    "ga4_bigquery": [("web.events", "4", "event_at", "not-a-time", "not_a_timestamp")],
    "pixel_log": [
        ("web.events", "3", "event_at", "2024-13-06T08:00:00Z", "not_a_timestamp"),
        ("web.events", "3", "event_at", "yesterday", "not_a_timestamp"),
    ],
    "shopify_orders": [
        (
            "shop.orders", "5", "ordered_at", "2024-02-30 09:00:00 +0100",
            "not_a_timestamp",
        ),
        ("shop.order_lines", "6", "quantity", "two", "not_a_double"),
    ],
    "hubspot_contacts": [
        ("crm.contacts", "4", "birth_date", "17/02/1985", "not_a_date"),
        ("crm.contacts", "5", "created_at", "not yet", "not_a_timestamp"),
    ],
    "meta_ads": [
        ("ads.performance_daily", "5", "spend_amount", "25,85", "not_a_decimal")
    ],
    "tiktok_ads": [
        ("ads.performance_daily", "3", "performed_on", "2024-02-30", "not_a_date")
    ],
    "typeform_responses": [
        ("survey.responses", "3002", "answered_at", "someday", "not_a_timestamp")
    ],
    "surveymonkey_responses": [
        (
            "survey.responses", "4010", "answered_at", "31/04/2024 14:07",
            "not_a_timestamp",
        )
    ],
}  # fmt: skip

ROWS = {
    # A visit by newsletter, an article looked at, its purchase; the fifth event has no
    # visitor, the sixth is the first delivered again.
    ("ga4_bigquery", "web.events"): (
        "visitor_id, user_id, session_id, event_name, event_at, product_id, order_id, "
        "device_category, campaign_source, campaign_name, country_code, source_row",
        [
            (
                "1384.1709", None, "1384.1709.1709633200", "page_view",
                "2024-03-05 10:07:08.123456", None, None, "mobile", "newsletter",
                "spring", "France", "1",
            ),
            (
                "1384.1709", "c-1", None, "view_item", "2024-03-05 10:07:09", "TEA-100",
                None, "mobile", None, None, "France", "2",
            ),
            (
                "1384.1709", "c-1", "1384.1709.1709633200", "purchase",
                "2024-03-05 10:15:00", "TEA-100", "#1001", "mobile", None, None,
                "France", "3",
            ),
            (
                None, None, None, "page_view", "2024-03-05 12:00:00", None, None,
                "tablet", None, None, "Germany", "5",
            ),
            (
                "1384.1709", None, "1384.1709.1709633200", "page_view",
                "2024-03-05 10:07:08.123456", None, None, "mobile", "newsletter",
                "spring", "France", "6",
            ),
        ],
    ),
    # Offset, milliseconds, no zone; tags of their own, tags in the address, none.
    ("pixel_log", "web.events"): (
        "event_id, event_at, user_id, session_id, page_view_id, product_id, order_id, "
        "campaign_source, campaign_medium, campaign_name, country_code, region",
        [
            (
                "e-1", "2024-03-05 09:07:08.25", None, None, None, None, None, "meta",
                None, "spring sale", "FR", None,
            ),
            (
                "e-11", "2024-03-06 08:00:00", None, "s-8", "pv-1", None, None, None,
                None, None, "DE", "Bavaria",
            ),
            (
                "e-12", "2024-03-06 08:01:00", "c-2", "s-8", None, "MUG-1", "#1002",
                None, None, None, "DE", "Bavaria",
            ),
            (
                "e-2", "2024-03-05 10:08:20", "c-1", None, None, "TEA-100", None,
                "google", "cpc", None, "FR", None,
            ),
            (
                "e-1", "2024-03-05 09:07:08.25", None, None, None, None, None, "meta",
                None, "spring sale", "FR", None,
            ),
        ],
    ),
    ("shopify_orders", "shop.orders"): (
        "order_id, ordered_at, order_status, channel, country_code, currency_code, "
        "order_amount, customer_email, source_row",
        [
            (
                "#1001", "2024-03-05 10:15:00", "completed", "web", "FR", "EUR",
                "45.0000", "ana.martin@example.com", "1",
            ),
            (
                "#1002", "2024-03-31 01:30:00", "returned", "store", "GB", "EUR",
                "20.0000", "Bo@Example.org", "3",
            ),
            (
                "#1003", "2024-04-01 07:00:00", "cancelled", "web", None, "EUR",
                "25.0000", None, "4",
            ),
            # Staging sets the unknown status aside.
            (
                "#1005", "2024-04-03 07:00:00", "mystery", "web", "GB", "EUR",
                "25.0000", "Bo@Example.org", "6",
            ),
            (
                "#1006", "2024-04-04 07:00:00", "completed", "web", "GB", "EUR",
                "0.0000", "Bo@Example.org", "7",
            ),
        ],
    ),
    # 45.00 paid for 50.00 of articles: the order's discount is taken off each line.
    ("shopify_orders", "shop.order_lines"): (
        "order_line_id, product_id, quantity, line_amount, discount_amount, source_row",
        [
            ("#1001-TEA-100-1", "TEA-100", "3.0", "33.7500", "0.0000", "1"),
            ("#1001-MUG-1-1", "MUG-1", "1.0", "11.2500", "0.0000", "2"),
            ("#1002-Gift card-1", "Gift card", "1.0", "20.0000", "0.0000", "3"),
            ("#1003-TEA-100-1", "TEA-100", "2.0", "25.0000", "0.0000", "4"),
            ("#1004-TEA-100-1", "TEA-100", "1.0", "12.5000", "0.0000", "5"),
            ("#1006-TEA-100-1", "TEA-100", "1.0", "0.0000", "12.5000", "7"),
            ("#1006-TEA-100-2", "TEA-100", "1.0", "0.0000", "12.5000", "8"),
        ],
    ),
    ("shopify_orders", "shop.products"): (
        "product_id, product_name, brand",
        [
            ("TEA-100", "Green tea", "Leaf"),
            ("MUG-1", "Mug, blue", "Leaf"),
            ("Gift card", "Gift card", "Cards"),
        ],
    ),
    ("shopify_orders", "crm.contacts"): (
        "email, phone, first_name, last_name, city, postcode, region, country_code, "
        "created_at",
        [
            (
                "ana.martin@example.com", "+33199001234", "Ana", "Martin", "Paris",
                "01000", None, "FR", "2024-03-05 10:15:00",
            ),
            (
                "bo@example.org", "+441134960123", "Bo", "van Example", "Leeds",
                "LS1 1AA", "England", "GB", "2024-03-31 01:30:00",
            ),
        ],
    ),
    # The hour before the change of clocks, and summer time.
    ("hubspot_contacts", "crm.contacts"): (
        "contact_id, first_name, birth_date, postcode, country_code, language_code, "
        "created_at, updated_at",
        [
            (
                "101", "Ana", "1985-02-17", "01000", "France", "fr",
                "2024-03-31 00:30:00", "2024-04-02 08:00:00",
            ),
            (
                "102", "Bo", None, "LS1 1AA", "United Kingdom", "en-gb",
                "2024-01-10 08:05:00", "2024-04-03 16:30:00",
            ),
            (
                "103", "Çelik", None, None, "Germany", "de", "2024-02-01 11:00:00",
                None,
            ),
        ],
    ),
    # A legitimate interest and silence grant nothing.
    ("hubspot_contacts", "crm.consents"): (
        "consent_id, contact_id, purpose, destination, consent_status, decided_at",
        [
            (
                "101-email-granted", "101", "marketing", "email", "granted",
                "2024-04-02 08:00:00",
            ),
            (
                "102-email-withdrawn", "102", "marketing", "email", "withdrawn",
                "2024-04-03 16:30:00",
            ),
            (
                "105-email-withdrawn", "105", "marketing", "email", "withdrawn",
                "2024-02-02 11:00:00",
            ),
        ],
    ),
    # The summary row above the first day is left out.
    ("meta_ads", "ads.performance_daily"): (
        "performed_on, campaign_id, campaign_name, ad_id, impression_count, "
        "click_count, conversion_count, conversion_amount, spend_amount, "
        "currency_code, source_row",
        [
            (
                "2024-03-01", "120201", "Spring, FR", "120301", "1500", "30", "2.0",
                "75.0000", "1234.5000", "EUR", "2",
            ),
            (
                "2024-03-02", "120201", "Spring, FR", "120301", "1100", "21", "1.0",
                "37.5000", "25.8500", "EUR", "3",
            ),
            (
                "2024-03-03", "120201", "Spring, FR", "120301", "0", "0", None, None,
                "0.0000", "EUR", "4",
            ),
        ],
    ),
    # Dashes are nothing, the row of totals is left out, long numbers stay whole.
    ("tiktok_ads", "ads.performance_daily"): (
        "performed_on, campaign_name, ad_id, impression_count, click_count, "
        "conversion_count, conversion_amount, spend_amount, currency_code",
        [
            (
                "2024-03-01", "Spring clips", "1791234567890123456", "5400", "81",
                "4.0", "96.0000", "35.2000", "EUR",
            ),
            (
                "2024-03-02", "Spring clips", "1791234567890123456", "2100", "0",
                None, None, "12.0000", "EUR",
            ),
        ],
    ),
    # Only what was answered; the e-mail address is nobody's answer.
    ("typeform_responses", "survey.responses"): (
        "response_id, question_id, survey_id, answered_at, answer, scale_maximum, "
        "email, source_row",
        [
            (
                "0a1b2c", "how_likely_are_you_to_recommend_us_to_a_friend",
                "typeform_brand-2024", "2024-03-05 10:04:30", "9", "10.0",
                "ana.martin@example.com", "1002",
            ),
            (
                "0a1b2c", "tea_at_home", "typeform_brand-2024",
                "2024-03-05 10:04:30", "Tea at home", None, "ana.martin@example.com",
                "1003",
            ),
            (
                "0a1b2c", "tea_at_work", "typeform_brand-2024",
                "2024-03-05 10:04:30", "Tea at work", None, "ana.martin@example.com",
                "1004",
            ),
            (
                "0a1b2c", "anything_else", "typeform_brand-2024",
                "2024-03-05 10:04:30", "Lovely,\nthank you", None,
                "ana.martin@example.com", "1006",
            ),
            (
                "0a1b2d", "how_likely_are_you_to_recommend_us_to_a_friend",
                "typeform_brand-2024", "2024-03-06 10:01:00", "0", "10.0", None,
                "2002",
            ),
            (
                "0a1b2d", "tea_at_work", "typeform_brand-2024",
                "2024-03-06 10:01:00", "Tea at work", None, None, "2004",
            ),
        ],
    ),
    # Choices carry the question on their left.
    ("surveymonkey_responses", "survey.responses"): (
        "response_id, question_text, answered_at, answer, scale_maximum, email, "
        "source_row",
        [
            (
                "114000001", "How likely is it that you would recommend us?",
                "2024-03-31 01:05:10", "10", "10.0", "ana.martin@example.com", "2010",
            ),
            (
                "114000001", "Which channels do you read? E-mail",
                "2024-03-31 01:05:10", "E-mail", None, "ana.martin@example.com",
                "2011",
            ),
            (
                "114000001", "Which channels do you read? Other (please specify)",
                "2024-03-31 01:05:10", "Post cards", None, "ana.martin@example.com",
                "2013",
            ),
            (
                "114000001", "Anything else?", "2024-03-31 01:05:10", "No", None,
                "ana.martin@example.com", "2014",
            ),
            (
                "114000002", "How likely is it that you would recommend us?",
                "2024-04-01 12:07:08", "4", "10.0", None, "3010",
            ),
            (
                "114000002", "Which channels do you read? SMS",
                "2024-04-01 12:07:08", "SMS", None, None, "3012",
            ),
        ],
    ),
}  # fmt: skip


def load(lake, mappings, samples, name, day=1):
    """Load the samples of one mapping."""
    files = [samples / file for file in SAMPLES[name]]
    return lake.ingest(mappings / f"{name}.yml", *files, day=day)


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_refused_but_what_was_planted(sample_lake, mappings, samples, name):
    loads = load(sample_lake, mappings, samples, name)
    counts = [(part.contract.name, part.rows_in, part.rows_refused) for part in loads]
    assert counts == LOADS[name]
    assert sorted(sample_lake.refused()) == sorted(REFUSED[name])


@pytest.mark.parametrize(
    ("name", "table"), ROWS, ids=[f"{name}-{table}" for name, table in ROWS]
)
def test_every_row_comes_in_typed_and_complete(
    sample_lake, mappings, samples, name, table
):
    load(sample_lake, mappings, samples, name)
    columns, expected = ROWS[name, table]
    rows = sample_lake.rows(table, columns)
    # Two files of one input are in no order.
    assert (sorted(map(str, rows)) if name == "pixel_log" else rows) == (
        sorted(map(str, expected)) if name == "pixel_log" else expected
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_export_again_changes_nothing(sample_lake, mappings, samples, name):
    load(sample_lake, mappings, samples, name)
    before = {file: file.read_bytes() for file in sample_lake.files()}
    loads = load(sample_lake, mappings, samples, name, day=2)
    assert all(part.already_loaded_on == date(2024, 7, 1) for part in loads)
    assert {file: file.read_bytes() for file in sample_lake.files()} == before


def test_an_event_of_ga4_has_one_id_in_every_delivery(sample_lake, mappings, samples):
    sample = samples / SAMPLES["ga4_bigquery"][0]
    first_line = sample.read_text().splitlines()[0]
    again = sample_lake.file("events_again.json", first_line + "\n")
    sample_lake.ingest(mappings / "ga4_bigquery.yml", sample, again)
    ids = [event_id for (event_id,) in sample_lake.rows("web.events", "event_id")]
    assert len(ids) == 6
    assert len(set(ids)) == 4


def test_ga4_without_any_optional_field_is_read(sample_lake, mappings):
    line = '{"event_timestamp": 1709633228000000, "event_name": "scroll", '
    file = sample_lake.file("events.json", line + '"user_pseudo_id": "1.2"}\n')
    sample_lake.ingest(mappings / "ga4_bigquery.yml", file)
    assert sample_lake.rows("web.events", "visitor_id, event_at, page_url") == [
        ("1.2", "2024-03-05 10:07:08", None)
    ]


def test_meta_in_another_currency_and_without_numbers_is_read(
    sample_lake, mappings, samples
):
    sample = (samples / SAMPLES["meta_ads"][0]).read_text()
    header, *lines = sample.splitlines()
    for name in ("Day", "Campaign ID", "Ad ID"):
        header = header.replace(f",{name},", f",Unused {name},")
    text = "\n".join([header.replace("(EUR)", "(GBP)"), *lines])
    sample_lake.ingest(mappings / "meta_ads.yml", sample_lake.file("a.csv", text))
    rows = sample_lake.rows(
        "ads.performance_daily",
        "performed_on, currency_code, campaign_id, ad_id, spend_amount",
    )
    assert [(day, currency) for day, currency, *_ in rows] == [
        ("2024-03-01", "GBP"),
        ("2024-03-02", "GBP"),
        ("2024-03-03", "GBP"),
    ]
    ((campaign, ad),) = {(campaign, ad) for *_, campaign, ad, _ in rows}
    assert campaign.startswith("name-")
    assert ad.startswith("name-")
    assert campaign != ad


def test_a_report_of_meta_over_several_days_is_refused(sample_lake, mappings):
    text = (
        "Reporting starts,Reporting ends,Campaign name,Ad name,Impressions,"
        "Amount spent (EUR)\n2024-03-01,2024-03-31,Spring,Tea video,10,1.50\n"
    )
    sample_lake.ingest(mappings / "meta_ads.yml", sample_lake.file("a.csv", text))
    ((_, row, column, value, rule),) = sample_lake.refused()
    assert (row, column, rule) == ("1", "performed_on", "not_a_date")
    assert value == "2024-03-01 to 2024-03-31"


def test_the_other_headings_of_tiktok_are_read(sample_lake, mappings):
    text = (
        "Stat Time Day,Campaign name,Campaign ID,Ad name,Ad ID,Cost,Impression,Clicks\n"
        "2024-03-01,Spring,17,Unboxing,18,3.5,40,2\n"
    )
    sample_lake.ingest(mappings / "tiktok_ads.yml", sample_lake.file("a.csv", text))
    columns = "performed_on, campaign_id, impression_count, click_count, spend_amount"
    assert sample_lake.rows("ads.performance_daily", columns) == [
        ("2024-03-01", "17", "40", "2", "3.5000")
    ]


def test_all_samples_together_build_and_reconcile(new_workspace, mappings, samples):
    workspace = new_workspace("samples")
    for name, files in SAMPLES.items():
        workspace.ingest(mappings / f"{name}.yml", *(samples / file for file in files))
    # Its data tests say that no row of any table is lost or made.
    workspace.build(
        "--select", "+fct_load_reconciliation", "+fct_quarantined_rows",
        "--indirect-selection", "cautious",
    )  # fmt: skip
    shopify = workspace.query(
        "select table_name, rows_in, kept, duplicates, quarantined "
        "from marts.fct_load_reconciliation where file_name like 'shopify%' "
        "order by table_name"
    )
    assert shopify == [
        ("contacts", 2, 2, 0, 0),
        # A quantity in words, and the lines of the two orders that are set aside.
        ("order_lines", 8, 6, 0, 2),
        ("orders", 6, 4, 0, 2),
        ("products", 3, 3, 0, 0),
    ]
    statuses = workspace.query(
        "select value from marts.fct_quarantined_rows where rule = 'unknown_status'"
    )
    assert statuses == [("mystery",)]
