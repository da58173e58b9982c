{#
    The features of persons that seeds/outliers.csv has a rule for, read when a model
    compiles; none before the seed stands.

    Arguments
        rules (relation): the seed `outliers`.
#}
{% macro watched_features(rules) -%}
    {%- set features = [] -%}
    {%- if execute and load_relation(rules) -%}
        {%- set query -%}
            select variable from {{ rules }} where level = 'person' order by variable
        {%- endset -%}
        {%- for row in run_query(query).rows -%}
            {%- do features.append(row[0]) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(features) }}
{%- endmacro %}
