"""What the checks share: the files of a tree that are ours, and C++ text without comments and literals."""
import pathlib
import re

SKIPPED_FOLDERS = {'.git', 'build', 'node_modules', 'vendor', 'third_party', 'var', '__pycache__'}


def files(root, suffixes):
    """Every file of the tree with one of the suffixes, as (path, path from the root), sorted."""
    root = pathlib.Path(root)
    for path in sorted(root.rglob('*')):
        relative = path.relative_to(root)
        skipped = any(part in SKIPPED_FOLDERS or part.startswith('build-') for part in relative.parts[:-1])
        if path.suffix in suffixes and not skipped and path.is_file():
            yield path, relative


def read(path):
    return path.read_text(encoding='utf-8', errors='replace')


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


# A quote between two digits or letters of a number (1'000) begins no character.
RAW = r'\bR"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)"'
COMMENT = r'//[^\n]*|/\*.*?\*/'
LITERAL = r'"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])*\''
COMMENTS_ONLY = re.compile(f'(?P<keep>{RAW}|{LITERAL})|{COMMENT}', re.S)
ALL_NOISE = re.compile(f'{RAW}|{COMMENT}|{LITERAL}', re.S)


def blank(match):
    """Blanks of the same shape, so that offsets and lines stay."""
    return re.sub(r'[^\n]', ' ', match.group(0))


def without_comments(text):
    return COMMENTS_ONLY.sub(lambda m: m.group(0) if m.group('keep') else blank(m), text)


def code_only(text):
    return ALL_NOISE.sub(blank, text)


def report(problems):
    """Prints (path, line, text) problems; the exit status."""
    for path, line, text in problems:
        print(f'{path}:{line}: {text}' if line else f'{path}: {text}')
    return 1 if problems else 0
