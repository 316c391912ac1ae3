"""Sockets that missed much: they get all of it in order, at the pace that they read, while more is said, after a restart
too; and who asks for it costs the others nothing.
"""
import pathlib, re, threading, unittest

from client import WebSocket
from server import Threads
from two_houses import TwoHouses
from world import day

TIMES = [f'{hour:02}:{minute:02}' for hour in range(24) for minute in (0, 15, 30, 45)]
# What is told of a whole day again is larger than what a socket may have waiting: every start, parties of one to twenty.
DAYS = [day(number) for number in range(40, 46)]


class Resume(TwoHouses):
    def setUp(self):
        self.place = self.a['restaurant_id']
        self.targets = ((f'/ws/public/restaurants/{self.place}', None), (f'/ws/restaurants/{self.place}', self.token('owner')))

    def hello(self, target, token):
        with self.server.socket(target, token) as socket:
            return socket.next()

    def publish(self, number, dates=DAYS, times=TIMES):
        made = self.clients['owner'].post(f'/restaurants/{self.place}/availability', {
            'dates': dates, 'times': times, 'party_sizes': [1, 2, 3, 4], 'available_tables': number % 5 + 1})
        self.assertEqual(made.status, 201, made)

    def resumed(self, target, token, hello, since=None):
        since = hello['seq'] if since is None else since
        # Megabytes come: that each event is as documented is looked at elsewhere.
        return WebSocket(self.server.port, f'{target}?epoch={hello["epoch"]}&since_seq={since}', token)

    def read_to(self, socket, seq, timeout_s=10):
        """Everything up to that number; the numbers of it."""
        greeting = socket.next(timeout_s)
        self.assertEqual(greeting['type'], 'hello')
        seqs = []
        while not seqs or seqs[-1] < seq:
            event = socket.next(timeout_s)
            self.assertNotIn(event['type'], ('hello', 'resync_required'))
            seqs.append(event['seq'])
        return seqs

    def assert_all(self, seqs, hello, last):
        self.assertEqual(seqs, list(range(hello['seq'] + 1, last + 1)))

    def test_1_much_was_missed(self):
        before = [self.hello(*each) for each in self.targets]
        for number in range(4):
            self.publish(number)
        for (target, token), hello in zip(self.targets, before):
            last = self.hello(target, token)['seq']
            self.assertGreaterEqual(last - hello['seq'], 4 * len(DAYS))
            with self.resumed(target, token, hello) as socket:
                self.assert_all(self.read_to(socket, last), hello, last)
                self.publish(7, DAYS[:1], TIMES[:1])
                self.assertEqual(socket.next(5)['seq'], last + 1, 'and then live')
            with self.resumed(target, token, hello, last) as socket:
                socket.next(5), socket.next(5)

    def test_2_while_more_is_said(self):
        for target, token in self.targets:
            hello, is_over = self.hello(target, token), threading.Event()
            self.publish(1)

            def go_on(_, is_over=is_over):
                number = 0
                while not is_over.is_set():
                    number += 1
                    self.publish(number, DAYS[number % 6:number % 6 + 1], TIMES[number % 90:number % 90 + 6])

            publishing = Threads(1, go_on)
            try:
                with self.resumed(target, token, hello) as socket:
                    seqs = self.read_to(socket, hello['seq'] + 60)
                    is_over.set()
                    publishing.join(10)
                    last = self.hello(target, token)['seq']
                    while seqs[-1] < last:
                        seqs.append(socket.next(5)['seq'])
                    self.assert_all(seqs, hello, last)
                    with self.assertRaises(TimeoutError):
                        socket.next(0.2)
            finally:
                is_over.set()

    def test_3_cut_off_and_back(self):
        """Reads now and then; wherever it is cut off it goes on from there, and gets to the end."""
        target, token = self.targets[0]
        hello = self.hello(target, token)
        for number in range(3):
            self.publish(number)
        last, seen, connections = self.hello(target, token)['seq'], hello['seq'], 0
        while seen < last:
            connections += 1
            self.assertLess(connections, 30, 'no progress')
            with self.resumed(target, token, hello, seen) as socket:
                self.assertEqual(socket.next(5)['type'], 'hello')
                for _ in range(2):
                    if seen < last:
                        event = socket.next(5)
                        self.assertEqual(event['seq'], seen + 1)
                        seen += 1

    def test_4_who_asks_costs_nobody_anything(self):
        """A stranger asks for hundreds of whole days and reads nothing of it."""
        target, token = self.targets[0]
        hello = self.hello(target, token)
        for number in range(40):
            self.publish(number, [day(number) for number in range(50, 56)], [TIMES[0], TIMES[-1]])
        status = pathlib.Path(f'/proc/{self.server.process.pid}/status')
        peak = lambda: int(re.search(r'VmHWM:\s+(\d+)', status.read_text()).group(1))
        before, held = peak(), []
        try:
            for _ in range(10):
                held.append(self.resumed(target, token, hello))
                self.assertEqual(self.http.get('/livez').status, 200)
            self.assertLess(peak() - before, 24 * 1024, 'KiB at the highest')
        finally:
            for each in held:
                each.socket.close()

    def test_5_after_a_restart(self):
        before = [self.hello(*each) for each in self.targets]
        for number in range(60):  # more than memory holds of it
            self.publish(number, DAYS, TIMES[:2])
        self.publish(1)
        self.server.stop()
        self.server.start()
        for each in (self.http, *self.clients.values()):
            each.close()
            each.port = self.server.port
        for (target, token), hello in zip(self.targets, before):
            last = self.hello(target, token)['seq']
            self.assertGreater(last - hello['seq'], 256)
            with self.resumed(target, token, hello) as socket:
                self.assert_all(self.read_to(socket, last, 15), hello, last)
                with self.assertRaises(TimeoutError):
                    socket.next(0.2)


if __name__ == '__main__':
    unittest.main()
