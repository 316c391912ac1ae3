"""Two nodes that divide the restaurants among themselves: each serves its own part and says 421 to the other's, both together have
everything, and what concerns restaurants of both parts works through either.
"""
import re, subprocess, time, unittest

from client import UpgradeRefused, wait_for
from nodes import SHOWN_S, Second
from server import BINARY, PASSWORD, Server
from world import World, day, own_import


def part_of(restaurant, parts):
    """As the documents say it."""
    return int(restaurant[-8:], 16) % parts + 1


class Partition(World):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server('--no-fsync', '--threads', '2', '--partition', '1/2'))
        cls.server.start()
        cls.owner, = cls.server.minted('staff', ['owner@example.test'])
        cls.ada, cls.bo = cls.server.minted('customer', ['ada@example.test', 'bo@example.test'])
        cls.second = Second(cls.server, '--partition', '2/2').start()
        cls.addClassCleanup(lambda: cls.second.kill())
        time.sleep(2.5)  # they have heard of each other
        cls.nodes = [cls.server, cls.second]
        cls.places = [[cls.make_at(node, f'House {part}{i}') for i in 'abc'] for part, node in enumerate(cls.nodes, 1)]

    @classmethod
    def make_at(cls, node, name):
        return Server.make_restaurant(node, cls.owner, [2, 4], name=name)

    def test_a_restaurant_is_of_the_part_of_the_node_that_made_it(self):
        for part, made in enumerate(self.places, 1):
            self.assertEqual({part_of(each, 2) for each in made}, {part})

    def misdirected(self, answer):
        self.assertEqual((answer.status, answer.code), (421, 'misdirected'), answer)
        self.assertIsNone(answer.header('Retry-After'))

    def test_each_serves_its_own_and_refuses_the_others(self):
        for mine, others in ((0, 1), (1, 0)):
            node, date = self.nodes[mine], day(3)
            place, foreign = self.places[mine][0], self.places[others][0]
            with node.client() as client, node.client(self.owner) as owner, node.client(self.ada) as ada:
                availability = f'availability?date={date}&party_size=2'
                self.assertEqual(client.get(f'/public/restaurants/{place}/{availability}').status, 200)
                self.assertEqual(owner.get(f'/restaurants/{place}/floor').status, 200)
                for target in ('', f'/{availability}', '/reviews', '/wait-estimates'):
                    self.misdirected(client.get(f'/public/restaurants/{foreign}{target}'))
                for target in ('', '/floor', '/tables', '/activity', '/updates', '/customer-reservations'):
                    self.misdirected(owner.get(f'/restaurants/{foreign}{target}'))
                self.misdirected(owner.patch(f'/restaurants/{foreign}', {'name': 'Not here'}))
                wanted = {'restaurant_id': foreign, 'date': date, 'time': '12:00', 'party_size': 2}
                for key in (None, f'foreign {mine}'):
                    self.misdirected(ada.post('/customer/reservations', wanted, key))
                self.misdirected(ada.post('/customer/holds', wanted))
                self.misdirected(ada.post('/customer/waitlist', {'restaurant_id': foreign, 'party_size': 2}))
                for target, token in ((f'/ws/public/restaurants/{foreign}', None), (f'/ws/restaurants/{foreign}', self.owner)):
                    with self.assertRaises(UpgradeRefused) as refused:
                        node.socket(target, token)
                    self.misdirected(refused.exception.answer)
                self.assertEqual(client.get('/public/restaurants/no-id').status, 404)
                self.assertEqual(client.get('/problems/misdirected').status, 200)
                # The key was not used up by being sent to the wrong node.
                with self.nodes[others].client(self.ada) as there:
                    made = there.post('/customer/reservations', wanted, f'foreign {mine}')
                    self.assertEqual(made.status, 201, made)
                    self.assertEqual(there.delete(f'/customer/reservations/{made.json["id"]}').status, 200)

    def found(self, node):
        with node.client() as client:
            return {each['id'] for each in client.all_items('/public/restaurants?lat=55.68&lon=12.57&radius=50')}

    def test_both_together_have_everything(self):
        for node, made in zip(self.nodes, self.places):
            found = self.found(node)
            self.assertLessEqual(set(made), found)
        self.assertFalse(self.found(self.server) & self.found(self.second))
        source = own_import(self.server.folder / 'own.geojson')
        self.server.run('import', source, '--timezone', 'Europe/Copenhagen', '--tables', 'auto', '--owner', 'owner@example.test')
        stored = set(self.server.sql('select id from restaurants where deleted_at is null').split())
        self.assertGreaterEqual(len(stored), 12 + 6)
        wait_for(lambda: self.found(self.server) | self.found(self.second) == stored, SHOWN_S, 'what was imported, on the node that holds it')
        for part, node in enumerate(self.nodes, 1):
            self.assertEqual({part_of(each, 2) for each in self.found(node)}, {part})
        self.check()

    def check(self):
        done = subprocess.run([BINARY, 'check', '--data-dir', self.server.data_dir], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return sum(int(count) for count in re.findall(r'(\d+) restaurants compared', done.stdout))

    def test_a_booking_on_each(self):
        date, booked = day(4), []
        for node, (place, *_) in zip(self.nodes, self.places):
            with node.socket(f'/ws/public/restaurants/{place}') as public, node.socket(f'/ws/restaurants/{place}', self.owner) as staff, \
                    node.socket('/ws/customer', self.ada) as own, node.client(self.ada) as ada, node.client(self.owner) as owner:
                for each in (public, staff, own):
                    each.expect('hello', timeout_s=5)
                made = self.book(ada, place, date, '19:00')
                public.expect('availability_updated', timeout_s=5)
                staff.expect('customer_reservation_received', timeout_s=5)
                own.expect('reservation_confirmed', timeout_s=5)
                booked.append(made.json['id'])
                lines = owner.get(f'/restaurants/{place}/customer-reservations?date={date}').json['items']
                self.assertIn(made.json['id'], [each['id'] for each in lines])
                party = owner.post(f'/restaurants/{place}/guests', {'name': 'Walk-in', 'party_size': 2, 'source': 'walk_in'})
                self.assertEqual(party.status, 201, party)
                seated = owner.post(f'/restaurants/{place}/guests/{party.json["id"]}/seat', None)
                self.assertEqual(seated.status, 200, seated)
                floor = owner.get(f'/restaurants/{place}/floor').json
                self.assertIn('occupied', [table['status'] for table in floor['tables']])
        for mine, node in enumerate(self.nodes):
            with node.client(self.ada) as ada:
                listed = [each['id'] for each in ada.get(f'/customer/reservations?from={date}&to={date}').json['items']]
                self.assertLessEqual(set(booked), set(listed), 'what is a customer\'s own is listed by any node')
                foreign = f'/customer/reservations/{booked[1 - mine]}'
                self.assertEqual(ada.get(foreign).status, 200)
                self.misdirected(ada.get(f'{foreign}.ics'))
                self.assertEqual(ada.get(f'/customer/reservations/{booked[mine]}.ics').status, 200)
                self.misdirected(ada.put(foreign, {'party_size': 1}))
                self.misdirected(ada.delete(foreign))
        for mine, node in enumerate(self.nodes):
            with node.client(self.ada) as ada:
                self.assertEqual(ada.delete(f'/customer/reservations/{booked[mine]}').status, 200)
        self.check()

    def test_waits_of_both_parts_are_listed_by_either(self):
        joined = []
        for node, (_, place, _) in zip(self.nodes, self.places):
            with node.client(self.bo) as bo:
                made = bo.post('/customer/waitlist', {'restaurant_id': place, 'party_size': 2})
                self.assertEqual(made.status, 201, made)
                joined.append(made.json['id'])
        for node in self.nodes:
            with node.client(self.bo) as bo:
                self.assertEqual({each['id'] for each in bo.get('/customer/waitlist').json['items']}, set(joined))

    def test_who_leaves_leaves_restaurants_of_both_parts(self):
        """Through one node, which reads the other's restaurant for this alone."""
        address = {'email': 'leaver@example.test', 'password': PASSWORD}
        date = day(6)
        with self.second.client() as client:
            answer = client.post('/customer/register', {**address, 'first_name': 'Le', 'last_name': 'Aver'})
            self.assertEqual(answer.status, 201, answer)
            token = client.post('/customer/login', address).json['access_token']
        self.assertTrue(self.server.mailed_token('leaver@example.test'), 'written to on the second, sent by the first')
        for node, (_, _, place) in zip(self.nodes, self.places):
            with node.client(token) as leaver:
                self.book(leaver, place, date, '19:00')
        with self.server.client(token) as leaver:
            answer = leaver.request('DELETE', '/customer/me', {'password': PASSWORD})
            self.assertEqual(answer.status, 204, answer)
        rows = self.server.sql("select status, count(*) from customer_reservations r join customers c on c.id = r.customer_id "
                               f"where r.date = '{date}' and c.deleted_at is not null group by status")
        self.assertEqual(rows, 'cancelled|2')

        def free_again():
            with self.second.client() as client:
                slots = client.get(f'/public/restaurants/{self.places[1][2]}/availability?date={date}&party_size=2').json['slots']
            return {slot['time']: slot['available_tables'] for slot in slots}['19:00'] == 2
        wait_for(free_again, SHOWN_S, 'the table is free again on the node that holds it')
        with self.server.client() as client:
            self.misdirected(client.get(f'/public/restaurants/{self.places[1][2]}'))

            def held():
                return sum(float(value) for value in re.findall(r'^qtable_restaurants\{.*\} (\d+)', client.get('/metrics').body.decode(), re.M))
            own = len([each for each in self.server.sql('select id from restaurants').split() if part_of(each, 2) == 1])
            wait_for(lambda: held() == own, SHOWN_S, 'the visited restaurant is let go of')

    def test_a_start_reads_its_own_part(self):
        self.second.stop()
        self.second.start()
        log = self.second.log_path.read_text()
        self.assertIn('part 2 of 2', log)
        stored = self.server.sql('select id from restaurants where deleted_at is null').split()
        own = [each for each in stored if part_of(each, 2) == 2]
        self.assertRegex(log, rf'boot: {len(own)} restaurants')
        wait_for(lambda: self.check() == len(stored), 20, 'both are asked')


if __name__ == '__main__':
    unittest.main()
