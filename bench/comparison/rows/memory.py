"""What an idle connection takes of the server's own memory, 15,000 held; and, for the model, a restaurant and a socket."""
import pathlib
import re
import time

from ..figures import Line, at_most
from ..peers import Crowd
from ..worlds import CITY, TOWN
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


def slab_bytes():
    """What the kernel took for its own things, sockets among them."""
    return int(re.search(r'^Slab: +(\d+) kB', pathlib.Path('/proc/meminfo').read_text(), re.M).group(1)) * 1024


def kib_each(bench, target_of, is_plain):
    """(the program's, the kernel's). A fresh server each time: what an allocator kept of others would hide them."""
    with house(bench) as server:
        target = target_of(server)
        with Crowd(bench, server.port, target, 100, is_plain):
            time.sleep(SETTLE_S / 2)
        before, slab_before = server.memory(), slab_bytes()
        with Crowd(bench, server.port, target, HELD, is_plain) as crowd:
            if not is_plain:
                crowd.wait_for(1)  # hello
            time.sleep(SETTLE_S)
            # Both ends of a connection are here.
            return (server.memory() - before) / HELD / KIB, (slab_bytes() - slab_before) / (2 * HELD) / KIB


def memory_with(bench, world):
    with bench.server(bench.world(world)) as server:
        return server.memory()


def memory(bench):
    model = {}
    if not bench.is_short:
        model['restaurant'] = (memory_with(bench, 'city') - memory_with(bench, 'town')) / (CITY - TOWN) / KIB
    for _ in bench.rounds(most=1 if bench.is_short else 3):
        websocket, kernel = kib_each(bench, lambda at: f'/ws/public/restaurants/{at.restaurant}', False)
        keep_alive, _ = kib_each(bench, lambda at: at.target, True)
        yield {'websocket': websocket, 'keep-alive': keep_alive, 'kernel, a socket': kernel, **model}


ROWS = [Row('memory', memory, LINES, 'KiB of anonymous memory each', ('qtable', 'subscribers'))]
