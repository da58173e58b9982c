{#
    A text as people mean it: Unicode NFC, invisible characters out, every run of white
    space (no-break spaces, tabs and line ends too) one space, trimmed. Null for a null,
    a blank, and a placeholder that says "no value".

    The placeholders are few on purpose: `na` is Namibia, `none` is an answer, and Null
    and Nan, so written, are names, hence they stay. Joiners (U+200C, U+200D) hold emoji
    and Indic letters together and go at the ends only. Plain words of Western Europe
    take a short cut.

    Arguments
        text (string): SQL of a text.
#}
{% macro normalised_text(text) -%}
    {%- set bracketed -%} \(null\)|<null>|\(none\)|\(not set\) {%- endset -%}
    {%- set signs -%} -+|\?+|#?n/a|#n/d|n\.a\. {%- endset -%}
    {%- set words = 'undefined|unknown|inconnue?|non renseignée?' -%}
    {%- set placeholder -%}
        ^(?:null|NULL|nan|NaN|(?i:{{ bracketed }}|{{ signs }}|{{ words }}))$
    {%- endset -%}
    {%- set latin -%} [!-~À-ÖØ-öø-ÿŒœŸ]+ {%- endset -%}
    {%- set plain = '^' ~ latin ~ '(?: ' ~ latin ~ ')*$' -%}
    {%- set directions -%}
        \x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}
    {%- endset -%}
    {%- set invisible -%}
        [\x{AD}\x{200B}\x{2060}\x{FEFF}{{ directions }}]
    {%- endset -%}
    {%- set white_space -%} [\p{Z}\p{Cc}]+ {%- endset -%}
    {%- set ends -%} ^[ \x{200C}\x{200D}]+|[ \x{200C}\x{200D}]+$ {%- endset -%}
    {%- set composed = unicode_composed(regexp_replaced(text, invisible)) -%}
    {%- set spaced = regexp_replaced(composed, white_space, ' ') -%}
    case
        when {{ regexp_found(text, placeholder) }} then null
        when {{ regexp_found(text, plain) }} then {{ text }}
        else nullif(
            {{ regexp_replaced(regexp_replaced(spaced, ends), placeholder) }}, ''
        )
    end
{%- endmacro %}
