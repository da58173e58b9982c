{#
    The used features, with what is missing of the modelled ones predicted; the
    arithmetic of `tessera.methods.imputation.fill_by_model`. Most persons lack nothing,
    and what nobody lacks is not reckoned.

    Needs `is_<feature>_known` of every modelled feature in scope.

    Arguments
        features (list of mapping): as `read_score_maps` gives them.
        values (string): SQL of a double[], every used feature transformed.
        step (string): `start` or `model`.
#}
{% macro model_filled(features, values, step) -%}
    {%- set filled = [] -%}
    {%- for feature in features -%}
        {%- set value = values ~ '[' ~ loop.index ~ ']' -%}
        {%- do filled.append(
            'case when is_' ~ feature.name ~ '_known then ' ~ value ~ ' else '
            ~ predicted_feature(feature[step], values, features | length) ~ ' end'
            if feature.model else value
        ) -%}
    {%- endfor -%}
    {{ double_array(filled) }}
{%- endmacro %}
