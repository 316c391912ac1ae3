"""Durable bookings: 64 clients of QTable, against a program that books over 64 connections with libpq, in two ways."""
import concurrent.futures
import datetime
import json
import subprocess

from .. import wrk
from ..figures import Line, at_least, at_most
from ..machine import Failure, cpu_of, fsync_ms
from ..server import mint
from .row import Row

CLIENTS = 64
STARTS = ('18:00', '20:00')  # open everywhere, and a party of two is gone in between
DAYS = 80
SPARE = 2 * CLIENTS  # asked for in a round but not counted: they were under way at its end
PATH = f'POST /customer/reservations, fsync on, {CLIENTS} clients'

USUAL, ONE_TRIP = 'libpq, a transaction each, a statement after the other', 'libpq, a transaction each, in one trip'


def all_cpu(of, name):
    return of[f'{name} CPU, µs'] + of[f'{name}: PostgreSQL, µs']


LINES = [
    Line('booking-rate', f'{PATH}, bookings/s', USUAL, at_least(4),
         lambda of: of['qtable, per s'] / of['usual, per s']),
    Line('booking-p99', f'{PATH}, p99 at the own maximum', USUAL, at_most(1),
         lambda of: of['qtable p99, ms'] / of['usual p99, ms']),
    # What is left of the rates' ratio on a machine where others run, too: 64 backends get more of it than we.
    Line('booking-cpu', f'{PATH}, CPU of all processes a booking', USUAL, None,
         lambda of: all_cpu(of, 'usual') / all_cpu(of, 'qtable')),
    # The floor: nothing is asked or decided, and the network is crossed once.
    Line('booking-floor-rate', f'{PATH}, bookings/s', ONE_TRIP, None,
         lambda of: of['qtable, per s'] / of['one-trip, per s']),
    Line('booking-floor-p99', f'{PATH}, p99 at the own maximum', ONE_TRIP, at_most(1),
         lambda of: of['qtable p99, ms'] / of['one-trip p99, ms']),
    Line('booking-floor-cpu', f'{PATH}, CPU of all processes a booking', ONE_TRIP, None,
         lambda of: all_cpu(of, 'one-trip') / all_cpu(of, 'qtable')),
]


def days():
    return [(datetime.date.today() + datetime.timedelta(days=2 + i)).isoformat() for i in range(DAYS)]


def lua_list(texts):
    return '{' + ', '.join(f'"{text}"' for text in texts) + '}'


def script(restaurants, tokens):
    """Every request another restaurant, then the next start, the next day, and another diner for the next table."""
    return f'''
local restaurants = {lua_list(restaurants)}
local tokens = {lua_list(tokens)}
local days = {lua_list(days())}
local starts = {lua_list(STARTS)}
local at = 0
init = function(args) at = tonumber(args[1]) end
request = function()
  local n = at
  at = at + 1
  local restaurant = restaurants[n % #restaurants + 1]
  local turn = math.floor(n / #restaurants)
  local start = starts[turn % #starts + 1]
  local day = days[math.floor(turn / #starts) % #days + 1]
  local layer = math.floor(turn / #starts / #days)
  local token = tokens[(n + layer) % #tokens + 1]
  local body = '{{"restaurant_id":"' .. restaurant .. '","date":"' .. day .. '","time":"' .. start ..
    '","party_size":2}}'
  return "POST /customer/reservations HTTP/1.1\\r\\nHost: qtable\\r\\nAuthorization: Bearer " .. token ..
    "\\r\\nContent-Type: application/json\\r\\nContent-Length: " .. #body .. "\\r\\n\\r\\n" .. body
end
'''


class Booker:
    """wrk with bookings that never meet, over all rounds."""

    def __init__(self, url, restaurants, tokens):
        self.url, self.text, self.next = url, script(restaurants, tokens), 0

    def run(self, seconds, connections=CLIENTS):
        report = wrk.run(self.url, seconds, connections, script=self.text, arguments=[self.next])
        self.next += report.requests + SPARE
        return report


def minted(bench, database, count=CLIENTS):
    addresses = [f'diner-{i}@compare.test' for i in range(count)]
    conninfo = bench.postgres.conninfo(database)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda address: mint(bench.program('qtable'), conninfo, 'customer', address), addresses))


def restaurants_of(bench, database):
    return bench.postgres.sql(database, 'select id from restaurants order by source_ref').split()


def log_data(bench, database):
    """What the log's row of a booking holds, for the other side to write the same."""
    found = bench.postgres.sql(database, '''select data || e'\\n' || windows from restaurant_events
        where type = 'customer_reservation_received' and windows is not null order by at desc limit 1''').splitlines()
    if len(found) != 2:
        raise Failure(f'a booking wrote {found} into the log')
    for name, text in zip(('received', 'changed'), found):
        (bench.folder / f'{name}.json').write_text(text)
    return ['--received', bench.folder / 'received.json', '--changed', bench.folder / 'changed.json']


def libpq_round(bench, database, style, data, first):
    command = [bench.program('peer_booking'), '--style', style, '--database', bench.postgres.conninfo(database),
               '--connections', CLIENTS, '--seconds', bench.seconds, '--first', first, *data]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f'peer_booking: {done.stderr.strip()}')
    return json.loads(done.stdout)


def booking(bench):
    with bench.scratch('town') as ours, bench.scratch('town') as theirs, bench.server(ours, threads=0) as server:
        booker = Booker(server.url, restaurants_of(bench, ours), minted(bench, ours))
        booker.run(1)
        data, first = log_data(bench, ours), 0
        for _ in bench.rounds():
            bench.postgres.quieten()
            with cpu_of(server.cpu_s) as of_server, cpu_of(bench.postgres.cpu_s) as of_postgres:
                ours_did = booker.run(bench.seconds)
            found = {'qtable, per s': ours_did.rate, 'qtable p99, ms': ours_did.p99_s * 1e3,
                     'qtable CPU, µs': of_server() / ours_did.requests * 1e6,
                     'qtable: PostgreSQL, µs': of_postgres() / ours_did.requests * 1e6}
            for style in ('usual', 'one-trip'):
                bench.postgres.quieten()
                with cpu_of(bench.postgres.cpu_s) as theirs_spent:
                    did = libpq_round(bench, theirs, style, data, first)
                first = did['next']
                found |= {f'{style}, per s': did['bookings'] / did['seconds'], f'{style} p99, ms': did['p99_ms'],
                          f'{style} CPU, µs': did['cpu_s'] / did['bookings'] * 1e6,
                          f'{style}: PostgreSQL, µs': theirs_spent() / did['bookings'] * 1e6}
            yield found | {'fdatasync of a page, ms': fsync_ms(bench.cache or bench.folder)}


ROWS = [Row('booking', booking, LINES, 'bookings/s, ms, µs of CPU a booking', ('qtable', 'peer_booking'), ('wrk',))]
