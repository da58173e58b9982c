{#
    A boolean from what people tick and type in English, French, German, Dutch, Spanish,
    Italian and Portuguese; null for anything else.

    Arguments
        text (string): SQL of a text.
#}
{% macro boolean_value(text) -%}
    {{ looked_up(folded_text(text), {
        'true': [
            'true', 't', 'yes', 'y', '1', '1 0', 'on', 'x', 'checked', 'oui', 'o',
            'vrai', 'v', 'ja', 'j', 'wahr', 'waar', 'si', 's', 'sim', 'verdadero',
            'vero', 'verdadeiro',
        ],
        'false': [
            'false', 'f', 'no', 'n', '0', '0 0', 'off', 'unchecked', 'non', 'faux',
            'nein', 'falsch', 'nee', 'onwaar', 'nao', 'falso',
        ],
    }) }}
{%- endmacro %}
