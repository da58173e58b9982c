{#
    A raw feature, filled and transformed as the registry says; the arithmetic of
    `tessera.methods.scaling`.

    Arguments
        feature (mapping): `name`, `transform` (none, log1p or signed_log1p) and
            `imputed_value`, a number as text.
#}
{% macro transformed_feature(feature) -%}
    {%- set filled -%}
        coalesce({{ feature.name }}, '{{ feature.imputed_value }}'::double)
    {%- endset -%}
    {%- if feature.transform == 'log1p' -%}
        ln(1e0 + greatest({{ filled }}, 0e0))
    {%- elif feature.transform == 'signed_log1p' -%}
        sign({{ filled }}) * ln(1e0 + abs({{ filled }}))
    {%- else -%}
        {{ filled }}
    {%- endif -%}
{%- endmacro %}
