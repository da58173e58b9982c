"""A synthetic warehouse: seeded persons with the segments of a small shop."""

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

MART_DEFINITIONS = (
    Path(__file__).with_name("report_marts.sql").read_text(encoding="utf-8")
)
AS_OF_DATE = date(2025, 6, 30)
VERSION = "behaviour-2025-06-30"
RFM_SEGMENTS = {
    "rfm-champions": ("Champions", "Bought lately, often and for much."),
    "rfm-promising": ("Promising", "Bought lately, once or twice."),
    "rfm-at-risk": ("At risk", "Bought often, but not lately."),
    "rfm-hibernating": ("Hibernating", "Last purchase long ago, few and small."),
    "rfm-no-purchase": ("No purchase yet", "Known but never bought."),
}
BEHAVIOUR_SEGMENTS = {
    "b1": ("Bargain hunters", "Buy on promotion, answer coupons.", 0.91),
    "b2": ("Evening browsers", "Look long, mostly on a phone at night.", 0.82),
    "b3": ("Weekly stockers", "Same basket, same day, every week.", 0.78),
    "b4": ("Gift givers", "Few visits, high baskets before holidays.", 0.55),
    "b5": ("Quiet subscribers", "Open every e-mail, seldom buy.", None),
}
EDGES = {
    "monetary_amount": [25.0, 60.0, 110.0, 1180.5],
    "recency_days": [15.0, 40.0, 75.0, 130.0],
    "order_count": [1.0, 2.0, 3.0, 5.0],
}
# The generator gives everybody a key; these are held to be typical.
TYPICAL = {"rfm-champions": 10_000_007, "b1": 10_000_011}
RFM_HALVES = ("recency", "frequency")
RFM_RULES = {
    "rfm-no-purchase": ("0|0", "0|0", "0|0"),
    "rfm-champions": ("3|5", "3|5", "1|5"),
    "rfm-promising": ("3|5", "1|2", "1|5"),
    "rfm-at-risk": ("1|2", "3|5", "1|5"),
    "rfm-hibernating": ("1|2", "1|2", "1|5"),
}
CENTRES = np.array([[2.4, 0.4], [-1.6, 1.9], [0.3, -1.8], [3.1, 3.0], [-2.3, -1.2]])


