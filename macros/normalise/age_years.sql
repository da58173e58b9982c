{#
    Full years of age on a day, integer; null before birth.

    A year is full on the birthday itself; who was born on 29 February has it on 1 March
    where there is none, as French law counts.

    Arguments
        birth_date (string): SQL of a date.
        as_of (string): SQL of the day.
#}
{% macro age_years(birth_date, as_of) -%}
    case
        when {{ birth_date }} <= {{ as_of }}
            then extract(year from {{ as_of }}) - extract(year from {{ birth_date }})
                - case
                    when extract(month from {{ as_of }}) * 100
                        + extract(day from {{ as_of }})
                        < extract(month from {{ birth_date }}) * 100
                        + extract(day from {{ birth_date }})
                        then 1
                    else 0
                end
    end::integer
{%- endmacro %}
