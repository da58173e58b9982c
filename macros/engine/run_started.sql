{#
    When this run of dbt began, UTC, as a timestamp literal; the same in all its models.
    For the book-keeping of runs only: what is counted goes by `int_clock`.

    Arguments: none.
#}
{% macro run_started() -%}
    timestamp '{{ (run_started_at | string).split('+')[0] }}'
{%- endmacro %}
