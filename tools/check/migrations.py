#!/usr/bin/env python3
"""Flags what isn't additive in migrations: while nodes are restarted one after the other, old ones run on the new schema.
Usage: migrations.py ROOT. Exit status 1 when there is something.

A new migration may add tables, indexes, columns that are null or have a default, and widen checks. What takes away or renames goes
into a later release than the program that stopped using it, under a line `-- not additive: REASON`. Numbers go up without a gap.
"""
import pathlib
import re
import sys

FOLDER = pathlib.Path('storage/migrations')
# Those before stood alone: there was one node.
FIRST_CHECKED = 5
BREAKS = [
    (r'\bdrop\s+(table|column|type|function|view|constraint|default)\b', 'takes away what an old node may use'),
    (r'\brename\b', 'an old node knows the old name alone'),
    (r'\balter\s+(?:column\s+)?\w+\s+(?:set\s+data\s+)?type\b', 'changes a type under an old node'),
    (r'\bset\s+not\s+null\b', 'an old node may write null'),
    (r'\badd\s+(?:column\s+)?(?!constraint\b|primary\b|unique\b|check\b|foreign\b|exclude\b)\w+\s+[^,;]*?\bnot\s+null\b(?![^,;]*\bdefault\b)',
     'an old node writes no such column: give it a default'),
    (r'\b(?:truncate|delete\s+from)\b', 'takes away rows'),
    (r'\badd\s+(?:constraint\s+\w+\s+)?(?:check|exclude|unique|foreign\s+key)\b(?![^;]*\bnot\s+valid\b)',
     'an old node may write what it refuses'),
]
REASON = re.compile(r'--\s*not additive:\s*\S')


def statements(text):
    """(line, statement) without comments; a reason in the comment above lets it pass."""
    start = 0
    for match in re.finditer(r';', text):
        raw = text[start:match.end()]
        bare = re.sub(r'--[^\n]*', lambda each: ' ' * len(each.group()), raw)
        if not REASON.search(raw):
            yield start, bare
        start = match.end()


def check(root):
    problems, expected = [], 1
    for path in sorted((pathlib.Path(root) / FOLDER).glob('[0-9]*.sql')):
        name, number = FOLDER / path.name, int(path.name.split('_')[0])
        if number != expected:
            problems.append((name, 0, f'number {number:04}, not {expected:04}: no gap, and none twice'))
        expected = number + 1
        if number < FIRST_CHECKED:
            continue
        text = path.read_text(encoding='utf-8')
        for start, statement in statements(text):
            for pattern, why in BREAKS:
                found = re.search(pattern, statement, re.I | re.S)
                if found and not (pattern.startswith(r'\badd\s+(?:constraint') and re.match(r'\s*create\s+table', statement, re.I)):
                    line = text.count('\n', 0, start + found.start()) + 1
                    problems.append((name, line, f'not additive: {why}'))
    return problems


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = check(sys.argv[1])
    for path, line, what in found:
        print(f'{path}:{line}: {what}')
    sys.exit(1 if found else 0)
