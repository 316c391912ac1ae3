"""One restaurant's events to 5,000 sockets: against a loop that writes the same frames, and against node's ws."""
import datetime

from ..figures import Line, at_least
from ..machine import Failure, cpu_of
from ..peers import Crowd, FloorWebSocket, NodeWs
from ..websocket import Listener, payload
from ..worlds import OWNER
from .row import Row

SUBSCRIBERS = 5000
BURST = 8
ONE, MANY = 0, 1  # the two things that are told
EVENTS = {ONE: 16, MANY: 8}  # of a round
EVENTS_SHORT = {ONE: 8, MANY: 4}
PATH = f'WebSocket, {SUBSCRIBERS:,} subscribers'

LINES = [
    Line('fanout-one', f'{PATH}, one event', 'bench/floor_websocket', at_least(0.9),
         lambda of: of['floor'] / of['qtable']),
    Line('fanout-burst', f'{PATH}, bursts of {BURST}', 'bench/floor_websocket, joined', at_least(0.85),
         lambda of: of['floor burst'] / of['qtable burst']),
    Line('fanout-ws', f'{PATH}, bursts of {BURST}', 'node ws', at_least(5),
         lambda of: of['ws burst'] / of['qtable burst']),
]


class House:
    """A restaurant whose staff change a published slot (one event), or slots of eight days in one request (eight)."""

    def __init__(self, client, restaurant):
        self.client, self.restaurant, self.turn = client, restaurant, 0
        self.days = [(datetime.date.today() + datetime.timedelta(days=10 + i)).isoformat() for i in range(BURST)]
        self.slot = self.publish(1)['items'][0]['id']

    def publish(self, days):
        self.turn += 1
        return self.client.post(f'/restaurants/{self.restaurant}/availability', {'slots': [
            {'date': day, 'time_slot': '19:00', 'party_size': 2, 'available_tables': 2 + self.turn % 2}
            for day in self.days[:days]]})

    def tell(self, which):
        if which == MANY:
            return self.publish(BURST)
        self.turn += 1
        return self.client.call('PUT', f'/restaurants/{self.restaurant}/availability/{self.slot}',
                                {'available_tables': 2 + self.turn % 2})


def captured(server, house):
    """The frames of one event, and of a burst."""
    with Listener(server.port, f'/ws/public/restaurants/{house.restaurant}') as listener:
        listener.texts(1)  # hello
        house.tell(MANY)  # from here on a change is a change
        listener.texts(BURST)
        house.tell(ONE)
        one = listener.texts(1)
        house.tell(MANY)
        return one, listener.texts(BURST)


def per_delivery_us(side, crowd, tell, which, count):
    """µs of CPU per frame that arrived. The next event waits for the last one's frames."""
    frames = BURST if which == MANY else 1
    with cpu_of(side.cpu_s) as spent:
        for _ in range(count):
            tell(which)
            if crowd:
                crowd.wait_for(frames)
    return spent() / (count * frames * SUBSCRIBERS) * 1e6


def fanout(bench):
    events = EVENTS_SHORT if bench.is_short else EVENTS
    with bench.scratch('town') as database, bench.server(database) as server, \
            server.client(server.mint('staff', OWNER)) as staff:
        ids = bench.postgres.sql(database, 'select id from restaurants order by source_ref limit 2').split()
        house, alone = House(staff, ids[0]), House(staff, ids[1])
        one, many = captured(server, house)
        bench.note(f'a frame has {len(one[0])} bytes, a burst {sum(map(len, many))}; QTable: what the commands cost '
                   'without subscribers is taken off')
        with FloorWebSocket(bench, [one[0], b''.join(many)]) as floor, \
                NodeWs(bench, [[payload(each).decode() for each in told] for told in (one, many)]) as ws, \
                Crowd(bench, server.port, f'/ws/public/restaurants/{house.restaurant}', SUBSCRIBERS) as at_server, \
                Crowd(bench, floor.port, '/', SUBSCRIBERS) as at_floor, Crowd(bench, ws.port, '/', SUBSCRIBERS) as at_ws:
            at_server.wait_for(1)  # hello
            for _ in bench.rounds():
                figures = {}
                for which, name in ((ONE, ''), (MANY, ' burst')):
                    count = events[which]
                    figures['floor' + name] = per_delivery_us(floor, at_floor, floor.tell, which, count)
                    whole = per_delivery_us(server, at_server, house.tell, which, count)
                    command = per_delivery_us(server, None, alone.tell, which, count)
                    figures['qtable' + name] = whole - command
                    figures['qtable commands' + name] = command
                figures['ws burst'] = per_delivery_us(ws, at_ws, ws.tell, MANY, events[MANY])
                yield figures
            came = at_server.frames()
            if came != at_server.expected:
                raise Failure(f'{came} frames came instead of {at_server.expected}')


ROWS = [Row('fanout', fanout, LINES, 'µs of CPU a delivery', ('qtable', 'floor_websocket', 'subscribers'),
            ())]
