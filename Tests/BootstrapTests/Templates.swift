/// Templates that must come out byte for byte as j2cli, which the original PANDAcap used, renders them.
enum Templates {
    static let variables = [
        "NAME": "panda", "PORT": "10000", "TITLE": "PANDAcap session", "EMPTY": "", "QUOTED": "it's \"so\"",
        "DOLLAR": "$HOME ${x} `id`", "LIST": "a b c", "UNICODE": "é 漢 🐼", "HTML": "<a href=\"x\">&</a>",
    ]

    static let all: [String] = [
        // What the original's had: names in double braces, in shell and configuration files.
        "export VM_USER={{NAME}}\nexport VM_SSH_PORT={{PORT}}\n",
        "#!/bin/sh\nif [ \"$1\" != \"\" ]; then\n\tu=\"$1\"\nelse\n\tu=\"{{NAME}}\"\nfi\n",
        "rec {{NAME}} -t \"{{TITLE}}\" -c \"ssh -l $u -p {{PORT}} localhost\"",
        "cd \"{{ NAME }}/share/rr\"\nenv > \"{{NAME}}-$ts\".env\n",
        "{{NAME}}", "{{ NAME }}\n", "{{ NAME }}\n\n\n", "", "\n", "no variables at all\n",
        // Values that mean something elsewhere.
        "{{ QUOTED }} {{ DOLLAR }} {{ HTML }} {{ UNICODE }} [{{ EMPTY }}]\n",
        "é 漢 🐼 {{ UNICODE }}\n", "tabs\tand  blanks \t {{ NAME }} \t\n",
        "$HOME ${NAME} $(id) `id` \\n \\{{ NAME }} \\\\\n", "{ {NAME} } { % x % } {% if true %}{% endif %}\n",
        // Blanks around tags.
        "a {{- NAME -}} b\n", "a\n{%- if NAME %}\nb\n{%- endif %}\nc\n",
        "  {% if NAME %}\n  x\n  {% endif %}\n",
        "{# a comment #}x{#- another -#} y\n", "{% raw %}{{ NAME }} {% if %}{% endraw %}\n",
        // Statements.
        "{% if PORT == '10000' %}same{% elif PORT %}other{% else %}none{% endif %}\n",
        "{% for word in LIST.split() %}{{ loop.index }}/{{ loop.length }}={{ word }}\n{% endfor %}",
        "{% for i in range(5) %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}\n",
        "{% for i in range(5) %}{% if i % 2 %}{% continue %}{% endif %}{{ i }}{% else %}no{% endfor %}\n",
        "{% set x = NAME + '-' + PORT %}{{ x }}{% set y %}{{ x }}!{% endset %}{{ y }}\n",
        "{% set l = [] %}{% do l.append(NAME) %}{% do l.append(PORT) %}{{ l }}\n",
        "{% macro user(n, p=22) %}{{ n }}:{{ p }}{% endmacro %}{{ user(NAME) }} {{ user(NAME, PORT) }}\n",
        "{% filter upper %}shout {{ NAME }}{% endfilter %}\n", "{% with a = NAME %}{{ a }}{% endwith %}\n",
        "{% include 'part.txt' %}|{% include 'none.txt' ignore missing %}|\n",
        // Filters, tests and expressions.
        "{{ NAME|upper }} {{ TITLE|lower }} {{ TITLE|replace(' ', '_') }} {{ '  x '|trim }}|\n",
        "{{ MISSING|default('fallback') }} {{ EMPTY|default('empty', true) }}\n",
        "{{ MISSING is defined }} {{ NAME is defined }} {{ NAME is string }}\n",
        "{{ PORT|int + 1 }} {{ 7 // 2 }} {{ 2 ** 10 }} {{ 1 / 3 }} {{ 'a' ~ 1 ~ true }}\n",
        "{{ [1, 'b', none, true] }} {{ {'k': 'v'} }} {{ (1, 2) }}\n",
        "{{ LIST.split()|join(',') }} {{ LIST.split()|first }} {{ LIST|length }} {{ LIST.split()|sort(reverse=true) }}\n",
        "{{ HTML|escape }} {{ HTML|e|safe }} {{ QUOTED|tojson }} {{ NAME|urlencode }}\n",
        "{{ 'yes' if PORT == '10000' else 'no' }} {{ NAME[0] }} {{ NAME[1:3] }} {{ NAME[-1] }}\n",
        "{{ '%s:%s'|format(NAME, PORT) }} {{ TITLE|wordcount }} {{ TITLE|indent(4) }}\n",
        "line one\r\nline two {{ NAME }}\r\n",
        "{% set ns = namespace(n=0) %}{% for c in NAME %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}\n",
        "{{ dict(a=1, b=2)|dictsort }} {{ lipsum is defined }} {{ cycler('a', 'b').next() }}\n",
    ]
}
