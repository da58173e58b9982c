{#
    A raw feature, clipped to its bounds and, where missing or infinite, filled with
    what its policy fitted: the median of the person's group, else one number.

    What a model fills is predicted from the others afterwards (`predicted_feature`).

    Arguments
        feature (mapping): as `read_score_maps` gives it. Group medians need the
            column `group_<group_column>` in scope.
#}
{% macro filled_feature(feature) -%}
    {%- set clipped = [feature.name] -%}
    {%- if feature.lower_bound is not none -%}
        {%- do clipped.append(
            "greatest(" ~ clipped[-1] ~ ", '" ~ feature.lower_bound ~ "'::double)"
        ) -%}
    {%- endif -%}
    {%- if feature.upper_bound is not none -%}
        {%- do clipped.append(
            "least(" ~ clipped[-1] ~ ", '" ~ feature.upper_bound ~ "'::double)"
        ) -%}
    {%- endif -%}
    case
        {#- Nearly every value lies between the bounds: asked first, nothing is clipped. -#}
        {%- if feature.lower_bound is not none and feature.upper_bound is not none %}
        when {{ feature.name }} between '{{ feature.lower_bound }}'::double
            and '{{ feature.upper_bound }}'::double then {{ feature.name }}
        {%- endif %}
        when {{ is_finite(feature.name) }} then {{ clipped[-1] }}
        {%- for group in feature.groups %}
        when group_{{ feature.group_column }} = '{{ group.name | replace("'", "''") }}'
            then '{{ group.value }}'::double
        {%- endfor %}
        else '{{ feature.imputed_value }}'::double
    end
{%- endmacro %}
