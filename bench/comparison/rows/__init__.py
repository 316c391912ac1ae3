"""The rows of the comparison, in the order of the table."""
from . import availability, boot, booking, fairness, fanout, instructions, memory, overload, rush, search, stack

MODULES = (availability, search, booking, fanout, instructions, memory, stack, rush, fairness, overload, boot)
ALL = [row for module in MODULES for row in module.ROWS]


def chosen(words):
    """Rows by their name, or by the key of one of their lines."""
    found = []
    for word in words:
        named = [row for row in ALL if word == row.name or word in (line.key for line in row.lines)]
        if not named:
            raise KeyError(word)
        found += [row for row in named if row not in found]
    return found
