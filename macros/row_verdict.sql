{#
    What becomes of a raw row: `quarantined` when it breaks a rule, `duplicate` when a
    later row has its key, else `kept`.

    The latest load wins, within a load the last row. Needs the columns `broken_rule`,
    `loaded_on`, `load_id` and `source_row` in scope.

    Arguments
        key (list of string): the columns of the contract's key.
#}
{% macro row_verdict(key) -%}
    case
        when broken_rule is not null then 'quarantined'
        when row_number() over (
            partition by {{ key | join(', ') }}, broken_rule is null
            order by loaded_on desc, load_id desc, source_row desc
        ) > 1 then 'duplicate'
        else 'kept'
    end
{%- endmacro %}
