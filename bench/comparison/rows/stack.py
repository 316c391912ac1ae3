"""The stack that one would take instead (FastAPI, asyncpg, PostGIS; bench/peers/fastapi), each with the whole machine."""
import os

from .. import wrk
from ..figures import Line, at_least
from ..machine import Failure, cpu_of
from ..peers import FastApi
from ..server import Client
from .availability import day_of_measuring
from .booking import CLIENTS, Booker, minted, restaurants_of
from .row import Row
from .search import targets

LINES = {
    'stack-reads': [
        Line('stack-availability', 'GET …/availability, all processes', 'FastAPI, asyncpg, PostgreSQL', at_least(30),
             lambda of: of['stack availability'] / of['qtable availability']),
        Line('stack-search', 'GET /public/restaurants, 3 km of 100,000, all processes', 'FastAPI, asyncpg, PostGIS',
             at_least(80), lambda of: of['stack search'] / of['qtable search']),
    ],
    'stack-booking': [
        Line('stack-booking', f'POST /customer/reservations, bookings/s, {CLIENTS} clients',
             'FastAPI, asyncpg, PostgreSQL', at_least(20), lambda of: of['qtable, per s'] / of['stack, per s']),
    ],
}


def whole(bench, side):
    """CPU time of a side with the database that works for it."""
    return lambda: side.cpu_s() + bench.postgres.cpu_s()


def cpu_us(bench, side, target, script=None):
    with cpu_of(whole(bench, side)) as spent:
        report = wrk.run(side.url + target, bench.seconds, script=script)
    return spent() / report.requests * 1e6


def reads(bench):
    city, stack = bench.world('city'), bench.world('stack')
    restaurant = bench.postgres.sql(city, 'select id from restaurants order by source_ref limit 1')
    target = f'/public/restaurants/{restaurant}/availability?date={day_of_measuring()}&party_size=2'
    searches = wrk.in_turn(targets())
    with bench.server(city, threads=0) as server, FastApi(bench, stack) as other:
        check_same(server, other, target, 'slots', ('time', 'available_tables', 'is_available'))
        check_same(server, other, targets()[0], 'items', ('id', 'distance_km'))
        for _ in bench.rounds():
            yield {'qtable availability': cpu_us(bench, server, target),
                   'stack availability': cpu_us(bench, other, target),
                   'qtable search': cpu_us(bench, server, '', searches),
                   'stack search': cpu_us(bench, other, '', searches)}


def check_same(one, other, target, where, members):
    """Both sides say the same, as far as the question goes."""
    told = []
    for side in (one, other):
        with Client(side.port) as client:
            told.append([tuple(item[member] for member in members) for item in client.get(target)[where]])
    if not told[0] or told[0] != told[1]:
        raise Failure(f'{target}: the sides differ: {told[0][:3]} and {told[1][:3]}')


def customers_of(other, count=CLIENTS):
    """Tokens of customers that were made as an app would."""
    made = []
    with Client(other.port) as client:
        for number in range(count):
            who = {'email': f'diner-{os.getpid()}-{number}@compare.test', 'password': 'correct horse battery'}
            client.post('/customer/register', {**who, 'first_name': 'Ada', 'last_name': str(number)})
            made.append(client.post('/customer/login', who)['access_token'])
    return made


def stack_booking(bench):
    with bench.scratch('town') as ours, bench.scratch('stack_town') as theirs, \
            bench.server(ours, threads=0) as server, FastApi(bench, theirs) as other:
        restaurants = restaurants_of(bench, ours)
        sides = {'qtable': (server, Booker(server.url, restaurants, minted(bench, ours))),
                 'stack': (other, Booker(other.url, restaurants, customers_of(other)))}
        for _, booker in sides.values():
            booker.run(1)
        for _ in bench.rounds():
            figures = {}
            for name, (side, booker) in sides.items():
                bench.postgres.quieten()
                with cpu_of(whole(bench, side)) as spent:
                    did = booker.run(bench.seconds)
                figures |= {f'{name}, per s': did.rate, f'{name} p99, ms': did.p99_s * 1e3,
                            f'{name} CPU, µs': spent() / did.requests * 1e6}
            yield figures


PEER = ('wrk', 'postgresql-15-postgis-3', 'python3-fastapi', 'python3-uvicorn', 'python3-asyncpg', 'python3-uvloop',
        'python3-httptools')
ROWS = [
    Row('stack-reads', reads, LINES['stack-reads'], 'µs of CPU a request, PostgreSQL included', ('qtable',), PEER,
        is_short=False),
    Row('stack-booking', stack_booking, LINES['stack-booking'], 'bookings/s, ms, µs of CPU a booking', ('qtable',), PEER,
        is_short=False),
]
