"""Segments of a lake's customers, as one writes them with Polars and scikit-learn.

Usage: polars_job.py LAKE AS_OF OUT. Prints one line of JSON: what was read and made.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sys
from pathlib import Path

import polars as pl
from modelling import choose_segments
from sources import (
    CONTACT_KINDS,
    DAY_PARTS,
    DEPARTMENT_PLACES,
    DEVICES,
    EURO,
    LOGGED,
    NOT_MODELLED,
    SOCIAL_KINDS,
    WEB_KINDS,
    WINDOWS,
)


class Job:
    """One run: the lake, the night, and how many rows were read so far."""

    def __init__(self, lake: Path, as_of: str) -> None:
        self.lake = lake
        self.as_of = dt.date.fromisoformat(as_of)

    def scan(self, table: str) -> pl.LazyFrame:
        """Look at a table; only the columns that a query names are read."""
        return pl.scan_parquet(
            self.lake / table / "*" / "*.parquet",
            hive_partitioning=False,
            cast_options=pl.ScanCastOptions(categorical_to_string="allow"),
        )

    def rows_in(self) -> int:
        """Count the rows of the tables read, from the files' footers."""
        tables = (
            *("crm/contacts", "shop/orders", "shop/order_lines", "shop/products"),
            *("web/events", "email/events", "social/profiles", "social/engagements"),
            "ads/events",
        )
        counts = pl.collect_all([self.scan(table).select(pl.len()) for table in tables])
        return sum(count.item() for count in counts)

    def age(self, moment: str) -> pl.Expr:
        """Whole days from the day of a moment to the night."""
        return (
            (pl.lit(self.as_of) - pl.col(moment).dt.date())
            .dt.total_days()
            .cast(pl.Int32)
        )

    def run(self) -> tuple[pl.DataFrame, dict]:
        """Make everybody's features, scores and segment."""
        addresses = self.addresses()
        orders, lines = self.sales(addresses)
        persons = (
            orders.filter("is_sale")
            .select(pl.col("customer_id").unique().sort())
            .with_row_index("person")
        )
        numbers = persons.lazy()
        orders = orders.join(persons, on="customer_id").drop("customer_id")
        sold = lines.join(
            orders.lazy().select("order_id", "person", "is_sale"), on="order_id"
        ).drop("order_id")
        # Only sums by person and product are needed of the lines, which are many.
        baskets = (
            sold.group_by("person", "product_id", "is_sale")
            .agg(
                pl.len().alias("line_count"),
                pl.sum("quantity", "line_amount", "discount_amount"),
            )
            .collect(engine="streaming")
        )
        table = (
            numbers.join(
                self.purchase_features(orders, baskets), on="person", how="left"
            )
            .join(self.department_features(baskets), on="person", how="left")
            .join(
                self.contact_features(orders, numbers, addresses),
                on="person",
                how="left",
            )
            .with_columns(
                quintile("recency_days", descending=True).alias("recency_score"),
                quintile("order_count").alias("frequency_score"),
                quintile("monetary_amount").alias("monetary_score"),
            )
            .sort("person")
            .collect(engine="streaming")
        )
        matrix = (
            table.drop("person", "customer_id", *NOT_MODELLED)
            .with_columns(pl.col(LOGGED).clip(lower_bound=0).log1p())
            .cast(pl.Float32)
            .fill_null(float("nan"))
            .to_numpy(writable=True)
        )
        labels, segment_count, silhouettes = choose_segments(matrix)
        table = table.with_columns(pl.Series("segment", labels))
        return table, {
            "rows_in": self.rows_in(),
            "persons": len(table),
            "orders": int(table["order_count"].sum()),
            "segments": segment_count,
            "silhouette": max(silhouettes),
        }

    def addresses(self) -> pl.LazyFrame:
        """Map each address, with its hash, to its customer."""
        return (
            self.scan("crm/contacts")
            .select("customer_id", tidied("email"))
            .drop_nulls()
            .unique("email", keep="last", maintain_order=True)
            .collect()
            .with_columns(
                pl.col("email")
                .map_elements(
                    lambda name: hashlib.sha256(name.encode()).hexdigest(),
                    return_dtype=pl.String,
                )
                .alias("email_sha256")
            )
            .lazy()
        )

    def sales(self, addresses: pl.LazyFrame) -> tuple[pl.DataFrame, pl.LazyFrame]:
        """Latest state of orders with a known customer, and their lines."""
        lines = (
            self.scan("shop/order_lines")
            .select(
                *("order_line_id", "order_id", "product_id", "line_kind"),
                pl.col("quantity", "line_amount", "discount_amount").cast(pl.Float64),
            )
            .unique("order_line_id", keep="last")
            .filter(pl.col("line_kind").fill_null("product") == "product")
            .drop("order_line_id", "line_kind")
        )
        orders = (
            self.scan("shop/orders")
            .select(
                *("order_id", "customer_id", tidied("customer_email"), "ordered_at"),
                *("order_status", "channel", "currency_code"),
            )
            .unique("order_id", keep="last", maintain_order=True)
            .filter(
                pl.col("currency_code").is_in(EURO),
                pl.col("order_status").is_in(["completed", "returned"]),
                pl.col("ordered_at").dt.date() <= self.as_of,
            )
            .join(
                addresses.select("email", owner="customer_id"),
                left_on="customer_email",
                right_on="email",
                how="left",
            )
            .select(
                "order_id",
                pl.coalesce("customer_id", "owner").alias("customer_id"),
                "ordered_at",
                is_web=(pl.col("channel") == "web").fill_null(False),
                is_completed=pl.col("order_status") == "completed",
                age=self.age("ordered_at"),
            )
            .drop_nulls("customer_id")
        )
        sold = (
            lines.filter(pl.col("quantity") > 0)
            .select("order_id", has_sale=True)
            .unique("order_id")
        )
        orders = (
            orders.join(sold, on="order_id", how="left")
            .with_columns(
                is_sale=pl.col("is_completed") & pl.col("has_sale").fill_null(False)
            )
            .filter(pl.col("is_sale") | ~pl.col("is_completed"))
            .drop("has_sale", "is_completed")
            .collect(engine="streaming")
        )
        return orders, lines

    def purchase_features(
        self, orders: pl.DataFrame, baskets: pl.DataFrame
    ) -> pl.LazyFrame:
        """Recency, frequency, money, rhythm and baskets."""
        sales = orders.lazy().filter("is_sale")
        gap = pl.col("age").sort(descending=True).diff().neg().drop_nulls()
        rhythm = (
            sales.group_by("person")
            .agg(pl.col("age").unique())
            .explode("age")
            .group_by("person")
            .agg(
                day_count=pl.len(),
                oldest=pl.max("age"),
                mean_gap_days=gap.mean(),
                gap_variation=pl.when(pl.len() >= 4).then(gap.std() / gap.mean()),
            )
        )
        counts = sales.group_by("person").agg(
            recency_days=pl.min("age"),
            order_count=pl.len(),
            recent_order_share=(pl.col("age") < 90).mean(),
            weekend_order_share=(pl.col("ordered_at").dt.weekday() >= 6).mean(),
            web_order_share=pl.mean("is_web"),
        )
        is_sold = pl.col("is_sale") & (pl.col("quantity") > 0)
        amounts = (
            baskets.lazy()
            .group_by("person")
            .agg(
                monetary_amount=pl.col("line_amount").filter(is_sold).sum(),
                discount_amount=pl.col("discount_amount").filter(is_sold).sum(),
                line_count=pl.col("line_count").filter(is_sold).sum(),
                refund_amount=pl.col("line_amount")
                .filter(~pl.col("is_sale"))
                .abs()
                .sum(),
            )
        )
        revenue = pl.col("monetary_amount")
        return (
            counts.join(rhythm, on="person")
            .join(amounts, on="person")
            .select(
                *("person", "recency_days", "order_count", "monetary_amount"),
                (pl.col("day_count") / (pl.col("oldest") + 1)).alias(
                    "active_day_share"
                ),
                *("mean_gap_days", "gap_variation", "recent_order_share"),
                *("weekend_order_share", "web_order_share"),
                average_order_amount=revenue / pl.col("order_count"),
                lines_per_order=pl.col("line_count") / pl.col("order_count"),
                average_line_amount=revenue / pl.col("line_count"),
                discount_share=part(pl.col("discount_amount"), revenue),
                refund_share=part(pl.col("refund_amount"), revenue),
            )
        )

    def department_features(self, baskets: pl.DataFrame) -> pl.LazyFrame:
        """Tell what persons buy: shares of departments, breadth and price level."""
        products = (
            self.scan("shop/products")
            .select("product_id", "department")
            .drop_nulls()
            .unique("product_id", keep="last", maintain_order=True)
        )
        tastes = (
            baskets.lazy()
            .filter(pl.col("is_sale") & (pl.col("quantity") > 0))
            .join(products, on="product_id")
            .group_by("person", "department")
            .agg(pl.sum("line_count", "line_amount", "quantity"))
            .collect(engine="streaming")
        )
        prices = tastes.group_by("department").agg(
            price=pl.sum("line_amount") / pl.sum("quantity"), buyers=pl.len()
        )
        popular = prices.sort("buyers", descending=True)["department"]
        share = pl.col("line_count") / pl.sum("line_count")
        places = [
            (
                pl.col("line_count").filter(pl.col("department") == department).sum()
                / pl.sum("line_count")
            )
            .sqrt()
            .alias(f"department_{number}_affinity")
            for number, department in enumerate(popular[:DEPARTMENT_PLACES], start=1)
        ]
        return (
            tastes.lazy()
            .join(prices.lazy(), on="department")
            .group_by("person")
            .agg(
                *places,
                department_count=pl.len(),
                top_department_share=share.max(),
                department_entropy=-(share * share.log()).sum(),
                price_level=pl.sum("line_amount")
                / (pl.col("quantity") * pl.col("price")).sum(),
            )
        )

    def contact_features(
        self, orders: pl.DataFrame, persons: pl.LazyFrame, addresses: pl.LazyFrame
    ) -> pl.LazyFrame:
        """Contacts by kind and window, hours and devices of a year, trends."""
        by_address = addresses.join(persons, on="customer_id").select(
            "email", "email_sha256", "person"
        )
        web = self.scan("web/events").filter(pl.col("event_name").is_in(WEB_KINDS))
        visitors = (
            web.filter(pl.col("user_id").is_not_null())
            .group_by("visitor_id")
            .agg(customer_id=pl.last("user_id"))
            .join(persons, on="customer_id")
            .select("visitor_id", "person")
            .collect(engine="streaming")
            .lazy()
        )
        accounts = (
            self.scan("social/profiles")
            .select("profile_id", tidied("email"))
            .drop_nulls()
            .unique("profile_id", keep="last", maintain_order=True)
            .join(by_address, on="email")
            .select("profile_id", "person")
        )
        sales = orders.lazy().filter("is_sale")
        mails = self.scan("email/events").with_columns(tidied("email"))
        mails = mails.join(by_address, on="email").with_columns(
            age=self.age("event_at")
        )
        is_sent = pl.col("event_type") == "sent"
        ads = (
            self.scan("ads/events")
            .filter(pl.col("event_type").is_in(["click", "impression"]))
            .join(
                by_address.select("email_sha256", matched="person"),
                on="email_sha256",
                how="left",
            )
            .join(visitors, on="visitor_id", how="left")
            .select(
                "event_type",
                person=pl.coalesce("matched", "person"),
                age=self.age("event_at"),
            )
            .drop_nulls("person")
        )
        web = web.join(visitors, on="visitor_id").with_columns(age=self.age("event_at"))
        kinds = {
            "order": sales.select("person", "age"),
            "web_event": web.select("person", "age"),
            "email_response": mails.filter(
                pl.col("event_type").is_in(["opened", "clicked"])
            ).select("person", "age"),
            "social_event": self.scan("social/engagements")
            .filter(pl.col("engagement_type").is_in(SOCIAL_KINDS))
            .join(accounts, on="profile_id")
            .select("person", age=self.age("engaged_at")),
            "ad_click": ads.filter(pl.col("event_type") == "click").select(
                "person", "age"
            ),
            "email_sent": mails.filter(is_sent).select("person", "age"),
            "ad_shown": ads.filter(pl.col("event_type") == "impression").select(
                "person", "age"
            ),
        }
        # By person, kind and day first, in one pass over each file: far fewer rows.
        days = (
            pl.concat(
                [
                    frame.filter(pl.col("age") >= 0)
                    .group_by("person", "age")
                    .agg(event_count=pl.len())
                    .with_columns(kind=pl.lit(number, pl.Int8))
                    for number, frame in enumerate(kinds.values())
                ]
            )
            .group_by("person")
            .agg(*window_counts({name: n for n, name in enumerate(kinds)}))
        )
        moments = pl.concat(
            [
                sales.select(
                    "person", moment="ordered_at", age="age", device=pl.lit(None)
                ),
                web.select(
                    "person", moment="event_at", age="age", device="device_category"
                ),
            ],
            how="vertical_relaxed",
        )
        days, moments = pl.collect_all(
            [days, moment_shares(moments)], engine="streaming"
        )
        return days.lazy().join(moments.lazy(), on="person", how="left")


