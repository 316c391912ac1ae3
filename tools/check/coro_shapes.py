#!/usr/bin/env python3
"""Flags co_await expressions that g++ 12 miscompiles. Usage: coro_shapes.py ROOT. Exit status 1 when there is one.

The house rule that avoids them all: await into a named variable, and a co_await expression is a call with named arguments.
"""
import re
import sys

import tree

LAMBDA = re.compile(r'\[([^\[\]]*)\]\s*(?:\([^()]*\)\s*)?(?:mutable\s*)?(?:noexcept\s*)?(?:->\s*[\w:<>, ]+\s*)?\{')
BRACED = re.compile(r'(?:[\w>]\s*|[(,]\s*)\{')
CONDITION = re.compile(r'\b(?:if|while|switch)\s*(?:constexpr\s*)?\($')
INITIALISER = re.compile(r'(?:[\w>\]]|=|,|\()$')
BODY = re.compile(r'\b(?:else|do|try|const|override|noexcept|mutable)$|\)$')
TRAILING_RETURN = re.compile(r'->\s*[\w:<>, ]+$')


def right_end(text, at):
    """The end of the full expression that holds text[at]: the next ';' or closer without an opener."""
    depth = 0
    while at < len(text):
        c = text[at]
        if c in '([{':
            depth += 1
        elif c in ')]}':
            if depth == 0:
                return at
            depth -= 1
        elif c == ';' and depth == 0:
            return at
        at += 1
    return at


def left_start(text, at):
    """The start of the full expression that holds text[at], and the '{' that bounds it ('' for others)."""
    depth = 0
    while at > 0:
        at -= 1
        c = text[at]
        if c in ')]}':
            if c == '}' and depth == 0:
                return at + 1, ''
            depth += 1
        elif c in '([{':
            if depth == 0:
                if c == '{':
                    return at + 1, '{'
                continue  # an argument list belongs to the same expression
            depth -= 1
        elif c == ';' and depth == 0:
            return at + 1, ''
    return 0, ''


def in_condition(text, at):
    """Whether text[at] stands directly in the parentheses of an if, while or switch."""
    depth = 0
    while at > 0:
        at -= 1
        c = text[at]
        if c in ')]}':
            depth += 1
        elif c in '([{':
            if depth == 0:
                if c == '(' and CONDITION.search(text[max(0, at - 40):at + 1]):
                    return True
                if c == '{':
                    return False
            else:
                depth -= 1
        elif c == ';' and depth == 0:
            return False
    return False


def captures_by_value(captures):
    return any(item and not item.startswith('&') and item != 'this' for item in (c.strip() for c in captures.split(',')))


def shape_of(text, match):
    """What is wrong with this co_await; None when nothing is."""
    start, opener = left_start(text, match.start())
    end = right_end(text, match.end())
    if opener == '{':
        before = text[:start - 1].rstrip()
        if INITIALISER.search(before) and not BODY.search(before) and not TRAILING_RETURN.search(before[-80:]):
            return 'co_await inside a braced initialiser'
    if in_condition(text, match.start()):
        return 'co_await in the condition of if, while or switch'
    tail = text[match.end():end]
    if any(captures_by_value(captures) for captures in LAMBDA.findall(tail)):
        return 'lambda with by-value captures in a co_await expression'
    if BRACED.search(LAMBDA.sub('(', tail)):
        return 'braced temporary in a co_await expression'
    if re.search(r'\?[^:]*:(?!:)', text[start:end]):
        return 'co_await under the conditional operator'
    return None


def check(root):
    problems = []
    for path, relative in tree.files(root, {'.hpp', '.cpp'}):
        text = tree.code_only(tree.read(path))
        for match in re.finditer(r'\bco_await\b', text):
            shape = shape_of(text, match)
            if shape:
                problems.append((relative, tree.line_of(text, match.start()), shape))
    return problems


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(tree.report(check(sys.argv[1])))
