"""Reads the YAML that our samples are written in: mappings and lists by indentation, lists in brackets on one line, plain and quoted
scalars, comments, several documents. Everything else is an error, never a guess.
"""
import json, re

KEY = re.compile(r'([\w./-]+|"[^"]*"):(?:\s+(.*))?$')


class Wrong(Exception):
    pass


def documents(text):
    """Each document's value."""
    return [value for part in re.split(r'^---\s*$', text, flags=re.M) if (value := document(part)) is not None]


def document(text):
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        if '\t' in line:
            raise Wrong(f'line {number}: a tab')
        bare = re.sub(r'(^|\s)#.*$', '', line).rstrip()
        if bare:
            lines.append((len(bare) - len(bare.lstrip()), bare.lstrip()))
    if not lines:
        return None
    value, rest = block(lines, lines[0][0])
    if rest:
        raise Wrong(f'what is this: {rest[0][1]}')
    return value


def block(lines, indent):
    return (items if lines[0][1].startswith('- ') else members)(lines, indent)


def items(lines, indent):
    found = []
    while lines and lines[0][0] == indent and lines[0][1].startswith('- '):
        text = lines[0][1][2:].lstrip()
        inner = indent + len(lines[0][1]) - len(text)
        if KEY.match(text):
            value, lines = members([(inner, text), *lines[1:]], inner)
        else:
            value, lines = scalar(text), lines[1:]
        found.append(value)
    return found, lines


def members(lines, indent):
    found = {}
    while lines and lines[0][0] == indent and not lines[0][1].startswith('- '):
        match = KEY.match(lines[0][1])
        if not match:
            raise Wrong(f'no member: {lines[0][1]}')
        name, text = match[1].strip('"'), match[2]
        if name in found:
            raise Wrong(f'{name} twice')
        lines = lines[1:]
        if text:
            found[name] = scalar(text)
        elif lines and (lines[0][0] > indent or (lines[0][0] == indent and lines[0][1].startswith('- '))):
            found[name], lines = block(lines, lines[0][0])
        else:
            found[name] = None
    if lines and lines[0][0] > indent:
        raise Wrong(f'indented too far: {lines[0][1]}')
    return found, lines


def scalar(text):
    if text[0] in '["':
        return json.loads(text)
    if text[0] in "{&*!|>%@`'" or ': ' in text:
        raise Wrong(f'not written like this here: {text}')
    if re.fullmatch(r'0|[1-9]\d*', text):
        return int(text)
    if re.fullmatch(r'0[0-7]+', text):
        return int(text, 8)
    return {'true': True, 'false': False, 'null': None}.get(text, text)
