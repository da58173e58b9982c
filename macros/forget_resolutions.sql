{#
    Forgets, where `--full-refresh` makes everything anew, that persons were ever found:
    should the run fail halfway, the next one begins anew too.

    Arguments: none.
#}
{% macro forget_resolutions() -%}
    {%- set resolutions = table_before('int_identity_resolutions', true) -%}
    {%- if resolutions and flags.FULL_REFRESH -%}
        delete from {{ resolutions }}
    {%- endif -%}
{%- endmacro %}
