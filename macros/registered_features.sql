{#
    The lines of seeds/features.csv in order of priority, read when a model compiles;
    none before the seed stands.

    A line whose column its family lacks is an error that names both.

    Arguments
        families (mapping of string to relation): the features model of each family;
            none asks for the lines alone.

    Returns a list of `name`, `family`, `kind` and `trait` (of the family `traits`),
    `absent_value` (text of what stands for a null in the matrix, none to keep it) and
    `is_clustered`.
#}
{% macro registered_features(families=none) -%}
    {%- set registry = ref('features') -%}
    {%- set features = [] -%}
    {%- if execute and load_relation(registry) -%}
        {%- set query -%}
            select
                feature,
                family,
                split_part(trait, ':', 1),
                '#' || substr(trait, strpos(trait, ':') + 1),
                '#' || absent_value,
                is_clustered
            from {{ registry }}
            order by priority
        {%- endset -%}
        {%- for row in run_query(query).rows -%}
            {%- do features.append({
                'name': row[0],
                'family': row[1],
                'kind': row[2],
                'trait': row[3][1:] if row[3] else none,
                'absent_value': row[4][1:] if row[4] else none,
                'is_clustered': row[5],
            }) -%}
        {%- endfor -%}
        {%- for family in features | map(attribute='family') | unique if families -%}
            {%- if family not in families -%}
                {%- do exceptions.raise_compiler_error(
                    "seeds/features.csv names the family '" ~ family
                    ~ "', which is none of " ~ families.keys() | join(', ') ~ '.'
                ) -%}
            {%- endif -%}
            {%- set columns = adapter.get_columns_in_relation(families[family])
                | map(attribute='name') | list -%}
            {%- for feature in features
                if feature.family == family and feature.name not in columns -%}
                {%- do exceptions.raise_compiler_error(
                    "seeds/features.csv names the feature '" ~ feature.name
                    ~ "', which is no column of " ~ families[family].identifier
                    ~ ': write the column, or mend the line.'
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(features) }}
{%- endmacro %}
