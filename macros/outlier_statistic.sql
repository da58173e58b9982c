{#
    What the bounds of a variable are reckoned from, an aggregate over `scaled`: with
    `iqr` the quartiles and their distance, with `z_score` the mean and the standard
    deviation. Rounded, because sums of doubles depend on the order of the threads.

    Needs the columns `method` (constant in the group) and `scaled` (double) in scope.

    Arguments
        statistic (string): lower_center, upper_center or spread.
#}
{% macro outlier_statistic(statistic) -%}
    {%- set value = "case when method = 'iqr' then scaled end" -%}
    {%- set lower, upper = quantile(value, '0.25'), quantile(value, '0.75') -%}
    round(
        case
            when method = 'iqr'
                then {{ {
                    'lower_center': lower,
                    'upper_center': upper,
                    'spread': upper ~ ' - ' ~ lower,
                }[statistic] }}
            else {{ 'stddev_pop' if statistic == 'spread' else 'avg' }}(scaled)
        end,
        9
    )
{%- endmacro %}
