{#
    In words, whether the centroids that follow the days score tonight, and why.

    Arguments: none; the columns are those of `fit_centroids_in_use`, with `verdict`, the
    first limit of the guard that is broken.
#}
{% macro online_reason() -%}
    case status
        when 'never' then 'No centroids follow: `online` is never.'
        when 'fitted' then 'No centroids follow the model yet.'
        when 'shadow' then 'In shadow: '
        when 'refused' then 'Not let in: '
        when 'admitted' then 'Let in: '
    end
    || case verdict
        when 'none' then ''
        when 'agreement'
            then 'the adjusted Rand index with a refit is ' || round(agreement, 3)
                || ', below {{ var("online_least_agreement") }}.'
        when 'distance'
            then 'persons are farther from their centroids than after a refit, by '
                || round(100 * distance_excess, 2) || ' %, above '
                || round(100 * {{ var('online_most_distance_excess') }}::double, 2) || ' %.'
        when 'shares'
            then 'a segment''s share differs from that of a refit by '
                || round(100 * share_change, 2) || ' points, above '
                || round(100 * {{ var('online_most_share_change') }}::double, 2) || '.'
        when 'early'
            then 'as good as a refit for ' || parity_nights
                || ' nights running, asked are {{ var("online_parity_nights") }}.'
        else
            'as good as a refit for ' || parity_nights
            || ' nights running, with an adjusted Rand index of '
            || round(agreement, 3) || '.'
    end
{%- endmacro %}
