"""The end of a server: SIGTERM while everybody books, the grace before it, a second signal. Nothing that was confirmed is
lost, nothing is refused in a wrong way, and it is over in time.
"""
import http.client, signal, threading, time, unittest

from client import Closed, wait_for
from contract import check_problem
from load import overlaps
from server import Threads
from two_houses import TwoHouses
from world import day

OVER_S = 15
BOOKERS = 8


class Stop(TwoHouses):
    options = ('--drain-grace-ms', '700', '--drain-socket-jitter-ms', '1000')

    def book(self, number, log, is_over):
        """Over and over, a new connection whenever the old one is gone."""
        token, count = self.tokens[number], 0
        with self.server.client(token) as client:
            while not is_over.is_set():
                place = (self.a, self.b)[count % 2]['restaurant_id']
                body = {'restaurant_id': place, 'date': day(11 + number * 5 + count // 10 % 5),
                        'time': f'{count % 10 * 2:02}:00', 'party_size': 2 + count // 50 % 3}
                key = f'{number}-{count}'
                count += 1
                try:
                    log.append((token, key, body, client.post('/customer/reservations', body, key, may_fail=True)))
                except (OSError, http.client.HTTPException):
                    log.append((token, key, body, None))
                    if self.server.process is None or self.server.process.poll() is not None:
                        return
                    time.sleep(0.01)

    def test_1_sigterm_while_everybody_books(self):
        self.tokens = [self.newcomer(f'booker-{number}', 'customer')['access_token'] for number in range(BOOKERS)]
        logs, is_over = [[] for _ in self.tokens], threading.Event()
        watching = [self.server.socket(f'/ws/restaurants/{self.a["restaurant_id"]}', self.token('owner')) for _ in range(3)]
        codes, threads = [], Threads(BOOKERS, lambda number: self.book(number, logs[number], is_over))

        def watch(number):
            with self.assertRaises(Closed) as closed:
                while True:
                    watching[number].next(OVER_S)
            codes.append(closed.exception.code)

        watchers = Threads(len(watching), watch)
        confirmed = lambda: sum(each[3] is not None and each[3].status == 201 for log in logs for each in list(log))
        wait_for(lambda: confirmed() > 60, 20, 'they book')
        began, process = time.monotonic(), self.server.process
        process.send_signal(signal.SIGTERM)
        with self.server.client() as client:
            ready = wait_for(lambda: (answer := client.get('/readyz')).status == 503 and answer, 2, 'not ready')
            self.assertEqual(client.get('/livez').status, 200, 'alive in the grace')
        self.assertIn(b'draining', ready.body)
        self.assertEqual(process.wait(OVER_S), 0)
        self.assertLess(time.monotonic() - began, OVER_S)
        is_over.set()
        threads.join(10)
        watchers.join(5)
        self.assertEqual(codes, [1012] * len(watching))
        for each in watching:
            told = [event for event in each.events if event['type'] == 'going_away']
            self.assertEqual(told, [{'type': 'going_away', 'reconnect_within_ms': 1000}], 'once, before the close')
        for each in watching:
            each.socket.close()
        self.server.process = None
        self.server.start()
        self.check_after([each for log in logs for each in log])

    def check_after(self, attempts):
        answers = [each[3] for each in attempts if each[3] is not None]
        for answer in answers:
            if answer.status == 503:
                self.assertIn(check_problem(answer)['code'], ('draining', 'database_unavailable'))
            else:
                self.assertIn(answer.status, (201, 409), answer)
        stored = {}
        for token in self.tokens:
            with self.server.client(token) as client:
                stored.update((each['id'], each) for each in client.all_items('/customer/reservations'))
                for mine, key, body, answer in attempts:
                    if mine != token or answer is None or answer.status != 201:
                        continue
                    self.assertEqual(stored.get(answer.json['id']), answer.json)
                    again = client.post('/customer/reservations', body, key)
                    self.assertEqual((again.status, again.body), (201, answer.body))
                    self.assertEqual(again.header('Idempotent-Replayed'), 'true')
        confirmed = sum(answer.status == 201 for answer in answers)
        unknown = sum(each[3] is None or each[3].status == 503 for each in attempts)
        self.assertTrue(confirmed <= len(stored) <= confirmed + unknown, (confirmed, len(stored), unknown))
        self.assertEqual(overlaps(stored.values()), [])

    def test_2_the_second_signal_ends_it_now(self):
        process = self.server.process
        with self.server.socket(f'/ws/public/restaurants/{self.a["restaurant_id"]}') as watching:
            watching.next()
            process.send_signal(signal.SIGTERM)
            wait_for(lambda: 'stopping' in self.server.log(), 5, 'it has begun to stop')
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(3), 1)
        self.server.process = None
        wait_for(lambda: not self.server.database_processes(), 10, 'its database has gone along')
        self.server.start()
        with self.server.client() as client:
            self.assertEqual(client.get('/livez').status, 200)


if __name__ == '__main__':
    unittest.main()
