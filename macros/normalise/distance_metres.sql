{#
    Distance of two places on the globe in metres, double, as the crow flies; null when
    a coordinate is unknown or impossible.

    The haversine formula on a sphere of 6,371,008.8 m, the Earth's mean radius: within
    0.6 % of the ellipsoid.

    Arguments
        latitude, longitude, other_latitude, other_longitude (string): SQL of degrees,
            north and east positive.
#}
{% macro distance_metres(latitude, longitude, other_latitude, other_longitude) -%}
    case
        when {{ latitude }} between -90 and 90
            and {{ other_latitude }} between -90 and 90
            and {{ longitude }} between -180 and 180
            and {{ other_longitude }} between -180 and 180
            then 2 * 6371008.8 * asin(least(1.0, sqrt(
                power(sin(radians({{ other_latitude }} - {{ latitude }}) / 2), 2)
                + cos(radians({{ latitude }})) * cos(radians({{ other_latitude }}))
                * power(sin(radians({{ other_longitude }} - {{ longitude }}) / 2), 2)
            )))
    end
{%- endmacro %}
