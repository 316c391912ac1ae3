#!/usr/bin/env python3
"""Checks what a reader relies on. Usage: style.py ROOT. Exit status 1 when a rule is broken.

Files stay short, headers say what they are, words that promise later work or point outside of the repository stay out,
and every folder has a README that fits on a screen.
"""
import pathlib
import re
import sys

import tree

LINES_MAX = 400
README_LINES_MAX = 40

# Path from the root -> why it may be longer. An entry whose file is short again, or gone, is a problem too.
LONG_FILES = {
    'tests/e2e/framing.py': 'one table of rows, each a few lines',
}

README_FOLDERS = ['core', 'net', 'storage', 'geo', 'proto', 'tests', 'bench', 'loadtest', 'tools']
HEADER_FOLDERS = {'core', 'net', 'storage', 'geo', 'proto', 'tools', 'loadtest', 'bench'}

CODE = {'.hpp', '.cpp', '.py', '.js', '.mjs'}
TEXT = CODE | {'.md', '.sql', '.cmake', '.txt', '.in', '.sh', '.css', '.html', '.json', '.yml', '.yaml', '.toml', '.service'}
# Written in two halves, so that this file passes its own check.
BANNED_WORDS = {
    'TO' 'DO': 'do it, or leave it out',
    'FIX' 'ME': 'fix it',
    'XX' 'X': 'say what is meant',
    'place' 'holder': 'write the real thing',
    'issue ' '#': 'say the reason itself',
    '../' 'shared': 'the repository stands alone',
    '/work/' 'shared': 'the repository stands alone',
}
# Pages use the attribute of that name, and so do the schemas that describe pages.
MARKUP = {'.html', '.css', '.js', '.mjs'}
MARKUP_WORDS = {'place' 'holder'}
BANNED = [(re.compile(r'(?<!\w)' + re.escape(word) + (r'\b' if word[-1].isalpha() else ''), re.I if word.islower() else 0),
           word, instead) for word, instead in BANNED_WORDS.items()]


def word_problems(relative, text):
    for pattern, word, instead in BANNED:
        if word in MARKUP_WORDS and relative.suffix in MARKUP:
            continue
        for match in pattern.finditer(text):
            yield relative, tree.line_of(text, match.start()), f'"{word}": {instead}'


def length_problem(relative, text):
    lines = text.count('\n')
    reason = LONG_FILES.get(relative.as_posix())
    if lines > LINES_MAX and not reason:
        return relative, 0, f'{lines} lines: split it by concern (at most {LINES_MAX})'
    if lines <= LINES_MAX and reason:
        return relative, 0, 'is short: take it off the list of long files'
    return None


def header_problems(relative, text):
    if not re.search(r'^#pragma once$', text, re.M):
        yield relative, 1, 'no #pragma once'
    if relative.parts[0] in HEADER_FOLDERS and not text.startswith('//'):
        yield relative, 1, 'a header begins with what it is'


def readme_problems(root, folders):
    for folder in folders:
        path = pathlib.Path(root) / folder / 'README.md'
        if not path.is_file():
            yield pathlib.Path(folder), 0, 'no README.md'
    for path, relative in tree.files(root, {'.md'}):
        lines = tree.read(path).count('\n')
        if relative.name == 'README.md' and len(relative.parts) > 1 and lines > README_LINES_MAX:
            yield relative, 0, f'{lines} lines: a README has at most {README_LINES_MAX}'


def check(root, readme_folders=None):
    problems = list(readme_problems(root, README_FOLDERS if readme_folders is None else readme_folders))
    for path, relative in tree.files(root, TEXT):
        text = tree.read(path)
        problems.extend(word_problems(relative, text))
        if path.suffix in CODE:
            problem = length_problem(relative, text)
            if problem:
                problems.append(problem)
        if path.suffix == '.hpp':
            problems.extend(header_problems(relative, text))
    for name in LONG_FILES:
        if not (pathlib.Path(root) / name).is_file():
            problems.append((pathlib.Path(name), 0, 'is gone: take it off the list of long files'))
    return problems


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(tree.report(check(sys.argv[1])))
