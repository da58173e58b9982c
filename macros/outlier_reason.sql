{#
    In words, what the bounds of a variable are, or why it has none.

    Needs what `outlier_bound` needs, and `method`, in scope.

    Arguments: none.
#}
{% macro outlier_reason() -%}
    case
        when sample_size < minimum_sample
            then
                'no bounds: ' || sample_size || ' values, fewer than '
                || minimum_sample
        when spread = 0 then 'no bounds: no spread'
        else
            factor || case
                when method = 'iqr' then ' interquartile ranges beyond the quartiles'
                else ' standard deviations from the mean'
            end || case when transform = 'log1p' then ' of ln(1 + x)' else '' end
    end
{%- endmacro %}
