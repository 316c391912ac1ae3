"""Bad input: in bodies, in parameters, in headers. Each gets its answer in the one problem shape, nothing is a 5xx, and
the server lives on.
"""
import datetime, gzip, http.client, json, re, socket, unittest, zoneinfo

from client import Answer, HttpClient
from contract import check_problem
from server import PASSWORD
from world import UNKNOWN, WithRestaurants, day


class Bodies(WithRestaurants):
    def book(self, body):
        return self.ada.post('/customer/reservations', body)

    def test_json_form(self):
        whole = json.dumps(self.booking()).encode()
        for body, code in ((b'{', 'malformed_json'), (b'', 'empty_body'), (whole + b' x', 'malformed_json'),
                           (b'\xef\xbb\xbf' + whole, 'malformed_json'), (whole.decode().encode('utf-16'),
                                                                         'malformed_json'),
                           (whole[:-1] + b',"special_requests":"\xff"}', 'malformed_json'),
                           (whole[:-1] + b',"special_requests":"\xc0\xaf"}', 'malformed_json'),
                           (whole[:-1] + b',"special_requests":"\\ud800"}', 'malformed_json'),
                           (whole[:-1] + b',"special_requests":"a\nb"}', 'malformed_json'),
                           (b'[' * 33 + b']' * 33, 'malformed_json'), (b'[' * 5000, 'malformed_json'),
                           (whole[:-1] + b',}', 'malformed_json'), (whole.replace(b'"', b"'"), 'malformed_json'),
                           (whole[:-1] + b',"party_size":3}', 'duplicate_key'),
                           (whole[:-1] + b',"x":{"a":1,"\\u0061":2}}', 'duplicate_key')):
            with self.subTest(body=body[-60:]):
                self.assert_refused(self.book(body), 400, code)
        for body in (b'[]', b'null', b'"text"', b'1', b'true', b'{}'):
            with self.subTest(body=body):
                self.assert_refused(self.book(body), 422, 'invalid_input')

    def test_members(self):
        for name in ('restaurant_id', 'date', 'time', 'party_size'):
            body = self.booking()
            del body[name]
            with self.subTest(missing=name):
                self.assert_refused(self.book(body), 422, 'invalid_input', '/' + name)
        for name in ('partysize', 'customer_id', 'status', '', 'a/b~c'):
            with self.subTest(unknown=name):
                pointer = '/' + name.replace('~', '~0').replace('/', '~1')
                self.assert_refused(self.book(self.booking(**{name: 1})), 422, 'invalid_input', pointer)
        for name in ('restaurant_id', 'date', 'time'):
            for value in (1, None, True, [], {}, ''):
                with self.subTest(name=name, value=value):
                    self.assertIn(self.book(self.booking(**{name: value})).status,
                                  (404, 422) if name == 'restaurant_id' else (422,))
        for value in (5, [], {}, True):
            self.assert_refused(self.book(self.booking(special_requests=value)), 422, 'invalid_input',
                                '/special_requests')

    def test_party_size(self):
        for value in ('0', '-1', '1.5', '"4"', 'true', 'null', '[]', str(2**31), str(2**63), str(2**64), '1000000000',
                      'NaN', 'Infinity', '-Infinity', '1e400', '-1e400', '1e2000000', '1e-400', '101'):
            with self.subTest(party_size=value):
                body = json.dumps(self.booking()).replace('"party_size": 2', f'"party_size": {value}')
                self.assert_refused(self.book(body.encode()), 422, 'invalid_input', '/party_size')
        for value in ('+2', '02', '0x2', '.5', '2.'):
            with self.subTest(party_size=value):
                body = json.dumps(self.booking()).replace('"party_size": 2', f'"party_size": {value}')
                self.assertIn(self.book(body.encode()).status, (400, 422))
        self.assert_refused(self.book(self.booking(party_size=21)), 422, 'party_too_large')

    def test_dates_and_times(self):
        year = datetime.date.today().year
        common = next(y for y in range(year, year + 3) if y % 4)
        for value in (f'{year}-02-30', f'{common}-02-29', f'{year}-13-01', f'{year}-00-10', f'{year}-01-00',
                      '0000-01-01',
                      f'{year}-1-5', f'{year}-01-05T00:00', '05-01-2026', 'tomorrow', '99999-01-01', f'{year}-01-05 ',
                      '１２-01-01'):
            with self.subTest(date=value):
                self.assert_refused(self.book(self.booking(date=value)), 422, 'invalid_input', '/date')
        for value in ('24:00', '19:60', '7:00', '19:00:00', '19', '19.00', '-1:00', ' 19:00', '١٩:٠٠'):
            with self.subTest(time=value):
                self.assert_refused(self.book(self.booking(time=value)), 422, 'invalid_input', '/time')
        self.assert_refused(self.book(self.booking(date=day(-1))), 422, 'past')
        self.assert_refused(self.book(self.booking(date=day(200))), 422, 'max_notice')

    def test_wall_time_in_a_gap(self):
        """In some zone the clocks go forward within the booking window, at most times of the year."""
        for name in ('Europe/Copenhagen', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago',
                     'Africa/Casablanca', 'Africa/Cairo', 'Pacific/Auckland'):
            zone = zoneinfo.ZoneInfo(name)
            for ahead in range(2, 88):
                date = datetime.datetime.now(zone).date() + datetime.timedelta(days=ahead)
                for quarter in range(96):
                    wall = datetime.datetime.combine(date, datetime.time(quarter // 4, quarter % 4 * 15), zone)
                    if wall.astimezone(datetime.UTC).astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
                        place = self.server.make_restaurant(self.staff_tokens['owner'], [2], timezone=name, **{
                            f'hours_{wall.strftime("%A").lower()}': '00:00-24:00'})
                        body = self.booking(restaurant_id=place, date=date.isoformat(), time=wall.strftime('%H:%M'))
                        return self.assert_refused(self.book(body), 422, 'invalid_local_time')
        self.skipTest('no zone changes its clocks within the booking window')

    def test_text(self):
        for value in ('a\x00b', 'a\x1fb', 'a\x7fb', 'a\x85b', 'a\u202eb', 'a\u2066b', 'x' * 1001, '\U0001F33F' * 1001):
            with self.subTest(text=value[:5]):
                self.assert_refused(self.book(self.booking(special_requests=value)), 422, 'invalid_input',
                                    '/special_requests')
        text = '🌿' * 500 + '"\\/ ‹ß› \u00e9e\u0301 ﷽ 👩‍👩‍👧' + 'z' * 400
        made = self.bo.post('/customer/reservations', self.booking(special_requests=text, date=day(11)))
        self.assertEqual((made.status, made.json['special_requests']), (201, text), made)

    def test_ids_in_a_body(self):
        self.assert_refused(self.book(self.booking(restaurant_id=UNKNOWN)), 404, 'not_found')
        for value in ('nope', UNKNOWN[:-1], UNKNOWN + '0', '../' + UNKNOWN, '{' + UNKNOWN + '}'):
            self.assertIn(self.book(self.booking(restaurant_id=value)).status, (404, 422), value)

    def test_accounts(self):
        account = {'email': 'new@example.test', 'password': PASSWORD, 'first_name': 'A', 'last_name': 'B'}
        for name, values in (('email', ('', 'x', '@', 'a@', '@b.c', 'a b@c.d', 'a@b', 'a@b..c', 'a' * 250 + '@b.cd', 5,
                                        None, 'a@b.c\r\nBcc: x@y.z')),
                             ('password', ('', 'short', 'x' * 129, 'password', '12345678', None, 12345678)),
                             ('first_name', ('', '   ', 'x' * 201, None, 1, 'a\x00')), ('last_name', ('', None)),
                             ('phone', ('call me', '1', '+' * 10, 5))):
            for value in values:
                with self.subTest(name=name, value=value):
                    self.assert_refused(self.http.post('/customer/register', {**account, name: value}), 422,
                                        'invalid_input', '/' + name)
        self.assert_refused(self.http.post('/customer/register', {**account, 'is_admin': True}), 422, 'invalid_input',
                            '/is_admin')
        self.assert_refused(self.http.post('/auth/register', {'email': 'x@example.test', 'password': PASSWORD}), 422,
                            'invalid_input', '/full_name')
        self.assert_refused(self.http.post('/customer/login', {'email': 'x@example.test'}), 422, 'invalid_input',
                            '/password')
        self.assert_refused(self.http.post('/customer/verify-email', {'token': ''}), 422, 'invalid_input', '/token')
        self.assert_refused(self.http.post('/customer/verify-email', {'token': 'x' * 100}), 422, 'invalid_token')
        # An account without a password (of `token mint`) has no right one.
        self.assert_refused(self.http.post('/customer/login', {'email': 'ada@example.test', 'password': ''}), 401,
                            'invalid_credentials')

    def test_restaurants(self):
        owner, target = self.staff['owner'], f'/restaurants/{self.place}'
        for body, pointer in (({'name': ''}, '/name'), ({'latitude': 91}, '/latitude'),
                              ({'latitude': None}, '/latitude'), ({'longitude': '12'}, '/longitude'),
                              ({'hours_monday': '9-17'}, '/hours_monday'), ({'hours_monday': '09:00-22:00,21:00-23:00'},
                                                                            '/hours_monday'),
                              ({'price_range': '$$$$$'}, '/price_range'), ({'rating': 5}, '/rating'),
                              ({'review_count': 5}, '/review_count'), ({'website': 'javascript:alert(1)'}, '/website'),
                              ({'timezone': 'Mars/Olympus'}, '/timezone'), ({'is_public': 'yes'}, '/is_public'),
                              ({'id': UNKNOWN}, '/id')):
            with self.subTest(body=body):
                self.assert_refused(owner.patch(target, body), 422, 'invalid_input', pointer)
        self.assert_refused(owner.patch(target, b'{"latitude":1e400,"longitude":1}'), 422, 'invalid_input', '/latitude')
        for body, pointer in (({'label': 'X'}, '/capacity'), ({'label': 'X', 'capacity': 0}, '/capacity'),
                              ({'label': 'X', 'capacity': 2, 'min_party': 3}, '/min_party'),
                              ({'label': 'X', 'capacity': 2, 'status': 'occupied'}, '/status'),
                              ({'label': '', 'capacity': 2}, '/label')):
            with self.subTest(body=body):
                self.assert_refused(owner.post(target + '/tables', body), 422, 'invalid_input', pointer)
        slot = {'date': day(20), 'time_slot': '12:00', 'party_size': 2, 'available_tables': 2}
        for body in ({**slot, 'available_tables': -1}, {**slot, 'time_slot': '25:00'}, {'slots': []},
                     {'slots': [slot, slot]}, {'slots': [slot], 'date': day(20)},
                     {'slots': 5}, {}, {**slot, 'is_available': 'no'},
                     {'dates': [], 'times': ['12:00'], 'party_sizes': [2], 'available_tables': 1},
                     {'date_from': day(20), 'date_to': day(19), 'times': ['12:00'], 'party_sizes': [2],
                      'available_tables': 1},
                     {'date_from': day(1), 'date_to': day(300), 'times': [f'{h:02}:{m:02}' for h in range(24)
                                                                          for m in (0, 30)], 'party_sizes': [1, 2, 3],
                      'available_tables': 1}):
            with self.subTest(body=str(body)[:80]):
                self.assert_refused(owner.post(target + '/availability', body), 422, 'invalid_input')
        self.assert_refused(owner.post(target + '/availability', {**slot, 'date': day(-2)}), 422, 'past')


class Requests(WithRestaurants):
    def test_search_parameters(self):
        near = 'lat=55.68&lon=12.57'
        for query in ('', 'lat=55', 'lon=12', 'lat=&lon=12', 'lat=nan&lon=12', 'lat=55&lon=inf', 'lat=-inf&lon=1',
                      'lat=1e400&lon=12', 'lat=90.001&lon=12', 'lat=55&lon=-180.1',
                      'lat=0x10&lon=12', 'lat=%2055&lon=12', 'lat=55,5&lon=12', 'lat=+&lon=12', 'lat=5 5&lon=12',
                      near + '&radius=0', near + '&radius=-1', near + '&radius=100.1',
                      near + '&radius=nan', near + '&radius=', near + '&limit=0', near + '&limit=101',
                      near + '&limit=ten', near + '&cursor=nonsense', near + '&lat=55.68', near + '&raduis=5',
                      near + '&min_rating=6', near + '&min_rating=x', near + '&price_range=cheap',
                      near + '&price_range=$$$$$', near + '&open_at=now', near + '&open_at=2026-02-30T10:00:00Z',
                      near + '&bbox=1,2,3', near + '&bbox=1,2,3,95', near + '&bbox=1,50,2,40', near + '&bbox=a,b,c,d',
                      near + f'&date={day(3)}', near + '&time=19:00', near + '&party_size=2',
                      near + '&window=30', near + f'&date={day(3)}&time=19:00&party_size=0',
                      near + f'&date={day(3)}&time=24:00&party_size=2',
                      near + '&date=2027-02-30&time=19:00&party_size=2',
                      near + f'&date={day(3)}&time=19:00&party_size=2&window=-1',
                      near + f'&date={day(3)}&time=19:00&party_size=2.0', near + '&q=' + 'x' * 300):
            with self.subTest(query=query):
                self.assert_refused(self.http.get('/public/restaurants?' + query.replace(' ', '%20')), 422,
                                    'invalid_input')
        for query in ('lat=90&lon=0', 'lat=-90&lon=180', 'lat=0&lon=-180', 'lat=10.0&lon=-0', near + '&radius=100',
                      near + '&bbox=170,-10,-170,10', near + '&limit=100'):
            with self.subTest(query=query):
                self.assertEqual(self.http.get('/public/restaurants?' + query).status, 200)
        for query in ('lat=%zz&lon=1', 'lat=%2', 'q=%00', 'q=%ff', 'q=%c0%af'):
            with self.subTest(query=query):
                self.assert_refused(self.http.get(f'/public/restaurants?{near}&{query}'), 400)

    def test_other_parameters(self):
        open_to_all = f'/public/restaurants/{self.place}'
        for target in (f'{open_to_all}?x=1', f'{open_to_all}/availability', f'{open_to_all}/availability?date={day(3)}',
                       f'{open_to_all}/availability?party_size=2',
                       f'{open_to_all}/availability?date=2027-02-30&party_size=2',
                       f'{open_to_all}/availability?date={day(3)}&party_size=0',
                       f'{open_to_all}/availability?date={day(3)}&party_size=1e9',
                       f'{open_to_all}/availability?date={day(3)}&party_size=2&days=0',
                       f'{open_to_all}/availability?date={day(3)}&party_size=2&x=1'):
            with self.subTest(target=target):
                self.assert_refused(self.http.get(target), 422, 'invalid_input')
        for query in ('status=gone', 'from=x', 'limit=0', 'cursor=x', 'page=2', 'status=confirmed&status=confirmed'):
            with self.subTest(query=query):
                self.assert_refused(self.ada.get('/customer/reservations?' + query), 422, 'invalid_input')
        for query in ('status=gone', 'date=x', 'limit=1000', 'cursor=x', 'from=' + day(1)):
            with self.subTest(query=query):
                self.assert_refused(self.staff['host'].get(f'/restaurants/{self.place}/customer-reservations?{query}'),
                                    422, 'invalid_input')
        # A typo never passes silently, on writing routes and operations neither.
        for method, target, client in (('POST', '/customer/reservations?dry_run=1', self.ada),
                                       ('PUT', f'/customer/reservations/{self.booked["id"]}?x=1', self.ada),
                                       ('PATCH', f'/restaurants/{self.place}?x=1', self.staff['owner']),
                                       ('POST', '/restaurants?x=1', self.staff['owner'])):
            with self.subTest(target=target):
                self.assert_refused(client.request(method, target, {}), 422, 'invalid_input')
        self.assert_refused(self.ada.delete(f'/customer/reservations/{self.booked["id"]}?x=1'), 422, 'invalid_input')
        self.assertEqual(self.ada.get('/customer/reservations?status=confirmed').json['items'][-1]['id'],
                         self.booked['id'])

    def test_media_types(self):
        body = json.dumps(self.booking()).encode()
        for headers in ({'Content-Type': 'text/plain'}, {'Content-Type': ''}, {'Content-Type': 'application/jsonx'},
                        {'Content-Type': 'application/x-www-form-urlencoded'},
                        {'Content-Encoding': 'gzip'}):
            with self.subTest(headers=headers):
                self.assert_refused(self.ada.post('/customer/reservations', body, headers=headers), 415,
                                    'unsupported_media_type')
        bad = self.ada.post('/customer/reservations', b'{', headers={'Content-Type': 'Application/JSON; charset=utf-8'})
        self.assert_refused(bad, 400, 'malformed_json')

    def raw(self, data):
        """One answer to bytes that no client library would send."""
        with socket.create_connection(('127.0.0.1', self.server.port), timeout=15) as s:
            s.sendall(data)
            answer = http.client.HTTPResponse(s)
            answer.begin()
            made = Answer(answer.status, answer.headers, answer.read())
        if made.status >= 400:
            check_problem(made)
        return made

    def test_sizes(self):
        head = f'POST /customer/reservations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.guests[0]}\r\nContent-Type: application/json\r\n'.encode()
        self.assert_refused(self.raw(head + b'Content-Length: 1048576\r\n\r\n' + b' ' * 65536), 413,
                            'payload_too_large')
        chunk = b'4000\r\n' + b' ' * 0x4000 + b'\r\n'
        self.assert_refused(self.raw(head + b'Transfer-Encoding: chunked\r\n\r\n' + chunk * 5), 413,
                            'payload_too_large')
        self.assert_refused(self.raw(b'GET /livez HTTP/1.1\r\nHost: x\r\nX-Large: ' + b'x' * 40000 + b'\r\n\r\n'), 431,
                            'headers_too_large')
        self.assert_refused(self.raw(b'GET /livez HTTP/1.1\r\nHost: x\r\n' + b''.join(b'X-%d: y\r\n' % i for i in range(120)) + b'\r\n'), 431, 'headers_too_large')
        self.assert_refused(self.raw(b'GET /' + b'x' * 9000 + b' HTTP/1.1\r\nHost: x\r\n\r\n'), 414, 'uri_too_long')
        with socket.create_connection(('127.0.0.1', self.server.port),
                                      timeout=15) as s:  # 100 KiB: cut off, whatever the client reads
            try:
                s.sendall(b'GET /livez HTTP/1.1\r\nHost: x\r\nX-Large: ' + b'x' * 102400)
                self.assertIn(b'431', s.recv(4096).split(b'\r\n')[0])
            except ConnectionError:
                pass

    def test_routes_and_methods(self):
        for target in ('/', '/nope', '/public', '/public/restaurants/', '/customer/reservations/',
                       f'/restaurants/{self.place}/nope', '/ws', '/_test/echo', '/customer/reservations/a/b/c'):
            with self.subTest(target=target):
                self.assert_refused(self.ada.get(target), 404, 'not_found')
        for method, target, allowed in (('PATCH', '/customer/reservations', {'GET', 'POST'}),
                                        ('GET', '/customer/register', {'POST'}),
                                        ('DELETE', '/public/restaurants', {'GET'}),
                                        ('POST', f'/customer/reservations/{UNKNOWN}', {'PUT', 'DELETE'}),
                                        ('POST', '/livez', {'GET'}), ('TRACE', '/livez', {'GET'})):
            with self.subTest(method=method, target=target):
                answer = self.ada.request(method, target, {} if method in ('POST', 'PATCH') else None)
                self.assert_refused(answer, 405, 'method_not_allowed')
                self.assertLessEqual(allowed, set(answer.header('Allow').split(', ')))
        self.assertEqual(self.http.request('OPTIONS', '/public/restaurants').status, 204)
        self.assertEqual(self.raw(b'BREW /livez HTTP/1.1\r\nHost: x\r\n\r\n').status, 501)
        head = self.http.request('HEAD', f'/public/restaurants/{self.place}')
        self.assertEqual((head.status, head.body), (200, b''))
        self.assertGreater(int(head.header('Content-Length')), 100)
        with HttpClient(self.server.port) as client:
            self.assert_refused(client.get(f'/ws/public/restaurants/{self.place}'), 426, 'upgrade_required')

    def test_request_id(self):
        for given, is_kept in (('abc-123', True), ('x' * 64, True), ('x' * 65, False), ('a b', False),
                               ('"quoted"', False), ('<script>', False)):
            with self.subTest(given=given):
                answer = self.http.get('/nope', headers={'X-Request-Id': given})
                self.assertEqual(answer.header('X-Request-Id') == given, is_kept)

    def test_idempotency_key(self):
        body = self.booking(date=day(12))
        for key in ('', 'x' * 256, 'æ', 'a\tb'):
            with self.subTest(key=key[:3]):
                self.assertIn(self.ada.post('/customer/reservations', body,
                                            headers={'Idempotency-Key': key.encode('latin-1')}).status, (400, 422))
        for key in ('x' * 255, ' ~!"'):
            made = self.ada.post('/customer/reservations', {**body, 'date': day(12 + len(key) % 7)},
                                 headers={'Idempotency-Key': key})
            self.assertEqual(made.status, 201, made)
        # The same key of another customer, and of another route, is another key.
        mine = self.ada.post('/customer/reservations', self.booking(date=day(30)), 'shared').json
        self.assertNotEqual(self.bo.post('/customer/reservations', self.booking(date=day(30)), 'shared').json['id'],
                            mine['id'])
        # What was refused isn't kept: the next attempt is looked at anew.
        self.assert_refused(self.ada.post('/customer/reservations', self.booking(date=day(30)), 'again'), 409,
                            'already_booked')
        self.ada.delete(f'/customer/reservations/{mine["id"]}')
        self.assertEqual(self.ada.post('/customer/reservations', self.booking(date=day(30)), 'again').status, 201)

    def test_if_match(self):
        owner = self.staff['owner']
        for client, method, target, body in ((self.ada, 'PUT', f'/customer/reservations/{self.booked["id"]}',
                                              {'time': '20:00'}),
                                             (self.ada, 'DELETE', f'/customer/reservations/{self.booked["id"]}', None),
                                             (owner, 'PATCH', f'/restaurants/{self.place}', {'name': 'C'}),
                                             (owner, 'PATCH', f'/restaurants/{self.place}/tables/{self.table}',
                                              {'capacity': 8}),
                                             (owner, 'DELETE', f'/restaurants/{self.place}/tables/{self.table}', None),
                                             (owner, 'PUT', f'/restaurants/{self.place}/availability/{self.slot}',
                                              {'available_tables': 1})):
            for tag in ('"v99"', '"v0"', 'v1', 'nonsense', '"v1x"', '"v-1"', '"v99", "v98"'):
                with self.subTest(target=target, tag=tag):
                    self.assert_refused(client.request(method, target, body, headers={'If-Match': tag}), 412,
                                        'precondition_failed')
        self.assertEqual(owner.patch(f'/restaurants/{self.place}', {'name': 'A'}, headers={'If-Match': '*'}).status,
                         200)


class Pages(WithRestaurants):
    def test_documented_parameters(self):
        """A query parameter is known to a route if and only if the document names it there."""
        document = self.server.rules.openapi
        resolved = lambda each: self.server.rules.resolve(each, document)
        by_route = {path: {each['name'] for each in map(resolved, operations['get'].get('parameters', []))
                           if each['in'] == 'query'}
                    for path, operations in document['paths'].items() if 'get' in operations}
        known = set().union(*by_route.values())
        ids = {'restaurant_id': self.place, 'reservation_id': self.booked['id'], 'table_id': self.table}
        for path, names in by_route.items():
            missing = [each for each in re.findall(r'\{(\w+)\}', path) if each not in ids]
            if not names or missing:
                continue
            client = self.ada if path.startswith('/customer') else self.staff['owner']
            strange = set()
            for name in known:
                answer = client.get(re.sub(r'\{(\w+)\}', lambda match: ids[match.group(1)], path) + f'?{name}=%7F')
                if answer.status != 200:
                    strange |= {each['pointer'] for each in answer.json.get('errors', ())
                                if each['detail'] == 'is no parameter of this route'}
            self.assertEqual(strange, known - names, path)

    def test_documentation(self):
        """The pages of the contract ask this server only; what is compressed is what the package holds."""
        found = set()
        for path in ('/docs', '/docs/events', '/docs/page.html'):
            page = self.http.get(path)
            self.assertEqual((page.status, page.header('Content-Type')), (200, 'text/html; charset=utf-8'))
            self.assertIn("default-src 'none'; script-src 'self'; style-src 'self'", page.header('Content-Security-Policy'))
            asked = set(re.findall(r'(?:href|src)="([^"]+)"', page.body.decode())) - {'data:,'}
            self.assertTrue(all(re.match(r'/\w', each) for each in asked), asked)
            found |= asked
        self.assertLessEqual({'/asyncapi.json', '/openapi.json', '/docs/page.css', '/docs/page.js'}, found)
        for target in (*found, '/livez', '/readyz', '/healthz', '/version', '/metrics'):
            answer = self.http.get(target)
            self.assertEqual(answer.status, 200, target)
            if '/docs/' in target and '.' in target:
                self.assertEqual(self.http.get(target, headers={'If-None-Match': answer.header('ETag')}).status, 304, target)
                text = gzip.decompress(answer.body) if answer.header('Content-Encoding') == 'gzip' else answer.body
                self.assertGreater(len(text), 500, target)
        self.assertEqual(self.http.get('/docs/nothing.js').status, 404)
        self.assertNotIn(b'//', self.http.get('/docs/page.js').body.replace(b'// ', b''))

    def test_pages(self):
        """The console's files by tag; a page for each problem; letters for this machine by its own name only."""
        page = self.http.get('/console')
        self.assertIn("default-src 'none'", page.header('Content-Security-Policy'))
        self.assertEqual(self.http.get('/console', headers={'If-None-Match': page.header('ETag')}).status, 304)
        for target in ('/console/nothing.js', '/console/', '/console/a/b', '/console/../token.key', '/console/..%2Ftoken.key',
                       '/problems/nothing', '/problems/ok', '/_dev/', '/_dev/nothing'):
            self.assert_refused(self.http.get(target), 404, 'not_found')
        refused = self.http.get('/public/restaurants/nope')
        self.assertIn(b'<h1>Not found</h1>', self.http.get(refused.json['type']).body)
        self.assertEqual(self.http.get('/_dev/mails').status, 200)
        self.assert_refused(self.http.post('/_dev/mails', {}), 404)
        for host in ('rebound.example', '127.0.0.1.rebound.example', 'localhost.rebound.example:80'):
            self.assert_refused(self.http.get('/_dev/mails', headers={'Host': host}), 404)


if __name__ == '__main__':
    unittest.main()
