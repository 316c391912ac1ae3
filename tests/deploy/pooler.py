"""The sample for pgbouncer in transaction mode between a node and its database: bookings, reads, sockets and staff work, also when
the pooler is restarted.
"""
import subprocess, unittest
from concurrent.futures import ThreadPoolExecutor

import paths  # noqa: F401
from client import wait_for
from stack import Child, Database, Folder, Node, PASSWORD, found, free_port, make_restaurant, mint, needs, other_user, sample
from world import day

GUESTS, TABLES = 8, 4


@needs('pgbouncer')
class Pooler(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(Folder())
        cls.database = cls.enterClassContext(Database(cls.folder))
        cls.port = free_port()
        (cls.folder / 'users').write_text(f'"qtable" "{PASSWORD}"\n')
        (cls.folder / 'pgbouncer.ini').write_text(sample('pgbouncer.ini', {
            'host=10.0.0.20 port=5432': f'host=127.0.0.1 port={cls.database.port}', 'listen_port = 6432': f'listen_port = {cls.port}',
            '/etc/pgbouncer/userlist.txt': cls.folder / 'users'}) + 'unix_socket_dir =\nadmin_users = qtable\n')
        # Straight to PostgreSQL: the schema.
        with Node('first', cls.folder, cls.database.url, '--migrate'):
            cls.owner = mint(cls.database.url, 'staff', 'o@example.test')
            cls.guests = [mint(cls.database.url, 'customer', f'{i}@example.test') for i in range(GUESTS)]
        cls.start_pooler()
        cls.addClassCleanup(lambda: cls.pooler.__exit__())
        url = cls.database.url.replace(f':{cls.database.port}/', f':{cls.port}/')
        cls.node = cls.enterClassContext(Node('pooled', cls.folder, url, '--db-prepare=false', '--requests-per-address-per-min', '0'))
        cls.place = make_restaurant([cls.node], cls.owner, TABLES)

    @classmethod
    def start_pooler(cls):
        cls.pooler = Child('pgbouncer', cls.folder, [found('pgbouncer'), cls.folder / 'pgbouncer.ini'], cwd='/',
                           **other_user('postgres')).wait_port(cls.port)

    def wish(self, number, ahead, key):
        with self.node.client(self.guests[number]) as client:
            return client.post('/customer/reservations', {'restaurant_id': self.place, 'date': day(ahead), 'time': '19:00',
                                                          'party_size': 2}, key, may_fail=True)

    def test_1_everything_works(self):
        rules = self.node.rules()
        with self.node.client(self.owner) as staff:
            staff.rules = rules
            for ahead in range(1, 6):
                with ThreadPoolExecutor(GUESTS) as pool:
                    answers = list(pool.map(lambda number: self.wish(number, ahead, f'{number} {ahead}'), range(GUESTS)))
                self.assertEqual(sorted(answer.status for answer in answers), [201] * TABLES + [409] * (GUESTS - TABLES), answers)
                listed = staff.get(f'/restaurants/{self.place}/customer-reservations?date={day(ahead)}').json['items']
                self.assertEqual({each['id'] for each in listed}, {answer.json['id'] for answer in answers if answer.status == 201})
            first = next(number for number in range(GUESTS) if answers[number].status == 201)
            again = self.wish(first, 5, f'{first} 5')
            self.assertEqual((again.status, again.body), (201, answers[first].body), 'a replay')
        with self.node.client(self.guests[first]) as client:
            client.rules = rules
            self.assertEqual(client.get('/customer/reservations').status, 200)
            self.assertEqual(client.delete(f'/customer/reservations/{again.json["id"]}').status, 200)
            self.assertEqual(client.get('/public/restaurants?lat=55.68&lon=12.57').json['items'][0]['id'], self.place)
        self.assertEqual(self.database.sql('select count(*) from customer_reservations'), str(5 * TABLES))

    def test_2_a_restart_of_the_pooler(self):
        self.pooler.__exit__()
        self.assertEqual(self.wish(0, 10, 'while it is away').status, 503)
        self.start_pooler()
        made = wait_for(lambda: (answer := self.wish(0, 10, 'while it is away')).status != 503 and answer, 20, 'it is back')
        self.assertEqual(made.status, 201, made)

    def test_3_a_node_that_starts_behind_it(self):
        """Reads all there is through the pooler."""
        self.node.stop()
        self.node.start()
        with self.node.client() as client:
            slots = client.get(f'/public/restaurants/{self.place}/availability?date={day(1)}&party_size=2').json['slots']
        self.assertEqual({slot['time']: slot['available_tables'] for slot in slots}.get('19:00', 0), 0)

    def test_4_it_was_in_transaction_mode(self):
        done = subprocess.run(['psql', '-h', '127.0.0.1', '-p', str(self.port), '-U', 'qtable', '-d', 'pgbouncer', '-XAtc', 'show pools'],
                              capture_output=True, text=True, timeout=20, check=False,
                              env={'PGPASSWORD': PASSWORD, 'PATH': '/usr/bin:/bin'})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('transaction', [line.split('|')[-1] for line in done.stdout.splitlines() if line.startswith('qtable|')])


if __name__ == '__main__':
    unittest.main()
