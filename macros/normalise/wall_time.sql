{#
    The date and time that a text shows, as it stands there, without its zone; a date
    alone is its midnight. Null for anything else, impossible dates and times among it.

    `timestamp_utc` and `date_value` are made of it. Years go from 1000 to 2999, so that
    `0001-01-01` and `9999-12-31`, which mean "never", are null. Fractions of a second
    are cut at microseconds. Hours are 0 to 23.

    Arguments
        text (string): SQL of a text.
        format (string): which other dates it may show beside ISO 8601's, 2024-01-31
            and 20240131: 'iso' none, 'dmy' 31/01/2024, 31-1-2024 and 31.01.2024, 'mdy'
            1/31/2024 and 01-31-2024, 'auto' those of both whose order is certain:
            13/04/2024 is read, 03/04/2024 is null.
#}
{% macro wall_time(text, format='auto') -%}
    {%- if format == 'auto' -%}
    case
        when {{ wall_time(text, 'dmy') }} is null then {{ wall_time(text, 'mdy') }}
        when coalesce({{ wall_time(text, 'mdy') }} = {{ wall_time(text, 'dmy') }}, true)
            then {{ wall_time(text, 'dmy') }}
    end
    {%- else -%}
    {%- set other_date -%}
        {%- if format == 'dmy' -%} (\d{1,2})[/.-](\d{1,2})[/.-]([12]\d{3})
        {%- elif format == 'mdy' -%} (\d{1,2})[/-](\d{1,2})[/-]([12]\d{3})
        {%- elif format == 'iso' -%} ()()()[^\s\S]
        {%- else -%} {{ exceptions.raise_compiler_error(
            "wall_time: format should be 'auto', 'iso', 'dmy' or 'mdy', found '"
            ~ format ~ "'."
        ) }}
        {%- endif -%}
    {%- endset -%}
    {%- set time -%} (\d{2}|\d\b):?(\d{2})(?::?(\d{2}(?:\.\d+)?))? {%- endset -%}
    {%- set zone -%} (?: ?(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))? {%- endset -%}
    {%- set whole -%}
        ^(?:([12]\d{3})-?(\d{2})-?(\d{2})|{{ other_date }})(?:[T ]{{ time ~ zone }})?$
    {%- endset -%}
    {%- set parts -%}
        {%- if format == 'mdy' -%} =\1\6-\2\4-\3\5T\7:\8:\9
        {%- else -%} =\1\6-\2\5-\3\4T\7:\8:\9
        {%- endif -%}
    {%- endset -%}
    {%- set fraction -%} [.,](\d{1,6})\d* {%- endset -%}
    {%- set cut -%} .\1 {%- endset -%}
    {%- set shown = 'upper(' ~ normalised_text(text) ~ ')' -%}
    {{ timestamp_parsed(
        regexp_replaced(regexp_replaced(shown, fraction, cut), whole, parts),
        [
            '=%Y-%m-%dT%H:%M:%S.%f', '=%Y-%m-%dT%H:%M:%S',
            '=%Y-%m-%dT%H:%M:', '=%Y-%m-%dT::',
        ]
    ) }}
    {%- endif -%}
{%- endmacro %}
