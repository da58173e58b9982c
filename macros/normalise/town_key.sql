{#
    A town's name for matching only, as people and post offices write it: folded, `st`
    and `ste` written out, and what the post adds behind it dropped (`CEDEX 08`, an
    arrondissement such as `Paris 8e` or `Lyon 03`).

    `St-Étienne Cedex 2` and `Saint Etienne` both give `saint etienne`. A number of more
    than two digits is part of a name.

    Arguments
        town (string): SQL of a text; null, blank and placeholders give null.
#}
{% macro town_key(town) -%}
    {%- set addition -%}
        [ ](?:cedex|(?:cedex )?[0-9]{1,2} ?(?:er|e|eme|ere)?(?: arrondissement| arr)?)$
    {%- endset -%}
    {%- set saint -%} \bst\b {%- endset -%}
    {%- set sainte -%} \bste\b {%- endset -%}
    {%- set bare = regexp_replaced(folded_text(town), addition) -%}
    {{ regexp_replaced(regexp_replaced(bare, saint, 'saint'), sainte, 'sainte') }}
{%- endmacro %}