def empty_warehouse(path: Path) -> Path:
    """Write a warehouse whose marts have no rows."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(MART_DEFINITIONS)
    return path


def full_warehouse(path: Path, person_count: int = 2_000) -> Path:
    """Write a warehouse with `person_count` persons."""
    rng = np.random.default_rng(20250630)
    scores, clusters = _person_scores(rng, person_count)
    scores["rfm"] = _rfm_segments(scores)
    scores["behaviour"] = np.array(list(BEHAVIOUR_SEGMENTS))[clusters]
    with duckdb.connect(str(empty_warehouse(path))) as connection:
        for table, rows in {
            "fct_person_scores": scores.drop(columns=["rfm", "behaviour"]),
            "fct_segment_memberships": _memberships(scores),
            "dim_segments": _segments(scores),
            "fct_thresholds": _thresholds(),
            "fct_model_candidates": _candidates(rng),
            "fct_model_versions": _versions(),
            "fct_axis_loadings": _loadings(),
            "fct_load_reconciliation": _reconciliation(),
            "fct_quarantined_rows": _quarantine(),
            "fct_blanked_values": _blanked(),
            "fct_identity_match_rates": _match_rates(),
            "fct_identity_reviews": _reviews(),
            "fct_enrichment_match_rates": _enrichments(),
            "dim_segment_rules": _rules(),
            "dim_personas": _personas(),
            "fct_segment_traits": _traits(),
            "fct_segment_sizes_daily": _sizes(_segments(scores)),
            "fct_segment_migrations": _migrations(),
            "fct_segment_movements_daily": _movements(),
            "fct_segment_size_changes": _size_changes(),
            "fct_segment_lineage": _lineage(),
            "fct_projection_points": _projection(rng, scores),
            "fct_segment_merges": _merges(),
            "dim_segment_families": _families(),
            "fct_gate_results": _gates(),
        }.items():
            connection.register("incoming", rows)
            connection.execute(f"insert into marts.{table} by name from incoming")
            connection.unregister("incoming")
    return path


def _person_scores(rng, person_count):
    clusters = rng.choice(5, person_count, p=[0.3, 0.25, 0.2, 0.1, 0.15])
    plane = CENTRES[clusters] + rng.normal(0, 0.75, (person_count, 2))
    recency = rng.gamma(1.2, 60, person_count).astype("int64")
    frequency = 1 + rng.poisson(np.exp(1.4 - recency / 150))
    money = (frequency * rng.lognormal(3.2, 0.6, person_count)).round(2)
    scores = pd.DataFrame(
        {
            "person_key": rng.permutation(person_count) + 10_000_000,
            "as_of_date": AS_OF_DATE,
            "recency_days": pd.array(recency, dtype="Int64"),
            "frequency_count": frequency,
            "monetary_amount": money,
            "recency_score": 5
            - np.digitize(recency, EDGES["recency_days"], right=True),
            "frequency_score": 1
            + np.digitize(frequency, EDGES["order_count"], right=True),
            "monetary_score": 1
            + np.digitize(money, EDGES["monetary_amount"], right=True),
            "axis_1_score": plane[:, 0],
            "axis_2_score": plane[:, 1],
        }
    )
    never = rng.random(person_count) < 0.08
    counts = ["frequency_count", "monetary_amount"]
    marks = ["recency_score", "frequency_score", "monetary_score"]
    scores.loc[never, "recency_days"] = pd.NA
    scores.loc[never, counts + marks] = 0
    return scores, clusters


def _rfm_segments(scores):
    is_late, is_frequent = (scores[f"{name}_score"] >= 3 for name in RFM_HALVES)
    return np.select(
        [
            scores["recency_score"] == 0,
            is_late & is_frequent,
            is_late,
            is_frequent,
        ],
        ["rfm-no-purchase", "rfm-champions", "rfm-promising", "rfm-at-risk"],
        "rfm-hibernating",
    )


def _memberships(scores):
    return scores.melt(
        id_vars=["person_key", "as_of_date"],
        value_vars=["rfm", "behaviour"],
        var_name="segmentation",
        value_name="segment_key",
    ).assign(probability=0.9, entered_on=date(2025, 5, 1), model_version=VERSION)


def _segments(scores):
    traits = {("rfm", key): (*words, None) for key, words in RFM_SEGMENTS.items()}
    traits |= {("behaviour", key): words for key, words in BEHAVIOUR_SEGMENTS.items()}
    traits |= {
        ("context", "context-weekend"): ("Weekend shoppers", "Mostly weekends.", None),
        ("context", "context-web"): ("Online <shoppers>", "Mostly the web.", None),
    }
    context = np.where(scores["person_key"] % 3 == 0, "context-weekend", "context-web")
    sizes = pd.concat(
        scores.assign(context=context)
        .groupby(segmentation)["monetary_amount"]
        .agg(person_count="count", revenue="sum")
        .rename_axis("segment_key")
        .reset_index()
        .assign(segmentation=segmentation)
        for segmentation in ("rfm", "behaviour", "context")
    )
    pairs = list(zip(sizes["segmentation"], sizes["segment_key"], strict=True))
    names, texts, stabilities = zip(*(traits[pair] for pair in pairs), strict=True)
    amount = sizes.pop("revenue")
    revenue = amount / scores["monetary_amount"].sum()
    return sizes.assign(
        segment_name=names,
        description=texts,
        stability=np.array(stabilities, dtype=float),
        person_share=sizes["person_count"] / len(scores),
        revenue_share=revenue.where(sizes["segmentation"] != "context"),
        revenue_amount=amount.where(sizes["segmentation"] != "context"),
        currency_code="EUR",
        kind=np.where(sizes["segmentation"] == "context", "overlap", "partition"),
        status="active",
        valid_from=date(2025, 5, 1),
    )


def _thresholds():
    edges = EDGES | {"engagement_score": [0.125, 0.5]}
    return pd.DataFrame(
        [
            {
                "variable": variable,
                "scope": "lifecycle" if variable == "engagement_score" else "all",
                "scope_value": "at_risk" if variable == "engagement_score" else "all",
                "as_of_date": as_of_date,
                "method": "quantiles",
                "edges": values,
                "sample_size": 1840,
                "reason": "smoothed over 30 days; moved by 1.2% since yesterday",
            }
            for as_of_date in (date(2025, 6, 29), AS_OF_DATE)
            for variable, values in edges.items()
        ]
    )


def _candidates(rng):
    counts = np.arange(2, 11)
    rows = pd.DataFrame(
        {
            "model_version": VERSION,
            "algorithm": np.repeat(["k_means", "average_linkage"], len(counts)),
            "segment_count": np.tile(counts, 2),
        }
    )
    distance = (rows["segment_count"] - 5).abs()
    ward = rows["algorithm"] == "average_linkage"
    noise = rng.normal(0, 0.008, len(rows))
    return rows.assign(
        inertia=(28_000 / rows["segment_count"] ** 0.9 * (1 + 0.05 * ward)).round(1),
        silhouette=(0.52 - 0.045 * distance - 0.03 * ward + noise).round(4),
        davies_bouldin=(0.7 + 0.09 * distance + 0.06 * ward + noise).round(4),
        is_elbow=rows["segment_count"].eq(4) & ~ward,
        is_chosen=rows["segment_count"].eq(5) & ~ward,
        stability=np.where(rows["segment_count"].eq(5) & ~ward, 0.78, np.nan),
        seed_stability=np.where(rows["segment_count"].eq(5) & ~ward, 0.9, np.nan),
        reason=np.where(distance == 0, "best silhouette", "silhouette is lower"),
    )


def _versions():
    return pd.DataFrame(
        [
            {
                "model_version": version,
                "segmentation": "behaviour",
                "algorithm": "k_means",
                "segment_count": 5,
                "feature_count": 18,
                "component_count": 6,
                "explained_variance_share": 0.87,
                "sample_size": 2000,
                "silhouette": 0.52,
                "davies_bouldin": 0.7,
                "reason": "K = 5 (k means): most stable (0.780) among the one "
                "candidate within one standard error of the best silhouette (0.520).",
                "refit_reason": "There was no model.",
                "promotion_reason": "The first model.",
                "fitted_on": fitted_on,
                "status": status,
            }
            for version, fitted_on, status in (
                (VERSION, AS_OF_DATE, "champion"),
                ("behaviour-2025-05-31", date(2025, 5, 31), "retired"),
            )
        ]
    )


def _loadings():
    names = {1: "Spends and returns", 2: "Late hours"}
    labels = {"department_1_affinity": ("Taste for Garden", "Goût pour Garden")}
    features = {
        "department_1_affinity": (0.62, -0.08),
        "basket_amount": (0.55, 0.11),
        "evening_share": (-0.05, 0.71),
        "phone_share": (0.04, 0.58),
        "coupon_share": (-0.31, 0.2),
    }
    return pd.DataFrame(
        [
            {
                "model_version": VERSION,
                "axis": axis,
                "axis_name": name,
                "feature": feature,
                "feature_label": labels.get(feature, (None, None))[0],
                "feature_label_fr": labels.get(feature, (None, None))[1],
                "loading": loadings[axis - 1],
                "explained_variance_share": {1: 0.342, 2: 0.198}[axis],
            }
            for axis, name in names.items()
            for feature, loadings in features.items()
        ]
    )


def _reconciliation():
    return pd.DataFrame(
        [
            ("shop", "orders", 12_400, 12_310, 60, 30),
            ("shop", "order_lines", 48_120, 48_010, 110, 0),
            ("crm", "customers", 2_140, 2_000, 128, 12),
            ("campaigns", "email_events", 1_204_331, 1_204_000, 300, 31),
        ],
        columns=[
            "source_name",
            "table_name",
            "rows_in",
            "kept",
            "duplicates",
            "quarantined",
        ],
    ).assign(loaded_on=AS_OF_DATE, file_name="part-0.parquet")


def _enrichments():
    return pd.DataFrame(
        [
            (date(2025, 6, 29), "area", 1_998, 1_600, 1_400, 90, 1_400 / 1_998),
            (AS_OF_DATE, "area", 2_000, 1_600, 1_500, 100, 0.75),
            (AS_OF_DATE, "partner", 2_000, 1_700, 0, 30, 0.0),
        ],
        columns=[
            "as_of_date",
            "enrichment",
            "person_count",
            "keyed_count",
            "matched_count",
            "ambiguous_count",
            "matched_share",
        ],
    )


def _quarantine():
    rules = [
        ("campaigns", "email_events", "occurred_at", "not_in_the_future", 31, "a day"),
        ("shop", "orders", "amount", "not_negative", 30, "amount under zero"),
        ("crm", "customers", "email", "valid_email", 12, None),
    ]
    rows = [
        (source, table, column, rule, number, "secret", reason or f"{number}?")
        for source, table, column, rule, count, reason in rules
        for number in range(count)
    ]
    columns = ["source_name", "table_name", "column_name", "rule", "row_number"]
    return pd.DataFrame(rows, columns=[*columns, "value", "reason"]).assign(
        loaded_on=AS_OF_DATE, file_name="part-0.parquet"
    )


def _blanked():
    return pd.DataFrame(
        [
            ("email", "a", 900, 4, "old.csv", 17, "no address"),
            ("email", "b", 1_100, 6, "new.csv", 1_204, "no address"),
            ("email", "c", 100, 0, None, None, "no address"),
            ("sex", "b", 500, 0, None, None, "no such word"),
            ("country_code", "b", 40, 1, "new.csv", 8, "no such country"),
        ],
        columns=[
            "column_name",
            "load_id",
            "given_count",
            "blanked_count",
            "first_file_name",
            "first_row_number",
            "reason",
        ],
    ).assign(source_name="crm", table_name="customers", rule="x", loaded_on=AS_OF_DATE)


def _match_rates():
    rows = [
        ("all", 9_000, 5_000, 0.62, 0.41, 3.0),
        ("web", 6_000, 4_100, 0.45, 0.3, 9.5),
        ("crm", 2_140, 2_000, 0.9, 1.0, 0.0),
        ("social", 860, 860, 0.0, 0.0, None),
    ]
    columns = ["source_name", "profile_count", "person_count", "linked_share"]
    return pd.concat(
        pd.DataFrame(
            rows, columns=[*columns, "crm_share", "median_days_to_resolve"]
        ).assign(as_of_date=night)
        for night in (AS_OF_DATE, date(2025, 6, 29))
    )


def _reviews():
    asked = "are these two one person?"
    return pd.DataFrame(
        [
            (
                1,
                "match",
                "crm",
                "K1",
                "crm",
                "K2",
                "last_name, birth_date",
                0.71,
                asked,
            ),
            (
                2,
                "contradiction",
                "crm",
                "K<3>",
                "crm",
                "K4",
                "same email, other birth_date",
                None,
                asked,
            ),
            (3, "shared_value", "crm", "K5", None, None, "customer", None, "block it"),
            (4, "match", "email", "a@b.fr", "crm", "K7", "home", 0.8, asked),
            (5, "match", "crm", "K8", "crm", "K9", "first_name", 0.9, asked),
        ],
        columns=[
            "review_key",
            "review_kind",
            "left_source",
            "left_profile_id",
            "right_source",
            "right_profile_id",
            "evidence",
            "match_probability",
            "what_to_do",
        ],
    ).assign(
        as_of_date=AS_OF_DATE,
        profile_count=[2, 2, 99, 2, 2],
        is_decidable=[True, True, True, True, False],
        queue_position=[2, 1, 3, 4, 5],
    )


def _rules():
    scores = ("recency_score", "frequency_score", "monetary_score")
    rules = [
        ("rfm", key, priority, 1, score, "between", value)
        for priority, (key, values) in enumerate(RFM_RULES.items(), start=1)
        for score, value in zip(scores, values, strict=True)
    ]
    rules += [
        ("context", "context-weekend", 1, 1, "weekend_order_share", ">=", "0.6"),
        ("context", "context-weekend", 1, 1, "order_count", "between", "3|9"),
        ("context", "context-weekend", 1, 2, "region", "in", "Bretagne|Corse"),
        ("context", "context-web", 2, 1, None, "otherwise", None),
    ]
    return pd.DataFrame(
        rules,
        columns=[
            "segmentation",
            "segment_key",
            "priority",
            "alternative",
            "variable",
            "operator",
            "value",
        ],
    )


def _personas():
    french = {
        "rfm-champions": "Championnes",
        "rfm-promising": "Prometteuses",
        "rfm-at-risk": "À risque",
        "b1": "Chasseuses de bonnes affaires",
        "b2": "Flâneuses du soir",
    }
    return pd.DataFrame(
        [
            {
                "segmentation": "rfm" if key.startswith("rfm") else "behaviour",
                "segment_key": key,
                "segment_name_fr": name,
                "is_described": True,
                "traits_en": ["Shops in the evening", "On the phone"],
                "traits_fr": ["Achète le soir", "Sur le téléphone"],
                "channel": "email",
                "channel_share": 0.62,
                "day_part": "evening",
                "day_part_share": 0.55,
                "weekday": "3",
                "weekday_share": 0.2,
                "device": "mobile",
                "device_share": 0.7,
                "typical_person_key": TYPICAL.get(key),
                "order_count": 5.25,
                "average_order_amount": 43.2,
                "paragraph_en": "They buy in the evening, mostly on the phone.",
                "paragraph_fr": "Elles achètent le soir, surtout sur le téléphone.",
            }
            for key, name in french.items()
        ]
    )


def _traits():
    traits = [
        ("measure", "order_count", "high", 9.4, 3.1, 0.91, 0.85, 0.97),
        ("measure", "discount_share", "low", 0.04, 0.11, -0.42, -0.5, -0.34),
        ("attribute", "preferred_channel", "email", 0.6, 0.3, 2.0, 1.8, 2.2),
        ("attribute", "age_band", "65+", 0.02, 0.06, 0.33, 0.2, 0.5),
        ("measure", "mean_gap_days", "low", 12.5, 30.0, -0.3, -0.4, -0.2),
        ("measure", "monetary_amount", "high", 1234.4, 310.25, 0.2, 0.1, 0.3),
    ]
    columns = ["trait_kind", "trait", "trait_value", "segment_figure", "rest_figure"]
    columns += ["difference", "interval_low", "interval_high"]
    words = {
        "order_count": ("Orders", "Commandes", "count"),
        "discount_share": ("Discount", "Remise", "share"),
        "preferred_channel": ("Preferred channel", "Canal préféré", "share"),
        "age_band": ("Age band", "Tranche d'âge", "share"),
        "mean_gap_days": ("Days between purchases", "Jours entre deux achats", "days"),
        "monetary_amount": ("Spending", "Dépenses", "amount"),
    }
    named = pd.DataFrame(
        [(trait, *told) for trait, told in words.items()],
        columns=["trait", "trait_label", "trait_label_fr", "unit"],
    )
    french = {"email": "l'e-mail"}
    traits = pd.DataFrame(traits, columns=columns).merge(named, on="trait", how="left")
    traits = traits.assign(
        value_label=traits["trait_value"],
        value_label_fr=[french.get(value, value) for value in traits["trait_value"]],
    )
    return pd.concat(
        traits.assign(
            segmentation=segmentation,
            segment_key=key,
            trait_rank=range(1, len(traits) + 1),
        )
        for segmentation, key in (("rfm", "rfm-champions"), ("behaviour", "b1"))
    )


def _sizes(segments):
    nights = pd.date_range(end=AS_OF_DATE, periods=40)
    # One night later than tonight: a past one was built again.
    nights = nights.append(nights[-1:] + pd.Timedelta(days=1))
    return pd.concat(
        segments[["segmentation", "segment_key", "person_share"]].assign(
            as_of_date=night.date(),
            person_count=segments["person_count"] - 2 * age + (age % 7),
            revenue_amount=segments["revenue_amount"] * (1 - age / 200),
        )
        for age, night in enumerate(nights[::-1], start=-1)
    )


def _migrations():
    rows = [
        ("rfm", "rfm-promising", "rfm-champions", 31),
        ("rfm", "rfm-champions", "rfm-at-risk", 24),
        ("rfm", "rfm-at-risk", "rfm-hibernating", 57),
        ("rfm", "rfm-hibernating", "rfm-promising", 9),
        ("rfm", None, "rfm-no-purchase", 40),
        ("rfm", "rfm-hibernating", None, 3),
        ("rfm", "rfm-champions", "rfm-champions", 900),
        ("behaviour", "b1", "b2", 12),
        ("behaviour", "b4", "b5", 2),
    ]
    columns = ["segmentation", "from_segment_key", "to_segment_key", "person_count"]
    moves = pd.DataFrame(rows, columns=columns).assign(
        as_of_date=AS_OF_DATE, revenue_amount=10.0
    )
    night = moves.iloc[[0, 2, 6]].assign(
        window_name="last_night", person_count=[3, 5, 1]
    )
    return pd.concat([moves.assign(window_name="last_30_days"), night]).assign(
        since_on=date(2025, 5, 31)
    )


def _movements():
    return pd.DataFrame(
        [
            (AS_OF_DATE, "rfm", "rfm-promising", "rfm-champions", 3, 2.5, 0, 0.5, 0),
            (AS_OF_DATE, "rfm", "rfm-at-risk", "rfm-hibernating", 5, 5.0, 0, 0, 0),
            (date(2025, 6, 29), "rfm", "rfm-at-risk", "rfm-champions", 9, 0, 9, 0, 0),
        ],
        columns=[
            "moved_on",
            "segmentation",
            "from_segment_key",
            "to_segment_key",
            "person_count",
            "behaviour_count",
            "model_count",
            "threshold_count",
            "identity_count",
        ],
    )


def _size_changes():
    return pd.DataFrame(
        [
            (AS_OF_DATE, "rfm", "rfm-champions", 3, 2.5, 0.0, 0.5, 0.0),
            (date(2025, 6, 29), "rfm", "rfm-champions", 9, 0.0, 9.0, 0.0, 0.0),
        ],
        columns=[
            "as_of_date",
            "segmentation",
            "segment_key",
            "person_count_change",
            "behaviour_change",
            "model_change",
            "threshold_change",
            "identity_change",
        ],
    )


def _lineage():
    return pd.DataFrame(
        [
            (VERSION, "b1", "b1", "same", 0.83),
            (VERSION, "b1", "b2", "split", 0.21),
            (VERSION, None, "b5", "born", None),
            ("behaviour-2025-05-31", None, "b1", "born", None),
        ],
        columns=[
            "model_version",
            "from_segment_key",
            "to_segment_key",
            "relation",
            "jaccard",
        ],
    )


def _projection(rng, scores):
    return pd.DataFrame(
        {
            "person_key": scores["person_key"],
            "segment_key": scores["behaviour"],
            "across_position": scores["axis_1_score"] + rng.normal(0, 1, len(scores)),
            "up_position": scores["axis_2_score"],
        }
    ).head(400)


def _merges():
    return pd.DataFrame(
        [
            (VERSION, 1, 2, 3, 6, 0.4),
            (VERSION, 2, 1, 6, 7, 0.9),
            (VERSION, 3, 4, 5, 8, 1.1),
            (VERSION, 4, 7, 8, 9, 2.0),
        ],
        columns=[
            "model_version",
            "merge_number",
            "first_node",
            "second_node",
            "merged_node",
            "height",
        ],
    )


def _families():
    return pd.DataFrame(
        {
            "model_version": VERSION,
            "segment_key": list(BEHAVIOUR_SEGMENTS),
            "segment_number": range(1, 6),
            "family_number": [1, 1, 1, 2, 2],
            "family_name": "Evening shoppers",
        }
    )


def _gates():
    return pd.DataFrame(
        [
            (
                "repeated_keys",
                "dim_persons",
                True,
                True,
                0.0,
                0.0,
                "2000 rows, 1999 keys",
            ),
            (
                "moved_share",
                "rfm",
                False,
                True,
                0.4,
                0.2,
                "rfm-promising went from 50.0 % to 10.0 % since 2025-06-29",
            ),
            ("small_segments", "behaviour", False, False, 1.0, 0.0, "b4: 12"),
        ],
        columns=[
            "gate",
            "subject",
            "passed",
            "is_blocking",
            "figure",
            "limit_value",
            "reason",
        ],
    ).assign(as_of_date=AS_OF_DATE)
