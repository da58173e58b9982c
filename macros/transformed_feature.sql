{#
    A raw feature, clipped, filled and transformed as the registry says; the arithmetic
    of `tessera.methods.scaling`.

    Arguments
        feature (mapping): as `read_score_maps` gives it, with `transform` none, log1p,
            signed_log1p or yeo_johnson, and `transform_lambda` with the last.
#}
{% macro transformed_feature(feature) -%}
    {%- set filled = filled_feature(feature) -%}
    {%- if feature.transform == 'log1p' -%}
        ln(1e0 + greatest({{ filled }}, 0e0))
    {%- elif feature.transform == 'signed_log1p' -%}
        sign({{ filled }}) * ln(1e0 + abs({{ filled }}))
    {%- elif feature.transform == 'yeo_johnson' -%}
        {%- set exponent = "'" ~ feature.transform_lambda ~ "'::double" -%}
        {%- set above = 'greatest(' ~ filled ~ ', 0e0)' -%}
        {%- set below = 'least(' ~ filled ~ ', 0e0)' -%}
        {#- One of the two sides is always 0, so that they add up to the transform. -#}
        {%- if feature.transform_lambda | float == 0 -%}
            ln(1e0 + {{ above }})
        {%- else -%}
            (power(1e0 + {{ above }}, {{ exponent }}) - 1e0) / {{ exponent }}
        {%- endif -%}
        {%- if feature.transform_lambda | float == 2 %}
            - ln(1e0 - {{ below }})
        {%- else %}
            - (power(1e0 - {{ below }}, 2e0 - {{ exponent }}) - 1e0)
                / (2e0 - {{ exponent }})
        {%- endif -%}
    {%- else -%}
        {{ filled }}
    {%- endif -%}
{%- endmacro %}
