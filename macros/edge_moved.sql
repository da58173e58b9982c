{#
    Tonight's edge: on its way from last night's to what was found, and no further than
    a night allows.

    Exponential smoothing goes `smoothing` of the way each night. The clamp then holds
    the edge to a share of its scale a night, whatever was found. Nights that were left
    out count, so a weekly run adapts as a nightly one does. Without a previous edge, at a
    cold start, the edge is what was found.

    Arguments
        maximum_change_share (string): SQL of the largest move in a night, as a share of
            `edge_scale`. Where the scale is 0 there is nothing to measure by, and the
            clamp does not hold.

    Columns read: `raw_edge` (what was found), `previous_edge`, `edge_scale` (0 or more),
    `smoothing` (above 0 to 1) and `night_count` (1 or more).
#}
{% macro edge_moved(maximum_change_share='maximum_change_share') -%}
    {%- set smoothed -%}
        previous_edge + (raw_edge - previous_edge)
        * (1 - power(1 - smoothing, night_count))
    {%- endset -%}
    {%- set limit -%}
        {{ maximum_change_share }} * edge_scale * night_count
    {%- endset -%}
    case
        when previous_edge is null then raw_edge
        when edge_scale = 0 then {{ smoothed }}
        else greatest(
            previous_edge - {{ limit }},
            least(previous_edge + {{ limit }}, {{ smoothed }})
        )
    end
{%- endmacro %}
