"""The statements of storage, as its sources spell them: every string literal that is SQL, with its macros put in and the pieces joined.
Read from the files, so that one that no test ever sends is there too.
"""
import pathlib, re

SQL = re.compile(r'\s*(select|insert|update|delete|with|merge)\b', re.I)
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"\((.*?)\)"|"((?:[^"\\\n]|\\.)*)"|(\w+)|(\S)', re.S)
DEFINE = re.compile(r'^#define (QTABLE_\w+)(\(([\w, ]*)\))?((?:[^\n]*\\\n)*[^\n]*)', re.M)
DIRECTIVE = re.compile(r'^#[^\n]*', re.M)


def tokens_of(text):
    """('text', …) a literal, ('name', …), ('sign', …)."""
    for found in TOKEN.finditer(text):
        raw, quoted, name, sign = found.groups()
        if raw is not None:
            yield 'text', raw
        elif quoted is not None:
            yield 'text', re.sub(r'\\(.)', lambda escape: {'n': '\n', 't': '\t'}.get(escape[1], escape[1]), quoted)
        elif name is not None:
            yield 'name', name
        elif sign is not None:
            yield 'sign', sign


def macros_of(texts):
    macros = {}
    for text in texts:
        for name, is_function, parameters, body in DEFINE.findall(text):
            macros[name] = ([each.strip() for each in parameters.split(',')] if is_function else None,
                            list(tokens_of(body.replace('\\\n', '\n'))))
    return macros


def arguments_at(tokens, at):
    """Of a call whose '(' is at `at`: the arguments, and where it ends."""
    arguments, depth = [[]], 0
    while True:
        kind, value = tokens[at]
        depth += (kind, value) == ('sign', '(')
        depth -= (kind, value) == ('sign', ')')
        if depth == 0:
            return arguments, at + 1
        if depth == 1 and (kind, value) == ('sign', ','):
            arguments.append([])
        elif depth > 1 or (kind, value) != ('sign', '('):
            arguments[-1].append((kind, value))
        at += 1


def expanded(tokens, macros):
    out, at = [], 0
    while at < len(tokens):
        kind, value = tokens[at]
        at += 1
        if kind != 'name' or value not in macros:
            out.append((kind, value))
            continue
        parameters, body = macros[value]
        if parameters is not None:
            arguments, at = arguments_at(tokens, at)
            given = dict(zip(parameters, arguments))
            body = [each for token in body for each in (given.get(token[1], [token]) if token[0] == 'name' else [token])]
        out += expanded(body, macros)
    return out


def statements_in(text, macros, file):
    """(name, SQL) each; the name is the literal before, as in `statement{"name", "select …"}`, else the file's."""
    tokens = expanded(list(tokens_of(DIRECTIVE.sub('', DEFINE.sub('', text)))), macros)
    before, joined = None, ''
    for kind, value in [*tokens, ('sign', ';')]:
        if kind == 'text':
            joined += value
            continue
        if SQL.match(joined):
            yield before or f'{file}: {joined[:40]}', ' '.join(joined.split())
        before = joined if joined and (kind, value) == ('sign', ',') else None
        joined = ''


def read_statements(folder):
    """By name, from all sources below."""
    texts = {path: path.read_text() for path in sorted(pathlib.Path(folder).rglob('*.[ch]pp'))}
    macros, found = macros_of(texts.values()), {}
    for path, text in texts.items():
        for name, sql in statements_in(text, macros, path.name):
            assert found.setdefault(name, sql) == sql, f'two statements are called {name}'
    return found


if __name__ == '__main__':
    for each, sql in read_statements(pathlib.Path(__file__).parents[2] / 'storage').items():
        print(f'{each}\t{sql}')
