{#
    The time on the wall of a time zone, summer time included, from a UTC timestamp.

    The one hour that a zone repeats in autumn comes twice, the one it skips never.

    Arguments
        moment (string): SQL of a timestamp in UTC, without zone.
        time_zone (string): IANA name, such as Europe/Paris; an unknown one is an error.
#}
{% macro local_from_utc(moment, time_zone) -%}
    {%- if time_zone == 'UTC' -%}
        {{ moment }}
    {%- else -%}
        timezone('{{ time_zone }}', timezone('UTC', {{ moment }}))
    {%- endif -%}
{%- endmacro %}
