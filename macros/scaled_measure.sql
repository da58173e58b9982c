{#
    A raw measure between two bounds, transformed and laid on 0..1000000 as a whole
    number: sums of such numbers are exact, whatever the order of the rows.

    Whatever lies beyond a bound counts as the bound, so that a value that explodes moves
    nothing. A null, and a measure whose bounds are equal, stays null.

    Arguments
        value (string): SQL of the raw measure.
        low (string): SQL of the lower bound.
        high (string): SQL of the upper bound.
        transform (string): `none`, `log1p` or `signed_log1p`.
#}
{% macro scaled_measure(value, low, high, transform='none') -%}
    {%- set scaled = [] -%}
    {%- for part in (
        'greatest(least(' ~ value ~ ', ' ~ high ~ '), ' ~ low ~ ')', low, high
    ) -%}
        {%- do scaled.append(
            'ln(1e0 + greatest(' ~ part ~ ', 0e0))' if transform == 'log1p'
            else 'sign(' ~ part ~ ') * ln(1e0 + abs(' ~ part ~ '))'
            if transform == 'signed_log1p' else part
        ) -%}
    {%- endfor -%}
    case
        when {{ is_finite(value) }} and {{ high }} > {{ low }}
            then round(
                1e6 * ({{ scaled[0] }} - {{ scaled[1] }})
                / nullif({{ scaled[2] }} - {{ scaled[1] }}, 0)
            )::bigint
    end
{%- endmacro %}
