{#
    The mailbox behind a normalised e-mail address, for matching only: what its provider
    ignores is taken out.

    Gmail ignores dots and knows two domains; Gmail, Microsoft, Apple, Proton and
    Fastmail ignore what follows a plus, which no account name there may hold. Everybody
    else keeps the address as it is: Orange, Free or Laposte hold dots and pluses
    apart, and Yahoo's `name-keyword` cannot be told from a name with a hyphen. An
    address that would lose its whole local part stays.

    The rules stand here, not in a seed: a provider changes them once in a decade, and
    a join would not fit into an expression.

    Arguments
        email (string): SQL of a text that `normalised_email` made.
#}
{% macro canonical_email(email) -%}
    {%- set plus_ignored = [
        'outlook.com', 'outlook.fr', 'hotmail.com', 'hotmail.fr', 'hotmail.co.uk',
        'live.com', 'live.fr', 'msn.com', 'icloud.com', 'me.com', 'mac.com',
        'proton.me', 'protonmail.com', 'pm.me', 'fastmail.com', 'fastmail.fm',
    ] -%}
    {%- set domain -%} split_part({{ email }}, '@', 2) {%- endset -%}
    {%- set local_part -%} split_part({{ email }}, '@', 1) {%- endset -%}
    {%- set account -%} split_part({{ local_part }}, '+', 1) {%- endset -%}
    case
        when {{ account }} = '' then {{ email }}
        when {{ domain }} in ('gmail.com', 'googlemail.com')
            then replace({{ account }}, '.', '') || '@gmail.com'
        when {{ domain }} in ('{{ plus_ignored | join("', '") }}')
            then {{ account }} || '@' || {{ domain }}
        else {{ email }}
    end
{%- endmacro %}
