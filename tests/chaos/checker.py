"""Decides from what the clients recorded, what the program answers at the end and what the tables hold whether anything was broken that
was promised. Pure: it can be asked about histories that never were, and `checker_test.py` does.
"""
import check_answers, check_capacity, check_store, check_streams
from timeline import Timeline

SHOWN_PER_KIND = 5


class Finding:
    def __init__(self, kind, text, operations):
        self.kind, self.text, self.operations = kind, text, list(operations)

    def __str__(self):
        return '\n'.join([f'{self.kind}: {self.text}', *(f'    {each}' for each in self.operations[:8])])


class Findings:
    def __init__(self):
        self.all = []

    def add(self, kind, text, operations):
        self.all.append(Finding(kind, text, operations))

    def kinds(self):
        return {each.kind for each in self.all}

    def __str__(self):
        lines, counts = [], {}
        for each in self.all:
            counts[each.kind] = counts.get(each.kind, 0) + 1
            if counts[each.kind] <= SHOWN_PER_KIND:
                lines.append(str(each))
        lines += [f'{kind}: {count} in all' for kind, count in counts.items() if count > SHOWN_PER_KIND]
        return '\n'.join(lines)


def check(world, history, store, final):
    """`store`: the rows of the tables; `final`: what the program answered at the end (see run.py)."""
    found, timeline = Findings(), Timeline(history, store, world.turn_min)
    check_answers.check(found, world, history, store, timeline)
    check_capacity.check(found, world, history, store, timeline)
    check_streams.check(found, history, store, timeline)
    check_store.check(found, world, history, store, final, timeline)
    return found
