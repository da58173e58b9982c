{#
    A UTC timestamp from a text; null for what is no time, or an impossible one.

    An offset or Z in the text counts; a time without is on the wall of `time_zone`, and
    a date alone is midnight there. In the hour that the clock skips in spring, 02:30 in
    Paris is read as 03:30; of the hour it repeats in autumn, the second is meant.

    Arguments
        text (string): SQL of a text.
        format (string): as `wall_time` takes it, 'auto', 'iso', 'dmy' or 'mdy'; or
            'epoch_s', 'epoch_ms', 'epoch_us' for seconds, milliseconds and microseconds
            since 1970, with decimals or without. Name it where you know it: 'auto' does
            the work twice, and leaves the dates null whose order is uncertain.
        time_zone (string): IANA name, such as Europe/Paris; an unknown one is an error.
#}
{% macro timestamp_utc(text, format='auto', time_zone='UTC') -%}
    {%- set microseconds = {'epoch_s': 1000000, 'epoch_ms': 1000, 'epoch_us': 1} -%}
    {%- if format in microseconds -%}
    {%- set ticks -%}
        floor(try_cast({{ text }} as decimal(26, 6)) * {{ microseconds[format] }})
    {%- endset -%}
    case
        when {{ ticks }} between -30610224000000000 and 32503679999999999
            then {{ timestamp_from_microseconds(ticks ~ '::bigint') }}
    end
    {%- else -%}
    {%- set zone_pattern -%} [T: ]\d[\d:.,]* ?([Z+UG-].*)$ {%- endset -%}
    {%- set shown = 'upper(' ~ normalised_text(text) ~ ')' -%}
    {%- set zone = regexp_part(shown, zone_pattern, 1) -%}
    {%- set hours -%} ^[+-]\d{2} {%- endset -%}
    {%- set minutes -%} ^[+-]\d{2}:?(\d{2})$ {%- endset -%}
    {%- set offset_minutes -%}
        coalesce(try_cast({{ regexp_part(zone, hours) }} as integer), 0) * 60
        + case when {{ zone }} like '-%' then -1 else 1 end
        * coalesce(try_cast({{ regexp_part(zone, minutes, 1) }} as integer), 0)
    {%- endset -%}
    case
        when {{ zone }} = ''
            then {{ utc_from_local(wall_time(text, format), time_zone) }}
        else {{ wall_time(text, format) }} - ({{ offset_minutes }}) * interval 1 minute
    end
    {%- endif -%}
{%- endmacro %}
