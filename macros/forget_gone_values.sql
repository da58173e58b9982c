{#
    Deletes from `int_profile_value_keys` what no profile carries any more, or carries
    since another day, or what was judged by other rules. Nothing where it is built anew.

    Arguments: none.
#}
{% macro forget_gone_values() -%}
    {%- if execute and is_incremental() -%}
        delete from {{ this }}
        where fingerprint not in (
            select profile_values.fingerprint
            from {{ ref('int_profile_values') }} as profile_values
        )
    {%- else -%}
        select 1
    {%- endif -%}
{%- endmacro %}
