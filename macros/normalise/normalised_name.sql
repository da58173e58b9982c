{#
    A person's name as it is written: a name all in capitals or all in small letters
    gets its capitals back, any other keeps them; accents stay as they are.

    Every part after a space, a hyphen or an apostrophe begins with a capital, except
    particles before another word (de, du, d', la after de, von, van …): `JEAN-PIERRE
    O'NEIL DE LA TOUR` is Jean-Pierre O'Neil de la Tour, `LE GALL` Le Gall, and a
    particle alone is a name. `MC` opens two capitals, as in McDonald.

    Arguments
        name (string): SQL of a text: a first, a last or a whole name.
#}
{% macro normalised_name(name) -%}
    {%- set text = normalised_text(name) -%}
    {%- set after_de -%} de (?:la|le|les|los|las) {%- endset -%}
    {%- set particle -%}
        (?i:de|du|des|von|van|der|den|ter|zu|dos|das|da|do|del|della|{{ after_de }})
    {%- endset -%}
    {%- set kept_small -%} ^(?:{{ particle }} |(?i:d)[\x27’])$ {%- endset -%}
    {%- set piece -%}
        (?i:{{ after_de }}) |[^ \x27’-]+[ \x27’-]*|[ \x27’-]+
    {%- endset -%}
    {%- set rewritten -%}
        case
            when {{ regexp_found('piece', kept_small) }} then lower(piece)
            when lower(piece) like 'mc___%'
                then 'Mc' || upper(substr(piece, 3, 1)) || lower(substr(piece, 4))
            else upper(substr(piece, 1, 1)) || lower(substr(piece, 2))
        end
    {%- endset -%}
    case
        when {{ text }} in (upper({{ text }}), lower({{ text }}))
            then {{ pieces_mapped(text, piece, rewritten) }}
        else {{ text }}
    end
{%- endmacro %}
