{#
    A verdict that also looks past the key: `lookalike` for a kept row when an earlier
    one says the same under another key; else the verdict as it was.

    Earlier is whose row came first, also when it was sent again or has changed since: who
    was entered twice stays so. Needs `load_id` and `source_row` in scope.

    Arguments
        verdict (string): column of the verdict by key.
        key (string): column of the key.
        content (string): columns that rows share when they say the same.
        condition (string): SQL of which rows say enough to be told apart.
#}
{% macro lookalike_verdict(verdict, key, content, condition) -%}
    case
        when
            {{ verdict }} = 'kept'
            and {{ condition }}
            and first_value({{ key }}) over (
                partition by {{ content }}, {{ verdict }} != 'quarantined'
                order by load_id asc, source_row asc
            ) != {{ key }}
            then 'lookalike'
        else {{ verdict }}
    end
{%- endmacro %}