def tidied(column: str) -> pl.Expr:
    """Give an address without blanks around it, in lower case."""
    return pl.col(column).str.strip_chars().str.to_lowercase()


def part(piece: pl.Expr, rest: pl.Expr) -> pl.Expr:
    """Share of a piece in the piece and the rest; null of nothing."""
    total = piece + rest
    return pl.when(total != 0).then(piece / total)


def window_counts(numbers: dict[str, int]) -> list[pl.Expr]:
    """Count every kind in every window, and days since the last; tell trends."""
    age, count = pl.col("age"), pl.col("event_count")

    def counted(kind: str, first: int, end: int) -> pl.Expr:
        chosen = (pl.col("kind") == numbers[kind]) & age.is_between(first, end - 1)
        return count.filter(chosen).sum().cast(pl.Float64)

    def trend(kinds: tuple[str, ...]) -> pl.Expr:
        recent = sum(counted(kind, 0, 90) for kind in kinds)
        before = sum(counted(kind, 90, 180) for kind in kinds)
        return pl.when(recent + before > 0).then((recent - before) / (recent + before))

    active = ("order", *CONTACT_KINDS)
    is_active = pl.col("kind") <= max(numbers[kind] for kind in active)
    return [
        *(
            counted(kind, 0, window).alias(f"{kind}_count_{window}_days")
            for kind in active
            for window in WINDOWS
        ),
        *(
            age.filter(pl.col("kind") == numbers[kind])
            .min()
            .alias(f"{kind}_recency_days")
            for kind in active
        ),
        counted("email_sent", 0, 90).alias("email_sent_count_90_days"),
        counted("ad_shown", 0, 90).alias("ad_shown_count_90_days"),
        trend(("order",)).alias("order_trend"),
        trend(CONTACT_KINDS).alias("contact_trend"),
        (age.filter(is_active & (age < 90)).n_unique() / 90).alias(
            "active_day_share_90_days"
        ),
    ]


