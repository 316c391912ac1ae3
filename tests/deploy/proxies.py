"""The samples for nginx and haproxy in front of two real nodes on one database: TLS, WebSockets, who is asking, and one node for all
that concerns one restaurant.
"""
import http.client, subprocess, unittest, uuid

import paths  # noqa: F401
from stack import Database, Folder, HttpClient, Node, haproxy, make_certificate, make_restaurant, mint, needs, nginx
from world import day

QUOTA = 60
AVAILABILITY = '/public/restaurants/{}/availability'


def setUpModule():
    global folder, nodes, rules, chain, owner, guest, place
    folder = unittest.enterModuleContext(Folder())
    database = unittest.enterModuleContext(Database(folder))
    options = ('--migrate', '--requests-per-address-per-min', str(QUOTA))
    nodes = [unittest.enterModuleContext(Node(name, folder, database.url, *options)) for name in ('one', 'two')]
    rules, chain = nodes[0].rules(), make_certificate(folder)
    owner, guest = mint(database.url, 'staff', 'o@example.test'), mint(database.url, 'customer', 'g@example.test')
    place = make_restaurant(nodes, owner, 1)


class Proxied:
    """`start`: the proxy; `net`: clients' addresses that nobody else uses; `ahead`: a day of its own."""

    @classmethod
    def setUpClass(cls):
        child, cls.front, cls.plain = cls.start(folder, nodes, chain)
        cls.enterClassContext(child)

    def client(self, host, token=None):
        return self.front.client(token, f'{self.net}.{host}', rules)

    def ask(self, host, of=None, **more):
        with self.client(host) as client:
            return client.get(self.availability(of or place), **more)

    def availability(self, of):
        return f'/public/restaurants/{of}/availability?date={day(self.ahead)}&party_size=2'

    def test_a_booking_seen_on_a_socket(self):
        with self.front.socket(f'/ws/restaurants/{place}', owner, rules=rules) as staff, \
                self.front.socket('/ws/customer', guest, as_subprotocol=True, rules=rules) as customer:
            self.assertEqual(staff.next(5)['type'], 'hello')
            self.assertEqual(customer.next(5)['type'], 'hello')
            with self.client('0.1', guest) as client:
                made = client.post('/customer/reservations', {'restaurant_id': place, 'date': day(self.ahead), 'time': '19:00',
                                                              'party_size': 2}, f'a key for {self.ahead}')
                self.assertEqual(made.status, 201, made)
            heard = staff.expect('customer_reservation_received', timeout_s=10)
            self.assertEqual(heard['data']['id'], made.json['id'])
            staff.ping()

    def test_both_versions_of_http(self):
        for version in ('1.1', '2'):
            done = subprocess.run(['curl', '-s', f'--http{version}', '--interface', f'{self.net}.0.4', '--cacert', folder / 'qtable.crt',
                                   '--connect-to', f'localhost:{self.front.port}:127.0.0.1:{self.front.port}', '-o', '/dev/null',
                                   '-w', '%{http_version} %{http_code}', f'https://localhost:{self.front.port}{self.availability(place)}'],
                                  capture_output=True, text=True, timeout=20, check=False)
            self.assertEqual((done.returncode, done.stdout), (0, f'{version} 200'), done.stderr)

    def test_without_tls_one_is_sent_there(self):
        with HttpClient(self.plain) as client:
            answer = client.exchange('GET', '/version', None, {}, 10)
        self.assertEqual((answer.status, answer.header('Location').split(':')[0]), (308, 'https'))

    def test_what_is_not_for_everybody(self):
        with self.client('0.5') as client:
            self.assertEqual(client.get('/readyz').status, 200)
            for hidden in ('/metrics', '/_test/clock'):
                self.assertEqual(client.exchange('GET', hidden, None, {}, 10).status, 404)

    def exhaust(self, ask):
        """Always another invention of who asks; the one who really does is refused in the end."""
        for i in range(QUOTA * 10):
            status = ask({'X-Forwarded-For': f'203.0.113.{i % 250}'})
            if status == 429:
                return
            self.assertEqual(status, 200)
        self.fail('never refused')

    def test_who_asks(self):
        """Each address has its own quota, whatever it says of itself."""
        with self.client('0.20') as client:
            self.exhaust(lambda headers: client.get(self.availability(place), headers=headers).status)
        self.assertEqual(self.ask('0.21').status, 200)

    def test_one_node_for_a_restaurant(self):
        """Asked from several addresses: always the same node; of many restaurants each node has some."""
        had = set()
        for number in range(20):
            asked, before = str(uuid.uuid4()), [node.requests(AVAILABILITY) for node in nodes]
            for i in range(3):
                self.ask(f'1.{number * 3 + i}', asked)
            moved = [node.requests(AVAILABILITY) - was for node, was in zip(nodes, before)]
            self.assertIn(moved, ([3, 0], [0, 3]))
            had.add(moved[0] > 0)
        self.assertEqual(had, {True, False})

    def test_one_that_is_gone(self):
        """A node that is killed: the other one answers for it, at once or when its absence was noticed."""
        nodes[1].child.process.kill()
        nodes[1].child.process.wait()
        try:
            for i in range(20):
                answer = self.ask(f'2.{i}', uuid.uuid4())
                self.assertEqual(answer.status, 404, answer)
        finally:
            nodes[1].start()


@needs('haproxy', 'openssl')
class Haproxy(Proxied, unittest.TestCase):
    start, net, ahead = staticmethod(haproxy), '127.1', 3

    def test_a_booking_goes_to_the_node_of_its_restaurant(self):
        for number in range(12):
            asked, before = str(uuid.uuid4()), self.counts()
            self.ask(f'3.{number}', asked)
            with self.client(f'3.{number}', guest) as client:
                refused = client.post('/customer/reservations', {'restaurant_id': asked, 'date': day(3), 'time': '19:00', 'party_size': 2})
                self.assertEqual(refused.status, 404, refused)
            moved = [(read - read_before, booked - booked_before)
                     for (read, booked), (read_before, booked_before) in zip(self.counts(), before)]
            self.assertEqual(sorted(moved), [(0, 0), (1, 1)])

    def counts(self):
        return [(node.requests(AVAILABILITY), node.requests('/customer/reservations', 'POST')) for node in nodes]

    def test_who_is_not_believed(self):
        """Straight to a node, from an address that is no proxy."""
        connection = http.client.HTTPConnection('127.0.0.1', nodes[0].port, timeout=10, source_address=('127.1.4.1', 0))
        self.addCleanup(connection.close)

        def ask(headers):
            connection.request('GET', self.availability(place), headers=headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status

        self.exhaust(ask)


@needs('nginx', 'openssl')
class Nginx(Proxied, unittest.TestCase):
    start, net, ahead = staticmethod(nginx), '127.2', 4


if __name__ == '__main__':
    unittest.main()
