{#
    The measures that segments are told apart by: the lines of the seed
    `persona_measures` in the order of the registry, read when a model compiles; none
    before the seeds stand.

    Arguments: none. Returns a list of `name`; `transform`, which is `none`, `log1p` or
    `signed_log1p`: what a fit has to find first (Yeo-Johnson) gives way to the last; and
    `niche_theme`, none where a measure takes no part in the search for niches.
#}
{% macro told_measures() -%}
    {%- set words = ref('persona_measures') -%}
    {%- set registry = ref('features') -%}
    {%- set measures = [] -%}
    {%- if execute and load_relation(words) and load_relation(registry) -%}
        {%- set query -%}
            select
                features.feature,
                replace(features.transform, 'yeo_johnson', 'signed_log1p'),
                words.niche_theme
            from {{ registry }} as features
            inner join {{ words }} as words
                on features.feature = words.measure
            order by features.priority
        {%- endset -%}
        {%- for row in run_query(query).rows -%}
            {%- do measures.append(
                {'name': row[0], 'transform': row[1], 'niche_theme': row[2]}
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(measures) }}
{%- endmacro %}
