"""The review queue, with what the sources say of both sides."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import duckdb
import pandas as pd

from tessera.errors import TesseraError
from tessera.warehouse import open_warehouse

COLUMNS = (
    "as_of_date", "queue_position", "review_kind", "evidence", "match_probability",
    "left_source", "left_profile_id", "left_says",
    "right_source", "right_profile_id", "right_says",
    "what_to_do", "decision", "reason",
)  # fmt: skip

# What a person would look at to tell two profiles apart, by source. A cookie says
# nothing of anybody.
_SAYINGS = """
    select
        'crm' as source_name,
        contact_id as profile_id,
        concat_ws(
            ', ', concat_ws(' ', first_name, last_name), birth_date, email, phone,
            street_address, concat_ws(' ', postcode, city), 'customer ' || customer_id
        ) as says
    from staging.stg_crm__contacts
    union all
    select
        'shop',
        customer_id,
        concat_ws(
            ', ', count(*) || ' orders, the last on ' || max(ordered_at)::date,
            string_agg(distinct customer_email, ', ' order by customer_email)
        )
    from staging.stg_shop__orders
    where customer_id is not null
    group by customer_id
    union all
    select
        'social',
        platform || ':' || profile_id,
        concat_ws(', ', display_name, '@' || handle, email, region)
    from staging.stg_social__profiles
    union all
    select 'email', md5(email), email
    from staging.stg_email__events
    group by email
    union all
    select 'survey', respondent_id, max(email)
    from staging.stg_survey__responses
    group by respondent_id
"""
_REVIEWS = f"""
    with sayings as ({_SAYINGS})
    select
        reviews.as_of_date,
        reviews.queue_position,
        reviews.review_kind,
        reviews.evidence,
        reviews.match_probability,
        reviews.left_source,
        reviews.left_profile_id,
        left_sayings.says as left_says,
        reviews.right_source,
        reviews.right_profile_id,
        right_sayings.says as right_says,
        reviews.what_to_do,
        '' as decision,
        '' as reason
    from marts.fct_identity_reviews as reviews
    left join sayings as left_sayings
        on
            reviews.left_source = left_sayings.source_name
            and reviews.left_profile_id = left_sayings.profile_id
    left join sayings as right_sayings
        on
            reviews.right_source = right_sayings.source_name
            and reviews.right_profile_id = right_sayings.profile_id
    where reviews.is_decidable or $all_questions
    order by reviews.queue_position
    limit $limit
"""
_COUNTS = """
    select review_kind, is_decidable, count(*)::integer as question_count
    from marts.fct_identity_reviews
    group by review_kind, is_decidable
    order by min(queue_position)
"""


def count_reviews(warehouse: Path) -> pd.DataFrame:
    """Count tonight's questions, in the order of the queue.

    Parameters
    ----------
    warehouse : Path
        DuckDB file that ``dbt build`` made; opened read-only.

    Returns
    -------
    DataFrame of shape (n_kinds, 3)
        `review_kind`, `is_decidable` (whether what the sources say can settle it) and
        `question_count`.

    Raises
    ------
    TesseraError
        If there is no warehouse, it is in use, or it has no review queue yet.
    """
    return _read(warehouse, _COUNTS)


def read_reviews(
    warehouse: Path, *, limit: int | None = None, all_questions: bool = False
) -> pd.DataFrame:
    """Read tonight's questions, what is easiest to decide first.

    Parameters
    ----------
    warehouse : Path
        DuckDB file that ``dbt build`` made; opened read-only.
    limit : int, optional
        How many questions at most; all of them when absent.
    all_questions : bool
        Whether to read those, too, in which two profiles agree in names alone.

    Returns
    -------
    DataFrame of shape (n_questions, 14)
        `COLUMNS`; `left_says` and `right_says` hold personal data as the sources have
        it, `decision` and `reason` are blank.

    Raises
    ------
    TesseraError
        If there is no warehouse, it is in use, or it has no review queue yet.
    """
    return _read(warehouse, _REVIEWS, limit=limit, all_questions=all_questions)


def _read(warehouse: Path, query: str, **parameters: object) -> pd.DataFrame:
    with open_warehouse(warehouse) as connection:
        try:
            return connection.execute(query, parameters or None).df()
        except duckdb.CatalogException as error:
            raise TesseraError(
                f"{warehouse}: there is no review queue yet: run `dbt build`."
            ) from error


def export_reviews(
    warehouse: Path,
    destination: Path,
    *,
    limit: int | None = None,
    all_questions: bool = False,
) -> int:
    """Write tonight's questions as CSV, for a person to fill in `decision`.

    Parameters
    ----------
    warehouse : Path
        DuckDB file that ``dbt build`` made.
    destination : Path
        File to write, readable by its owner only. It must not exist: it may hold
        answers.
    limit, all_questions
        As in `read_reviews`.

    Returns
    -------
    int
        Questions written.

    Raises
    ------
    TesseraError
        If the file exists, or the warehouse cannot be read.
    """
    reviews = read_reviews(warehouse, limit=limit, all_questions=all_questions)
    reviews["as_of_date"] = reviews["as_of_date"].dt.date
    destination.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(destination, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise TesseraError(
            f"{destination} exists and may hold answers: take them in with `tessera "
            "identity answer`, then remove it, or name another file with --out."
        ) from error
    with open(descriptor, "w", encoding="utf-8", newline="") as file:
        reviews.to_csv(file, index=False, quoting=csv.QUOTE_MINIMAL)
    return len(reviews)
