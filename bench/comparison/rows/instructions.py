"""User-space instructions of one request, counted by callgrind: they repeat to a thousandth whatever else runs."""
import re
import socket
import subprocess

from ..figures import Line, at_most
from ..machine import Failure
from ..server import raw_exchange
from .availability import answer_of, house
from .row import Row

REQUESTS = 400
PATH = 'user-space instructions of a plain GET …/availability'

LINES = [Line('instructions', PATH, 'raw epoll 526, Asio 1,000–1,900, uWebSockets 4,100, Beast 12,900', at_most(6000),
              lambda of: of['qtable'])]


def callgrind(out):
    return ['valgrind', '--tool=callgrind', f'--callgrind-out-file={out}', '--dump-line=no']


class Counter:
    """A program under callgrind, and what it executes while it answers."""

    def __init__(self, child, port, out):
        self.child, self.port, self.out, self.dumps = child, port, out, 0

    def dump(self):
        """Instructions since the last dump."""
        self.dumps += 1
        done = subprocess.run(['callgrind_control', f'--dump=n{self.dumps}', str(self.child.pid)], capture_output=True,
                              text=True, timeout=120)
        file = self.out.with_name(f'{self.out.name}.{self.dumps}')
        if done.returncode != 0 or not file.exists():
            raise Failure(f'callgrind_control: {done.stdout.strip()[-300:]} {done.stderr.strip()[-300:]}')
        return int(re.search(r'^(?:totals|summary): (\d+)', file.read_text(), re.M).group(1))

    def per_request(self, request, answer_bytes):
        """Twice as many cost as much more as the same number costs: what runs besides falls out."""
        with socket.create_connection(('127.0.0.1', self.port), 60) as wire:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def ask(count):
                for _ in range(count):
                    wire.sendall(request)
                    left = answer_bytes
                    while left > 0:
                        got = len(wire.recv(left))
                        if got == 0:
                            raise Failure('the server closed a connection')
                        left -= got

            ask(50)
            self.dump()
            ask(REQUESTS)
            once = self.dump()
            ask(2 * REQUESTS)
            return (self.dump() - once) / REQUESTS


def instructions(bench):
    out = bench.folder / 'callgrind.qtable'
    floor_out = bench.folder / 'callgrind.floor'
    with house(bench, prefix=callgrind(out)) as server:
        answer = answer_of(bench, server)
        request = raw_exchange(server.port, server.target)[1]
        tag = re.search(rb'(?i)\r\netag: *([^\r]+)', answer)
        if tag is None:
            bench.note('no ETag, so no 304')
        counter = Counter(server.child, server.port, out)
        with bench.floor(answer, prefix=callgrind(floor_out)) as floor:
            floor_counter = Counter(floor.child, floor.port, floor_out)
            for _ in bench.rounds(most=2):
                figures = {'qtable': counter.per_request(request, len(answer)),
                           'floor': floor_counter.per_request(request, len(answer))}
                if tag is not None:
                    known, asked = raw_exchange(server.port, server.target,
                                                [f'If-None-Match: {tag.group(1).decode()}'])
                    if not known.startswith(b'HTTP/1.1 304 '):
                        raise Failure(f'an ETag sent back gives {known[:60]!r}')
                    figures['qtable, 304'] = counter.per_request(asked, len(known))
                yield figures


ROWS = [Row('instructions', instructions, LINES, 'instructions a request', ('qtable', 'floor'), ('valgrind',))]
