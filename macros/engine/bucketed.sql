{#
    The upper end of the bucket that a value falls in; buckets widen with the value, so
    that all of one differ by at most a thousandth. Zero has a bucket of its own.

    Counting by bucket is an approximate quantile whose error is known (DDSketch), whose
    answer does not depend on the order of rows, as engines' own approximations do, and
    whose size does not grow with the table: about 10,000 buckets from a cent to a
    million. Whole numbers up to a thousand stay apart.

    Arguments
        value (string): SQL of a finite double; a null stays null.
#}
{% macro bucketed(value) -%}
    case
        when {{ value }} = 0 then 0
        else sign({{ value }}) * exp(0.001 * ceil(ln(abs({{ value }})) / 0.001))
    end
{%- endmacro %}
