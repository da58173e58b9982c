{#
    Reads the segments by rule whose conditions stand in `segment_rules`, compiled.

    Arguments
        segmentations, rule_segments, segment_rules (relation): the seeds.
        persons (string): name of the model whose contracted columns a rule may name.

    Returns a list of mappings of `kind` (`partition` or `overlap`) and `segments`, each
    with `segment_key` and `predicate` (SQL), in the order in which they are tried; empty
    while dbt parses. A `#` keeps dbt from reading a value that looks like a number.
#}
{% macro read_segment_rules(segmentations, rule_segments, segment_rules, persons) -%}
    {%- set found = {} -%}
    {%- if execute and load_relation(segment_rules) and load_relation(rule_segments) -%}
        {%- set columns = {} -%}
        {%- for node in graph.nodes.values() | selectattr('name', 'equalto', persons) -%}
            {%- for column in node.columns.values() -%}
                {%- do columns.update({column.name: column.data_type | lower}) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- set query -%}
            select
                segmentations.segmentation,
                segmentations.kind,
                rule_segments.segment_key,
                '#' || segment_rules.alternative,
                segment_rules.variable,
                segment_rules.operator,
                '#' || segment_rules.value
            from {{ segment_rules }} as segment_rules
            inner join {{ rule_segments }} as rule_segments
                on segment_rules.segment_key = rule_segments.segment_key
            inner join {{ segmentations }} as segmentations
                on rule_segments.segmentation = segmentations.segmentation
            order by
                segmentations.segmentation,
                rule_segments.priority,
                segment_rules.alternative,
                segment_rules.variable,
                segment_rules.operator
        {%- endset -%}
        {%- for row in run_query(query).rows -%}
            {%- set segmentation = found.setdefault(
                row[0], {'kind': row[1], 'lines': {}}
            ) -%}
            {%- do segmentation.lines.setdefault(row[2], []).append({
                'alternative': row[3],
                'variable': row[4],
                'operator': row[5],
                'value': row[6][1:] if row[6] else none,
            }) -%}
        {%- endfor -%}
        {%- for segmentation in found.values() -%}
            {%- set segments = [] -%}
            {%- for segment_key, lines in segmentation.lines.items() -%}
                {%- do segments.append({
                    'segment_key': segment_key,
                    'predicate': segment_predicate(segment_key, lines, columns),
                }) -%}
            {%- endfor -%}
            {%- do segmentation.update({'segments': segments}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found.values() | list) }}
{%- endmacro %}
