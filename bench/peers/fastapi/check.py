#!/usr/bin/env python3
"""The peer keeps its promise: of many customers who want one evening in one house, as many get a table as there are, no
table is given twice, and what one cancels another gets. Usage: bench/peers/fastapi/check.py
"""
import concurrent.futures
import datetime
import pathlib
import sys
import unittest
import uuid

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / 'bench'))

from comparison.bench import Bench  # noqa: E402
from comparison.peers import FastApi  # noqa: E402
from comparison.server import Client  # noqa: E402

TABLES = 6
CUSTOMERS = 40
HOURS = '17:00-23:00'
HOUSE = '11111111-1111-4111-8111-111111111111'
DAY = (datetime.date.today() + datetime.timedelta(days=7)).isoformat()


def fill(postgres, database):
    folder = pathlib.Path(__file__).parent
    for name in ('schema.sql', 'indexes.sql'):
        postgres.run('psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', folder / name, database=database)
    days = ', '.join([f"'{HOURS}'"] * 7)
    tables = ', '.join(f"('{HOUSE}', '{uuid.uuid4()}', 'T{i}', 2, 1)" for i in range(TABLES))
    postgres.sql(database, f'''
        insert into restaurants (id, name, is_public, description, cuisine_type, price_range, latitude, longitude, phone,
            website, address, timezone, hours_monday, hours_tuesday, hours_wednesday, hours_thursday, hours_friday,
            hours_saturday, hours_sunday, slot_interval_min, turn_up_to_party, turn_min, buffer_after_min,
            min_notice_min, window_days, max_party, rating, review_count, version)
        values ('{HOUSE}', 'House', true, '', '', 2, 55.68, 12.57, '', '', '', 'Europe/Copenhagen', {days}, 15,
            '{{2,4}}', '{{90,105}}', 0, 0, 90, 12, 0, 0, 1);
        insert into restaurant_tables values {tables}''')


class the_peer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = cls.enterClassContext(Bench(ROOT / 'build/release'))
        cls.bench.postgres.create('peer')
        fill(cls.bench.postgres, 'peer')
        cls.peer = cls.enterClassContext(FastApi(cls.bench, 'peer'))

    def diner(self, name):
        client = self.enterContext(Client(self.peer.port))
        who = {'email': f'{name}@compare.test', 'password': 'correct horse battery'}
        client.post('/customer/register', {**who, 'first_name': name, 'last_name': 'Berg'})
        client.token = client.post('/customer/login', who)['access_token']
        return client

    def book(self, client, time):
        return client.post('/customer/reservations', {'restaurant_id': HOUSE, 'date': DAY, 'time': time,
                                                      'party_size': 2}, expected=(201, 409))

    def free_at(self, time):
        with Client(self.peer.port) as client:
            slots = client.get(f'/public/restaurants/{HOUSE}/availability?date={DAY}&party_size=2')['slots']
        return next(slot['available_tables'] for slot in slots if slot['time'] == time)

    def test_as_many_as_there_are_tables(self):
        diners = [self.diner(f'diner{i}') for i in range(CUSTOMERS)]
        self.assertEqual(self.free_at('19:00'), TABLES)
        # 19:00 and 19:30 want the same tables.
        with concurrent.futures.ThreadPoolExecutor(CUSTOMERS) as pool:
            got = list(pool.map(lambda i: self.book(diners[i], ('19:00', '19:30')[i % 2]), range(CUSTOMERS)))
        booked = [each for each in got if each.get('status') == 'confirmed']
        self.assertEqual(len(booked), TABLES)
        self.assertEqual(len({each['table_id'] for each in booked}), TABLES)
        self.assertEqual({each['code'] for each in got if each.get('status') == 409}, {'slot_unavailable'})
        self.assertEqual(self.free_at('19:00'), 0)

        # One goes; another gets the table.
        number = next(i for i, each in enumerate(got) if each.get('status') == 'confirmed')
        target = f'/customer/reservations/{got[number]["id"]}'
        self.assertEqual(diners[number].call('DELETE', target)['status'], 'cancelled')
        self.assertEqual(diners[number].call('DELETE', target)['status'], 'cancelled')
        late = self.diner('late')
        self.assertEqual(self.book(late, '19:00')['table_id'], got[number]['table_id'])
        self.assertEqual(self.book(self.diner('later'), '19:00')['code'], 'slot_unavailable')
        self.assertEqual([each['time'] for each in late.get('/customer/reservations')['items']], ['19:00'])

    def test_nobody_books_without_a_token(self):
        with Client(self.peer.port, 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.AAAA') as client:
            refused = client.post('/customer/reservations', {'restaurant_id': HOUSE, 'date': DAY, 'time': '18:00',
                                                             'party_size': 2}, expected=(401,))
        self.assertEqual(refused['code'], 'unauthorized')

    def test_search_and_restaurant(self):
        with Client(self.peer.port) as client:
            found = client.get('/public/restaurants?lat=55.69&lon=12.57&radius=3')['items']
            self.assertEqual([(each['id'], each['distance_km']) for each in found], [(HOUSE, 1.113)])
            self.assertEqual(client.get('/public/restaurants?lat=55.69&lon=12.57&radius=1')['items'], [])
            self.assertEqual(client.get(f'/public/restaurants/{HOUSE}')['hours_monday'], HOURS)


if __name__ == '__main__':
    unittest.main()
