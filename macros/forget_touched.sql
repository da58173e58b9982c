{#
    Deletes from an incremental table what tonight's run makes anew. Nothing where the
    table is built from nothing.

    Arguments
        key (string): column of the table.
        model (string): model that lists the keys to make anew.
        listed (string): its column with them; by default of the same name.
#}
{% macro forget_touched(key, model, listed=none) -%}
    {%- if execute and is_incremental() -%}
        delete from {{ this }}
        where {{ key }} in (
            select listed.{{ listed or key }} from {{ ref(model) }} as listed
        )
    {%- endif -%}
{%- endmacro %}
