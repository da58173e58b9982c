{#
    The value from which on a variable is outlying, in its own unit; null where too few
    values, or no spread among them, allow no bound.

    Needs `transform`, `factor`, `minimum_sample`, `sample_size` and the statistics of
    `outlier_statistic` in scope.

    Arguments
        side (string): lower or upper.
#}
{% macro outlier_bound(side) -%}
    {%- set bound -%}
        {{ side }}_center {{ '-' if side == 'lower' else '+' }} factor * spread
    {%- endset -%}
    case
        when sample_size < minimum_sample or spread = 0 then null
        when transform = 'log1p' then exp({{ bound }}) - 1
        else {{ bound }}
    end
{%- endmacro %}
