{#
    `female`, `male` or `other` from words, letters, titles and the digits of ISO 5218,
    in English, French, German, Dutch, Spanish, Italian and Portuguese; null for
    anything else, and for what is not told.

    `M` is male: where it stands for mujer or Mme, the mapping has to say so.

    Arguments
        text (string): SQL of a text.
#}
{% macro sex_code(text) -%}
    {{ looked_up(folded_text(text), {
        "'female'": [
            'female', 'f', 'w', '2', 'woman', 'mrs', 'ms', 'miss', 'femme', 'feminin',
            'feminine', 'fille', 'mme', 'madame', 'mlle', 'mademoiselle', 'weiblich',
            'frau', 'vrouw', 'vrouwelijk', 'mujer', 'femenino', 'femenina', 'senora',
            'sra', 'srta', 'donna', 'femmina', 'femminile', 'signora', 'mulher',
            'feminino', 'feminina',
        ],
        "'male'": [
            'male', 'm', 'h', '1', 'man', 'mr', 'mister', 'homme', 'masculin', 'garcon',
            'monsieur', 'mann', 'mannlich', 'maennlich', 'herr', 'mannelijk', 'hombre',
            'masculino', 'senor', 'sr', 'uomo', 'maschio', 'maschile', 'signore',
            'homem',
        ],
        "'other'": [
            'other', 'x', 'd', 'diverse', 'non binary', 'nonbinary', 'nb', 'autre',
            'non binaire', 'divers', 'anders', 'otro', 'otra', 'altro', 'outro',
        ],
    }) }}
{%- endmacro %}
