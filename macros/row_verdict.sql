{#
    What becomes of a raw row: `quarantined` when it breaks a rule; `repeated` when a
    later row has its key and says the same, `superseded` when that says something
    else; else `kept`.

    The latest load wins, within a load the last row. Needs the columns `broken_rule`,
    `content_hash`, `load_id`, which begins with the day of the load, and `source_row`
    in scope.

    Arguments
        key (list of string): the columns of the contract's key.
#}
{% macro row_verdict(key) -%}
    {%- set same_key -%}
        over (
            partition by {{ key | join(', ') }}, broken_rule is null
            order by load_id desc, source_row desc
        )
    {%- endset -%}
    case
        when broken_rule is not null then 'quarantined'
        when row_number() {{ same_key }} = 1 then 'kept'
        when first_value(content_hash) {{ same_key }} = content_hash then 'repeated'
        else 'superseded'
    end
{%- endmacro %}
