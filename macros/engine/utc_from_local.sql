{#
    A UTC timestamp from the time on the wall of a time zone.

    An hour that the clock skips in spring is read as if it had not; an hour that it
    repeats in autumn is the second one, in winter time.

    Arguments
        wall_time (string): SQL of a timestamp without zone.
        time_zone (string): IANA name, such as Europe/Paris; an unknown one is an error.
#}
{% macro utc_from_local(wall_time, time_zone) -%}
    {%- if time_zone == 'UTC' -%}
        {{ wall_time }}
    {%- else -%}
        timezone('UTC', timezone('{{ time_zone }}', {{ wall_time }}))
    {%- endif -%}
{%- endmacro %}
