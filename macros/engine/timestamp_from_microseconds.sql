{#
    A UTC timestamp from microseconds since 1970-01-01.

    Arguments
        microseconds (string): SQL of a bigint between the years 1 and 9999; the engine
            raises far beyond.
#}
{% macro timestamp_from_microseconds(microseconds) -%}
    make_timestamp({{ microseconds }})
{%- endmacro %}
