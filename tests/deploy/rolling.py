"""A rolling restart of two nodes behind haproxy while customers book and staff watch: nobody who tries again after a connection that
ended or a 503 fails, every booking stands once, every socket goes on without a hole.
"""
import collections, contextlib, http.client, json, sys, threading, time, unittest
from concurrent.futures import ThreadPoolExecutor

import paths  # noqa: F401
from client import Closed, UpgradeRefused, wait_for
from server import Threads
from stack import Database, Folder, Node, haproxy, make_certificate, make_restaurant, mint, needs
from world import day

BOOKERS, READERS, PATIENCE_S, TABLES = 4, 2, 20, 20
GUESTS, DAYS, PAUSE_S = 4, 25, 0.03  # each booker books for several guests, one after the other
TIMES = ('10:00', '12:00', '14:00', '16:00', '18:00', '20:00')
OPTIONS = ('--migrate', '--drain-grace-ms', '3000', '--drain-socket-jitter-ms', '1000', '--requests-per-address-per-min', '0',
           '--requests-per-account-per-min', '0', '--bookings-per-customer', '0')


class Watcher:
    """A staff socket that goes on where it was, for as long as the test lasts."""

    def __init__(self, front, place, token):
        self.front, self.place, self.token = front, place, token
        self.epoch, self.seq, self.is_over, self.resumed, self.events = None, None, False, 0, 0

    def run(self):
        while not self.is_over:
            with contextlib.suppress(OSError, Closed, UpgradeRefused):
                self.follow()
            time.sleep(0.02)

    def follow(self):
        since = '' if self.epoch is None else f'?epoch={self.epoch}&since_seq={self.seq}'
        with self.front.socket(f'/ws/restaurants/{self.place}{since}', self.token) as socket:
            hello = socket.next(PATIENCE_S)
            assert hello['type'] == 'hello', hello
            if self.epoch is None:
                self.epoch, self.seq = hello['epoch'], hello['seq']
            else:
                self.resumed += 1
            assert hello['epoch'] == self.epoch, 'another epoch'
            while not self.is_over:
                with contextlib.suppress(TimeoutError):
                    event = socket.next(0.5)
                    if event['type'] == 'going_away':
                        continue
                    assert event.get('seq') == self.seq + 1, (self.seq, event)
                    self.seq += 1
                    self.events += 1
                socket.events.clear()


@needs('haproxy', 'openssl')
class Rolling(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(Folder())
        cls.database = cls.enterClassContext(Database(folder))
        cls.nodes = [cls.enterClassContext(Node(name, folder, cls.database.url, *OPTIONS)) for name in ('one', 'two')]
        child, cls.front, _ = haproxy(folder, cls.nodes, make_certificate(folder))
        cls.enterClassContext(child)
        cls.owner = mint(cls.database.url, 'staff', 'o@example.test')
        with ThreadPoolExecutor(4) as pool:
            cls.guests = list(pool.map(lambda i: mint(cls.database.url, 'customer', f'{i}@example.test'), range(BOOKERS * GUESTS)))
        cls.places = [make_restaurant(cls.nodes, cls.owner, TABLES) for _ in range(2)]
        cls.tries, cls.made, cls.is_over = collections.Counter(), {}, threading.Event()
        cls.slowest_s = 0.0

    def insist(self, client, method, target, body=None, key=None):
        """As a client should: again after a connection that ended or a 503, with the same key."""
        began = time.monotonic()
        headers = {'Idempotency-Key': key, 'Content-Type': 'application/json'} if key else {}
        if target.startswith('/customer/'):
            headers['Authorization'] = f'Bearer {client.token}'
        while True:
            try:
                answer = client.exchange(method, target, body, headers, PATIENCE_S)
                if answer.status != 503:
                    break
                self.tries['503'] += 1
            except (OSError, http.client.HTTPException):
                self.tries['connection'] += 1
            if time.monotonic() - began > PATIENCE_S:
                raise AssertionError(f'{method} {target}: not within {PATIENCE_S} s')
            time.sleep(0.05)
        self.tries['answered'] += 1
        type(self).slowest_s = max(self.slowest_s, time.monotonic() - began)
        return answer

    def book(self, number):
        place = self.places[number % len(self.places)]
        starts = [{'date': day(1 + ahead), 'time': time_of_day} for ahead in range(DAYS) for time_of_day in TIMES]
        for guest in self.guests[number * GUESTS:(number + 1) * GUESTS]:
            with self.front.client(guest) as client:
                for n, start in enumerate(starts):
                    if self.is_over.is_set():
                        return
                    answer = self.insist(client, 'POST', '/customer/reservations',
                                         json.dumps({'restaurant_id': place, 'party_size': 2, **start}).encode(), f'key {n}')
                    assert answer.status == 201, (start, answer)
                    self.made[answer.json['id']] = start
                    time.sleep(PAUSE_S)

    def read(self, number):
        with self.front.client(self.guests[number]) as client:
            while not self.is_over.is_set():
                for target in (f'/public/restaurants/{self.places[number]}/availability?date={day(3)}&party_size=2',
                               '/public/restaurants?lat=55.68&lon=12.57&radius=5', '/customer/reservations?limit=5'):
                    answer = self.insist(client, 'GET', target)
                    assert answer.status == 200, answer
                time.sleep(0.01)

    def test_nobody_notices(self):
        watchers = [Watcher(self.front, place, self.owner) for place in self.places for _ in range(2)]
        watching = Threads(len(watchers), lambda number: watchers[number].run())
        booking = Threads(BOOKERS + READERS, lambda number: self.book(number) if number < BOOKERS else self.read(number - BOOKERS))
        ends = []
        try:
            wait_for(lambda: len(self.made) > 40 or booking.failures, PATIENCE_S, 'they book')
            for node in self.nodes:
                began = time.monotonic()
                self.assertEqual(node.stop(), 0, node.child.log()[-1000:])
                ends.append(time.monotonic() - began)
                before = len(self.made)
                node.start()
                # Until haproxy sends it requests again (searches go in turn to all), and some more.
                wait_for(lambda: node.requests('/public/restaurants') > 0 or booking.failures, PATIENCE_S, f'{node.name} is asked again')
                wait_for(lambda: len(self.made) > before + 40 or booking.failures, PATIENCE_S, 'they book on')
        finally:
            self.is_over.set()
            try:
                booking.join(PATIENCE_S + 5)
                last = {place: int(self.database.sql(f"select max(seq + (windows is not null)::int) from restaurant_events "
                                                     f"where restaurant_id = '{place}'")) for place in self.places}
                wait_for(lambda: all(each.seq == last[each.place] for each in watchers) or watching.failures, 15, 'all is heard')
            finally:
                for each in watchers:
                    each.is_over = True
                watching.join(PATIENCE_S)
        self.assertEqual([each.seq for each in watchers], [last[each.place] for each in watchers])
        self.assertTrue(all(each.resumed > 0 for each in watchers), [each.resumed for each in watchers])
        stored = self.database.sql('select count(*), count(distinct id) from customer_reservations').split('|')
        self.assertEqual(stored, [str(len(self.made))] * 2, 'each booking once')
        print(f'{len(self.made)} bookings, {self.tries["answered"]} requests answered, tried again after a 503: {self.tries["503"]}, '
              f'after a connection that ended: {self.tries["connection"]}; the slowest took {self.slowest_s:.2f} s; nodes ended after '
              f'{", ".join(f"{each:.1f}" for each in ends)} s; sockets resumed {sum(each.resumed for each in watchers)} times and heard '
              f'{sum(each.events for each in watchers)} events', file=sys.stderr)


if __name__ == '__main__':
    unittest.main()
