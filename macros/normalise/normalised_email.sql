{#
    An e-mail address in lower case, without `mailto:`, angle brackets and a name before
    them; null for what is no address.

    An address has one @, a local part of RFC 5322's unquoted characters without a dot
    at an end or beside another, and a domain of two labels or more whose last is no
    number; 254 characters at most. Letters of other alphabets may stand in the domain
    only. Whether somebody reads it, no pattern can tell.

    Arguments
        email (string): SQL of a text.
#}
{% macro normalised_email(email) -%}
    {%- set atom -%} [a-z0-9!#$%&\x27*+/=?^_`{|}~-]+ {%- endset -%}
    {%- set label -%} [\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])? {%- endset -%}
    {%- set last -%} (?:\p{L}{2,}|xn--[a-z0-9-]*[a-z0-9]) {%- endset -%}
    {%- set domain -%} (?:{{ label }}\.)+{{ last }} {%- endset -%}
    {%- set address -%}
        ^(?:[^<>@]*<)? ?(?:mailto:)? ?({{ atom }}(?:\.{{ atom }})*@{{ domain }}) ?>?$
    {%- endset -%}
    {#- What most addresses look like, either case: the short way for most. -#}
    {%- set piece = '[A-Za-z0-9_+-]+' -%}
    {%- set plain -%}
        ^{{ piece }}(?:\.{{ piece }})*@(?:[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*\.)+[A-Za-z]{2,}$
    {%- endset -%}
    case
        when {{ email }} is null or length({{ email }}) > 254 then null
        when {{ regexp_found(email, plain) }} then lower({{ email }})
        when {{ regexp_found('trim(' ~ email ~ ')', plain) }} then lower(trim({{ email }}))
        else nullif(
            {{ regexp_part('lower(' ~ normalised_text(email) ~ ')', address, 1) }}, ''
        )
    end
{%- endmacro %}
