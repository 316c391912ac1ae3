"""A dinner rush: mixed load on QTable and on the usual Python stack, one table that everybody wants, and what the last
third of the load does to the slowest answers.
"""
import datetime

from .. import load, wrk
from ..figures import Line, at_least, at_most
from ..machine import cpu_of
from ..peers import FastApi
from .booking import lua_list, minted, restaurants_of
from .row import Row
from .stack import PEER, customers_of, whole

RUSH = 'dinner-rush'
LOW, HIGH = 0.1, 0.7
SECONDS = 8  # of an open loop: its p99 needs many answers also at a tenth of the rate
STACK_NAME = 'FastAPI, asyncpg, PostGIS'

STACK = [
    Line('stack-rush', "dinner-rush mix among 100,000 restaurants, the customers' side, all processes", STACK_NAME, at_least(30),
         lambda of: of['stack rush CPU, µs'] / of['qtable rush CPU, µs']),
    Line('stack-hot', 'one hot slot, 64 clients, all processes', STACK_NAME, at_least(30),
         lambda of: of['stack hot CPU, µs'] / of['qtable hot CPU, µs']),
    # The load generator has the same two cores, and takes more of them the faster it is answered.
    Line('stack-rush-rate', 'the mix, requests/s beside the load generator', STACK_NAME, None,
         lambda of: of['qtable rush, per s'] / of['stack rush, per s']),
    Line('stack-hot-rate', 'the hot slot, requests/s beside the load generator', STACK_NAME, None,
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


def hot_script(restaurant, day, tokens):
    """Everybody wants the same slot: a few get a table, then it's gone."""
    return f'''
local tokens = {lua_list(tokens)}
local all, at = {{}}, 0
init = function(args)
  local body = '{{"restaurant_id":"{restaurant}","date":"{day}","time":"19:00","party_size":2}}'
  for i, token in ipairs(tokens) do
    all[i] = "POST /customer/reservations HTTP/1.1\\r\\nHost: qtable\\r\\nAuthorization: Bearer " .. token ..
      "\\r\\nContent-Type: application/json\\r\\nContent-Length: " .. #body .. "\\r\\n\\r\\n" .. body
  end
end
request = function()
  at = at + 1
  return all[at % #all + 1]
end
'''


def stack_rush(bench):
    with bench.scratch('city') as ours, bench.scratch('stack') as theirs, \
            bench.server(ours, threads=0) as server, FastApi(bench, theirs) as other:
        near, hot = place_of(bench, ours), restaurants_of(bench, ours)[0]
        sides = {'qtable': (server, minted(bench, ours)), 'stack': (other, customers_of(other))}
        for number in bench.rounds():
            day = (datetime.date.today() + datetime.timedelta(days=7 + number)).isoformat()
            figures = {}
            for name, (side, tokens) in sides.items():
                bench.postgres.quieten()
                report = load.run(bench, side.url, RUSH, 2 * bench.seconds + 2, near, options=['--customers-only'],
                                  cpu_s=whole(bench, side))
                with cpu_of(whole(bench, side)) as spent:
                    fight = wrk.run(side.url, bench.seconds, script=hot_script(hot, day, tokens), may_refuse=True)
                figures |= {f'{name} rush, per s': report.rate, f'{name} rush p99, ms': report.p99_s * 1e3,
                            f'{name} rush CPU, µs': report.cpu_us, f'{name} hot, per s': fight.rate,
                            f'{name} hot p99, ms': fight.p99_s * 1e3, f'{name} hot CPU, µs': spent() / fight.requests * 1e6}
                if number == 1:
                    note(bench, report, f'{name} rush')
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
    Row('stack-rush', stack_rush, STACK, 'requests/s, ms, µs of CPU a request, PostgreSQL included', ('qtable', 'qtable-load'), PEER, is_short=False),
    Row('rush-p99', rush_p99, P99, 'requests/s, ms', ('qtable', 'qtable-load'), is_short=False),
]
