{#
    An affine map of a list of doubles: the inner product with constant coefficients,
    plus an intercept.

    Over fixed-size arrays DuckDB computes it three times as fast as a written-out sum,
    whose intermediate vectors outgrow the cache. Numbers are pasted as text and cast,
    so that they keep every bit; written bare, the engine would read decimals.

    Arguments
        values (string): SQL of a double[size].
        size (integer): its length; with 0 only the intercept is left.
        map (mapping): `coefficients` and `intercept`, as text.
#}
{% macro affine_map(values, size, map) -%}
    {% if size -%}
        array_inner_product({{ values }}, '{{ map.coefficients }}'::double[{{ size }}])
        + {% endif -%}
    '{{ map.intercept }}'::double
{%- endmacro %}
