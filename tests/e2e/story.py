"""The story of a guest, step by step against the real program: import, search, account, booking, live events on all
sides, change, cancel, resume, drain. The steps build on each other, in the order of their names.
"""
import datetime, http.client, json, types, unittest
from urllib.parse import quote

import client as clients
from client import Closed, UpgradeRefused
from server import PASSWORD, Server, Threads
from world import COPENHAGEN as ZONE, OWNER, SAMPLE, UNKNOWN, World, day, haversine_km, import_city

GUEST = 'ada@example.test'
CITY = (56.85, 10.75)  # Havnestad, the demo city


class Story(World):
    s = types.SimpleNamespace()

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())
        import_city(cls.server)
        cls.server.start()
        cls.http = cls.server.client()
        cls.staff_token = cls.server.mint('staff', OWNER)
        cls.staff = cls.server.client(cls.staff_token)
        for each in (cls.http, cls.staff):
            cls.addClassCleanup(each.close)


    def found(self, query, status=200, **more):
        answer = self.http.get('/public/restaurants?' + query, **more)
        self.assertEqual(answer.status, status, answer)
        return answer.json

    # ---- finding a place

    def test_01_search(self):
        centre = f'lat={CITY[0]}&lon={CITY[1]}'
        first = self.found(f'{centre}&radius=100&limit=100')
        near = self.found(f'{centre}&radius=1.5&limit=100')['items']
        self.assertEqual(len(self.found(centre)['items']), 20)
        self.assertIsNotNone(first['next_cursor'])
        self.assertGreater(len(near), 3)
        self.assertTrue(all(each['distance_km'] <= 1.5 for each in near))
        self.assertEqual([each['id'] for each in near], [each['id'] for each in first['items']][:len(near)])
        every = self.http.all_items(f'/public/restaurants?{centre}&radius=100')
        self.assertEqual(len(every), len({each['id'] for each in every}))
        self.assertGreaterEqual(len(every), 400)
        self.assertEqual(sorted(every, key=lambda each: (each['distance_km'], each['id'])), every)
        for each in every:
            spherical = haversine_km(CITY, (each['latitude'], each['longitude']))
            self.assertAlmostEqual(each['distance_km'], spherical, delta=0.006 * spherical + 0.001)

    def test_02_search_filters(self):
        area = f'lat={CITY[0]}&lon={CITY[1]}&radius=20'
        every = self.http.all_items('/public/restaurants?' + area)
        some = every[3]

        def check(query, is_wanted):
            found = self.http.all_items(f'/public/restaurants?{area}&{query}')
            wanted = [each['id'] for each in every if is_wanted(each)]
            self.assertEqual([each['id'] for each in found], wanted, query)

        check(f'cuisine_type={quote(some["cuisine_type"])}',
              lambda each: some['cuisine_type'] in each['cuisine_type'].split(';'))
        check('price_range=$$', lambda each: each['price_range'] == '$$')
        check(f'q={quote(some["name"][4:].upper())}', lambda each: some['name'][4:].lower() in each['name'].lower())
        check('min_rating=1', lambda each: each['rating'] >= 1)
        box = (10.74, 56.84, 10.77, 56.86)
        check('bbox=' + ','.join(map(str, box)), lambda each: box[0] <= each['longitude'] <= box[2]
              and box[1] <= each['latitude'] <= box[3])
        # A Wednesday in three weeks, 13:00: whose hours of that day hold it.
        wednesday = datetime.date.fromisoformat(day(21))
        wednesday += datetime.timedelta(days=(2 - wednesday.weekday()) % 7)
        moment = datetime.datetime.combine(wednesday, datetime.time(13), ZONE).isoformat()
        # No range that begins on a Tuesday lasts until 13:00 on Wednesday.
        check(f'open_at={quote(moment)}', lambda each: any(
            start <= '13:00' and ('13:00' < end or end <= start) for start, end in
            (span.split('-') for span in each['hours_wednesday'].split(',') if span)))

    def test_03_search_with_a_table(self):
        area, date = f'lat={CITY[0]}&lon={CITY[1]}&radius=20', day(10)
        every = {each['id'] for each in self.http.all_items('/public/restaurants?' + area)}
        seat = f'{area}&date={date}&time=19:00&party_size=4'
        exact = self.http.all_items('/public/restaurants?' + seat)
        wide = self.http.all_items(f'/public/restaurants?{seat}&window=60')
        self.assertTrue(0 < len(exact) <= len(wide) <= len(every))
        self.assertLessEqual({each['id'] for each in exact}, {each['id'] for each in wide})
        for each in exact:
            self.assertEqual([slot['time'] for slot in each['slots']], ['19:00'])
        for each in wide:
            self.assertTrue(each['slots'])
            self.assertTrue(all('18:00' <= slot['time'] <= '20:00' and slot['is_available'] for slot in each['slots']))
        for each in wide[:5]:
            offered = self.slots(each['id'], date, 4)
            self.assertEqual(each['slots'], [slot for time, slot in offered.items()
                                             if '18:00' <= time <= '20:00' and slot['is_available']])
        missing = every - {each['id'] for each in exact}
        for restaurant in sorted(missing)[:5]:
            self.assertFalse(self.slots(restaurant, date, 4).get('19:00', {}).get('is_available'))
        self.found(area + f'&date={date}&party_size=4', 422)

    def test_04_search_as_geojson(self):
        query = f'lat={CITY[0]}&lon={CITY[1]}&radius=3'
        plain = self.found(query)
        mapped = self.found(query, headers={'Accept': 'application/geo+json'})
        self.assertEqual(mapped['type'], 'FeatureCollection')
        self.assertEqual([each['properties'] for each in mapped['features']], plain['items'])
        for each in mapped['features']:
            self.assertEqual(each['geometry']['coordinates'],
                             [each['properties']['longitude'], each['properties']['latitude']])

    @unittest.skipUnless(SAMPLE, 'without the sample data')
    def test_05_copenhagen(self):
        every = self.http.all_items('/public/restaurants?lat=55.6761&lon=12.5683&radius=30')
        self.assertGreater(len(every), 700)
        bryghus = self.found('lat=55.69&lon=12.56&radius=2&q=' + quote('nørrebro bryghus'))['items']
        self.assertEqual(bryghus[0]['name'], 'Nørrebro Bryghus Restaurant')
        self.assertEqual(bryghus[0]['hours_monday'], '12:00-15:00,17:30-22:00')
        self.assertEqual(bryghus[0]['timezone'], 'Europe/Copenhagen')

    def test_06_a_place(self):
        """Where this story goes on: of the owner, with room around 19:00."""
        for each in self.found(f'lat=55.68&lon=12.56&radius=20&limit=100&date={day(10)}&time=19:00&party_size=2')['items']:
            offered = self.slots(each['id'], day(10))
            room = [time for time in ('18:00', '19:00', '20:00', '21:00')
                    if offered.get(time, {}).get('available_tables', 0) >= 3]
            if len(room) == 4:
                self.s.place, self.s.profile = each['id'], each
                break
        self.assertEqual(self.staff.get(f'/restaurants/{self.s.place}').status, 200)

    def test_07_public_restaurant(self):
        target = f'/public/restaurants/{self.s.place}'
        first = self.http.get(target)
        self.assertEqual(first.status, 200)
        for name, value in first.json.items():
            self.assertEqual(value, self.s.profile[name], name)
        self.assertEqual(first.header('ETag'), f'"v{first.json["version"]}"')
        again = self.http.get(target, headers={'If-None-Match': first.header('ETag')})
        self.assertEqual((again.status, again.body, again.header('ETag')), (304, b'', first.header('ETag')))
        self.assertEqual(self.http.get(target, headers={'If-None-Match': '"v0", W/"x"'}).status, 200)
        self.assertEqual(self.http.get(f'/public/restaurants/{UNKNOWN}').status, 404)

    def test_08_availability(self):
        target = f'/public/restaurants/{self.s.place}/availability?party_size=2&date='
        one = self.http.get(target + day(10))
        self.assertEqual((one.json['timezone'], one.json['date'], one.json['party_size']),
                         ('Europe/Copenhagen', day(10), 2))
        self.assertEqual(sorted(one.json['slots'], key=lambda slot: slot['starts_at']), one.json['slots'])
        for slot in one.json['slots']:
            starts = datetime.datetime.fromisoformat(slot['starts_at'])
            self.assertEqual(starts.utcoffset(), starts.astimezone(ZONE).utcoffset())
            self.assertEqual(starts.strftime('%H:%M'), slot['time'])
            self.assertGreater(datetime.datetime.fromisoformat(slot['ends_at']), starts)
            self.assertEqual(slot['is_available'], not slot['reasons'])
            self.assertEqual(slot['is_available'], slot['available_tables'] > 0)
        days = self.http.get(target + day(10) + '&days=31').json['days']
        self.assertEqual([each['date'] for each in days], [day(10 + i) for i in range(31)])
        self.assertEqual([days[0]['slots'], days[1]['slots']], [one.json['slots'], self.http.get(target + day(11)).json['slots']])
        again = self.http.get(target + day(10), headers={'If-None-Match': one.header('ETag')})
        self.assertEqual((again.status, again.body, again.header('ETag')), (304, b'', one.header('ETag')))
        too_late = self.http.get(target + day(300)).json['slots']
        self.assertTrue(all('max_notice' in slot['reasons'] for slot in too_late))
        past = self.http.get(target + day(-3)).json['slots']
        self.assertTrue(all('past' in slot['reasons'] for slot in past))
        self.assertEqual(self.http.get(target + day(10) + '&days=32').status, 422)

    # ---- an account

    def test_10_account(self):
        account = {'email': GUEST, 'password': PASSWORD, 'first_name': 'Ada', 'last_name': 'Berg',
                   'phone': '+45 11223344'}
        made = self.http.post('/customer/register', account, 'register-ada')
        self.assertEqual(made.status, 201, made)
        self.assertFalse(made.json['email_verified'])
        again = self.http.post('/customer/register', account, 'register-ada')
        self.assertEqual((again.status, again.body, again.header('Idempotent-Replayed')), (201, made.body, 'true'))
        self.assertEqual(self.http.post('/customer/register', {**account, 'email': GUEST.upper()}).code, 'email_taken')
        self.assertEqual(self.http.post('/customer/register',
                                        {**account, 'email': 'b@example.test', 'password': 'password1'}).status, 422)

        token = self.server.mailed_token(GUEST)
        self.assertEqual(len(self.server.mails(GUEST)), 1)
        self.assertEqual(self.http.post('/customer/verify-email', {'token': token + 'x'}).code, 'invalid_token')
        verified = self.http.post('/customer/verify-email', {'token': token})
        self.assertEqual((verified.status, verified.json['email_verified']), (200, True))
        # Mail programs follow links more than once.
        self.assertEqual(self.http.post('/customer/verify-email', {'token': token}).json, verified.json)

        self.assertEqual(self.http.post('/customer/login', {'email': GUEST, 'password': 'not this one'}).code,
                         'invalid_credentials')
        unknown = self.http.post('/customer/login', {'email': 'nobody@example.test', 'password': PASSWORD})
        self.assertEqual((unknown.status, unknown.code), (401, 'invalid_credentials'))
        login = self.http.post('/customer/login', {'email': GUEST, 'password': PASSWORD})
        self.assertEqual((login.status, login.json['token_type'], login.json['customer']),
                         (200, 'Bearer', verified.json))
        type(self).guest_token, type(self).guest_id = login.json['access_token'], made.json['id']
        type(self).guest = self.server.client(self.guest_token)
        self.addClassCleanup(self.guest.close)

    def test_11_sockets(self):
        place = self.s.place
        open_socket = self.server.socket
        self.s.staff = open_socket(f'/ws/restaurants/{place}', self.staff_token)
        self.s.browser = open_socket(f'/ws/restaurants/{place}', self.staff_token, as_subprotocol=True)
        self.s.customer = open_socket('/ws/customer', self.guest_token)
        self.s.public = open_socket(f'/ws/public/restaurants/{place}')
        for each in ('staff', 'browser', 'customer', 'public'):
            hello = getattr(self.s, each).next()
            self.assertEqual(hello['type'], 'hello')
            self.addClassCleanup(getattr(self.s, each).socket.close)
        self.s.customer.ping()
        stranger = self.server.mint('staff', 'stranger@example.test')
        for target, token, status in ((f'/ws/restaurants/{place}', None, 401), ('/ws/customer', None, 401),
                                      ('/ws/customer', 'no.such.token', 401), (f'/ws/restaurants/{place}', stranger,
                                                                               404),
                                      (f'/ws/restaurants/{UNKNOWN}', self.staff_token, 404),
                                      (f'/ws/public/restaurants/{UNKNOWN}', None, 404),
                                      (f'/ws/restaurants/{place}', self.guest_token, 403),
                                      (f'/ws/customer?token={self.guest_token}', None, 401)):
            with self.assertRaises(UpgradeRefused) as refused:
                open_socket(target, token)
            self.assertEqual(refused.exception.answer.status, status, target)

    # ---- booking

    def expect_availability(self, restaurant, date, time, party_size=2):
        """On both sides the new value, which is what a reader finds now."""
        now = self.slots(restaurant, date, party_size)[time]
        for socket in (self.s.staff, self.s.browser, self.s.public):
            event = socket.expect('availability_updated', lambda event: event['data']['date'] == date and any(
                slot['time'] == time and slot['party_size'] == party_size for slot in event['data']['slots']))
            told = next(slot for slot in event['data']['slots'] if slot['time'] == time
                        and slot['party_size'] == party_size)
            for name in ('available_tables', 'is_available', 'starts_at', 'ends_at', 'slot_id'):
                self.assertEqual(told[name], now[name], name)
        return now

    def test_20_book(self):
        place, date = self.s.place, day(10)
        before = self.slots(place, date)['19:00']
        body = {'restaurant_id': place, 'date': date, 'time': '19:00', 'party_size': 2,
                'special_requests': 'Vindue, tak 🌿 "æøå"'}
        raw = json.dumps(body, ensure_ascii=False).encode()
        made = self.guest.post('/customer/reservations', raw, 'first')
        self.assertEqual(made.status, 201, made)
        booked = made.json
        self.assertEqual({name: booked[name] for name in body}, body)
        self.assertEqual((booked['status'], booked['customer_id'], booked['version']), ('confirmed', self.guest_id, 1))
        self.assertEqual((made.header('Location'), made.header('ETag')),
                         (f'/customer/reservations/{booked["id"]}', '"v1"'))
        self.assertEqual((booked['starts_at'], booked['ends_at']), (before['starts_at'], before['ends_at']))
        self.assertEqual(booked['table_id'], booked['table_ids'][0])
        self.assertIsNone(made.header('Idempotent-Replayed'))

        for socket in (self.s.staff, self.s.browser):
            told = socket.expect('customer_reservation_received')
            self.assertEqual((told['restaurant_id'], told['data']), (place, booked))
        self.assertEqual(self.s.customer.expect('reservation_confirmed')['data'], booked)
        after = self.expect_availability(place, date, '19:00')
        self.assertLess(after['available_tables'], before['available_tables'])

        again = self.guest.post('/customer/reservations', raw, 'first')
        self.assertEqual((again.status, again.body, again.header('Idempotent-Replayed'), again.header('Location')),
                         (201, made.body, 'true', made.header('Location')))
        self.assertEqual(self.guest.post('/customer/reservations', {**body, 'party_size': 3}, 'first').code,
                         'idempotency_key_reused')
        self.assertEqual(self.guest.post('/customer/reservations', body, 'second').code, 'already_booked')
        self.assertEqual(self.slots(place, date)['19:00'], after)
        self.s.booked = booked

    def test_21_lists(self):
        booked = self.s.booked
        mine = '/customer/reservations?'
        self.assertEqual(self.guest.get(mine).json, {'items': [booked], 'next_cursor': None})
        for query, wanted in ((f'status=confirmed&from={day(10)}&to={day(10)}', [booked]), ('status=cancelled', []),
                              (f'from={day(11)}', []), (f'to={day(9)}', [])):
            self.assertEqual(self.guest.get(mine + query).json['items'], wanted, query)
        theirs = f'/restaurants/{self.s.place}/customer-reservations?'
        for query, count in ((f'date={day(10)}', 1), (f'date={day(10)}&status=confirmed', 1), (f'date={day(11)}', 0)):
            items = self.staff.get(theirs + query).json['items']
            self.assertEqual(len(items), count, query)
            for each in items:
                self.assertEqual({name: each[name] for name in booked}, booked)

    def test_22_change(self):
        place, date, booked = self.s.place, day(10), self.s.booked
        target = f'/customer/reservations/{booked["id"]}'
        before = self.slots(place, date)
        changed = self.guest.put(target, {'time': '21:00'}, headers={'If-Match': '"v1"'})
        self.assertEqual(changed.status, 200, changed)
        now = changed.json
        self.assertEqual((now['time'], now['date'], now['party_size'], now['version'], changed.header('ETag')),
                         ('21:00', date, 2, 2, '"v2"'))
        same = ('id', 'restaurant_id', 'customer_id', 'special_requests', 'created_at', 'confirmation_code', 'status')
        self.assertEqual({name: now[name] for name in same}, {name: booked[name] for name in same})
        for socket in (self.s.staff, self.s.browser):
            self.assertEqual(socket.expect('customer_reservation_updated')['data'], now)
        self.assertEqual(self.s.customer.expect('reservation_updated')['data'], now)
        self.expect_availability(place, date, '19:00')
        self.assertEqual(self.slots(place, date)['19:00']['available_tables'], before['19:00']['available_tables'] + 1)

        # What is refused leaves it as it is.
        closed = self.guest.put(target, {'time': '04:00'})
        self.assertEqual((closed.status, closed.code), (409, 'slot_unavailable'), closed)
        self.assertTrue(closed.json['alternatives'])
        for body, status in (({'party_size': 100}, 422), ({'date': day(-2)}, 422), ({'date': day(200)}, 422)):
            self.assertEqual(self.guest.put(target, body).status, status, body)
        stale = self.guest.put(target, {'time': '20:00'}, headers={'If-Match': '"v1"'})
        self.assertEqual((stale.status, stale.code), (412, 'precondition_failed'))
        self.assertEqual(self.guest.get('/customer/reservations').json['items'], [now])
        noted = self.guest.put(target, {'special_requests': None}).json
        self.assertEqual((noted['version'], noted['time']), (3, '21:00'))
        self.s.staff.expect('customer_reservation_updated')
        self.s.customer.expect('reservation_updated')
        self.s.booked = noted

    def test_23_cancel(self):
        target, booked = f'/customer/reservations/{self.s.booked["id"]}', self.s.booked
        before = self.slots(self.s.place, day(10))['21:00']
        gone = self.guest.delete(target)
        self.assertEqual((gone.status, gone.json['status'], gone.json['version']), (200, 'cancelled', 4), gone)
        self.assertEqual(self.s.staff.expect('customer_reservation_cancelled')['data'], gone.json)
        self.assertEqual(self.s.customer.expect('reservation_cancelled')['data'], gone.json)
        after = self.slots(self.s.place, day(10))['21:00']
        self.assertEqual(after['available_tables'], before['available_tables'] + 1)
        again = self.guest.delete(target)
        self.assertEqual((again.status, again.body, again.header('ETag')), (200, gone.body, gone.header('ETag')))
        late = self.guest.put(target, {'time': '19:00'})
        self.assertEqual((late.status, late.code, late.json['current'], late.json['allowed']),
                         (409, 'illegal_transition', 'cancelled', []))
        self.assertEqual(self.guest.get('/customer/reservations?status=cancelled').json['items'], [gone.json])
        self.assertEqual(booked['id'], gone.json['id'])

    def test_24_events_in_order(self):
        # The last event that all have: a booking more.
        self.s.last = self.book(self.guest, self.s.place, day(11), '19:00').json
        for socket in (self.s.staff, self.s.public):
            socket.expect('availability_updated', lambda event: event['data']['date'] == day(11))
        self.s.customer.expect('reservation_confirmed')
        self.assertEqual([event['type'] for event in self.s.customer.events],
                         ['hello', 'reservation_confirmed', 'reservation_updated', 'reservation_updated',
                          'reservation_cancelled',
                          'reservation_confirmed'])
        seen = [event['type'] for event in self.s.staff.events
                if event['type'] not in ('hello', 'availability_updated')]
        self.assertEqual(seen, ['customer_reservation_received', 'customer_reservation_updated',
                                'customer_reservation_updated',
                                'customer_reservation_cancelled', 'customer_reservation_received'])
        self.assertEqual({event['type'] for event in self.s.public.events}, {'hello', 'availability_updated'})
        for socket in (self.s.staff, self.s.customer, self.s.public):
            hello, *events = socket.events
            self.assertEqual([event['seq'] for event in events], [hello['seq'] + 1 + i for i in range(len(events))])
            self.assertEqual({event['epoch'] for event in events}, {hello['epoch']})

    def test_25_resume(self):
        for name, target, token in (('staff', f'/ws/restaurants/{self.s.place}', self.staff_token),
                                    ('customer', '/ws/customer', self.guest_token),
                                    ('public', f'/ws/public/restaurants/{self.s.place}', None)):
            hello, *events = getattr(self.s, name).events
            for since in (hello['seq'], events[1]['seq'], events[-1]['seq']):
                with self.server.socket(f'{target}?epoch={hello["epoch"]}&since_seq={since}', token) as again:
                    greeting = again.next()
                    self.assertEqual((greeting['type'], greeting['epoch']), ('hello', hello['epoch']))
                    missed = [again.next() for event in events if event['seq'] > since]
                    self.assertEqual([(event['seq'], event['type']) for event in missed],
                                     [(event['seq'], event['type']) for event in events if event['seq'] > since])
                    with self.assertRaises(TimeoutError):
                        again.next(0.05)
            other = format(int(hello['epoch'], 16) ^ 1, '016x')
            with self.server.socket(f'{target}?epoch={other}&since_seq=0', token) as lost:
                self.assertEqual([lost.next()['type'], lost.next()['type']], ['hello', 'resync_required'])

    def test_50_drain(self):
        """SIGTERM: sockets are told 1012, exit code 0."""
        watching = [self.server.socket(f'/ws/public/restaurants/{self.s.place}') for _ in range(4)]
        codes = []

        def watch(number):
            try:
                while True:
                    watching[number].next(clients.ANSWER_S)
            except Closed as closed:
                codes.append(closed.code)

        readers = Threads(len(watching), watch)
        self.assertEqual(self.http.get('/readyz').status, 200)
        self.server.stop()
        readers.join(5)
        for each in watching:
            each.socket.close()
        self.assertEqual(codes, [1012] * 4)
        with self.assertRaises((OSError, http.client.HTTPException)):
            self.http.get('/livez')


if __name__ == '__main__':
    unittest.main()
