{#
    The rule, as `first_broken_rule` takes it, that a value is one of a few.

    Arguments
        rule, column (string): name of the rule, and the column.
        known (list of string): the values that keep it; a null keeps it too.
#}
{% macro not_one_of(rule, column, known) -%}
    {{ return([rule, column, column ~ " not in ('" ~ known | join("', '") ~ "')"]) }}
{%- endmacro %}
