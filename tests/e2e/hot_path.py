"""What is asked most takes nothing from the heap, and one read and one write for all that came together."""
import re, socket, time, unittest

from server import Server
from world import day

REQUESTS = 20_000
TOGETHER = 16
# The loop's own timers and the questions for the metrics take a little; one string per request would be 16 and more.
BYTES_PER_REQUEST = 8


class HotPath(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server('--threads', '1'))
        cls.server.start()
        cls.owner = cls.server.mint('staff', 'owner@example.test')
        cls.place = cls.server.make_restaurant(cls.owner, (2, 2, 4, 4, 6), is_public=True)
        cls.customer = cls.server.mint('customer', 'ada@example.test')
        with cls.server.client(cls.customer) as client:
            made = client.post('/customer/reservations', {'restaurant_id': cls.place, 'date': day(7), 'time': '19:00', 'party_size': 2}, 'k')
            assert made.status == 201, made

    def metrics(self):
        with self.server.client() as client:
            text = client.get('/metrics').body.decode()
        return {name: int(value) for name, value in re.findall(r'^qtable_(\w+)\{core="0"\} (\d+)$', text, re.M)}

    def settled(self):
        """The counters once a second has passed: the allocator's is told once a second."""
        time.sleep(1.3)
        return self.metrics()

    def ask(self, target, headers='', count=REQUESTS, status=b'200'):
        """In bursts of sixteen on one connection; the first answer's head."""
        request = f'GET {target} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: test\r\n{headers}\r\n'.encode() * TOGETHER
        with socket.create_connection(('127.0.0.1', self.server.port)) as connection:
            first = None
            for _ in range(count // TOGETHER):
                connection.sendall(request)
                received, answers = b'', 0
                while answers < TOGETHER:
                    more = connection.recv(1 << 20)
                    self.assertTrue(more)
                    received += more
                    while (end := received.find(b'\r\n\r\n')) >= 0:
                        head = received[:end]
                        length = re.search(rb'Content-Length: (\d+)', head)
                        size = end + 4 + (int(length.group(1)) if length else 0)
                        if len(received) < size:
                            break
                        self.assertEqual(head[9:12], status)
                        first = first or head.decode()
                        received, answers = received[size:], answers + 1
            return first

    def expect_no_allocation(self, *asked, status=b'200'):
        self.ask(*asked, count=64 * TOGETHER, status=status)
        before = self.settled()
        self.ask(*asked, status=status)
        after = self.settled()
        if after['allocated_bytes_total'] == 0:
            self.skipTest('this build counts no allocations')
        used = after['allocated_bytes_total'] - before['allocated_bytes_total']
        self.assertLess(used / REQUESTS, BYTES_PER_REQUEST, asked)
        for calls in ('socket_reads_total', 'socket_writes_total'):
            # The client's bursts may arrive in pieces, answers of more than the socket takes leave in pieces.
            self.assertLess(after[calls] - before[calls], REQUESTS / TOGETHER * 4, (calls, asked))

    def test_availability(self):
        target = f'/public/restaurants/{self.place}/availability?party_size=2&date='
        self.expect_no_allocation(target + day(7))
        self.expect_no_allocation(target + day(8))
        tag = re.search('ETag: (.*)', self.ask(target + day(7), count=TOGETHER)).group(1).strip()
        self.expect_no_allocation(target + day(7), f'If-None-Match: {tag}\r\n', status=b'304')

    def test_a_booking_changes_the_tag(self):
        target = f'/public/restaurants/{self.place}/availability?party_size=2&date={day(9)}'
        with self.server.client(self.customer) as client:
            seen = {'If-None-Match': client.get(target).header('ETag')}
            self.assertEqual(client.get(target, headers=seen).status, 304)
            booked = client.post('/customer/reservations', {'restaurant_id': self.place, 'date': day(9),
                                                            'time': '19:00', 'party_size': 2}, 'nine')
            self.assertEqual((booked.status, client.get(target, headers=seen).status), (201, 200))
            days = target + '&days=3'
            seen = {'If-None-Match': client.get(days).header('ETag')}
            self.assertEqual(client.get(days, headers=seen).status, 304)
            client.delete(booked.header('Location'))
            self.assertEqual(client.get(days, headers=seen).status, 200)

    def test_search(self):
        self.expect_no_allocation('/public/restaurants?lat=55.68&lon=12.57&radius=3&limit=20')
        self.expect_no_allocation(f'/public/restaurants?lat=55.68&lon=12.57&radius=3&date={day(7)}&time=19:00&party_size=2')

    def test_a_string_a_request_would_be_seen(self):
        before = self.settled()
        self.ask(f'/public/restaurants/{self.place}', count=REQUESTS // 4)
        used = self.settled()['allocated_bytes_total'] - before['allocated_bytes_total']
        if before['allocated_bytes_total'] == 0:
            self.skipTest('this build counts no allocations')
        self.assertGreater(used / (REQUESTS // 4), BYTES_PER_REQUEST, 'an answer that is made as a value')


if __name__ == '__main__':
    unittest.main()
