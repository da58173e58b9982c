{#
    What a model makes of a missing feature: an affine map of the others, on the
    feature's transformed scale and within the values the fit has seen; the arithmetic
    of `tessera.methods.imputation.predict`.

    Arguments
        model (mapping): `start` or `model` of a feature, as `read_score_maps` gives it.
        values (string): SQL of a double[size], every used feature transformed.
        size (integer): its length.
#}
{% macro predicted_feature(model, values, size) -%}
    least(
        greatest(
            {{ affine_map(values, size, model) }},
            '{{ model.minimum }}'::double
        ),
        '{{ model.maximum }}'::double
    )
{%- endmacro %}
