{#
    The rule, as `first_broken_rule` takes it, that nothing may lie after the day after
    its load: a day's grace for clocks and time zones.

    Arguments
        column (string): the date or timestamp.
#}
{% macro later_than_its_load(column) -%}
    {{ return(
        ['later_than_its_load', column, column ~ ' >= loaded_on + interval 2 day']
    ) }}
{%- endmacro %}
