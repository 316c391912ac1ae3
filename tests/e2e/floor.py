"""The evening from the staff's side, against the real program: how the house is set up, the chain reservation → guest →
table with both sockets listening, walk-ins and the waitlist, the floor, the log. Every answer and event is checked
against the published documents.
"""
import datetime, unittest

from client import wait_for
from world import UNKNOWN, World, WithRestaurants, day


class Floor(WithRestaurants, World):
    def make(self, capacities=(2, 4, 4), **profile):
        """A restaurant of its own: its path."""
        return '/restaurants/' + self.server.make_restaurant(self.staff_tokens['owner'], capacities, **profile)

    def ok(self, answer, status=200):
        self.assertEqual(answer.status, status, answer)
        return answer.json if answer.body else None

    def offered(self, root, date, time='19:00', party_size=2):
        return self.slots(root.rsplit('/', 1)[1], date, party_size).get(time)

    def tables(self, root):
        return {each['label']: each for each in self.ok(self.owner.get(root + '/tables'))['items']}

    def reserve(self, root, client=None, date=None, time='19:00', party_size=2):
        return self.book(client or self.ada, root.rsplit('/', 1)[1], date or day(1), time, party_size).json

    @property
    def owner(self):
        return self.staff['owner']

    # ---- how the house is set up

    def test_roles(self):
        root = f'/restaurants/{self.place}'
        for path in ('', '/hours', '/booking-rules', '/special-days', '/table-combinations', '/floor', '/guests',
                     '/dashboard-data', '/activity', '/updates?since_seq=0'):
            self.ok(self.staff['host'].get(root + path))
            self.assert_refused(self.staff['other'].get(root + path), 404, 'not_found')
            self.assert_refused(self.ada.get(root + path), 403, 'forbidden')
            self.assert_refused(self.http.get(root + path), 401, 'unauthorized')
        for method, path, body in [('PATCH', '/hours', {}), ('PUT', '/booking-rules', {}), ('POST', '/pause', None),
                                   ('POST', '/special-days', {'date': day(3), 'hours': ''}), ('DELETE', '/pause', None),
                                   ('PUT', '/tables/bulk', {'tables': []}), ('POST', '/table-combinations', {})]:
            self.assert_refused(self.staff['host'].request(method, root + path, body), 403, 'forbidden')
        self.assert_refused(self.staff['manager'].delete(root), 403, 'forbidden')

    def test_hours(self):
        root = self.make()
        target = root + '/hours'
        before = self.owner.get(target)
        self.assertEqual(self.ok(before)['hours_monday'], '10:00-23:00')
        self.assertEqual(self.owner.get(target, headers={'If-None-Match': before.header('ETag')}).status, 304)
        after = self.owner.patch(target, {'hours_monday': '11:00-14:00, 18:00-02:00', 'hours_sunday': None},
                                 headers={'If-Match': before.header('ETag')})
        self.assertEqual(self.ok(after), {**before.json, 'hours_monday': '11:00-14:00,18:00-02:00', 'hours_sunday': '',
                                          'version': before.json['version'] + 1})
        self.assertEqual(self.ok(self.owner.get(root))['hours_monday'], '11:00-14:00,18:00-02:00')
        self.assert_refused(self.owner.put(target, before.json), 412)  # the version that it was read with
        self.assertEqual(self.ok(self.owner.put(target, {**after.json, 'hours_sunday': '10:00-12:00'}))['hours_sunday'],
                         '10:00-12:00')
        self.assert_refused(self.owner.patch(target, {'hours_friday': '10:00-15:00,14:00-20:00'}), 422, 'invalid_input',
                            '/hours_friday')
        self.assert_refused(self.owner.patch(target, {'hours_fryday': ''}), 422, 'invalid_input', '/hours_fryday')

    def test_booking_rules(self):
        root = self.make()
        target = root + '/booking-rules'
        before = self.owner.get(target)
        self.assertEqual(self.ok(before)['slot_interval_minutes'], 30)
        self.assertIsNone(self.offered(root, day(3), '19:15'))
        after = self.ok(self.owner.patch(target, {
            'slot_interval_minutes': 15,
            'turn_times': [{'up_to_party': 2, 'minutes': 60}, {'up_to_party': 100, 'minutes': 120}],
            'pacing_parties': 1, 'house_pacing_covers': 40, 'max_party': 8, 'no_show_grace_minutes': 20}))
        self.assertEqual({**before.json, 'slot_interval_minutes': 15, 'pacing_parties': 1, 'house_pacing_covers': 40,
                          'max_party': 8, 'no_show_grace_minutes': 20, 'turn_times': after['turn_times'],
                          'version': before.json['version'] + 1}, after)
        slot = self.offered(root, day(3), '19:15')
        starts, ends = (datetime.datetime.fromisoformat(slot[name]) for name in ('starts_at', 'ends_at'))
        self.assertEqual(ends - starts, datetime.timedelta(hours=1))
        self.reserve(root, date=day(3), time='19:15')
        self.assertEqual(self.offered(root, day(3), '19:15')['reasons'], ['pacing'])
        self.assert_refused(self.owner.put(target, before.json), 412)
        for body, pointer in [({'slot_interval_minutes': 7}, '/slot_interval_minutes'),
                              ({'max_party': 0}, '/max_party'),
                              ({'turn_times': [{'up_to_party': 2, 'minutes': 91}]}, '/turn_times/0/minutes'),
                              ({'min_party': 9}, '/min_party'), ({'window': 3}, '/window')]:
            self.assert_refused(self.owner.patch(target, body), 422, 'invalid_input', pointer)

    def test_special_days(self):
        root, date = self.make(), day(6)
        target = root + '/special-days'
        self.assertEqual(self.ok(self.owner.get(target)), {'items': [], 'next_cursor': None})
        self.assertTrue(self.offered(root, date)['is_available'])
        body = {'date': date, 'hours': '', 'note': 'Private party'}
        made = self.owner.post(target, body, 'closed')
        self.assertEqual(self.ok(made, 201), body)
        self.assertEqual(self.owner.post(target, body, 'closed').header('Idempotent-Replayed'), 'true')
        self.assert_refused(self.owner.post(target, body), 409, 'already_exists')
        self.assertFalse(any(each['is_available'] for each in self.slots(root.rsplit('/', 1)[1], date).values()))
        one = f'{target}/{date}'
        self.assertEqual(self.ok(self.owner.put(one, {'hours': '18:00-20:30'})),
                         {**body, 'hours': '18:00-20:30', 'note': ''})
        self.assertTrue(self.offered(root, date, '18:00')['is_available'])
        self.assertEqual(self.ok(self.owner.get(one))['hours'], '18:00-20:30')
        self.ok(self.owner.put(f'{target}/{day(7)}', {'hours': '12:00-15:00'}), 201)
        self.assertEqual([each['date'] for each in self.owner.all_items(target)], [date, day(7)])
        self.assert_refused(self.owner.put(one, {'hours': '18:00-20:00,19:00-21:00'}), 422, 'invalid_input', '/hours')
        self.assert_refused(self.owner.put(one, {'hours': '', 'date': day(7)}), 422, 'invalid_input', '/date')
        self.ok(self.owner.delete(one), 204)
        self.assert_refused(self.owner.delete(one), 404)
        self.assert_refused(self.owner.get(target + '/tomorrow'), 404)
        self.assertTrue(self.offered(root, date)['is_available'])

    def test_pause(self):
        root = self.make()
        paused = self.ok(self.owner.post(root + '/pause', None))
        until = datetime.datetime.fromisoformat(paused['paused_until'].replace('Z', '+00:00'))
        left = until - datetime.datetime.now(datetime.timezone.utc)
        self.assertAlmostEqual(left.total_seconds(), 24 * 3600, delta=60)
        self.assertEqual(self.offered(root, day(3))['reasons'], ['paused'])
        self.ok(self.owner.post(root + '/pause', {'minutes': 30}))
        self.assertIsNone(self.ok(self.owner.delete(root + '/pause'))['paused_until'])
        self.assertTrue(self.offered(root, day(3))['is_available'])
        self.assert_refused(self.owner.post(root + '/pause', {'until': '2020-01-01T00:00:00Z'}), 422,
                            'invalid_input', '/until')

    def test_tables_in_bulk(self):
        root = self.make([2])
        target = root + '/tables/bulk'
        body = {'tables': [{'label': 't1', 'capacity': 3}, {'label': 'T2', 'capacity': 4, 'section': 'Bar', 'x': 2}]}
        made = self.owner.post(target, body, 'plan')
        self.assertEqual([(each['label'], each['capacity'], each['version']) for each in self.ok(made)['items']],
                         [('T2', 4, 1), ('t1', 3, 2)])
        again = self.owner.post(target, body, 'plan')
        self.assertEqual((again.body, again.header('Idempotent-Replayed')), (made.body, 'true'))
        second = made.json['items'][0]
        moved = self.ok(self.owner.post(target, {'tables': [{'id': second['id'], 'x': 5}]}))['items']
        self.assertEqual([each for each in moved if each['id'] == second['id']], [{**second, 'x': 5, 'version': 2}])
        self.reserve(root, party_size=4)
        in_use = self.owner.put(target, {'tables': [{'label': 't1'}]})
        self.assert_refused(in_use, 409, 'table_in_use')
        self.assertEqual(len(in_use.json['reservations']), 1)
        kept = self.ok(self.owner.put(target, {'tables': [{'label': 'T2'}]}))['items']
        self.assertEqual([each['label'] for each in kept], ['T2'])
        for tables, pointer in [([{'label': 'T9'}], '/tables/0/capacity'), ([{'id': UNKNOWN}], '/tables/0/id'),
                                ([{'label': 'a', 'capacity': 2}, {'label': 'A', 'capacity': 2}], '/tables/1')]:
            self.assert_refused(self.owner.post(target, {'tables': tables}), 422, 'invalid_input', pointer)

    def test_combinations(self):
        root = self.make()
        target, tables = root + '/table-combinations', self.tables(root)
        self.assertFalse(self.offered(root, day(3), party_size=8)['is_available'])
        body = {'label': 'Long', 'table_ids': [tables['T2']['id'], tables['T3']['id']], 'min_party': 5}
        made = self.owner.post(target, body, 'long')
        self.assertEqual((self.ok(made, 201)['capacity'], made.json['min_party']), (8, 5))
        self.assertEqual(self.owner.post(target, body, 'long').header('Idempotent-Replayed'), 'true')
        self.assert_refused(self.owner.post(target, body), 409, 'label_taken')
        self.assertTrue(self.offered(root, day(3), party_size=8)['is_available'])
        one = f'{target}/{made.json["id"]}'
        self.assertEqual(self.ok(self.owner.get(one)), made.json)
        self.assertEqual(self.owner.get(one, headers={'If-None-Match': made.header('ETag')}).status, 304)
        changed = self.ok(self.owner.patch(one, {'capacity': 7}, headers={'If-Match': made.header('ETag')}))
        self.assertEqual((changed['capacity'], changed['version']), (7, 2))
        self.assert_refused(self.owner.put(one, {'capacity': 6}, headers={'If-Match': made.header('ETag')}), 412)
        self.assert_refused(self.owner.put(one, {'table_ids': [UNKNOWN, tables['T2']['id']]}), 422,
                            'invalid_input', '/table_ids/0')
        self.assertEqual([each['id'] for each in self.owner.all_items(target)], [changed['id']])
        self.assert_refused(self.owner.delete(f'{root}/tables/{tables["T2"]["id"]}'), 409, 'table_in_use')
        self.ok(self.owner.delete(one), 204)
        self.assert_refused(self.owner.get(one), 404)

    def test_end_of_a_restaurant(self):
        root = self.make()
        booked = self.reserve(root)
        refused = self.owner.delete(root)
        self.assert_refused(refused, 409, 'has_reservations')
        self.assertEqual(refused.json['reservations'], [booked['id']])
        self.ok(self.owner.put(f'{root}/customer-reservations/{booked["id"]}', {'status': 'cancelled'}))
        self.assert_refused(self.owner.delete(root, headers={'If-Match': '"v9"'}), 412)
        self.ok(self.owner.delete(root), 204)
        for path in (root, '/public' + root, root + '/floor'):
            self.assert_refused(self.owner.get(path), 404, 'not_found')

    # ---- the evening

    def test_the_chain(self):
        """Reservation → guest → table, and both sides hear of each step."""
        root = self.make()
        booked = self.reserve(root)
        one = f'{root}/customer-reservations/{booked["id"]}'
        seen = self.owner.get(one)
        person = {name: seen.json[name] for name in ('customer_name', 'customer_phone')}
        self.assertEqual({**booked, **person}, self.ok(seen))
        table, other = booked['table_id'], self.tables(root)['T3']['id']
        with self.server.socket('/ws' + root, self.staff_tokens['owner']) as house, \
                self.server.socket('/ws/customer', self.guests[0]) as customer:
            house.expect('hello'), customer.expect('hello')
            since = self.ok(self.owner.get(root + '/floor'))
            self.assertEqual([each['id'] for each in since['reservations'] if each['id'] == booked['id']], [])
            assigned = self.ok(self.owner.post(one + '/assign', {'table_id': other}))
            self.assertEqual(assigned['table_ids'], [other])
            self.assert_refused(self.owner.post(one + '/assign', {}), 422, 'invalid_input')
            house.expect('customer_reservation_updated', lambda event: event['data']['table_ids'] == [other])

            seated = self.owner.post(one + '/seat', None, headers={'If-Match': f'"v{assigned["version"]}"'})
            guest = self.ok(seated)['guest_id']
            self.assertEqual((seated.json['status'], seated.json['customer_name'], seated.json['table_ids']),
                             ('seated', seen.json['customer_name'], [other]))
            told = house.expect('guest_created')['data']
            self.assertEqual((told['id'], told['status'], told['reservation_id'], told['table_ids'], told['source']),
                             (guest, 'seated', booked['id'], [other], 'reservation'))
            taken = house.expect('table_updated')['data']
            self.assertEqual((taken['id'], taken['status'], taken['current_guest_id']), (other, 'occupied', guest))
            customer.expect('reservation_updated', lambda event: event['data']['status'] == 'seated')

            floor = self.ok(self.owner.get(root + '/floor'))
            line = next(each for each in floor['tables'] if each['id'] == other)
            self.assertEqual((line['status'], line['guest']['id']), ('occupied', guest))
            self.assertIsNotNone(line['expected_until'])
            self.assertEqual([each['id'] for each in floor['guests']], [guest])

            again = self.owner.post(one + '/seat', {})
            self.assert_refused(again, 409, 'illegal_transition')
            self.assertEqual((again.json['current'], again.json['allowed']), ('seated', ['completed']))
            self.assert_refused(self.owner.post(one + '/no-show', None), 409, 'illegal_transition')
            walk_in = self.ok(self.owner.post(root + '/guests', {'name': 'Bo', 'party_size': 2}, 'bo'), 201)
            full = self.owner.post(f'{root}/guests/{walk_in["id"]}/seat', {'table_id': other})
            self.assert_refused(full, 409, 'table_not_free')

            done = self.ok(self.owner.post(one + '/complete', None))
            self.assertEqual(done['status'], 'completed')
            house.expect('table_updated', lambda event: event['data']['status'] == 'dirty')
            customer.expect('reservation_updated', lambda event: event['data']['status'] == 'completed')
        self.assertEqual(self.ok(self.owner.get(f'{root}/guests/{guest}'))['status'], 'completed')
        cleared = self.ok(self.owner.put(f'{root}/tables/{other}/clear', None))
        self.assertEqual((cleared['status'], cleared['current_guest_id']), ('available', None))
        self.check_updates(root, since, booked['id'], guest, other)
        self.check_activity(root, booked['id'])
        self.assertNotEqual(table, other)

    def check_updates(self, root, since, reservation, guest, table):
        """Each thing once, as it is at last; page by page the same."""
        whole = self.ok(self.owner.get(f'{root}/updates?since_seq={since["seq"]}&epoch={since["epoch"]}'))
        self.assertEqual((whole['resync_required'], whole['has_more'], whole['epoch']), (False, False, since['epoch']))
        self.assertEqual([(each['id'], each['status']) for each in whole['reservations']], [(reservation, 'completed')])
        self.assertIn((guest, 'completed'), [(each['id'], each['status']) for each in whole['guests']])
        self.assertIn((table, 'available'), [(each['id'], each['status']) for each in whole['tables']])
        self.assertEqual(list(whole['customers']), [whole['reservations'][0]['customer_id']])
        self.assertTrue(whole['availability_changed']['dates'])
        seq, tables = since['seq'], {}
        while True:
            page = self.ok(self.owner.get(f'{root}/updates?since_seq={seq}&limit=2'))
            tables.update({each['id']: each for each in page['tables']})
            seq = page['seq']
            if not page['has_more']:
                break
        self.assertEqual((seq, tables), (whole['seq'], {each['id']: each for each in whole['tables']}))
        after = self.ok(self.owner.get(f'{root}/updates?since_seq={seq}'))
        self.assertEqual((after['seq'], after['tables'], after['restaurant']), (seq, [], None))
        for query in (f'since_seq={seq + 1}', f'since_seq={seq}&epoch={"0" * 16}'):
            self.assertTrue(self.ok(self.owner.get(f'{root}/updates?{query}'))['resync_required'], query)
        self.assert_refused(self.owner.get(root + '/updates'), 422, 'invalid_input', 'since_seq')

    def check_activity(self, root, reservation):
        lines = self.owner.all_items(f'{root}/activity')
        self.assertEqual(sorted((each['seq'] for each in lines), reverse=True), [each['seq'] for each in lines])
        actions = [each['action'] for each in self.owner.all_items(f'{root}/activity?subject_id={reservation}')]
        self.assertEqual(actions, [f'reservation.{done}' for done in ('complete', 'seat', 'assign', 'create')])
        first = self.ok(self.owner.get(root + '/activity?limit=1'))
        second = self.ok(self.owner.get(f'{root}/activity?limit=1&cursor={first["next_cursor"]}'))
        self.assertEqual(first['items'] + second['items'], lines[:2])
        self.assertEqual(lines[0]['actor']['kind'], 'staff')

    def test_changes_by_staff(self):
        root = self.make([2])
        booked = self.reserve(root)
        one = f'{root}/customer-reservations/{booked["id"]}'
        moved = self.ok(self.owner.put(one, {'time': '20:00', 'special_requests': 'By the window'}))
        self.assertEqual((moved['time'], moved['special_requests'], moved['status']),
                         ('20:00', 'By the window', 'confirmed'))
        absent = self.ok(self.owner.post(one + '/no-show', {}))
        self.assertEqual(absent['status'], 'no_show')
        back = self.ok(self.owner.put(one, {'status': 'confirmed'}))
        self.assertEqual((back['status'], back['table_ids']), ('confirmed', booked['table_ids']))
        self.ok(self.owner.post(one + '/no-show', {}))
        self.reserve(root, self.bo, time='20:00')
        self.assert_refused(self.owner.put(one, {'status': 'confirmed'}), 409, 'slot_unavailable')
        self.assert_refused(self.owner.put(one, {'status': 'lost'}), 422, 'invalid_input', '/status')
        self.assert_refused(self.owner.put(one, {'override': ['no_table']}), 422, 'invalid_input', '/override/0')
        self.assert_refused(self.owner.put(one, {'table_id': UNKNOWN, 'combination_id': UNKNOWN}), 422, 'invalid_input',
                            '/combination_id')
        self.assert_refused(self.owner.put(f'{root}/customer-reservations/{UNKNOWN}', {'status': 'cancelled'}), 404)
        self.assert_refused(self.owner.get(f'{root}/customer-reservations/{UNKNOWN}'), 404)

    def test_walk_ins_and_the_waitlist(self):
        root = self.make([2, 4])
        target, tables = root + '/guests', self.tables(root)
        body = {'name': 'Ada', 'party_size': 3, 'phone': '+45 12345678', 'notes': 'High chair'}
        made = self.owner.post(target, body, 'ada')
        walk_in = self.ok(made, 201)
        self.assertEqual((walk_in['source'], walk_in['status'], walk_in['position']), ('walk_in', 'waiting', 1))
        again = self.owner.post(target, body, 'ada')
        self.assertEqual((again.body, again.header('Idempotent-Replayed')), (made.body, 'true'))
        one = f'{target}/{walk_in["id"]}'
        small = self.owner.post(one + '/seat', {'table_id': tables['T1']['id']})
        self.assert_refused(small, 409, 'party_does_not_fit')
        seated = self.ok(self.owner.post(one + '/seat', {'stay_minutes': 45}))
        self.assertEqual((seated['status'], seated['table_ids'], seated['position']),
                         ('seated', [tables['T2']['id']], None))
        refused = self.owner.post(one + '/leave', None)
        self.assert_refused(refused, 409, 'illegal_transition')
        self.assertEqual((refused.json['current'], refused.json['allowed']), ('seated', ['completed']))
        self.assert_refused(self.owner.delete(one), 409, 'illegal_transition')
        waiting = self.ok(self.owner.post(target, {'name': 'Bo', 'party_size': 4, 'source': 'waitlist'}), 201)
        self.assertEqual((waiting['source'], waiting['parties_ahead']), ('waitlist', 0))
        other = f'{target}/{waiting["id"]}'
        changed = self.ok(self.owner.put(other, {'party_size': 3, 'notes': None},
                                         headers={'If-Match': f'"v{waiting["version"]}"'}))
        self.assertEqual((changed['party_size'], changed['version']), (3, waiting['version'] + 1))
        self.assert_refused(self.owner.put(other, {'party_size': 2}, headers={'If-Match': '"v1"'}), 412)
        self.assertEqual(self.ok(self.owner.post(other + '/notify', {}))['status'], 'notified')
        listed = self.ok(self.owner.get(target + '?status=notified'))['items']
        self.assertEqual([each['id'] for each in listed], [waiting['id']])
        page = self.ok(self.owner.get(target + '?limit=1'))
        rest = self.ok(self.owner.get(f'{target}?limit=1&cursor={page["next_cursor"]}'))
        self.assertEqual([page['items'][0]['id'], rest['items'][0]['id'], rest['next_cursor']],
                         [walk_in['id'], waiting['id'], None])
        figures = self.ok(self.owner.get(root + '/dashboard-data'))
        self.assertEqual((figures['covers']['seated'], figures['waiting']['parties'], figures['tables']['occupied']),
                         (3, 1, 1))
        self.ok(self.owner.get(f'{root}/dashboard-data?date={day(1)}'))
        self.assertEqual(self.ok(self.owner.post(one + '/complete', {}))['status'], 'completed')
        self.assertEqual(self.tables(root)['T2']['status'], 'dirty')
        self.assert_refused(self.owner.post(other + '/seat', None), 409)  # nothing is free for three
        self.ok(self.owner.put(f'{root}/tables/{tables["T2"]["id"]}/clear', {}))
        self.assertEqual(self.ok(self.owner.post(other + '/seat', None))['status'], 'seated')
        # Clearing the table ends who sits there.
        cleared = self.ok(self.owner.put(f'{root}/tables/{tables["T2"]["id"]}/clear', None))
        self.assertEqual(cleared['status'], 'available')
        self.assertEqual(self.ok(self.owner.get(other))['status'], 'completed')
        late = self.ok(self.owner.post(target, {'name': 'Cy', 'party_size': 2, 'source': 'waitlist'}), 201)
        self.assertEqual(self.ok(self.owner.post(f'{target}/{late["id"]}/no-show', None))['status'], 'no_show')
        with self.server.socket('/ws' + root, self.staff_tokens['owner']) as house:
            self.ok(self.owner.delete(f'{target}/{late["id"]}'), 204)
            self.assertEqual(house.expect('guest_deleted')['data'], {'id': late['id'], 'deleted': True})
        self.assert_refused(self.owner.get(f'{target}/{late["id"]}'), 404)
        gone = self.ok(self.owner.post(target, {'name': 'Di', 'party_size': 2, 'source': 'waitlist'}), 201)
        self.assertEqual(self.ok(self.owner.post(f'{target}/{gone["id"]}/leave', None))['status'], 'left')
        self.assert_refused(self.owner.post(target, {'name': '', 'party_size': 0, 'source': 'reservation'}), 422,
                            'invalid_input', '/source')
        self.assert_refused(self.owner.get(target + '?status=hungry'), 422, 'invalid_input', 'status')
        deleted = self.ok(self.owner.get(f'{root}/updates?since_seq=0'))['deleted']
        self.assertEqual(deleted['guests'], [late['id']])

    def test_without_the_database(self):
        """The floor comes from memory; only the names are missing. Nothing is promised that can't be kept."""
        root = f'/restaurants/{self.place}'
        figures = f'{root}/dashboard-data?date={day(10)}'
        self.assertEqual(len(self.ok(self.owner.get(figures))['customers']), 1)
        self.server.stop_database()
        try:
            wait_for(lambda: self.owner.get(root).header('QTable-Degraded'), 10, 'the server knows')
            for target in (figures, root + '/floor'):
                answer = self.owner.get(target)
                self.assertEqual((self.ok(answer)['customers'], answer.header('QTable-Degraded')), ({}, 'db'))
            for path in ('/activity', f'/customer-reservations/{self.booked["id"]}'):
                self.assert_refused(self.owner.get(root + path, may_fail=True), 503, 'database_unavailable')
            refused = self.owner.post(root + '/guests', {'name': 'Ada', 'party_size': 2}, may_fail=True)
            self.assert_refused(refused, 503, 'database_unavailable')
        finally:
            self.server.start_database()
        wait_for(lambda: not self.owner.get(root).header('QTable-Degraded'), 20, 'the database is back')
        self.assertEqual(self.ok(self.owner.get(root + '/guests'))['items'], [])


if __name__ == '__main__':
    unittest.main()
