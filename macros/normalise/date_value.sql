{#
    A date from a text; null for what is no date, or an impossible one.

    It is the date that the text shows: the time behind it may be there, and neither it
    nor its zone moves the date. Born on the 31st is born on the 31st anywhere.

    Arguments
        text (string): SQL of a text.
        format (string): as `timestamp_utc` takes it; days of an epoch are UTC's.
#}
{% macro date_value(text, format='auto') -%}
    {%- if format in ('epoch_s', 'epoch_ms', 'epoch_us') -%}
    ({{ timestamp_utc(text, format) }})::date
    {%- else -%}
    ({{ wall_time(text, format) }})::date
    {%- endif -%}
{%- endmacro %}
