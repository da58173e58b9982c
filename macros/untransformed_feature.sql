{#
    A value on a feature's transformed scale turned back into its own unit: what undoes
    `transformed_feature`.

    Arguments
        feature (mapping): as `read_score_maps` gives it.
        value (string): SQL of a double on the transformed scale.
#}
{% macro untransformed_feature(feature, value) -%}
    {%- if feature.transform == 'log1p' -%}
        exp({{ value }}) - 1e0
    {%- elif feature.transform == 'signed_log1p' -%}
        sign({{ value }}) * (exp(abs({{ value }})) - 1e0)
    {%- elif feature.transform == 'yeo_johnson' -%}
        {%- set exponent = "'" ~ feature.transform_lambda ~ "'::double" -%}
        {%- set rest = '(2e0 - ' ~ exponent ~ ')' -%}
        case
            when {{ value }} >= 0
                then
                {%- if feature.transform_lambda | float == 0 %}
                exp({{ value }}) - 1e0
                {%- else %}
                power(1e0 + {{ exponent }} * {{ value }}, 1e0 / {{ exponent }}) - 1e0
                {%- endif %}
            else
                {%- if feature.transform_lambda | float == 2 %}
                1e0 - exp(-({{ value }}))
                {%- else %}
                1e0 - power(1e0 - {{ rest }} * {{ value }}, 1e0 / {{ rest }})
                {%- endif %}
        end
    {%- else -%}
        {{ value }}
    {%- endif -%}
{%- endmacro %}
