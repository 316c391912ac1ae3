#!/usr/bin/env python3
"""Checks who includes whom. Usage: layers.py ROOT. Exit status 1 when a rule is broken.

The folders and their order are those of ARCHITECTURE.md. A folder may include itself, the folders of its row here, and the
outside headers of its row; a sub-folder may include its own and those of the rows before it.
"""
import re
import sys

import tree

EVERYTHING = {'core', 'geo', 'proto', 'storage', 'net', 'tools', 'tests', 'bench', 'loadtest'}
MAY_INCLUDE = {
    'core': set(), 'geo': {'core'}, 'proto': {'core'}, 'storage': {'core'},
    'net': {'core', 'geo', 'proto'},
    'loadtest': {'core/base', 'proto'},
    'tools': {'core', 'geo', 'proto', 'storage', 'net'},
    'tests': EVERYTHING,
    'bench': EVERYTHING - {'tests', 'loadtest'},
}
ORDER = {
    'core': [['base'], ['sync', 'model', 'timer'], ['inventory', 'waitlist', 'event'], ['engine']],
    'net': [['rt'], ['io'], ['http', 'ws', 'auth', 'limit'], ['api'], ['server']],
    'storage': [['pg', 'zone'], ['migrations', 'store']],
}
# Prefixes of outside headers with a folder or ".h" in their name; None = any. Standard headers are free unless banned.
SYSTEM = ['sys/', 'netinet/', 'arpa/', 'unistd.h', 'pthread.h', 'sched.h', 'poll.h', 'fcntl.h', 'signal.h', 'netdb.h']
OUTSIDE = {
    'core': ['boost/system/', 'boost/container/', 'boost/container_hash/', 'boost/unordered/', 'boost/intrusive/', 'boost/assert'],
    'geo': ['boost/system/', 'boost/container/', 'boost/unordered/', 'boost/geometry'],
    'proto': ['boost/system/', 'boost/container/', 'boost/json'],
    'storage': ['boost/system/', 'boost/container/', 'boost/unordered/', 'boost/asio', 'libpq-fe.h', 'curl/', 'date/'] + SYSTEM,
    'net': ['boost/', 'openssl/', 'sodium.h'] + SYSTEM,
    'tools': None, 'tests': None, 'bench': None, 'loadtest': None,
}
BANNED_STANDARD = {
    'core': {'thread', 'mutex', 'shared_mutex', 'condition_variable', 'iostream', 'fstream', 'future', 'random', 'semaphore',
             'latch', 'barrier', 'stop_token', 'filesystem', 'ctime'},
}
# What core may not say, whatever header it came from: time and chance are arguments there.
BANNED_IN_CORE = re.compile(r'\b(?:system_clock|steady_clock|high_resolution_clock|utc_clock|random_device)\b'
                            r'|(?<![\w.>])(?:std\s*::\s*)?s?rand\s*\(|\bgettimeofday\b|\bclock_gettime\b|\bstd\s*::\s*time\s*\(')
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">]', re.M)


def row_of(folder, sub):
    for row, subs in enumerate(ORDER.get(folder, [])):
        if sub in subs:
            return row
    return None


def project_include_problem(folder, sub, header):
    parts = header.split('/')
    other, other_sub = parts[0], parts[1] if len(parts) > 2 else ''
    if other != folder:
        allowed = MAY_INCLUDE[folder]
        if other in allowed or f'{other}/{other_sub}' in allowed:
            return None
        return f'{folder} may not include {header}'
    if sub == other_sub or folder not in ORDER:
        return None
    here, there = row_of(folder, sub), row_of(folder, other_sub)
    if here is not None and there is not None and there < here:
        return None
    return f'{folder}/{sub} may not include {folder}/{other_sub}'


def include_problem(folder, sub, quote, header):
    first = header.split('/')[0]
    if '..' in header.split('/'):
        return f'relative include {header}'
    if first in EVERYTHING and '/' in header:
        return project_include_problem(folder, sub, header) if quote == '"' else f'project header {header} wants quotes'
    if quote == '"':
        return f'path {header} must start at a top-level folder'
    if '/' in header or header.endswith('.h'):
        allowed = OUTSIDE[folder]
        if allowed is not None and not header.startswith(tuple(allowed)):
            return f'{folder} may not include <{header}>'
    elif header in BANNED_STANDARD.get(folder, ()):
        return f'{folder} may not include <{header}>'
    return None


def check(root):
    problems, tree_users = [], []
    for path, relative in tree.files(root, {'.hpp', '.cpp'}):
        if relative.parts[0] not in MAY_INCLUDE:
            continue
        folder, sub = relative.parts[0], relative.parts[1] if len(relative.parts) > 2 else ''
        raw = tree.read(path)
        if folder in ORDER and row_of(folder, sub) is None:
            problems.append((relative, 0, f'{folder}/{sub} has no place in the order of {folder}'))
        text = tree.without_comments(raw)
        for match in INCLUDE.finditer(text):
            header = match.group(2)
            problem = include_problem(folder, sub, match.group(1), header)
            if problem:
                problems.append((relative, tree.line_of(text, match.start()), problem))
            if folder == 'geo' and header.startswith('boost/geometry'):
                if path.suffix == '.hpp':
                    problems.append((relative, tree.line_of(text, match.start()), 'a header of geo may not include Boost.Geometry'))
                elif header.startswith('boost/geometry/index/') and relative not in tree_users:
                    tree_users.append(relative)
        if folder == 'core':
            code = tree.code_only(raw)
            for match in BANNED_IN_CORE.finditer(code):
                problems.append((relative, tree.line_of(code, match.start()),
                                 f'core has no clock and no chance: {match.group(0).strip()}'))
    # Its templates are the slowest there are to compile.
    for user in tree_users[1:]:
        problems.append((user, 0, "only one .cpp of geo may include Boost.Geometry's R-tree"))
    return problems


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(tree.report(check(sys.argv[1])))
