{#
    The niches that were found, read when a model compiles, each with the predicate that
    says who is in it; none before the table stands.

    Arguments
        finds (relation): as niche_finds.

    Returns a list of `key` and `predicate`, by key.
#}
{% macro read_niches(finds) -%}
    {%- set niches = [] -%}
    {%- if execute and load_relation(finds) -%}
        {%- set query -%}
            select
                niche_key,
                predicate
            from {{ finds }}
            order by niche_key
        {%- endset -%}
        {%- for row in run_query(query).rows -%}
            {%- do niches.append({'key': row[0], 'predicate': row[1]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(niches) }}
{%- endmacro %}
