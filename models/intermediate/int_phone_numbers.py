"""One row per distinct phone number, as written, and country.

The method is in ``tessera.methods.phones``. The table is made anew every night: one
that only grew would keep the numbers of people who asked to be forgotten.
"""

from tessera.methods.phones import PHONES_AT_ONCE, normalise_in_parts


def model(dbt, session):
    settings = dbt.config.get("meta")
    phones = (
        dbt.ref("stg_crm__contacts_judged")
        .filter("phone is not null and row_verdict != 'quarantined'")
        .project("phone as phone_raw, country_code")
        .distinct()
        .order("phone_raw, country_code")
        .to_arrow_reader(PHONES_AT_ONCE)
    )
    return normalise_in_parts(
        phones, default_country_code=settings["default_country_code"]
    )
