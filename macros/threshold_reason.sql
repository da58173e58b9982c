{#
    An aggregate: what to know about the edges of one variable, in sentences: where they
    come from, how far they moved, what held them, and whether scores stay empty.

    Shares are of an edge's scale, as `edge_moved` takes it, and the largest of all edges.

    Arguments: none; the columns are those of `fit_settled_edges`.
#}
{% macro threshold_reason() -%}
    {%- set moved_share -%}
        coalesce(max(abs(smoothed_edge - previous_edge) / nullif(edge_scale, 0)), 0)
    {%- endset -%}
    {%- set found_share -%}
        coalesce(max(abs(raw_edge - previous_edge) / nullif(edge_scale, 0)), 0)
    {%- endset -%}
    case
        when bool_or(is_kept)
            then 'Kept from ' || any_value(previous_on) || ': '
                || any_value(sample_size) || ' persons, fewer than '
                || any_value(minimum_sample) || '.'
        when count(previous_on) = 0
            then 'Edges as found, with no night before to move from.'
        when max(abs(raw_edge - previous_edge)) = 0
            then 'As on ' || any_value(previous_on) || '.'
        else
            'Moved by up to ' || round(100 * {{ moved_share }}, 1) || ' % since '
            || any_value(previous_on) || '; found were up to '
            || round(100 * {{ found_share }}, 1) || ' %.'
    end
    || case
        when bool_or(smoothed_edge != unclamped_edge)
            then ' Held back at ' || round(
                100 * any_value(maximum_change_share * night_count), 1
            ) || ' %: ' || count(*) filter (where smoothed_edge != unclamped_edge)
                || ' of ' || count(*) || ' edges.'
        else ''
    end
    || case
        when count(previous_on) = 0 and any_value(sample_size < minimum_sample)
            then ' Only ' || any_value(sample_size) || ' persons, fewer than '
                || any_value(minimum_sample) || '.'
        else ''
    end
    || case
        when count(distinct edge) < count(*)
            then ' Equal values span several groups: some scores stay empty.'
        else ''
    end
{%- endmacro %}
