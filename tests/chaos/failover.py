"""PostgreSQL fails over under load: a primary and its synchronous standby, two nodes that know both. What was confirmed is on the new
primary, writes go on soon, the old primary never confirms anything again, and what a standby lacks is neither confirmed nor remembered.
"""
import collections, contextlib, datetime, pathlib, shutil, subprocess, tempfile, threading, time, unittest

import paths  # noqa: F401
from client import wait_for
from network import Network
from node_faults import RESUMED_S
from pair import REPLICA, Pair
from program import Program
from proxy import Orders, Proxy, Weather

CUSTOMERS, TABLES, TURN_MIN = 6, 40, 90
BEFORE_S, AFTER_S, READING_S, PAUSE_S = 3, 2, 2, 0.2
DAY_NAMES = ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')
HOURS = [f'{hour}:00' for hour in range(10, 22, 2)]


def day(number):
    return (datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=2 + number)).isoformat()


class Load:
    """Customers who book one thing after the other, through any node, until told to stop. `answers`: (began, ended, status, id, key)."""

    def __init__(self, test, nodes):
        self.test, self.nodes, self.is_over, self.answers, self.wrong = test, nodes, False, [], []
        self.threads = [threading.Thread(target=self.book, args=(number,)) for number in range(CUSTOMERS)]
        for thread in self.threads:
            thread.start()

    def book(self, number):
        with contextlib.ExitStack() as kept:
            self.book_all(number, [kept.enter_context(node.client(self.test.guests[number])) for node in self.nodes])

    def book_all(self, number, clients):
        wishes = ((day(ahead), hour) for ahead in range(25) for hour in HOURS)
        for count, (date, hour) in enumerate(wishes):
            key = f'{self.test.id()}-{number}-{count}'
            for attempt in range(200):
                if self.is_over:
                    return
                status = self.wish(clients[(count + attempt) % len(clients)], date, hour, key)
                if status not in (None, 503):
                    break
                time.sleep(0.05)
            if status not in (201, 409):
                self.wrong.append((key, status))
            time.sleep(PAUSE_S)  # so that there is something to wish for until the end

    def wish(self, client, date, hour, key):
        began = time.monotonic()
        try:
            answer = client.post('/customer/reservations', {'restaurant_id': self.test.place, 'date': date, 'time': hour,
                                                            'party_size': 2, 'special_requests': key}, key, may_fail=True)
        except OSError:
            return None
        made = answer.json['id'] if answer.status == 201 else None
        self.answers.append((began, time.monotonic(), answer.status, made, key))
        return answer.status

    def confirmed_after(self, moment):
        return [each for each in list(self.answers) if each[2] == 201 and each[0] >= moment]

    def stop(self):
        self.is_over = True
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive()


