"""What customers do besides booking: hold a table while they decide, come, run late, read their history and calendar, review,
wait in line; and what the public reads of it. Holds that nobody books last 300 s: their end is for the unit tests.
"""
import datetime, re, types, unittest, zoneinfo

from client import wait_for
from server import Server
from world import UNKNOWN, World, day

DAYS = ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')
ALWAYS_OPEN = {f'hours_{name}': '00:00-24:00' for name in DAYS}


def unfolded(text):
    """The lines of a calendar file as (name with parameters, value)."""
    assert text.endswith('\r\n') and '\n' not in text.replace('\r\n', '')
    for line in text.split('\r\n'):
        assert len(line.encode()) <= 75, line
    return [tuple(line.split(':', 1)) for line in text.replace('\r\n ', '').rstrip('\r\n').split('\r\n')]


class Diner(World):
    """Ada, Bo and Cy: at a house of one table for holds, at one that never closes for visits, at a small one for the line."""
    s = types.SimpleNamespace()

    @classmethod
    def setUpClass(cls):
        server = cls.server = cls.enterClassContext(Server('--no-fsync'))
        server.start()
        cls.owner_token = server.mint('staff', 'owner@example.test')
        cls.tokens = server.minted('customer', [f'{name}@example.test' for name in ('ada', 'bo', 'cy')])
        cls.small = server.make_restaurant(cls.owner_token, [2], name='Small')
        cls.place = server.make_restaurant(cls.owner_token, [2, 4, 4], name='Always; open, "ø"',
                                           address='Søndergade 1, Aarhus', **ALWAYS_OPEN)
        cls.line = server.make_restaurant(cls.owner_token, [2], name='Line', **ALWAYS_OPEN)
        cls.hidden = server.make_restaurant(cls.owner_token, [2], name='Hidden', is_public=False)
        cls.http, cls.owner = server.client(), server.client(cls.owner_token)
        cls.ada, cls.bo, cls.cy = (server.client(token) for token in cls.tokens)
        for each in (cls.http, cls.owner, cls.ada, cls.bo, cls.cy):
            cls.addClassCleanup(each.close)

    def socket(self, target, token=None):
        made = self.enterContext(self.server.socket(target, token))
        self.assertEqual(made.next()['type'], 'hello')
        return made

    def check(self, answer, status, code=None):
        self.assertEqual(answer.status, status, answer)
        if code is not None:
            self.assertEqual(answer.code, code, answer)
        return answer

    def wish(self, date, time, party_size=2, place=None):
        return {'restaurant_id': place or self.small, 'date': date, 'time': time, 'party_size': party_size}

    def hold(self, client, date, time, status=201, key=None, **more):
        return self.check(client.post('/customer/holds', self.wish(date, time, **more), key), status)

    def is_free(self, date, time):
        return self.slots(self.small, date)[time]['is_available']

    def book_next(self, client, party_size=2):
        """At the always-open house, as soon as may be."""
        for date in (day(0), day(1)):
            for time, slot in self.slots(self.place, date, party_size).items():
                if slot['is_available']:
                    return self.book(client, self.place, date, time, party_size, special_requests='Window; "æ", please').json
        self.fail('no free start in two days')

    # ---- holds

    def test_10_hold_and_book(self):
        date = day(10)
        public = self.socket(f'/ws/public/restaurants/{self.small}')
        mine = self.socket('/ws/customer', self.tokens[0])
        made = self.hold(self.ada, date, '19:00', key='hold-1')
        held = made.json
        self.assertEqual(made.header('Location'), f'/customer/holds/{held["id"]}')
        self.assertEqual({name: held[name] for name in self.wish(date, '19:00')}, self.wish(date, '19:00'))
        lasts = [datetime.datetime.fromisoformat(held[name]) for name in ('created_at', 'expires_at')]
        self.assertEqual(lasts[1] - lasts[0], datetime.timedelta(seconds=300))
        again = self.hold(self.ada, date, '19:00', key='hold-1')
        self.assertEqual((again.body, again.header('Idempotent-Replayed'), again.header('Location')),
                         (made.body, 'true', made.header('Location')))
        target = made.header('Location')
        self.assertEqual(self.check(self.ada.get(target), 200).json, held)
        self.assertEqual(self.ada.get('/customer/holds').json, {'items': [held], 'next_cursor': None})

        # It takes real capacity, and everybody hears of it.
        public.expect('availability_updated', lambda event: any(
            slot['time'] == '19:00' and not slot['is_available'] for slot in event['data']['slots']))
        self.assertFalse(self.is_free(date, '19:00'))
        full = self.check(self.bo.post('/customer/reservations', self.wish(date, '19:00')), 409, 'slot_unavailable')
        self.assertTrue(full.json['alternatives'])
        refused = self.hold(self.bo, date, '19:30', 409)
        self.assertEqual((refused.code, bool(refused.json['alternatives'])), ('slot_unavailable', True))
        for answer in (self.bo.get(target), self.bo.delete(target), self.ada.get(f'/customer/holds/{UNKNOWN}'),
                       self.ada.delete(f'/customer/holds/{UNKNOWN}'), self.ada.get('/customer/holds/nope')):
            self.check(answer, 404)
        self.assertEqual(self.bo.get('/customer/holds').json['items'], [])
        self.check(self.bo.post('/customer/reservations', {**self.wish(date, '19:00'), 'hold_id': held['id']}), 409)

        booked = self.book(self.ada, self.small, date, '19:00', hold_id=held['id']).json
        self.assertEqual((booked['starts_at'], booked['ends_at']), (held['starts_at'], held['ends_at']))
        self.assertEqual(mine.expect('reservation_confirmed')['data'], booked)
        self.check(self.ada.get(target), 404)
        self.assertEqual(self.ada.get('/customer/holds').json['items'], [])
        self.check(self.ada.post('/customer/reservations', {**self.wish(day(12), '19:00'), 'hold_id': held['id']}), 409,
                   'hold_expired')

    def test_11_swap_and_release(self):
        date = day(11)
        self.book(self.bo, self.small, date, '15:00')
        first = self.hold(self.ada, date, '12:00').json
        second = self.hold(self.ada, date, '18:00').json
        self.assertTrue(self.is_free(date, '12:00'))
        self.assertFalse(self.is_free(date, '18:00'))
        self.check(self.ada.get(f'/customer/holds/{first["id"]}'), 404)
        # What is refused leaves the other as it is.
        self.assertEqual(self.hold(self.ada, date, '15:00', 409).code, 'slot_unavailable')
        self.assertEqual(self.ada.get('/customer/holds').json['items'], [second])
        elsewhere = self.hold(self.ada, date, '12:00', place=self.place).json
        self.assertEqual([each['id'] for each in self.ada.get('/customer/holds').json['items']],
                         [elsewhere['id'], second['id']])
        for each in (second, elsewhere):
            for _ in range(2):
                gone = self.check(self.ada.delete(f'/customer/holds/{each["id"]}'), 204)
                self.assertEqual(gone.body, b'')
        self.assertTrue(self.is_free(date, '18:00'))
        self.assertEqual(self.ada.get('/customer/holds').json['items'], [])

    def test_12_what_cannot_be_held(self):
        for body, status in (({}, 422), (self.wish(day(-2), '19:00'), 422), (self.wish(day(10), '19:00', 21), 422),
                             ({**self.wish(day(10), '19:00'), 'hold_id': UNKNOWN}, 422),
                             (self.wish(day(10), '19:00', place=UNKNOWN), 404)):
            self.check(self.cy.post('/customer/holds', body), status)
        self.check(self.cy.get('/customer/holds?limit=1'), 422)

    # ---- a visit

    def test_20_visit(self):
        staff = self.socket(f'/ws/restaurants/{self.place}', self.owner_token)
        mine = self.socket('/ws/customer', self.tokens[0])
        booked = self.book_next(self.ada)
        target = f'/customer/reservations/{booked["id"]}'
        got = self.check(self.ada.get(target), 200)
        self.assertEqual((got.json, got.header('ETag')), (booked, '"v1"'))
        self.assertEqual(self.ada.get(target, headers={'If-None-Match': 'W/"v1"'}).status, 304)
        for rest in ('', '/history', '.ics'):
            self.check(self.bo.get(target + rest), 404)
            self.check(self.ada.get(f'/customer/reservations/{UNKNOWN}{rest}'), 404)
            self.check(self.ada.get(f'{target}{rest}?x=1'), 422)
        self.check(self.bo.post(target + '/check-in', None), 404)
        self.check(self.bo.post(target + '/running-late', {'minutes': 5}), 404)

        late = self.check(self.ada.post(target + '/running-late', {'minutes': 20}), 200)
        self.assertEqual((late.json['running_late_minutes'], late.json['version']), (20, 2))
        self.assertEqual(staff.expect('customer_reservation_updated')['data'], late.json)
        self.assertEqual(mine.expect('reservation_updated')['data'], late.json)
        for minutes in (-1, 181, None, '5'):
            self.check(self.ada.post(target + '/running-late', {'minutes': minutes}), 422)

        here = self.check(self.ada.post(target + '/check-in', None), 200)
        self.assertIsNotNone(here.json['checked_in_at'])
        self.assertEqual(staff.expect('customer_checked_in')['data'], here.json)
        again = self.check(self.ada.post(target + '/check-in', {}), 200)
        self.assertEqual(again.json['checked_in_at'], here.json['checked_in_at'])
        self.check(self.ada.post(target + '/check-in', {'at': 1}), 422)
        self.s.visit, self.s.target = here.json, target

    def test_21_calendar(self):
        visit = self.s.visit
        file = self.check(self.ada.get(self.s.target + '.ics'), 200)
        self.assertEqual(file.header('Content-Type'), 'text/calendar; charset=utf-8')
        self.assertIn('attachment', file.header('Content-Disposition'))
        lines = unfolded(file.body.decode())
        event = dict(lines[lines.index(('BEGIN', 'VEVENT')):])
        zone = zoneinfo.ZoneInfo('Europe/Copenhagen')
        for name, member in (('DTSTART', 'starts_at'), ('DTEND', 'ends_at')):
            moment = datetime.datetime.fromisoformat(visit[member])
            if f'{name};TZID=Europe/Copenhagen' in event:
                told = datetime.datetime.strptime(event[f'{name};TZID=Europe/Copenhagen'], '%Y%m%dT%H%M%S')
                self.assertEqual(told.replace(tzinfo=zone), moment)
            else:  # the second time of an hour that comes twice
                told = datetime.datetime.strptime(event[name] + '+0000', '%Y%m%dT%H%M%SZ%z')
                self.assertEqual(told, moment)
        self.assertEqual((event['UID'], event['STATUS'], event['SEQUENCE']),
                         (f'{visit["id"]}@qtable', 'CONFIRMED', str(self.ada.get(self.s.target).json['version'])))
        self.assertEqual(event['SUMMARY'], 'Table for 2 at Always\\; open\\, "ø"')
        self.assertEqual(event['LOCATION'], 'Always\\; open\\, "ø"\\, Søndergade 1\\, Aarhus')
        self.assertIn(visit['confirmation_code'], event['DESCRIPTION'])
        self.assertIn('Requests: Window\\; "æ"\\, please', event['DESCRIPTION'])
        self.assertIn(('TZID', 'Europe/Copenhagen'), lines)
        self.check(self.ada.delete(self.s.target + '.ics'), 404)
        wrong = self.check(self.ada.patch(self.s.target + '.ics', {}), 405)
        self.assertEqual(sorted(wrong.header('Allow').split(', ')), ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PUT'])

    def test_22_cancelled_calendar(self):
        booked = self.book(self.bo, self.place, day(20), '12:00').json
        target = f'/customer/reservations/{booked["id"]}'
        self.bo.delete(target)
        event = dict(unfolded(self.bo.get(target + '.ics').body.decode()))
        self.assertEqual((event['STATUS'], event['SEQUENCE']), ('CANCELLED', '2'))
        changes = [each['changes'] for each in self.bo.get(target + '/history').json['items']]
        self.assertEqual(changes, [[], [{'field': 'status', 'from': 'confirmed', 'to': 'cancelled'}]])

    def test_23_review(self):
        target, review = self.s.target, {'rating': 4, 'text': 'Good "smørrebrød"'}
        service = f'/restaurants/{self.place}/customer-reservations/{self.s.visit["id"]}'
        self.check(self.ada.post(target + '/review', review), 409, 'not_completed')
        mine = self.socket('/ws/customer', self.tokens[0])
        self.check(self.owner.post(service + '/seat', {}), 200)
        self.assertEqual(mine.expect('reservation_updated')['data']['status'], 'seated')
        self.check(self.owner.post(service + '/complete', {}), 200)
        self.assertEqual(mine.expect('reservation_updated')['data']['status'], 'completed')

        for body in ({}, {'rating': 0}, {'rating': 6}, {'rating': 4.5}, {'rating': 4, 'stars': 5}):
            self.check(self.ada.post(target + '/review', body), 422)
        self.check(self.bo.post(target + '/review', review), 404)
        made = self.check(self.ada.post(target + '/review', review, 'review-1'), 201)
        self.assertEqual((made.json['rating'], made.json['text']), (4, review['text']))
        again = self.check(self.ada.post(target + '/review', review, 'review-1'), 201)
        self.assertEqual((again.body, again.header('Idempotent-Replayed')), (made.body, 'true'))
        self.check(self.ada.post(target + '/review', review), 409, 'already_reviewed')

        public = f'/public/restaurants/{self.place}'
        item = self.check(self.http.get(public + '/reviews'), 200).json['items'][0]
        self.assertEqual((item['rating'], item['text'], item['created_at']),
                         (4, review['text'], made.json['created_at']))
        self.assertNotIn(' ', item['author'] or '')
        restaurant = self.http.get(public).json
        self.assertEqual((restaurant['rating'], restaurant['review_count']), (4, 1))

        moved = self.check(self.ada.put(target, {'party_size': 3}), 409, 'illegal_transition')
        self.assertEqual((moved.json['current'], moved.json['allowed']), ('completed', []))
        self.check(self.ada.delete(target), 409, 'illegal_transition')
        self.check(self.ada.post(target + '/check-in', None), 409, 'illegal_transition')

        for table in self.s.visit['table_ids']:
            self.check(self.owner.put(f'/restaurants/{self.place}/tables/{table}/clear', None), 200)

    def test_24_history(self):
        items = self.check(self.ada.get(self.s.target + '/history'), 200).json['items']
        self.assertEqual([(each['action'], each['by'], each['status']) for each in items],
                         [('reservation.create', 'customer', 'confirmed'),
                          ('reservation.running_late', 'customer', 'confirmed'),
                          ('reservation.check_in', 'customer', 'confirmed'), ('reservation.seat', 'staff', 'seated'),
                          ('reservation.complete', 'staff', 'completed')])
        self.assertEqual(items[1]['changes'], [{'field': 'running_late_minutes', 'from': None, 'to': 20}])
        self.assertEqual([each['field'] for each in items[2]['changes']], ['checked_in_at'])
        self.assertIn({'field': 'status', 'from': 'confirmed', 'to': 'seated'}, items[3]['changes'])
        self.assertEqual([each['version'] for each in items], sorted(each['version'] for each in items))

    def test_25_pages_of_reviews(self):
        booked = self.book_next(self.bo)
        service = f'/restaurants/{self.place}/customer-reservations/{booked["id"]}'
        self.check(self.owner.post(service + '/seat', {}), 200)
        self.check(self.owner.post(service + '/complete', {}), 200)
        self.check(self.bo.post(f'/customer/reservations/{booked["id"]}/review', {'rating': 1}), 201)
        target = f'/public/restaurants/{self.place}/reviews'
        first = self.http.get(target + '?limit=1').json
        self.assertEqual([(each['rating'], each['text']) for each in first['items']], [(1, None)])
        second = self.http.get(f'{target}?limit=1&cursor={first["next_cursor"]}').json
        self.assertEqual(([each['rating'] for each in second['items']], second['next_cursor']), ([4], None))
        self.check(self.http.get(target + '?cursor=x'), 422)
        self.check(self.http.get(f'/public/restaurants/{self.hidden}/reviews'), 404)
        self.assertEqual(self.http.get(f'/public/restaurants/{self.place}').json['rating'], 2.5)

    # ---- the waitlist

    def join(self, client, status=201, place=None, party_size=2, key=None):
        return self.check(client.post('/customer/waitlist', {'restaurant_id': place or self.line,
                                                             'party_size': party_size, 'notes': 'Pram'}, key), status)

    def test_30_wait_and_sit(self):
        staff = self.socket(f'/ws/restaurants/{self.line}', self.owner_token)
        sockets = [self.socket('/ws/customer', token) for token in self.tokens]
        made = self.join(self.ada, key='wait-1')
        ada = made.json
        self.assertEqual(made.header('Location'), f'/customer/waitlist/{ada["id"]}')
        self.assertEqual((ada['status'], ada['source'], ada['party_size'], ada['position'], ada['parties_ahead'],
                          ada['notes']), ('waiting', 'waitlist', 2, 1, 0, 'Pram'))
        self.assertTrue(ada['name'].strip())
        again = self.join(self.ada, key='wait-1')
        self.assertEqual((again.json['id'], again.header('Idempotent-Replayed'), again.header('Location')),
                         (ada['id'], 'true', made.header('Location')))
        self.assertEqual(self.join(self.ada, 409).code, 'already_waiting')
        self.assertEqual(staff.expect('guest_created')['data']['id'], ada['id'])
        bo, cy = self.join(self.bo).json, self.join(self.cy).json
        self.assertEqual((bo['position'], cy['position']), (2, 3))
        targets = [f'/customer/waitlist/{each["id"]}' for each in (ada, bo, cy)]
        self.assertEqual(self.check(self.bo.get(targets[1]), 200).json['position'], 2)
        self.assertEqual([each['id'] for each in self.bo.get('/customer/waitlist').json['items']], [bo['id']])
        for answer in (self.bo.get(targets[0]), self.bo.delete(targets[0]),
                       self.ada.get(f'/customer/waitlist/{UNKNOWN}'), self.join(self.ada, 404, UNKNOWN),
                       self.join(self.ada, 404, self.hidden)):
            self.check(answer, 404)
        for body in ({}, {'restaurant_id': self.line, 'party_size': 0},
                     {'restaurant_id': self.line, 'party_size': 2, 'name': 'x'}):
            self.check(self.ada.post('/customer/waitlist', body), 422)

        guest = f'/restaurants/{self.line}/guests/{ada["id"]}'
        self.check(self.owner.post(guest + '/notify', {}), 200)
        ready = sockets[0].expect('table_ready')
        self.assertEqual((ready['restaurant_id'], ready['data']['id'], ready['data']['status']),
                         (self.line, ada['id'], 'notified'))
        self.check(self.owner.post(guest + '/seat', {}), 200)
        seated = sockets[0].expect('waitlist_updated')['data']
        self.assertEqual((seated['status'], seated['position']), ('seated', None))

        left = self.check(self.bo.delete(targets[1]), 200)
        self.assertEqual(left.json['status'], 'left')
        self.assertEqual(sockets[1].expect('waitlist_updated')['data']['status'], 'left')
        self.assertEqual(self.check(self.bo.delete(targets[1]), 200).json, left.json)
        self.assertEqual(self.bo.get('/customer/waitlist').json['items'], [])
        # Those before are gone: told, but not more often than every 15 seconds.
        moved = sockets[2].expect('estimated_wait_time', lambda event: event['data']['position'] == 1, timeout_s=45)
        self.assertEqual(moved['data']['id'], cy['id'])

        self.check(self.owner.post(guest + '/complete', {}), 200)
        self.assertEqual(sockets[0].expect('waitlist_updated')['data']['status'], 'completed')
        self.assertEqual(self.ada.get('/customer/waitlist').json['items'], [])
        self.check(self.cy.delete(targets[2]), 200)
        for socket in sockets:
            hello, *events = socket.events
            self.assertEqual([each['seq'] for each in events], [hello['seq'] + 1 + i for i in range(len(events))])

    def test_31_wait_estimates(self):
        target = f'/public/restaurants/{self.place}/wait-estimates'
        answer = self.check(self.http.get(target), 200)
        self.assertEqual([each['party_size'] for each in answer.json['items']], [1, 2, 3, 4, 5, 6, 7, 8])
        self.assertTrue(re.fullmatch(r'max-age=[1-5]', answer.header('Cache-Control')))
        some = self.http.get(target + '?party_size=4,2').json['items']
        self.assertEqual([each['party_size'] for each in some], [2, 4])
        for each in some:
            if each['wait'] is not None:
                self.assertEqual(each['estimated_wait_minutes'], each['wait']['p50_minutes'])
                self.assertLessEqual(each['wait']['p10_minutes'], each['wait']['p50_minutes'])
                self.assertLessEqual(each['wait']['p50_minutes'], each['wait']['p90_minutes'])
        for query in ('party_size=', 'party_size=0', 'party_size=2,', 'party_size=101', 'party_size=two', 'x=1',
                      'party_size=' + ','.join('2' * 21)):
            self.check(self.http.get(f'{target}?{query}'), 422)
        self.check(self.http.get(f'/public/restaurants/{self.hidden}/wait-estimates'), 404)

    def test_40_while_the_database_is_away(self):
        self.server.stop_database()
        try:
            answer = self.check(self.http.get(f'/public/restaurants/{self.place}/wait-estimates?party_size=2'), 200)
            self.assertEqual(len(answer.json['items']), 1)
            refused = self.ada.post('/customer/holds', self.wish(day(15), '19:00'), may_fail=True)
            self.check(refused, 503, 'database_unavailable')
        finally:
            self.server.start_database()
        wait_for(lambda: self.ada.post('/customer/holds', self.wish(day(15), '19:00'), may_fail=True).status == 201, 20,
                 'holds again')


class Expiry(World):
    """A hold that nobody books ends by itself, and everyone hears of it."""

    def test_hold_expires(self):
        server = self.enterContext(Server('--no-fsync', '--hold-ms', '1500'))
        server.start()
        owner = server.mint('staff', 'owner@example.test')
        ada, bo = (server.mint('customer', f'{name}@example.test') for name in ('ada', 'bo'))
        place, date = server.make_restaurant(owner, [2], name='One table'), day(5)
        with server.client(ada) as me, server.client(bo) as other, server.client() as self.http, \
                server.socket('/ws/customer', ada) as mine, \
                server.socket(f'/ws/public/restaurants/{place}') as everyone:
            wish = {'restaurant_id': place, 'date': date, 'time': '19:00', 'party_size': 2}
            held = me.post('/customer/holds', wish)
            self.assertEqual(held.status, 201, held)
            everyone.expect('availability_updated', timeout_s=5)
            self.assertFalse(self.slots(place, date)['19:00']['is_available'])
            self.book(other, place, date, '19:00', status=409)
            gone = mine.expect('hold_expired', timeout_s=8)
            self.assertEqual((gone['data']['id'], gone['restaurant_id']), (held.json['id'], place))
            free = everyone.expect('availability_updated', timeout_s=5)['data']
            self.assertIn(('19:00', True), [(slot['time'], slot['is_available']) for slot in free['slots']])
            self.assertTrue(self.slots(place, date)['19:00']['is_available'])
            late = self.book(me, place, date, '19:00', status=409, hold_id=held.json['id'])
            self.assertEqual(late.code, 'hold_expired')
            self.assertEqual(me.get('/customer/holds').json['items'], [])
            self.book(other, place, date, '19:00')


if __name__ == '__main__':
    unittest.main()
