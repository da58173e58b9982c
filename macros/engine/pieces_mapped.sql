{#
    A text cut into pieces, each rewritten, and put together again.

    Arguments
        text (string): SQL of the text.
        pattern (string): a piece, as `regexp_replaced` takes it; what lies between
            pieces is lost.
        expression (string): SQL of the new piece, in terms of `piece`.
#}
{% macro pieces_mapped(text, pattern, expression) -%}
    array_to_string(
        list_transform(
            regexp_extract_all({{ text }}, '{{ pattern }}'),
            lambda piece: {{ expression }}
        ),
        ''
    )
{%- endmacro %}
