{#
    An aggregate: false proves that no value of a column comes twice in the group; true
    says that one may.

    Each value sets one of 64 bits, chosen by its hash, in each of two masks; as many
    bits as rows in either prove that all values differ. That costs a fraction of
    counting distinct values, and few small groups are suspected in vain.

    Arguments
        column (string): SQL of the value, not null.
#}
{% macro may_repeat(column) -%}
    greatest(
        bit_count(bit_or(1::ubigint << (hash({{ column }}) & 63)::ubigint)),
        bit_count(bit_or(1::ubigint << ((hash({{ column }}) >> 6) & 63)::ubigint))
    ) < count(*)
{%- endmacro %}
