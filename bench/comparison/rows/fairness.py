"""What others notice of those who ask too much: readers that don't read, endless pipelines, a flood on one restaurant."""
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time

from .. import load, wrk
from ..figures import Line, at_most
from ..machine import Failure
from .availability import day_of_measuring
from .booking import script
from .row import Row
from .rush import RUSH, place_of

RATE = 300  # a second, of the others: a Friday at a few hundred restaurants
SECONDS = 5
SLOW_READERS = 200
PIPELINE = 1000

WHO = {'slow readers': f'{SLOW_READERS} clients that ask for 31 days, 16 deep, and never read',
       'a pipeline': f'a connection that sends {PIPELINE:,} requests at a time',
       'a flood': '64 connections that read one restaurant without a pause',
       'bookings': '16 connections that book one restaurant without a pause'}

# Nobody whom the server knows: it takes as long for them. Held against searches: a dinner rush has people that want to register.
LOGINS = '''
local n = 0
request = function()
  n = n + 1
  local body = '{"email":"nobody-' .. n .. '@compare.test","password":"not the right one"}'
  return wrk.format("POST", "/customer/login", {["Content-Type"] = "application/json"}, body)
end
'''

# What keeps as many cores busy from outside, with the same claims on them: what the scheduler takes from others then is not the
# server's doing. One connection is one core's, bookings are more than one's with PostgreSQL, 64 connections are every core's; wrk
# takes what is left.
BUSY = 'a busy core'
BUSY_BESIDES = 'a busy core, the rest busy with the lowest priority'
BUSY_ALL = 'busy cores, and one loop more with the lowest priority'
HELD_AGAINST = {'a pipeline': BUSY_BESIDES, 'a flood': BUSY_ALL, 'bookings': BUSY_BESIDES}
KEYS = {name: f'fair-{name.split()[-1]}' for name in WHO}


def beside(name):
    return f'p99 beside {name}, ms'


# Whoever keeps a core busy slows this machine with its two, also from outside of the server: that is taken off.
LINES = [Line(KEYS['slow readers'], f'p99 of a dinner rush beside {WHO["slow readers"]}', 'p99 without', at_most(1.5),
              lambda of: of[beside('slow readers')] / of['p99, ms'])]
LINES += [Line(KEYS[name], f'p99 of a dinner rush beside {WHO[name]}', f'p99 beside {against} (loops)', at_most(1.5),
               lambda of, name=name, against=against: of[beside(name)] / of[beside(against)]) for name, against in HELD_AGAINST.items()]
LINES += [Line(f'{KEYS[name]}-alone', f'p99 of a dinner rush beside {WHO[name]}', 'p99 without', None,
               lambda of, name=name: of[beside(name)] / of['p99, ms']) for name in list(WHO)[1:]]
# 64 connections again: those that the hashing has no room for ask on without a pause.
LOGGING_IN = 'p99 of searches beside 64 connections that log in without a pause, each time as somebody else'
LINES += [Line('fair-logins', LOGGING_IN, f'p99 beside {BUSY_ALL} (loops)', at_most(2),
               lambda of: of['searches beside logins, ms'] / of['searches beside loops, ms']),
          Line('fair-logins-alone', LOGGING_IN, 'p99 without', None, lambda of: of['searches beside logins, ms'] / of['searches, ms'])]


@contextlib.contextmanager
def loops(*priorities):
    running = [subprocess.Popen(['nice', '-n', str(each), sys.executable, '-c', 'while True: pass']) for each in priorities]
    try:
        yield
    finally:
        for each in running:
            each.kill()
            each.wait()


@contextlib.contextmanager
def slow_readers(server, target):
    request = f'GET {target}&days=31 HTTP/1.1\r\nHost: qtable\r\n\r\n'.encode() * 16
    with contextlib.ExitStack() as open_sockets:
        for _ in range(SLOW_READERS):
            with contextlib.suppress(OSError):  # the server may have had enough of them
                each = open_sockets.enter_context(socket.socket())
                each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                each.connect(('127.0.0.1', server.port))
                each.setblocking(False)
                for _ in range(16):
                    each.send(request)
        yield


@contextlib.contextmanager
def flood(url, connections, text=None):
    """By wrk, with the lowest claim on the machine's cores: what the server does of it is measured, not what wrk takes."""
    with tempfile.NamedTemporaryFile('w', suffix='.lua') as file:
        file.write(text or '')
        file.flush()
        command = ['nice', '-n', '19', 'wrk', '-t1', f'-c{connections}', '-d600s', *(['-s', file.name] if text else []), url]
        running = subprocess.Popen([*command, *(['--', '0'] if text else [])], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        try:
            time.sleep(0.5)
            if running.poll() is not None:
                raise Failure(f'wrk ended at once: {command}')
            yield
        finally:
            running.kill()
            running.wait()


def fairness(bench):
    with bench.scratch('town') as database, bench.server(database, threads=0) as server:
        near = place_of(bench, database)
        crowded = bench.postgres.sql(database, 'select id from restaurants order by source_ref limit 1')
        target = f'/public/restaurants/{crowded}/availability?date={day_of_measuring()}&party_size=2'
        tokens = [server.mint('customer', f'eager-{i}@compare.test') for i in range(16)]
        cores = os.cpu_count()
        crowds = {BUSY: lambda: loops(0), BUSY_BESIDES: lambda: loops(0, *[19] * (cores - 1)), BUSY_ALL: lambda: loops(*[0] * cores, 19),
                  'slow readers': lambda: slow_readers(server, target),
                  'a pipeline': lambda: flood(server.url + target, 1, wrk.pipelined(PIPELINE)),
                  'a flood': lambda: flood(server.url + target, 64),
                  'bookings': lambda: flood(server.url, 16, script([crowded], tokens))}

        def p99_ms(scenario=RUSH):
            return load.run(bench, server.url, scenario, SECONDS, near, rate=RATE, connections=32).p99_s * 1e3
        p99_ms()
        for _ in bench.rounds():
            figures = {'p99, ms': p99_ms()}
            for name, crowd in crowds.items():
                with crowd():
                    figures[beside(name)] = p99_ms()
            figures['searches, ms'] = p99_ms('search')
            with crowds[BUSY_ALL]():
                figures['searches beside loops, ms'] = p99_ms('search')
            with flood(server.url, 64, LOGINS):
                figures['searches beside logins, ms'] = p99_ms('search')
            yield figures


ROWS = [Row('fairness', fairness, LINES, 'ms', ('qtable', 'qtable-load'), ('wrk',), is_short=False)]