class Failover(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='qtable-failover-'))
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.pair = Pair(self.folder)
        self.addCleanup(self.pair.end)
        self.pair.make()
        self.network = Network(self.pair.socket_paths, 2)
        self.addCleanup(self.network.close)
        self.nodes = [Program(self.folder, self.network.conninfo(number), number) for number in range(2)]
        for node in self.nodes:
            node.options = ['--bookings-per-customer', '0']
            self.addCleanup(node.end)
            node.start()
        first = self.nodes[0]
        owner = first.mint(self.pair.conninfo, 'staff', 'owner@example.test')
        self.guests = first.minted(self.pair.conninfo, 'customer', [f'{n}@example.test' for n in range(CUSTOMERS)])
        with first.client(owner) as client:
            made = client.post('/restaurants', {'name': 'House', 'latitude': 55.68, 'longitude': 12.57, 'timezone': 'UTC',
                                                **{f'hours_{name}': '10:00-23:59' for name in DAY_NAMES}})
            assert made.status == 201, made
            self.place = made.json['id']
            client.patch(f'/restaurants/{self.place}/booking-rules', {'turn_times': [{'up_to_party': 20, 'minutes': TURN_MIN}]})
            for label in range(TABLES):
                assert client.post(f'/restaurants/{self.place}/tables', {'label': f'T{label}', 'capacity': 2}).status == 201
        for node in self.nodes:
            wait_for(lambda node=node: self.free(node, day(0)) == TABLES, 15, 'the house is known')

    def free(self, node, date, hour='12:00'):
        with contextlib.suppress(OSError), node.client() as client:
            answer = client.get(f'/public/restaurants/{self.place}/availability?date={date}&party_size=2', may_fail=True)
            if answer.status == 200:
                return {slot['time']: slot['available_tables'] for slot in answer.json['slots']}.get(hour)
        return None

    def wish(self, node, guest, date, key, timeout_s=40):
        with node.client(self.guests[guest]) as client:
            return client.post('/customer/reservations', {'restaurant_id': self.place, 'date': date, 'time': '12:00', 'party_size': 2,
                                                          'special_requests': key}, key, may_fail=True, timeout_s=timeout_s)

    def stored(self):
        return {row['id']: row for row in self.pair.rows('select id, status, special_requests as key from customer_reservations')}

    def check_all_is_well(self):
        seqs = self.pair.rows(f"select seq, windows is not null as two from restaurant_events where restaurant_id = '{self.place}' "
                              'order by seq')
        expected = 1
        for row in seqs:
            self.assertEqual(row['seq'], expected, 'the log has a hole')
            expected += 2 if row['two'] else 1
        wait_for(lambda: self.nodes[0].check(self.pair.conninfo) == [], 15, 'memory is what the database has')
        for node in self.nodes:
            self.assertIsNone(node.process.poll())

    def test_under_load(self):
        load = Load(self, self.nodes)
        try:
            wait_for(lambda: len(load.confirmed_after(0)) > 50, 30, 'bookings')
            time.sleep(BEFORE_S)
            self.pair.kill()
            killed = time.monotonic()
            self.pair.promote()
            promoted = time.monotonic()
            first = wait_for(lambda: load.confirmed_after(promoted), 3 * RESUMED_S, 'writes go on')[0]
            took_s = first[1] - promoted
            time.sleep(AFTER_S)
            self.pair.bring_back_reading()
            back = time.monotonic()
            time.sleep(READING_S)
            self.assertTrue(load.confirmed_after(back), 'writes go on beside an old primary that reads only')
            # It knows nothing of what was confirmed meanwhile, and nobody has written there.
            newest = max(load.confirmed_after(promoted))[3]
            self.assertEqual(self.pair.standby.sql(f"select count(*) from customer_reservations where id = '{newest}'"), '0')
            self.pair.attach()
            attached = time.monotonic()
            wait_for(lambda: load.confirmed_after(attached), RESUMED_S, 'writes go on with a standby again')
        finally:
            load.stop()
        stored, confirmed = self.stored(), [each for each in load.answers if each[2] == 201]
        lost = [each for each in confirmed if each[3] not in stored]
        self.assertEqual(lost, [])
        keys = collections.Counter(row['key'] for row in stored.values())
        self.assertEqual([key for key, count in keys.items() if count > 1], [])
        self.assertEqual(load.wrong, [])
        self.assertLessEqual(took_s, RESUMED_S)
        self.check_all_is_well()
        print(f'{len(confirmed)} confirmed, none lost; promoted {promoted - killed:.2f} s after the kill, the first booking '
              f'{took_s:.2f} s after that; {sum(each[2] == 503 for each in load.answers)} were told 503', flush=True)

    def test_nothing_is_confirmed_that_the_standby_lacks(self):
        """The primary dies while a commit waits, and comes back with it: whoever asks again isn't told so before the standby has it."""
        self.pair.standby.kill()
        answers = []
        waits = threading.Thread(target=lambda: answers.append(self.wish(self.nodes[0], 0, day(0), 'waits')))
        waits.start()
        wait_for(lambda: self.pair.sql("select count(*) from pg_stat_activity where wait_event = 'SyncRep'", 'postgres') == '1', 10,
                 'a commit waits for the standby')
        self.assertEqual(self.stored(), {})
        self.pair.kill()
        self.pair.start()
        self.assertEqual([row['key'] for row in self.stored().values()], ['waits'], 'the primary has it')
        again = self.wish(self.nodes[1], 0, day(0), 'waits')
        waits.join(60)
        self.assertEqual([answer.status for answer in (*answers, again)], [503, 503])
        self.pair.kill()
        self.pair.standby.start(**REPLICA)
        self.pair.promote()
        self.assertEqual(self.stored(), {}, 'the standby never had it')
        made = wait_for(lambda: (answer := self.wish(self.nodes[1], 0, day(0), 'waits')).status == 201 and answer, RESUMED_S, 'a booking')
        self.assertEqual(list(self.stored()), [made.json['id']])
        self.check_all_is_well()

    def test_what_an_asynchronous_standby_lacks_is_forgotten(self):
        """Without a synchronous standby the last commits may be lost. Memory follows the database back, and the log has no hole."""
        self.pair.configure(self.pair.primary, '')
        self.assertEqual(self.wish(self.nodes[0], 0, day(0), 'kept').status, 201)
        wait_for(lambda: self.pair.standby.sql('select count(*) from customer_reservations') == '1', 10, 'the standby has it')
        self.pair.standby.kill()
        self.assertEqual(self.wish(self.nodes[0], 1, day(0), 'lost').status, 201)
        for node in self.nodes:
            wait_for(lambda node=node: self.free(node, day(0)) == TABLES - 2, 10, 'both are shown')
        self.pair.kill()
        self.pair.standby.start(**REPLICA)
        self.pair.promote()
        for node in self.nodes:
            wait_for(lambda node=node: self.free(node, day(0)) == TABLES - 1, RESUMED_S, 'the lost one is not shown any more')
        self.assertEqual(wait_for(lambda: (answer := self.wish(self.nodes[1], 2, day(0), 'new')).status == 201 and answer, RESUMED_S,
                                  'a booking').status, 201)
        self.assertEqual(sorted(row['key'] for row in self.stored().values()), ['kept', 'new'])
        self.check_all_is_well()

    def test_a_name_that_leads_elsewhere_after_it(self):
        """One host name, as behind a service or a managed database: its address changes, and no node is restarted."""
        if subprocess.run(['unshare', '-m', 'true'], capture_output=True, check=False).returncode != 0:
            self.skipTest('names can be moved by root alone')
        ways = [Proxy(self.pair.socket_paths[0], Orders(), Weather())]
        ways.append(Proxy(self.pair.socket_paths[1], Orders(), Weather(), ('127.0.0.2', ways[0].port)))
        for way in ways:
            self.addCleanup(way.close)
        hosts = self.folder / 'hosts'
        hosts.write_text('127.0.0.1 database.test\n')
        node = Program(self.folder, f'host=database.test port={ways[0].port} user=qtable dbname=qtable sslmode=disable', 2)
        node.before = ['unshare', '-m', 'sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"', hosts]
        self.addCleanup(node.end)
        node.start()
        self.assertEqual(self.wish(node, 0, day(0), 'before').status, 201)
        self.pair.kill()
        ways[0].close()
        self.pair.promote()
        hosts.write_text('127.0.0.2 database.test\n')
        began = time.monotonic()
        wait_for(lambda: self.wish(node, 1, day(0), 'after').status == 201, RESUMED_S, 'a booking')
        print(f'the name was followed after {time.monotonic() - began:.1f} s', flush=True)
        self.assertEqual(sorted(row['key'] for row in self.stored().values()), ['after', 'before'])


if __name__ == '__main__':
    unittest.main()
