"""Listeners: each follows one stream over a WebSocket, is cut off or hangs up now and then, and goes on where it was, on another
node when there are several.
"""
import json, random, threading, time

import paths  # noqa: F401
from client import Closed, UpgradeRefused, WebSocket
from history import Session

TURN_S, PAUSE_S = 0.25, 0.1
RESERVATION_EVENTS = {'customer_reservation_received', 'customer_reservation_updated', 'customer_reservation_cancelled',
                      'customer_checked_in', 'reservation_confirmed', 'reservation_updated', 'reservation_cancelled'}
# The log keeps only which starts changed; what is told is how they stand by then.
VALUES_OF_NOW = {'availability_updated'}


class Watcher:
    """`about`: ('staff' | 'public' | 'customer', id)."""

    def __init__(self, name, seed, nodes, token, history, about):
        self.name, self.nodes, self.token, self.history, self.about = name, nodes, token, history, about
        self.node = random.Random(f'{seed}-{name}-node').randrange(len(nodes))
        self.random, self.sessions, self.is_over = random.Random(f'{seed}-{name}'), history.stream(name, about), False
        kind, of = about
        self.target = '/ws/customer' if kind == 'customer' else f'/ws/restaurants/{of}' if kind == 'staff' else \
            f'/ws/public/restaurants/{of}'
        self.place, self.is_steady = None, False
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while not self.is_over:
            try:
                self.connect()
            except (OSError, Closed, TimeoutError):
                time.sleep(PAUSE_S)
            except UpgradeRefused as refused:
                if refused.answer.status != 503:
                    self.history.complain(f'{self.name}: refused: {refused}')
                time.sleep(PAUSE_S)
            except (AssertionError, ValueError, KeyError) as wrong:
                self.history.complain(f'{self.name}: {wrong}')
                time.sleep(PAUSE_S)

    def connect(self):
        if len(self.nodes) > 1:
            self.node = (self.node + self.random.randrange(1, len(self.nodes))) % len(self.nodes)
        node, session = self.nodes[self.node], Session(self.place, self.history.now(), self.node)
        target = self.target if self.place is None else f'{self.target}?epoch={self.place[0]}&since_seq={self.place[1]}'
        patience = time.monotonic() + self.random.expovariate(1 / 8)
        with WebSocket(node.port, target, self.token, rules=node.rules) as socket:
            self.sessions.append(session)
            try:
                while not self.is_over and (self.is_steady or time.monotonic() < patience):
                    try:
                        self.take(session, socket.next(TURN_S))
                    except TimeoutError:
                        pass
                    socket.events.clear()
            finally:
                session.ended = self.history.now()

    def take(self, session, event):
        kind = event['type']
        if kind == 'hello':
            session.epoch, session.seq, session.joined = event['epoch'], event['seq'], self.history.now()
            if self.place is None or self.place[0] != session.epoch:
                self.place = (session.epoch, session.seq)
        elif kind == 'resync_required':
            session.events.append((None, kind, None))
            session.times.append(self.history.now())
            if len(session.events) == 1:  # instead of what was missed
                self.place = (session.epoch, session.seq)
        elif kind != 'going_away':
            what = self.history.see(event['data']) if kind in RESERVATION_EVENTS else None
            if what is None and kind not in VALUES_OF_NOW:
                what = json.dumps(event['data'], sort_keys=True)
            session.events.append((event['seq'], kind, what))
            self.place, session.heard = (session.epoch, event['seq']), self.history.now()
            session.times.append(session.heard)
