"""GET …/availability of one house on one day: against the raw loop that sends the same bytes, and against nginx."""
import contextlib
import datetime

from .. import wrk
from ..bench import cpu_us_per_request
from ..figures import Line, at_least
from ..machine import Failure
from ..server import raw_exchange
from .row import Row

PATH = 'GET …/availability'
DEPTH = 16  # as many as a connection may have waiting


def capacity(floor, side):
    """How much of the floor's capacity a side has."""
    return lambda figures: figures[floor] / figures[side]


LINES = {
    'availability': [
        Line('availability-floor', f'{PATH}, 64 connections, 1 thread', 'bench/floor', at_least(0.85),
             capacity('floor', 'qtable')),
        Line('availability-nginx', f'{PATH}, the same', 'nginx return 200', at_least(1.0), capacity('nginx', 'qtable')),
        Line('availability-pipelined', f'{PATH}, {DEPTH} deep', 'nginx return 200', at_least(5),
             capacity('nginx pipelined', 'qtable pipelined')),
    ],
    'availability-wide': [
        Line('availability-2-threads', f'{PATH}, 64 connections, 2 threads', 'bench/floor', at_least(0.8),
             capacity('floor 2 threads', 'qtable 2 threads')),
        Line('availability-1024', f'{PATH}, 1,024 connections, 1 thread', 'bench/floor', at_least(0.8),
             capacity('floor 1,024', 'qtable 1,024')),
    ],
}


def day_of_measuring():
    return (datetime.date.today() + datetime.timedelta(days=7)).isoformat()


@contextlib.contextmanager
def house(bench, threads=1, prefix=()):
    """A server with a town; a house of it with a few bookings on the day, so that its board is what is read."""
    with bench.scratch('town') as database, bench.server(database, threads, prefix) as server:
        restaurant = bench.postgres.sql(database, 'select id from restaurants order by source_ref limit 1')
        day = day_of_measuring()
        with server.client(server.mint('customer', 'diner@compare.test')) as diner:
            for time in ('12:00', '18:00', '20:30'):
                diner.post('/customer/reservations', {'restaurant_id': restaurant, 'date': day, 'time': time,
                                                      'party_size': 2})
        server.restaurant, server.database = restaurant, database
        server.target = f'/public/restaurants/{restaurant}/availability?date={day}&party_size=2'
        yield server


def answer_of(bench, server):
    answer, _ = raw_exchange(server.port, server.target)
    if not answer.startswith(b'HTTP/1.1 200 '):
        raise Failure(f'{server.target}: {answer[:200]!r}')
    bench.note(f'an answer has {len(answer):,} bytes')
    return answer


def load(bench, side, target, **how):
    return cpu_us_per_request(side, lambda: wrk.run(side.url + target, bench.seconds, **how))


def availability(bench):
    with house(bench) as server:
        answer, target = answer_of(bench, server), server.target
        with bench.floor(answer) as floor, bench.nginx(answer) as nginx:
            body = raw_exchange(nginx.port, target)[0].partition(b'\r\n\r\n')[2]
            if body != answer.partition(b'\r\n\r\n')[2]:
                raise Failure('nginx sends another body')
            for _ in bench.rounds():
                deep = {'script': wrk.pipelined(DEPTH)}
                yield {'floor': load(bench, floor, target), 'qtable': load(bench, server, target),
                       'nginx': load(bench, nginx, target), 'qtable pipelined': load(bench, server, target, **deep),
                       'nginx pipelined': load(bench, nginx, target, **deep)}


def availability_wide(bench):
    many = {'connections': 1024}
    with house(bench, threads=2) as two, house(bench) as one:
        answer = answer_of(bench, one)
        with bench.floor(answer, 2) as floor_two, bench.floor(answer) as floor_one:
            for _ in bench.rounds():
                yield {'floor 2 threads': load(bench, floor_two, two.target, threads=2),
                       'qtable 2 threads': load(bench, two, two.target, threads=2),
                       'floor 1,024': load(bench, floor_one, one.target, **many),
                       'qtable 1,024': load(bench, one, one.target, **many)}


UNIT = 'µs of CPU a request'
ROWS = [
    Row('availability', availability, LINES['availability'], UNIT, ('qtable', 'floor'), ('wrk', 'nginx-light')),
    Row('availability-wide', availability_wide, LINES['availability-wide'], UNIT, ('qtable', 'floor'), ('wrk',)),
]
