{#
    Fails on every combination of values that stands in more than one row of a view whose
    grain follows from what it reads: a part, a union or a join of tables by keys that
    are tested there.

    The rows of a night cannot break it, only an edit of the view can, and on a long view
    it is the dearest of tests. So it runs where unit tests do, by `TESSERA_UNIT_TESTS=1`,
    and on the planted world of `tests/python/builds/test_world.py`.

    Arguments
        columns (list of string): the columns of the key, the model's grain.
        never_null (list of string): columns that always have a value.
#}
{% test unique_by_construction(model, columns, never_null=[]) %}
{{ config(enabled=env_var('TESSERA_UNIT_TESTS', '0') == '1') }}

select *
from ({{ test_unique_combination(model, columns, never_null) }}) as repeated

{% endtest %}
