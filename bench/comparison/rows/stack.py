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
        Line('stack-search-nearest', 'the same', 'the same, its index walked by distance (<->)', None,
             lambda of: of['stack search by <->'] / of['qtable search']),
    ],
    'stack-booking': [
        Line('stack-booking', f'POST /customer/reservations, bookings/s, {CLIENTS} clients',
             'FastAPI, asyncpg, PostgreSQL', at_least(20), lambda of: of['qtable, per s'] / of['stack, per s']),
        Line('stack-booking-cpu', 'the same, CPU of all processes a booking', 'FastAPI, asyncpg, PostgreSQL', None,
             lambda of: of['stack CPU, µs'] / of['qtable CPU, µs']),
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
    with bench.server(city, threads=0) as server, FastApi(bench, stack) as other, \
            FastApi(bench, stack, SEARCH='nearest') as nearest:
        check_availability(server, other, target)
        for each in (other, nearest):
            check_search(server, each, targets()[0])
        # Plans and pages: whoever runs for days has them.
        for each in (other, nearest):
            cpu_us(bench, each, target)
            cpu_us(bench, each, '', searches)
        for _ in bench.rounds():
            yield {'qtable availability': cpu_us(bench, server, target),
                   'stack availability': cpu_us(bench, other, target),
                   'qtable search': cpu_us(bench, server, '', searches),
                   'stack search': cpu_us(bench, other, '', searches),
                   'stack search by <->': cpu_us(bench, nearest, '', searches)}


def told(side, target, where):
    with Client(side.port) as client:
        return client.get(target)[where]


def check_availability(one, other, target):
    """What can be booked is the same; of what can't, one side tells more."""
    free = [[(slot['time'], slot['starts_at'], slot['available_tables']) for slot in told(side, target, 'slots')
             if slot['is_available']] for side in (one, other)]
    if not free[0] or free[0] != free[1]:
        raise Failure(f'{target}: the sides differ: {set(free[0]) ^ set(free[1])}')


def check_search(one, other, target):
    """The same restaurants at the same metre; at the end of the list a sphere's order may differ."""
    away = [{item['id']: item['distance_km'] for item in told(side, target, 'items')} for side in (one, other)]
    common = away[0].keys() & away[1].keys()
    if len(common) < 0.9 * len(away[0]) or any(abs(away[0][each] - away[1][each]) > 0.0011 for each in common):
        raise Failure(f'{target}: the sides differ: {away}')


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