def moment_shares(moments: pl.LazyFrame) -> pl.LazyFrame:
    """Shares of local hours, weekends and devices of the last 365 days."""
    local = (
        pl.col("moment")
        .dt.replace_time_zone("UTC")
        .dt.convert_time_zone("Europe/Paris")
    )
    known = sum((pl.col("device") == name).sum() for name in DEVICES)
    return (
        moments.filter(pl.col("age").is_between(0, 364))
        .select(
            "person",
            "device",
            hour=local.dt.hour(),
            is_weekend=local.dt.weekday() >= 6,
        )
        .group_by("person")
        .agg(
            *(
                pl.col("hour").is_between(first, last).mean().alias(f"{name}_share")
                for name, (first, last) in DAY_PARTS.items()
            ),
            pl.mean("is_weekend").alias("weekend_share"),
            *(
                pl.when(known > 0)
                .then((pl.col("device") == name).sum() / known)
                .alias(f"{name}_share")
                for name in DEVICES
            ),
        )
    )


def quintile(measure: str, *, descending: bool = False) -> pl.Expr:
    """Score 1 to 5 by quintiles; equal values get equal scores, 5 is best."""
    rank = pl.col(measure).rank("min", descending=descending) / pl.len()
    return (rank * 5).ceil().clip(1, 5).cast(pl.Int8)


def main(lake: str, as_of: str, out: str) -> None:
    """Run the job and write everybody's row."""
    table, figures = Job(Path(lake), as_of).run()
    table.drop("person").write_parquet(out)
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
