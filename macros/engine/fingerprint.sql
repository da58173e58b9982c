{#
    A quick 64-bit hash of some values, to see whether a row is still what it was. It
    differs between engines and their versions: keep it only where losing it costs
    nothing but time.

    Arguments
        expressions (list of string): SQL of the values; a null counts as a value.
#}
{% macro fingerprint(expressions) -%}
    hash({{ expressions | join(', ') }})
{%- endmacro %}
