"""What an idle connection takes of the server's own memory, 15,000 held."""
import time

from ..figures import Line, at_most
from ..peers import Crowd
from .availability import house
from .row import Row

HELD = 15_000
SETTLE_S = 1
KIB = 1024

LINES = [
    Line('memory-websocket', f'idle WebSocket, {HELD:,} held', '–', at_most(2, ' KiB'), lambda of: of['websocket']),
    Line('memory-keep-alive', f'idle keep-alive connection, {HELD:,} held', '–', at_most(1, ' KiB'),
         lambda of: of['keep-alive']),
]


def kib_each(bench, target_of, is_plain):
    """A fresh server each time: what an allocator kept of others would hide them."""
    with house(bench) as server:
        target = target_of(server)
        with Crowd(bench, server.port, target, 100, is_plain):
            time.sleep(SETTLE_S / 2)
        before = server.memory()
        with Crowd(bench, server.port, target, HELD, is_plain) as crowd:
            if not is_plain:
                crowd.wait_for(1)  # hello
            time.sleep(SETTLE_S)
            return (server.memory() - before) / HELD / KIB


def memory(bench):
    for _ in bench.rounds(most=1 if bench.is_short else 3):
        yield {'websocket': kib_each(bench, lambda at: f'/ws/public/restaurants/{at.restaurant}', False),
               'keep-alive': kib_each(bench, lambda at: at.target, True)}


ROWS = [Row('memory', memory, LINES, 'KiB of anonymous memory each', ('qtable', 'subscribers'))]
