"""A dinner rush: mixed load on QTable and on the usual Python stack, one table that everybody wants, and what the last
third of the load does to the slowest answers.
"""
from .. import load
from ..figures import Line, at_least, at_most
from ..peers import FastApi
from .row import Row
from .stack import PEER

RUSH, HOT = 'dinner-rush', 'hot-restaurant'
LOW, HIGH = 0.1, 0.7
SECONDS = 8  # of an open loop: its p99 needs many answers also at a tenth of the rate

STACK = [
    Line('stack-rush', 'dinner-rush mix, requests/s, closed loop', 'FastAPI, asyncpg, PostGIS', at_least(30),
         lambda of: of['qtable rush, per s'] / of['stack rush, per s']),
    Line('stack-hot', 'one hot evening, requests/s, closed loop', 'FastAPI, asyncpg, PostGIS', at_least(30),
         lambda of: of['qtable hot, per s'] / of['stack hot, per s']),
]
P99 = [Line('rush-p99', f'p99 of the dinner-rush mix at {HIGH:.0%} of the maximum, open loop', f'p99 at {LOW:.0%}',
            at_most(5), lambda of: of[f'p99 at {HIGH:.0%}, ms'] / of[f'p99 at {LOW:.0%}, ms'])]


def place_of(bench, database):
    """Where the town's largest city is."""
    return bench.postgres.sql(database, '''select latitude || ',' || longitude from restaurants
        group by latitude, longitude order by count(*) over (partition by round(latitude), round(longitude)) desc limit 1''')


def note(bench, report, name):
    for each in report.notes:
        bench.note(f'{name}: {each}')
    if report.is_client_limit:
        bench.note(f'{name}: the load generator was busy all the time, so that more may be possible')


def stack_rush(bench):
    with bench.scratch('town') as ours, bench.scratch('stack_town') as theirs, \
            bench.server(ours, threads=0) as server, FastApi(bench, theirs) as other:
        near = place_of(bench, ours)
        for number in bench.rounds():
            figures = {}
            for name, side in (('qtable', server), ('stack', other)):
                for what, scenario in (('rush', RUSH), ('hot', HOT)):
                    bench.postgres.quieten()
                    report = load.run(bench, side.url, scenario, 2 * bench.seconds, near)
                    figures[f'{name} {what}, per s'] = report.rate
                    figures[f'{name} {what} p99, ms'] = report.p99_s * 1e3
                    if number == 1:
                        note(bench, report, f'{name} {what}')
            yield figures


def rush_p99(bench):
    with bench.scratch('town') as database, bench.server(database, threads=0) as server:
        near = place_of(bench, database)
        for number in bench.rounds():
            most = load.run(bench, server.url, RUSH, 2 * bench.seconds, near).rate
            figures = {'maximum, per s': most}
            for share in (LOW, HIGH):
                bench.postgres.quieten()
                report = load.run(bench, server.url, RUSH, SECONDS, near, rate=share * most)
                figures |= {f'p50 at {share:.0%}, ms': report.p50_s * 1e3, f'p99 at {share:.0%}, ms': report.p99_s * 1e3}
            yield figures


ROWS = [
    Row('stack-rush', stack_rush, STACK, 'requests/s, ms', ('qtable', 'qtable-load'), PEER, is_short=False),
    Row('rush-p99', rush_p99, P99, 'requests/s, ms', ('qtable', 'qtable-load'), is_short=False),
]
