"""What rounds measured, as medians, ratios and a table. Pure functions: nothing here runs or reads anything."""
import dataclasses
import statistics
from typing import Callable


@dataclasses.dataclass(frozen=True)
class Target:
    """A bound of a ratio, or of a figure with a unit."""
    sign: str
    bound: float
    unit: str = ''

    def is_met_by(self, value):
        return value >= self.bound if self.sign == '≥' else value <= self.bound

    def __str__(self):
        return f'{self.sign} {number(self.bound)}{self.unit}'


def at_least(bound, unit=''):
    return Target('≥', bound, unit)


def at_most(bound, unit=''):
    return Target('≤', bound, unit)


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of the table: `value` makes its figure out of one round's."""
    key: str
    path: str
    against: str
    target: Target | None  # none: for information
    value: Callable[[dict], float]


@dataclasses.dataclass(frozen=True)
class Spread:
    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values):
        values = list(values)
        return cls(statistics.median(values), min(values), max(values))


@dataclasses.dataclass(frozen=True)
class Measured:
    """A line with what it came to, the rounds' raw figures beside it; or why there is none."""
    line: Line
    ratio: Spread | None = None
    figures: dict = dataclasses.field(default_factory=dict)  # name -> Spread
    notes: tuple = ()
    failure: str = ''

    @property
    def is_met(self):
        """None: nothing to meet, or nothing measured."""
        if self.ratio is None or self.line.target is None:
            return None
        return self.line.target.is_met_by(self.ratio.median)

    @property
    def mark(self):
        return {None: '' if self.ratio else '–', True: '✓', False: '✗'}[self.is_met]


def measured(line, rounds, notes=()):
    """The median over the rounds of each round's ratio: both sides of a ratio come from the same seconds."""
    names = rounds[0].keys()
    return Measured(line, Spread.of(line.value(each) for each in rounds),
                    {name: Spread.of(each[name] for each in rounds) for name in names}, tuple(notes))


def number(value):
    """Three significant digits, without an exponent."""
    if value == 0:
        return '0'
    size = abs(value)
    if size >= 1000:
        return f'{value:,.0f}'
    if size >= 100 or float(value).is_integer():
        return f'{value:.0f}'
    return f'{value:.1f}' if size >= 10 else f'{value:.2f}'


def spread_text(spread, unit=''):
    return f'{number(spread.low)}–{number(spread.high)}{unit}'


HEADS = ('path', 'against', 'measured', 'spread', 'target', '')


def cells(of):
    target, unit = (str(of.line.target), of.line.target.unit) if of.line.target else ('', '')
    if of.ratio is None:
        return of.line.path, of.line.against, of.failure or 'not run', '', target, of.mark
    return of.line.path, of.line.against, number(of.ratio.median) + unit, spread_text(of.ratio, unit), target, of.mark


def text_table(results):
    rows = [HEADS, *map(cells, results)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADS))]
    lines = ['  '.join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    return '\n'.join([lines[0], '  '.join('-' * width for width in widths).rstrip(), *lines[1:]])


def figure_lines(results):
    """Each set of raw figures once, under the first line that they belong to."""
    seen = set()
    for of in results:
        if of.ratio is None or id(of.figures) in seen:
            continue
        shown = tuple(sorted(of.figures.items(), key=lambda item: item[0]))
        if shown in seen:
            continue
        seen.add(shown)
        parts = [f'{name} {number(spread.median)} ({spread_text(spread)})' for name, spread in of.figures.items()]
        yield of.line.key, '; '.join([*parts, *of.notes])


def markdown(results, title, about):
    """The table and the raw figures below it."""
    out = [f'# {title}', '', about, '', '| ' + ' | '.join(HEADS) + ' |', '|' + '---|' * len(HEADS)]
    out += ['| ' + ' | '.join(cell.replace('|', '\\|') for cell in cells(of)) + ' |' for of in results]
    out += ['', 'What the ratios were made of: median (least–most of the rounds).', '']
    out += [f'- `{key}`: {text}' for key, text in figure_lines(results)]
    return '\n'.join(out) + '\n'


def as_json(results, about):
    def plain(spread):
        return dataclasses.asdict(spread)

    return {'about': about, 'lines': [
        {'key': of.line.key, 'path': of.line.path, 'against': of.line.against, 'target': str(of.line.target or ''), 'is_met': of.is_met,
         'measured': plain(of.ratio) if of.ratio else None,
         'failure': of.failure or None, 'figures': {name: plain(s) for name, s in of.figures.items()},
         'notes': list(of.notes)} for of in results]}
