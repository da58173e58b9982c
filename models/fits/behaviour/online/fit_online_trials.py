"""One row per night, tonight: what a refit would give beside centroids that follow.

The method is in ``tessera.methods.online``.
"""

from tessera.methods.online import compare_with_refit
from tessera.methods.placing import place_persons
from tessera.refits import first_row, of_champion, sample_of, with_day


def model(dbt, session):
    settings = dbt.config.get("meta")
    champions = dbt.ref("fit_champions")
    scalings = of_champion(dbt.ref("fit_feature_scaling"), champions)
    scaling = scalings.order("feature_number").df()
    components = of_champion(dbt.ref("fit_components"), champions)
    known = of_champion(dbt.ref("fit_known_centroids"), champions)
    known = known.order("centroids_on desc, segment_number").df()
    if settings["policy"] == "never":
        known = known.iloc[:0]
    segment_count = known["segment_number"].nunique()
    online, fitted = known.head(segment_count), known.tail(segment_count)
    few = (
        dbt.ref("fit_learning_sample")
        .order("person_key")
        .limit(settings["sample_limit"])
    )
    placed = place_persons(
        sample_of(few, scaling),
        scaling,
        components.order("component, feature_number").df(),
        online,
    )
    trial = compare_with_refit(
        placed.points, online["coordinates"].tolist(), fitted["coordinates"].tolist()
    )
    (night,) = first_row(champions.max("as_of_date"))
    online_on = None if online.empty else online["centroids_on"].iloc[0]
    return with_day(with_day(trial, "as_of_date", night), "online_on", online_on)
