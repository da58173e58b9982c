{#
    Whole units of time that have passed between two times, rounded down: 30:59 after
    is 30 minutes. Crossing the full minute on the clock does not count, as it would
    with `date_diff`, which finds 31 minutes between 10:00:59 and 10:31:00.

    Arguments
        unit (string): `second`, `minute`, `hour` or `day`.
        earlier (string): SQL of a timestamp; a null gives null.
        later (string): SQL of a timestamp, not before it; a null gives null.
#}
{% macro elapsed(unit, earlier, later) -%}
    date_sub('{{ unit }}', {{ earlier }}, {{ later }})
{%- endmacro %}
