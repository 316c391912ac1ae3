"""What the measured costs mean for larger machines. Pure: figures in, Markdown out.

The model: cores share nothing on the path of a read, so that a machine answers cores × LOAD ÷ cost; writes are bounded by
the database besides; memory is what there is times what each takes.
"""
from .figures import number

LOAD = 0.7  # of the cores: above, waiting begins
MACHINES = (16, 64)
GIB = 2**30
MILLION = 1_000_000


def medians(results):
    """Line key -> figure name -> median, of the lines that were measured."""
    return {of.line.key: {name: spread.median for name, spread in of.figures.items()} for of in results if of.ratio}


def rounded(value):
    """Two significant digits: a model promises no more."""
    digits = len(f'{value:.0f}')
    return f'{round(value, -(digits - 2)):,.0f}' if digits > 2 else number(value)


def per_second(us):
    return [rounded(cores * LOAD / us * 1e6) for cores in MACHINES]


# (what, line, figure, unit): so many a second fit into the cores.
RATES = [
    ('`GET …/availability`', 'availability-floor', 'qtable'),
    ('the same, pipelined', 'availability-floor', 'qtable pipelined'),
    ('search, 3 km, 20 nearest of 100,000', 'search-postgis', 'qtable'),
    ('the same with date, time and party', 'search-postgis', 'qtable with a table'),
    ('booking, QTable\'s part', 'booking-rate', 'qtable CPU, µs'),
    ('booking, PostgreSQL\'s part, on a machine of its own', 'booking-rate', 'qtable: PostgreSQL, µs'),
    ('event to one subscriber', 'fanout-one', 'qtable'),
    ('the same in bursts of 8', 'fanout-one', 'qtable burst'),
]
# (what, line, figure): KiB each.
SIZES = [
    ('restaurant with its tables', 'memory-websocket', 'restaurant'),
    ('idle WebSocket, of the program', 'memory-websocket', 'websocket'),
    ('idle keep-alive connection, of the program', 'memory-websocket', 'keep-alive'),
    ('socket, of the kernel', 'memory-websocket', 'kernel, a socket'),
]


def markdown(results):
    """Nothing when nothing of it was measured."""
    found = medians(results)
    rates = [(what, found[line][name]) for what, line, name in RATES if found.get(line, {}).get(name)]
    sizes = [(what, found[line][name]) for what, line, name in SIZES if found.get(line, {}).get(name)]
    if not rates and not sizes:
        return ''
    out = ['', '## What follows for larger machines', '', 'A model with the costs above, not a measurement.']
    if rates:
        out += ['', f'| a second, at {LOAD:.0%} of cores like these | CPU each | '
                + ' | '.join(f'{cores} cores' for cores in MACHINES) + ' |', '|---|---|' + '---|' * len(MACHINES)]
        out += [f'| {what} | {number(us)} µs | ' + ' | '.join(per_second(us)) + ' |' for what, us in rates]
    if sizes:
        out += ['', '| memory | each | a million |', '|---|---|---|']
        out += [f'| {what} | {number(kib)} KiB | {number(kib * 1024 * MILLION / GIB)} GiB |' for what, kib in sizes]
    return '\n'.join(out) + '\n'
