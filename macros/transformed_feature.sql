{#
    A raw feature, clipped, filled and transformed as the registry says; the arithmetic
    of `tessera.methods.scaling`.

    Arguments
        feature (mapping): as `read_score_maps` gives it, with `transform` none, log1p
            or signed_log1p.
#}
{% macro transformed_feature(feature) -%}
    {%- set filled = filled_feature(feature) -%}
    {%- if feature.transform == 'log1p' -%}
        ln(1e0 + greatest({{ filled }}, 0e0))
    {%- elif feature.transform == 'signed_log1p' -%}
        sign({{ filled }}) * ln(1e0 + abs({{ filled }}))
    {%- else -%}
        {{ filled }}
    {%- endif -%}
{%- endmacro %}
