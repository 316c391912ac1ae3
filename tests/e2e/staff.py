"""What restaurant staff do: publish slots over their tables, or without any, make a restaurant, and keep its floor."""
import unittest

from server import Server
from world import OWNER, UNKNOWN, World, day


class Staff(World):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server('--no-fsync'))
        cls.server.start()
        cls.http = cls.server.client()
        cls.staff_token = cls.server.mint('staff', OWNER)
        cls.staff = cls.server.client(cls.staff_token)
        cls.guest = cls.server.client(cls.server.mint('customer', 'ada@example.test'))
        for each in (cls.http, cls.staff, cls.guest):
            cls.addClassCleanup(each.close)

    def found(self, query):
        answer = self.http.get('/public/restaurants?' + query)
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def test_published_slots(self):
        place = self.server.make_restaurant(self.staff_token, [4, 4, 4], name='Three tables')
        target, date = f'/restaurants/{place}/availability', day(12)
        other = self.server.client(self.server.mint('customer', 'bo@example.test'))
        self.addClassCleanup(other.close)
        self.assertEqual(self.slots(place, date)['18:00']['available_tables'], 3)
        slot = {'date': date, 'time_slot': '18:00', 'party_size': 2, 'available_tables': 1}
        made = self.staff.post(target, slot, 'one-slot')
        self.assertEqual(made.status, 201, made)
        one = made.json['items'][0]
        self.assertEqual({**slot, 'restaurant_id': place, 'is_available': True, 'version': 1, 'id': one['id']}, one)
        again = self.staff.post(target, slot, 'one-slot')
        self.assertEqual((again.body, again.header('Idempotent-Replayed')), (made.body, 'true'))

        def offered(party_size=2):
            found = self.slots(place, date, party_size)['18:00']
            return found['slot_id'], found['available_tables'], found['is_available'], found['reasons']

        self.assertEqual(offered(), (one['id'], 1, True, []))
        self.assertEqual(offered(1), (one['id'], 1, True, []))
        self.assertEqual(offered(4), (None, 3, True, []))
        booked = self.book(self.guest, place, date, '18:00').json
        self.assertEqual(offered(), (one['id'], 0, False, ['blocked']))
        self.assertEqual(self.book(other, place, date, '18:00', status=409).code, 'slot_unavailable')
        self.assertEqual(offered(4), (None, 2, True, []))
        self.guest.delete(f'/customer/reservations/{booked["id"]}')
        self.assertEqual(offered(), (one['id'], 1, True, []))

        closed = self.staff.put(f'{target}/{one["id"]}', {'is_available': False})
        self.assertEqual((closed.status, closed.json['is_available'], closed.json['available_tables']), (200, False, 1),
                         closed)
        self.assertEqual((offered()[2], offered()[3]), (False, ['blocked']))
        stale = self.staff.put(f'{target}/{one["id"]}', {'is_available': True}, headers={'If-Match': '"v1"'})
        self.assertEqual(stale.status, 412, stale)
        wider = self.staff.put(f'{target}/{one["id"]}', {'is_available': True, 'available_tables': 9},
                               headers={'If-Match': closed.header('ETag')})
        self.assertEqual(wider.status, 200, wider)
        self.assertEqual(offered(), (one['id'], 3, True, []))
        self.assertEqual(self.staff.put(f'{target}/{UNKNOWN}', {'is_available': True}).status, 404)

        several = self.staff.post(target, {'slots': [slot, {**slot, 'time_slot': '20:00', 'is_available': False}]})
        self.assertEqual(several.status, 201, several)
        self.assertEqual([each['id'] == one['id'] for each in several.json['items']], [True, False])
        self.assertGreater(several.json['items'][0]['version'], wider.json['version'])
        self.assertEqual(self.slots(place, date)['20:00']['reasons'], ['blocked'])
        rule = self.staff.post(target, {'dates': [day(13), day(14)], 'times': ['12:00', '12:30', '13:00'],
                                        'party_sizes': [2, 4],
                                        'available_tables': 2})
        self.assertEqual((rule.status, len({each['id'] for each in rule.json['items']})), (201, 12), rule)
        span = self.staff.post(target, {'date_from': day(14), 'date_to': day(20), 'times': ['12:00'],
                                        'party_sizes': [2],
                                        'available_tables': 1, 'weekdays': ['monday', 'saturday']})
        self.assertEqual((span.status, len(span.json['items'])), (201, 2), span)

    def test_without_tables(self):
        place, date = self.server.make_restaurant(self.staff_token, name='No tables'), day(12)
        self.assertFalse(any(slot['is_available'] for slot in self.slots(place, date, 3).values()))
        made = self.staff.post(f'/restaurants/{place}/availability',
                               {'date': date, 'time_slot': '19:00', 'party_size': 4, 'available_tables': 2})
        self.assertEqual(made.status, 201, made)
        available = [(time, slot['available_tables'], slot['slot_id']) for time,
                     slot in self.slots(place, date, 3).items() if slot['is_available']]
        self.assertEqual(available, [('19:00', 2, made.json['items'][0]['id'])])
        self.assertFalse(any(slot['is_available'] for slot in self.slots(place, date, 5).values()))
        guests = [self.server.client(self.server.mint('customer', f'seatless{i}@example.test')) for i in range(3)]
        first = self.book(guests[0], place, date, '19:00', 3).json
        self.assertEqual((first['table_id'], first['table_ids']), (None, []))
        self.book(guests[1], place, date, '19:00', 4)
        full = self.slots(place, date, 3)['19:00']
        self.assertEqual((full['available_tables'], full['is_available']), (0, False))
        self.assertEqual(self.book(guests[2], place, date, '19:00', 1, 409).code, 'slot_unavailable')
        guests[0].delete(f'/customer/reservations/{first["id"]}')
        self.assertEqual(self.slots(place, date, 3)['19:00']['available_tables'], 1)
        self.book(guests[2], place, date, '19:00', 1)
        for each in guests:
            each.close()

    def test_own_restaurant(self):
        body = {'name': 'Ny Café', 'latitude': -0.5, 'longitude': 179.999, 'timezone': 'Pacific/Auckland',
                'cuisine_type': 'test',
                'price_range': '$$$', 'hours_friday': '18:00-02:00', 'hours_saturday': '11:00-14:00,18:00-23:30'}
        made = self.staff.post('/restaurants', body, 'new-place')
        self.assertEqual(made.status, 201, made)
        place, target = made.json['id'], f'/restaurants/{made.json["id"]}'
        self.assertEqual({name: made.json[name] for name in body}, body)
        self.assertEqual(made.header('Location'), target)
        again = self.staff.post('/restaurants', body, 'new-place')
        self.assertEqual((again.body, again.header('Idempotent-Replayed')), (made.body, 'true'))
        self.assertEqual(self.staff.get(target).body, made.body)
        # Just across the antimeridian.
        found = self.found('lat=-0.5&lon=-179.999&radius=1')['items']
        self.assertEqual([(each['id'], round(each['distance_km'], 2)) for each in found], [(place, 0.22)])

        changed = self.staff.patch(target, {'description': 'Small plates', 'price_range': None, 'name': 'Ny Bistro'},
                                   headers={'If-Match': made.header('ETag')})
        self.assertEqual((changed.status, changed.json['price_range'], changed.json['description'],
                          changed.json['version']),
                         (200, None, 'Small plates', made.json['version'] + 1), changed)
        self.assertEqual(self.staff.patch(target, {'name': 'Stale'}, headers={'If-Match': made.header('ETag')}).status,
                         412)
        self.assertEqual(self.staff.patch(target, {'timezone': 'Mars/Olympus'}).status, 422)
        self.assertEqual(self.http.get('/public' + target).json['name'], 'Ny Bistro')
        self.assertEqual(self.found('lat=-0.5&lon=180&radius=1&q=bistro')['items'][0]['name'], 'Ny Bistro')
        self.staff.patch(target, {'is_public': False})
        self.assertEqual(self.http.get('/public' + target).status, 404)
        self.assertEqual(self.found('lat=-0.5&lon=180&radius=1')['items'], [])
        self.assertEqual(self.staff.get(target).status, 200)

    def test_tables(self):
        place = self.server.make_restaurant(self.staff_token, [4, 4, 4], name='A floor')
        target = f'/restaurants/{place}/tables'
        made = self.staff.post(target, {'label': 'Window', 'capacity': 6, 'min_party': 5, 'section': 'Front', 'x': 1.5,
                                        'y': -2,
                                        'shape': 'round'}, 'window')
        self.assertEqual(made.status, 201, made)
        self.assertEqual(made.header('Location'), f'{target}/{made.json["id"]}')
        self.assertEqual((made.json['status'], made.json['current_guest_id'], made.json['version']),
                         ('available', None, 1))
        self.assertEqual(self.staff.post(target, {'label': 'window', 'capacity': 2}).code, 'label_taken')
        self.assertEqual([each['label'] for each in self.staff.get(target).json['items']], ['T1', 'T2', 'T3', 'Window'])
        page = self.staff.get(target + '?limit=3').json
        self.assertEqual([each['label']
                          for each in self.staff.get(f'{target}?limit=3&cursor={page["next_cursor"]}').json['items']],
                         ['Window'])
        one = f'{target}/{made.json["id"]}'
        got = self.staff.get(one)
        self.assertEqual((got.json, got.header('ETag')), (made.json, '"v1"'))
        self.assertEqual(self.staff.get(one, headers={'If-None-Match': '"v1"'}).status, 304)
        self.assertEqual(self.slots(place, day(15), 6)['12:00']['available_tables'], 1)
        changed = self.staff.patch(one, {'capacity': 5, 'status': 'out_of_service'}, headers={'If-Match': '"v1"'})
        self.assertEqual((changed.status, changed.json['capacity'], changed.json['status'], changed.json['version']),
                         (200, 5, 'out_of_service', 2), changed)
        self.assertEqual(self.staff.put(one, {'capacity': 4}).status, 422)  # under min_party
        self.assertEqual(self.staff.patch(one, {'status': 'occupied'}).status, 422)
        self.assertFalse(self.slots(place, day(15), 5)['12:00']['is_available'])
        self.assertEqual(self.staff.delete(one, headers={'If-Match': '"v1"'}).status, 412)
        gone = self.staff.delete(one)
        self.assertEqual((gone.status, gone.body), (204, b''))
        self.assertEqual(self.staff.get(one).status, 404)
        self.assertEqual(self.staff.delete(one).status, 404)
        booked = self.book(self.guest, place, day(15), '12:00', 4).json
        in_use = self.staff.delete(f'{target}/{booked["table_id"]}')
        self.assertEqual((in_use.status, in_use.code), (409, 'table_in_use'))


if __name__ == '__main__':
    unittest.main()
