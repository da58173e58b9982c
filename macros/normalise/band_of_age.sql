{#
    The age band that marts carry, from `under 18` to `65+`; null for an unknown or
    negative age.

    Arguments
        age_years (string): SQL of full years.
        until_years (string): SQL of the highest age, when a range of ages is asked for
            that has a band only if it lies in one.
#}
{% macro band_of_age(age_years, until_years=none) -%}
    {%- set until = until_years or age_years -%}
    case
        when {{ age_years }} >= 0 and {{ until }} < 18 then 'under 18'
        {%- for start, end in [(18, 24), (25, 34), (35, 44), (45, 54), (55, 64)] %}
        when {{ age_years }} >= {{ start }} and {{ until }} <= {{ end }}
            then '{{ start }}-{{ end }}'
        {%- endfor %}
        when {{ age_years }} >= 65 then '65+'
    end
{%- endmacro %}
