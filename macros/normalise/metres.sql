{#
    A length in metres, double; null for an unknown unit.

    Arguments
        value (string): SQL of the length.
        unit (string): SQL of its unit, abbreviated or in English or French words.
#}
{% macro metres(value, unit) -%}
    {{ looked_up(folded_text(unit), {
        '1e0': ['m', 'metre', 'metres', 'meter', 'meters'],
        '1e3': ['km', 'kilometre', 'kilometres', 'kilometer', 'kilometers'],
        '1e-2': ['cm', 'centimetre', 'centimetres', 'centimeter', 'centimeters'],
        '1609.344e0': ['mi', 'mile', 'miles'],
        '0.9144e0': ['yd', 'yard', 'yards'],
        '0.3048e0': ['ft', 'foot', 'feet', 'pied', 'pieds'],
    }) }} * ({{ value }})
{%- endmacro %}
