{#
    Whether two relations' rows are of one profile: the condition of a join.

    Two texts in every row, source and id, are compared as one number, which takes a third
    off the lookup of days. Two profiles with the same number are to be expected once in
    60,000 warehouses of 25 million profiles; `profiles_have_numbers_of_their_own` would
    find them.

    Arguments
        left (string): a relation with `source_name` and `profile_id`.
        right (string): another one.
#}
{% macro same_profile(left, right) -%}
    {{ profile_number(left) }} = {{ profile_number(right) }}
{%- endmacro %}


{# Within a statement alone: the number differs between engines and their versions. #}
{% macro profile_number(relation) -%}
    {{ fingerprint([relation ~ '.source_name', relation ~ '.profile_id']) }}
{%- endmacro %}
