{#
    Whether a double is a number: not null, not infinite, not NaN. Null for a null.

    Engines agree that NaN is above infinity. DuckDB's `isfinite` took half as long
    again in the scoring.

    Arguments
        value (string): SQL of a double.
#}
{% macro is_finite(value) -%}
    abs({{ value }}) < 'infinity'::double
{%- endmacro %}
