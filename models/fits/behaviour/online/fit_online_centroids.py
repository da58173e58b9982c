"""One row per night and segment: the champion's centroids, as they follow the days.

The method is in ``tessera.methods.online``.
"""

from tessera.methods.online import followed_centroids
from tessera.refits import FITTED_ON, first_row, with_day


def model(dbt, session):
    settings = dbt.config.get("meta")
    sums = dbt.ref("fit_online_sums").order("segment_number")
    night, fitted_on = first_row(sums.project("as_of_date, fitted_on")) or (None, None)
    followed = followed_centroids(sums.df(), forgetting=settings["forgetting"])
    return with_day(with_day(followed, "as_of_date", night), FITTED_ON, fitted_on)
