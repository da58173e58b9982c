"""What both scripts know of the lake: kinds, windows, and what is clustered on."""

WINDOWS = (7, 30, 90, 365)
EURO = ("EUR", "eur", "€")
CONTACT_KINDS = ("web_event", "email_response", "social_event", "ad_click")
WEB_KINDS = (
    "page_view",
    "view_item",
    "view_item_list",
    "view_search_results",
    "add_to_cart",
    "purchase",
    "login",
)
SOCIAL_KINDS = ("like", "comment", "share", "follow")
DEVICES = ("mobile", "desktop", "tablet")
DAY_PARTS = {
    "night": (0, 5),
    "morning": (6, 11),
    "afternoon": (12, 17),
    "evening": (18, 23),
}
# Departments with a column of their own: those that most buyers buy from.
DEPARTMENT_PLACES = 12

# Skewed columns, clustered on by their logarithm.
LOGGED = (
    "recency_days",
    "order_count",
    "monetary_amount",
    "active_day_share",
    "mean_gap_days",
    "average_order_amount",
    "lines_per_order",
    "average_line_amount",
    "department_count",
)
# Columns that are made and written but not clustered on, as in seeds/features.csv: what
# happens in a window moves with the calendar, not with the person.
NOT_MODELLED = (
    *(
        f"{kind}_count_{window}_days"
        for kind in ("order", *CONTACT_KINDS)
        for window in WINDOWS
    ),
    *(f"{kind}_recency_days" for kind in ("order", *CONTACT_KINDS)),
    "email_sent_count_90_days",
    "ad_shown_count_90_days",
    "order_trend",
    "contact_trend",
    "active_day_share_90_days",
    "afternoon_share",
    "tablet_share",
    "recency_score",
    "frequency_score",
    "monetary_score",
)
