{#
    The first rule that a raw row breaks, as a struct of rule, column and value; null
    for a row that breaks none.

    Required columns are read from the source's contract, so they stand there only;
    `rules` adds what types and nulls cannot say.

    Arguments
        source_name, table_name (string): the contract.
        rules (list of [rule, column, condition]): `rule` names the rule in
            snake_case, `column` the column at fault, `condition` is SQL that is true
            for a row that breaks it (null counts as not broken).
#}
{% macro first_broken_rule(source_name, table_name, rules=[]) -%}
    case
    {%- for rule, column, condition in rules_of(source_name, table_name, rules) %}
        when {{ condition }}
            then {
                'rule': '{{ rule }}',
                'column_name': '{{ column }}',
                'value': {{ column }}::varchar
            }
    {%- else %}
        when false
            then {'rule': null::varchar, 'column_name': null, 'value': null}
    {%- endfor %}
    end
{%- endmacro %}
