{#
    The lines of `segment_rules` of one segment, compiled to one SQL condition.

    A condition on a null is not true, so its person does not belong. Errors name the
    line: while dbt compiles, a rule cannot be misread in silence.

    Arguments
        segment_key (string): the segment, for errors.
        lines (list of mapping): its lines, each with `alternative`, `variable`,
            `operator` and `value` (a text or none).
        columns (mapping of string to string): the columns that a rule may name, with
            their types in lower case.
#}
{% macro segment_predicate(segment_key, lines, columns) -%}
    {%- set comparisons = ['=', '!=', '<', '<=', '>', '>='] -%}
    {%- set bare = {'known': 'is not null', 'unknown': 'is null'} -%}
    {%- set operators = comparisons + ['between', 'in', 'not in', 'known', 'unknown',
        'otherwise'] -%}
    {%- set alternatives = {} -%}
    {%- for line in lines -%}
        {%- set place = "seeds/segment_rules.csv, segment '" ~ segment_key ~ "': " -%}
        {%- if line.operator not in operators -%}
            {{ exceptions.raise_compiler_error(
                place ~ "operator '" ~ line.operator ~ "' is none of "
                ~ operators | join(', ') ~ '.'
            ) }}
        {%- elif line.operator == 'otherwise' -%}
            {%- if line.variable or line.value -%}
                {{ exceptions.raise_compiler_error(
                    place ~ "'otherwise' takes neither a variable nor a value."
                ) }}
            {%- endif -%}
            {%- set condition = 'true' -%}
        {%- elif line.variable not in columns -%}
            {{ exceptions.raise_compiler_error(
                place ~ "variable '" ~ line.variable
                ~ "' is no column of seg_person_traits, which has "
                ~ columns | list | sort | join(', ') ~ '.'
            ) }}
        {%- elif line.operator in bare -%}
            {%- if line.value -%}
                {{ exceptions.raise_compiler_error(
                    place ~ "'" ~ line.operator ~ "' takes no value, found '"
                    ~ line.value ~ "'."
                ) }}
            {%- endif -%}
            {%- set condition = line.variable ~ ' ' ~ bare[line.operator] -%}
        {%- else -%}
            {%- set is_text = columns[line.variable] in ('varchar', 'date') -%}
            {%- set single = line.operator in comparisons -%}
            {%- set parts = [line.value or ''] if single else
                (line.value or '').split('|') -%}
            {%- if line.operator == 'between' and parts | length != 2 -%}
                {{ exceptions.raise_compiler_error(
                    place ~ "'between' takes low|high, found '" ~ line.value ~ "'."
                ) }}
            {%- endif -%}
            {%- set literals = [] -%}
            {%- for part in parts -%}
                {%- set text = part | trim -%}
                {%- if not text -%}
                    {{ exceptions.raise_compiler_error(
                        place ~ "'" ~ line.variable ~ ' ' ~ line.operator
                        ~ "' lacks a value, found '" ~ (line.value or '') ~ "'."
                    ) }}
                {%- elif not is_text and text | float(default=none) is none -%}
                    {{ exceptions.raise_compiler_error(
                        place ~ "'" ~ line.variable ~ "' is a "
                        ~ columns[line.variable] ~ ", and '" ~ text ~ "' is no number."
                    ) }}
                {%- endif -%}
                {%- do literals.append(
                    "'" ~ text | replace("'", "''") ~ "'" if is_text
                    else "cast('" ~ text ~ "' as double)"
                ) -%}
            {%- endfor -%}
            {%- set condition -%}
                {{ line.variable }} {{ line.operator }}
                {%- if single %} {{ literals[0] }}
                {%- elif line.operator == 'between' %} {{ literals | join(' and ') }}
                {%- else %} ({{ literals | join(', ') }})
                {%- endif -%}
            {%- endset -%}
        {%- endif -%}
        {%- do alternatives.setdefault(line.alternative, []).append(condition) -%}
    {%- endfor -%}
    {%- set groups = [] -%}
    {%- for alternative in alternatives.values() -%}
        {%- do groups.append('(' ~ alternative | join(' and ') ~ ')') -%}
    {%- endfor -%}
    {{ groups | join(' or ') }}
{%- endmacro %}
