"""Segments of a lake's customers, as one writes them with pandas and scikit-learn.

Usage: pandas_job.py LAKE AS_OF OUT. Prints one line of JSON: what was read and made.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
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
        self.as_of = pd.Timestamp(as_of)
        self.end = self.as_of + pd.Timedelta(days=1)
        self.rows_in = 0

    def read(self, table: str, columns: list[str], **options) -> pd.DataFrame:
        """Read the columns of a table that are needed, in order of loading."""
        frame = pd.read_parquet(
            self.lake / table, engine="pyarrow", columns=columns, **options
        )
        self.rows_in += len(frame)
        return frame

    def age_days(self, moments: pd.Series) -> np.ndarray:
        """Whole days from the day of each moment to the night."""
        days = moments.to_numpy().astype("datetime64[D]")
        night = np.datetime64(self.as_of, "D")
        return (night - days).astype(np.int32)

    def run(self) -> tuple[pd.DataFrame, dict]:
        """Make everybody's features, scores and segment."""
        addresses, hashes = self.read_contacts()
        orders, lines = self.read_sales(addresses)
        persons = pd.Index(
            orders.loc[orders["is_sale"], "customer_id"].unique(), name="customer_id"
        ).sort_values()
        orders = self.numbered(orders, "customer_id", persons)
        lines = lines.merge(
            orders[["order_id", "person", "age", "is_sale"]], on="order_id"
        ).drop(columns="order_id")
        features = [
            self.purchase_features(orders, lines, len(persons)),
            self.department_features(lines, len(persons)),
        ]
        del lines
        features.append(self.contact_features(orders, persons, addresses, hashes))
        table = pd.concat(features, axis=1)
        table.index = persons
        for score, measure, ascending in (
            ("recency_score", "recency_days", False),
            ("frequency_score", "order_count", True),
            ("monetary_score", "monetary_amount", True),
        ):
            table[score] = quintile(table[measure], ascending=ascending)
        modelled = table.drop(columns=[*NOT_MODELLED])
        matrix = modelled.to_numpy(dtype=np.float32, copy=True)
        logged = [modelled.columns.get_loc(name) for name in LOGGED]
        matrix[:, logged] = np.log1p(np.maximum(matrix[:, logged], 0))
        table["segment"], segment_count, silhouettes = choose_segments(matrix)
        return table, {
            "rows_in": self.rows_in,
            "persons": len(table),
            "orders": int(table["order_count"].sum()),
            "segments": segment_count,
            "silhouette": max(silhouettes),
        }

    def read_contacts(self) -> tuple[pd.Series, pd.Series]:
        """Map each address, and each address's hash, to its customer."""
        contacts = self.read("crm/contacts", ["customer_id", "email"]).dropna()
        contacts["email"] = contacts["email"].str.strip().str.lower()
        contacts = contacts.drop_duplicates("email", keep="last")
        addresses = contacts.set_index("email")["customer_id"]
        digests = [
            hashlib.sha256(name.encode()).hexdigest() for name in addresses.index
        ]
        hashes = pd.Series(addresses.to_numpy(), index=digests)
        return addresses, hashes

    def read_sales(self, addresses: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Latest state of orders with a known customer, and their lines."""
        orders = self.read(
            "shop/orders",
            [
                *("order_id", "customer_id", "customer_email", "ordered_at"),
                *("order_status", "channel", "currency_code"),
            ],
            read_dictionary=["order_status", "channel", "currency_code"],
        ).drop_duplicates("order_id", keep="last")
        guests = orders["customer_id"].isna()
        orders.loc[guests, "customer_id"] = (
            orders.loc[guests, "customer_email"].str.strip().str.lower().map(addresses)
        )
        kept = (
            orders["customer_id"].notna()
            & orders["currency_code"].isin(EURO)
            & (orders["ordered_at"] < self.end)
            & orders["order_status"].isin(["completed", "returned"])
        )
        orders = orders.loc[kept].drop(columns=["customer_email", "currency_code"])
        orders["age"] = self.age_days(orders["ordered_at"])
        lines = self.read(
            "shop/order_lines",
            [
                *("order_line_id", "order_id", "product_id", "line_kind"),
                *("quantity", "line_amount", "discount_amount"),
            ],
            read_dictionary=["line_kind", "product_id"],
        ).drop_duplicates("order_line_id", keep="last")
        is_product = lines["line_kind"].isna() | (lines["line_kind"] == "product")
        lines = lines.loc[
            is_product, lines.columns.drop(["order_line_id", "line_kind"])
        ]
        for column in ("quantity", "line_amount", "discount_amount"):
            lines[column] = lines[column].astype(np.float64)
        is_refund = orders["order_status"] == "returned"
        orders["is_sale"] = (orders["order_status"] == "completed") & orders[
            "order_id"
        ].isin(lines.loc[lines["quantity"] > 0, "order_id"])
        return orders.loc[orders["is_sale"] | is_refund], lines

    @staticmethod
    def numbered(frame: pd.DataFrame, column: str, persons: pd.Index) -> pd.DataFrame:
        """Replace ids of customers by their number, and drop who is not among them."""
        number = persons.get_indexer(frame[column]).astype(np.int32)
        known = number >= 0
        return frame.loc[known].drop(columns=column).assign(person=number[known])

    def purchase_features(
        self, orders: pd.DataFrame, lines: pd.DataFrame, person_count: int
    ) -> pd.DataFrame:
        """Recency, frequency, money, rhythm and baskets."""
        everybody = pd.RangeIndex(person_count)
        sales = orders.loc[orders["is_sale"]]
        sold = lines.loc[lines["is_sale"] & (lines["quantity"] > 0)]
        returned = lines.loc[~lines["is_sale"]]
        by_person = sales.groupby("person")
        order_count = by_person.size().reindex(everybody)
        amounts = sold.groupby("person")[["line_amount", "discount_amount"]].sum()
        amounts = amounts.reindex(everybody)
        line_count = sold.groupby("person").size().reindex(everybody)
        refunds = returned["line_amount"].abs().groupby(returned["person"]).sum()
        refunds = refunds.reindex(everybody, fill_value=0)
        days = sales[["person", "age"]].drop_duplicates()
        days = days.sort_values(["person", "age"], ascending=[True, False])
        gap = -days.groupby("person")["age"].diff()
        gaps = gap.groupby(days["person"]).agg(["count", "mean", "std"])
        gaps = gaps.reindex(everybody)
        age = by_person["age"].agg(["min", "max"]).reindex(everybody)
        day_count = days.groupby("person").size().reindex(everybody)
        weekday = sales["ordered_at"].dt.day_of_week

        def share(chosen: pd.Series) -> pd.Series:
            found = sales.loc[chosen].groupby("person").size()
            return found.reindex(everybody, fill_value=0) / order_count

        revenue = amounts["line_amount"]
        return pd.DataFrame(
            {
                "recency_days": age["min"],
                "order_count": order_count,
                "monetary_amount": revenue,
                "active_day_share": day_count / (age["max"] + 1),
                "mean_gap_days": gaps["mean"],
                "gap_variation": (gaps["std"] / gaps["mean"]).where(gaps["count"] >= 3),
                "recent_order_share": share(sales["age"] < 90),
                "weekend_order_share": share(weekday >= 5),
                "web_order_share": share(sales["channel"] == "web"),
                "average_order_amount": revenue / order_count,
                "lines_per_order": line_count / order_count,
                "average_line_amount": revenue / line_count,
                "discount_share": amounts["discount_amount"]
                / (revenue + amounts["discount_amount"]).replace(0, np.nan),
                "refund_share": refunds / (revenue + refunds).replace(0, np.nan),
            }
        )

    def department_features(
        self, lines: pd.DataFrame, person_count: int
    ) -> pd.DataFrame:
        """Tell what persons buy: shares of departments, breadth and price level."""
        products = self.read("shop/products", ["product_id", "department"])
        products = products.dropna().drop_duplicates("product_id", keep="last")
        sold = lines.loc[lines["is_sale"] & (lines["quantity"] > 0)]
        departments = products.set_index("product_id")["department"]
        sold = sold.assign(department=sold["product_id"].map(departments))
        sold = sold.dropna(subset="department")
        by_department = sold.groupby("department")[["line_amount", "quantity"]].sum()
        price = by_department["line_amount"] / by_department["quantity"]
        expected = sold["quantity"] * sold["department"].map(price).astype(float)
        everybody = pd.RangeIndex(person_count)
        counts = (
            sold.groupby(["person", "department"], observed=True)
            .size()
            .unstack(fill_value=0)
            .reindex(everybody, fill_value=0)
        )
        total = counts.sum(axis=1)
        shares = counts.div(total.where(total > 0), axis=0)
        logs = np.log(shares.where(shares > 0, 1.0))
        popular = (counts > 0).sum().sort_values(ascending=False)
        places = np.sqrt(shares[popular.index[:DEPARTMENT_PLACES]])
        places.columns = [
            f"department_{n + 1}_affinity" for n in range(places.shape[1])
        ]
        spent = sold.groupby("person")["line_amount"].sum().reindex(everybody)
        return places.assign(
            department_count=(counts > 0).sum(axis=1),
            top_department_share=shares.max(axis=1),
            department_entropy=-(shares * logs).sum(axis=1),
            price_level=spent / expected.groupby(sold["person"]).sum(),
        )

    def contact_features(
        self,
        orders: pd.DataFrame,
        persons: pd.Index,
        addresses: pd.Series,
        hashes: pd.Series,
    ) -> pd.DataFrame:
        """Contacts by kind and window, hours and devices of a year, trends."""
        size = len(persons)
        sales = orders.loc[orders["is_sale"]]
        totals = Contacts(size)
        totals.add("order", sales["person"], sales["age"])
        totals.add_moments(sales["person"], sales["ordered_at"], sales["age"], None)
        web, customers = self.read_web()
        web = self.numbered(web, "customer_id", persons)
        totals.add("web_event", web["person"], web["age"])
        totals.add_moments(
            web["person"], web["event_at"], web["age"], web["device_category"]
        )
        del web
        emails = self.read(
            "email/events",
            ["event_at", "event_type", "email", "device_category"],
            read_dictionary=["event_type", "device_category"],
        )
        emails = emails.loc[emails["event_type"].isin(["sent", "opened", "clicked"])]
        emails = emails.loc[emails["event_at"].notna()]
        emails["customer_id"] = emails["email"].str.strip().str.lower().map(addresses)
        emails["age"] = self.age_days(emails["event_at"])
        emails = self.numbered(emails.drop(columns="email"), "customer_id", persons)
        was_sent = emails["event_type"] == "sent"
        sent, answered = emails.loc[was_sent], emails.loc[~was_sent]
        totals.add("email_response", answered["person"], answered["age"])
        totals.add_window("email_sent", sent["person"], sent["age"], 90)
        del emails, sent, answered
        profiles = self.read("social/profiles", ["profile_id", "email"]).dropna()
        profiles = profiles.drop_duplicates("profile_id", keep="last")
        owners = profiles.set_index("profile_id")["email"].str.lower().map(addresses)
        social = self.read(
            "social/engagements", ["engaged_at", "profile_id", "engagement_type"]
        )
        kept = social["engagement_type"].isin(SOCIAL_KINDS)
        social = social.loc[kept & social["engaged_at"].notna()]
        social["customer_id"] = social["profile_id"].map(owners.dropna())
        social["age"] = self.age_days(social["engaged_at"])
        social = self.numbered(social, "customer_id", persons)
        totals.add("social_event", social["person"], social["age"])
        ads = self.read(
            "ads/events",
            ["event_at", "event_type", "visitor_id", "email_sha256"],
            read_dictionary=["event_type"],
        )
        ads = ads.loc[ads["event_at"].notna()]
        ads["customer_id"] = ads["email_sha256"].map(hashes)
        ads["customer_id"] = ads["customer_id"].fillna(ads["visitor_id"].map(customers))
        ads["age"] = self.age_days(ads["event_at"])
        ads = self.numbered(
            ads.drop(columns=["visitor_id", "email_sha256"]), "customer_id", persons
        )
        clicked, shown = (
            ads.loc[ads["event_type"] == kind] for kind in ("click", "impression")
        )
        totals.add("ad_click", clicked["person"], clicked["age"])
        totals.add_window("ad_shown", shown["person"], shown["age"], 90)
        return totals.features()

    def read_web(self) -> tuple[pd.DataFrame, pd.Series]:
        """Read events of visitors who ever logged in, and each visitor's customer."""
        web = self.read(
            "web/events",
            ["event_at", "visitor_id", "user_id", "event_name", "device_category"],
            read_dictionary=["event_name", "device_category"],
        )
        kept = web[["event_at", "visitor_id"]].notna().all(axis=1)
        web = web.loc[kept & web["event_name"].isin(WEB_KINDS)]
        logins = web.loc[web["user_id"].notna(), ["visitor_id", "user_id"]]
        customers = logins.drop_duplicates("visitor_id", keep="last").set_index(
            "visitor_id"
        )["user_id"]
        web["customer_id"] = web["visitor_id"].map(customers)
        web["age"] = self.age_days(web["event_at"])
        kept = web["customer_id"].notna() & (web["age"] >= 0)
        columns = ["event_at", "device_category", "customer_id", "age"]
        return web.loc[kept, columns], customers


class Contacts:
    """Counts of contacts by person, kind and window, added up table by table."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.columns: dict[str, np.ndarray] = {}
        self.before = {"order": 0.0, "contact": 0.0}
        self.active = np.zeros((size, 90), dtype=bool)
        self.moments = {
            name: np.zeros(size) for name in [*DAY_PARTS, "weekend", *DEVICES]
        }

    def count(self, person: pd.Series, chosen: np.ndarray) -> np.ndarray:
        """Rows of each person among those chosen."""
        return np.bincount(person.to_numpy()[chosen], minlength=self.size).astype(float)

    def add(self, kind: str, person: pd.Series, age: pd.Series) -> None:
        """Count a kind of contact in every window, and the days since the last one."""
        days, number = age.to_numpy(), person.to_numpy()
        for window in WINDOWS:
            self.columns[f"{kind}_count_{window}_days"] = self.count(
                person, (days >= 0) & (days < window)
            )
        recency = np.full(self.size, np.inf)
        np.minimum.at(recency, number[days >= 0], days[days >= 0])
        self.columns[f"{kind}_recency_days"] = np.where(
            np.isinf(recency), np.nan, recency
        )
        family = "order" if kind == "order" else "contact"
        before = self.count(person, (days >= 90) & (days < 180))
        self.before[family] = self.before[family] + before
        recent = (days >= 0) & (days < 90)
        self.active[number[recent], days[recent]] = True

    def add_window(
        self, kind: str, person: pd.Series, age: pd.Series, window: int
    ) -> None:
        """Count what is only sent or shown, in one window."""
        days = age.to_numpy()
        self.columns[f"{kind}_count_{window}_days"] = self.count(
            person, (days >= 0) & (days < window)
        )

    def add_moments(
        self,
        person: pd.Series,
        moment: pd.Series,
        age: pd.Series,
        device: pd.Series | None,
    ) -> None:
        """Count local hours, weekends and devices of the last 365 days."""
        recent = ((age >= 0) & (age < 365)).to_numpy()
        number = person.loc[recent]
        local = moment.loc[recent].dt.tz_localize("UTC").dt.tz_convert("Europe/Paris")
        hour, weekday = local.dt.hour.to_numpy(), local.dt.day_of_week.to_numpy()
        for name, (first, last) in DAY_PARTS.items():
            self.moments[name] += self.count(number, (hour >= first) & (hour <= last))
        self.moments["weekend"] += self.count(number, weekday >= 5)
        if device is not None:
            kinds = device.loc[recent]
            for name in DEVICES:
                self.moments[name] += self.count(number, (kinds == name).to_numpy())

    def features(self) -> pd.DataFrame:
        """Give the columns, with shares and trends."""
        made = dict(self.columns)
        total = sum(self.moments[name] for name in DAY_PARTS)
        devices = sum(self.moments[name] for name in DEVICES)
        with np.errstate(divide="ignore", invalid="ignore"):
            for name in [*DAY_PARTS, "weekend"]:
                made[f"{name}_share"] = self.moments[name] / total
            for name in DEVICES:
                made[f"{name}_share"] = self.moments[name] / devices
            orders = made["order_count_90_days"]
            contacts = sum(made[f"{kind}_count_90_days"] for kind in CONTACT_KINDS)
            made["order_trend"] = (orders - self.before["order"]) / (
                orders + self.before["order"]
            )
            made["contact_trend"] = (contacts - self.before["contact"]) / (
                contacts + self.before["contact"]
            )
        made["active_day_share_90_days"] = self.active.mean(axis=1)
        return pd.DataFrame(made)


def quintile(measure: pd.Series, *, ascending: bool) -> pd.Series:
    """Score 1 to 5 by quintiles; equal values get equal scores, 5 is best."""
    rank = measure.rank(method="min", ascending=ascending, pct=True)
    return np.ceil(rank * 5).clip(1, 5).astype(np.int8)


def main(lake: str, as_of: str, out: str) -> None:
    """Run the job and write everybody's row."""
    table, figures = Job(Path(lake), as_of).run()
    table.reset_index().to_parquet(out, index=False)
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
