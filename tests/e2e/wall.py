"""The tenant wall: every route and every socket of the published documents × everybody. What is another's can't be told
from what doesn't exist: the same status, headers and bytes. Nothing that a stranger sends leaves a trace.
"""
import json, re, unittest

from client import UpgradeRefused
from two_houses import TwoHouses
from world import UNKNOWN, day

LADDER = ('host', 'manager', 'owner')
NOT_COMPARED = {'date'}
BOOKING = {'date': day(13), 'time': '19:00', 'party_size': 2}
# A body that is good as it stands, for every schema that a request may have.
GOOD = {
    'Assignment': {'table_ids': [UNKNOWN]}, 'BookingRulesChange': {'min_notice_minutes': 5},
    'CombinationChange': {'label': 'X'}, 'CombinationRequest': {'label': 'X', 'table_ids': [UNKNOWN, UNKNOWN[:-1] + '1']},
    'CustomerChange': {'phone': '+45 12 34 56'}, 'Empty': {}, 'GuestChange': {'name': 'X'},
    'GuestRequest': {'name': 'X', 'party_size': 2}, 'HoldRequest': {'restaurant_id': UNKNOWN, **BOOKING},
    'HoursChange': {'hours_monday': '10:00-12:00'}, 'InvitationAcceptance': {'token': 'x' * 43}, 'LogoutRequest': {},
    'PasswordConfirmation': {'password': 'not the right one'}, 'Pause': {'minutes': 5},
    'ReservationChange': {'time': '20:00'}, 'ReservationRequest': {'restaurant_id': UNKNOWN, **BOOKING},
    'ReservationService': {'special_requests': 'X'}, 'RestaurantChange': {'name': 'X'}, 'RestaurantRequest': {'name': 'X'},
    'ReviewRequest': {'rating': 5}, 'RoleChange': {'role': 'host'}, 'RunningLate': {'minutes': 5},
    'Seating': {'override': ['paused']}, 'SlotChange': {'is_available': False}, 'SpecialDayChange': {'hours': ''},
    'SlotRequest': {'date': day(21), 'time_slot': '12:00', 'party_size': 2, 'available_tables': 1},
    'SpecialDayRequest': {'date': day(31), 'hours': ''}, 'StaffAddition': {'email': 'x@example.test', 'role': 'host'},
    'TableBulkRequest': {'tables': [{'label': 'X', 'capacity': 2}]}, 'TableChange': {'capacity': 4},
    'TableRequest': {'label': 'X', 'capacity': 2}, 'WaitlistRequest': {'restaurant_id': UNKNOWN, 'party_size': 2}}


class Route:
    def __init__(self, rules, method, path, operation):
        self.method, self.path = method.upper(), path
        self.names = re.findall(r'\{(\w+)\}', path)
        self.side = next((name for each in operation.get('security', []) for name in each), None)
        role = re.search(r'Role: (\w+)', operation.get('description', ''))
        self.role = role.group(1) if role else None
        content = operation.get('requestBody', {}).get('content', {}).get('application/json', {})
        schemas = re.findall(r'schemas/(\w+)', json.dumps(content))
        self.body = GOOD[schemas[0]] if schemas and self.side else None

    def __str__(self):
        return f'{self.method} {self.path}'

    def target(self, ids):
        return re.sub(r'\{(\w+)\}', lambda match: ids[match.group(1)], self.path)

    def requests(self):
        """The same request in every form that might be looked at before, or after, the question whose it is."""
        yield self.method, self.body, {}
        if self.method == 'GET':
            yield 'HEAD', None, {}
            yield 'GET', None, {'If-None-Match': '*'}
        else:
            yield self.method, self.body, {'If-Match': '"v1"'}
            yield self.method, self.body, {'If-Match': '"v9"'}
        if self.method == 'POST':
            yield self.method, self.body, {'Idempotency-Key': f'the key of {self.path}'}
        if self.body is not None:
            yield self.method, {}, {}
            yield self.method, {'nonsense': 1}, {}
            yield self.method, b'{', {}
            yield self.method, b'x', {'Content-Type': 'text/plain'}
            yield self.method, None, {}


class Wall(TwoHouses):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.routes = [Route(cls.server.rules, method, path, operation)
                      for path, operations in cls.server.rules.openapi['paths'].items()
                      for method, operation in operations.items() if method != 'parameters']
        cls.manager_id = cls.people['manager']['staff']['id']
        a, b = (f'restaurants/{each["restaurant_id"]}' for each in (cls.a, cls.b))
        cls.listening = {who + target: cls.enterClassContext(cls.server.socket(target, cls.token(who)))
                         for who, target in (('owner', f'/ws/{a}'), ('stranger', f'/ws/{b}'), ('ada', '/ws/customer'),
                                             ('bo', '/ws/customer'), ('ada', f'/ws/public/{a}'))}

    def ask(self, who, method, target, body=None, headers=None):
        """All of an answer that a client can see, but for the time. The id of the request is always the same."""
        client = self.clients.get(who, self.http)
        token = {'token': self.nobodies[who]} if who in self.nobodies else {}
        answer = client.request(method, target, body, headers={'X-Request-Id': 'wall', **(headers or {})}, **token)
        return answer.status, sorted((name, value) for name, value in answer.headers.items() if name != 'Date'), answer.body

    def assert_same(self, who, method, target, other, body=None, headers=None, other_body=None, where=''):
        one = self.ask(who, method, target, body, headers)
        two = self.ask(who, method, other, body if other_body is None else other_body, headers)
        self.assertEqual(one, two, f'{who}: {method} {target} and {other} {body!r} {headers} {where}')
        self.assertGreaterEqual(one[0], 400, f'{who}: {method} {target}')
        return one[0]

    # ---- what is listed

    def test_1_every_route_is_documented(self):
        """The routes that the server counts are those of the documents: the matrix leaves none out."""
        counted = set(re.findall(r'http_requests_total\{method="(\w+)",route="([^"]+)"', self.http.get('/metrics').body.decode()))
        documented = {(route.method, re.sub(r'\{\w+\}', '{}', route.path)) for route in self.routes}
        sockets = {('GET', re.sub(r'\{\w+\}', '{}', each['address'])) for each in self.server.rules.asyncapi['channels'].values()}
        self.assertEqual(counted, documented | sockets)
        self.assertGreater(len(counted), 100)

    # ---- who may not

    def refused(self, route):
        """Everybody who may not, and with what."""
        # Who leaves twice has left.
        yield from ((who, 401) for who in self.nobodies if who != 'logged out' or not route.path.endswith('/logout'))
        if route.side == 'customer':
            return (yield from (('owner', 403), ('stranger', 403)))
        yield from (('ada', 403), ('bo', 403))
        if route.role is not None:
            yield from ((who, 403) for who in LADDER[:LADDER.index(route.role)])
            yield 'stranger', 404

    def test_2_everybody_on_every_route(self):
        checked = 0
        for route in self.routes:
            for who, status in self.refused(route) if route.side else ():
                got = self.ask(who, route.method, route.target(self.a), route.body)
                self.assertEqual(got[0], status, f'{who} on {route}: {got[2]!r}')
                checked += 1
        self.assertGreater(checked, 600)

    def test_3_anothers_is_nothing(self):
        """Each in turn: in somebody's place, and in one's own place with somebody's things."""
        checked = 0
        for route in (each for each in self.routes if each.side and set(each.names) - NOT_COMPARED):
            for who, ids, nowhere in self.strangers(route):
                for method, body, headers in route.requests():
                    for nothing in (UNKNOWN, 'nope'):
                        wanted = {**ids, **{name: nothing for name in nowhere}}
                        status = self.assert_same(who, method, route.target(ids), route.target(wanted), body, headers)
                        checked += 1
                    if body == route.body and 'If-Match' not in headers:
                        self.assertEqual(status, 404, f'{who}: {route}')
        self.assertGreater(checked, 1000)

    def strangers(self, route):
        """(who, the ids they try, which of them a comparison makes unknown)."""
        own = [name for name in route.names if name not in NOT_COMPARED]
        if route.side == 'customer':
            return (('bo', self.a, own), ('ada', self.b, own))
        inner = [name for name in own if name != 'restaurant_id']
        tries = [('stranger', self.a, ['restaurant_id']), ('stranger', self.a, own),
                 ('manager', self.hidden | {name: self.a[name] for name in route.names if name != 'restaurant_id'},
                  ['restaurant_id'])]
        if inner:
            tries.append(('stranger', {**self.a, 'restaurant_id': self.b['restaurant_id']}, inner))
            # One owner of two houses: each has its things for itself, too.
            others = {**self.a, 'restaurant_id': self.hidden['restaurant_id'], 'staff_id': self.manager_id}
            tries.append(('owner', others, inner))
        return tries

    def test_4_a_place_that_is_not_public(self):
        hidden = self.hidden['restaurant_id']
        for route in (each for each in self.routes if each.side is None and 'restaurant_id' in each.names):
            query = {'availability': f'?date={day(5)}&party_size=2',
                     'wait-estimates': '?party_size=2'}.get(route.path.split('/')[-1], '')
            for who in ('none', 'ada', 'stranger', 'owner'):
                target = [route.target({'restaurant_id': each}) + query for each in (hidden, UNKNOWN)]
                for method, headers in (('GET', {}), ('HEAD', {}), ('GET', {'If-None-Match': '*'})):
                    self.assertEqual(self.assert_same(who, method, *target, headers=headers), 404)
            shown = self.ask('none', 'GET', route.target(self.a) + query)
            self.assertEqual(shown[0], 200, f'{route}: there where it is public')
        found = self.http.all_items('/public/restaurants?lat=55.68&lon=12.57')
        self.assertNotIn(hidden, [each['id'] for each in found])
        self.assertIn(self.a['restaurant_id'], [each['id'] for each in found])

    # ---- in bodies

    def test_5_anothers_things_in_a_body(self):
        a, b = self.a, self.b
        place = f'/restaurants/{b["restaurant_id"]}'
        guest, booked = f'{place}/guests/{b["guest_id"]}', f'{place}/customer-reservations/{b["reservation_id"]}'
        combination = f'{place}/table-combinations'
        hidden = {'restaurant_id': self.hidden['restaurant_id']}
        tries = [('stranger', method, target, {name: a[name]}) for method, target in
                 (('POST', f'{guest}/seat'), ('POST', f'{booked}/seat'), ('POST', f'{booked}/assign'), ('PUT', booked))
                 for name in ('table_id', 'combination_id')]
        tries += [('stranger', 'POST', f'{guest}/seat', {'table_ids': [b['table_id'], a['table_id']]}),
                  ('stranger', 'POST', combination, {'label': 'X', 'table_ids': [b['table_id'], a['table_id']]}),
                  ('stranger', 'PUT', f'{combination}/{b["combination_id"]}', {'table_ids': [b['table_id'], a['table_id']]}),
                  ('stranger', 'PUT', f'{place}/tables/bulk', {'tables': [{'id': a['table_id'], 'capacity': 2}]}),
                  ('stranger', 'POST', f'{place}/tables/bulk', {'tables': [{'id': a['table_id'], 'capacity': 2}]}),
                  ('bo', 'POST', '/customer/reservations',
                   {'restaurant_id': a['restaurant_id'], **BOOKING, 'hold_id': a['hold_id']}),
                  ('bo', 'POST', '/customer/reservations', {**hidden, **BOOKING}),
                  ('bo', 'POST', '/customer/reservations', {**hidden, **BOOKING, 'hold_id': UNKNOWN}),
                  ('bo', 'POST', '/customer/holds', {**hidden, **BOOKING}),
                  ('bo', 'POST', '/customer/waitlist', {**hidden, 'party_size': 2})]
        for who, method, target, body in tries:
            names = {each for each in re.findall(r'[0-9a-f-]{36}', json.dumps(body)) if each not in b.values()}
            names -= {a['restaurant_id'], UNKNOWN} if 'hold_id' in body else set()
            self.assertEqual(len(names), 1, body)
            nothing = json.loads(json.dumps(body).replace(names.pop(), UNKNOWN))
            with self.subTest(f'{who}: {method} {target}', body=body):
                self.assert_same(who, method, target, target, body, other_body=nothing)

    def test_5_hidden_from_those_who_were_there(self):
        """A house that is hidden later is nothing to new customers; who has something there keeps it."""
        place = self.server.make_restaurant(self.token('owner'), [2, 2, 2], name='Hides')
        wanted = {'restaurant_id': place, **BOOKING}
        for name in ('guest', 'late'):
            self.clients[name] = self.enterContext(self.server.client(self.newcomer(name, 'customer')['access_token']))
        booked = self.made('guest', '/customer/reservations', wanted)
        held = self.made('late', '/customer/holds', wanted)
        keyed = [('late', '/customer/waitlist', {'restaurant_id': place, 'party_size': 2}),
                 ('guest', '/customer/holds', {**wanted, 'date': day(15)})]
        first = [self.clients[who].post(target, body, 'once') for who, target, body in keyed]
        self.assertEqual([answer.status for answer in first], [201, 201])
        hidden = self.clients['owner'].patch(f'/restaurants/{place}', {'is_public': False})
        self.assertEqual(hidden.status, 200, hidden)
        self.assertEqual(self.clients['bo'].post('/customer/holds', {**wanted, 'time': '12:00'}).status, 404)
        for (who, target, body), answer in zip(keyed, first):
            again = self.clients[who].post(target, body, 'once')
            self.assertEqual((again.status, again.body), (201, answer.body), 'what was answered stays answered')
        self.assertEqual(self.clients['bo'].post('/customer/waitlist', keyed[0][2]).status, 404)
        one = f'/customer/reservations/{booked["id"]}'
        self.assertEqual(self.clients['guest'].put(one, {'time': '20:00'}).status, 200)
        self.assertEqual(self.clients['guest'].delete(one).status, 200)
        self.assertEqual(self.clients['late'].post('/customer/reservations', {**wanted, 'hold_id': held['id']}).status, 201)

    def test_6_tokens_of_others(self):
        """What may be handed in is worth nothing in another's hands, and is not spent by that."""
        refresh = self.people['ada']['refresh_token']
        passer_by = self.newcomer('passer-by', 'customer')['access_token']
        left = self.http.post('/customer/logout', {'refresh_token': refresh}, token=passer_by)
        self.assertEqual(left.status, 204, left)
        invitation = self.invitation_token('owner')
        taken = self.clients['stranger'].post('/auth/accept-invitation', {'token': invitation})
        self.assertEqual(taken.status, 403, taken)
        self.assertEqual(self.clients['stranger'].get(f'/restaurants/{self.a["restaurant_id"]}').status, 404)
        cursor = self.clients['owner'].get(f'/restaurants/{self.a["restaurant_id"]}/tables?limit=1').json['next_cursor']
        own = self.clients['stranger'].get(f'/restaurants/{self.b["restaurant_id"]}/tables?cursor={cursor}')
        self.assertNotIn(self.a['table_id'].encode(), own.body)
        self.assertNotIn(self.a['other_table_id'].encode(), own.body)
        self.assertEqual(self.clients['ada'].get('/customer/me').status, 200)
        renewed = self.http.post('/customer/refresh', {'refresh_token': refresh})
        self.assertEqual(renewed.status, 200, renewed)

    def test_7_ways_around(self):
        """Paths that name two places, or one place in another spelling."""
        a, b = self.a['restaurant_id'], self.b['restaurant_id']
        for target in (f'/restaurants/{b}/../{a}/tables', f'/restaurants/{b}/%2e%2e/{a}/tables', f'/restaurants//{a}/tables',
                       f'/restaurants/{a}%2ftables', f'/restaurants/{b}%2f..%2f{a}/tables', f'/restaurants/{a.upper()}/tables',
                       f'/restaurants/{{{a}}}/tables', f'/restaurants/{a}/tables/', f'//restaurants/{a}/tables',
                       f'/restaurants/{b},{a}/tables', f'/restaurants/{b}/tables?restaurant_id={a}',
                       f'/./restaurants/{a}/tables', f'/restaurants/{b};{a}/tables'):
            got = self.ask('stranger', 'GET', target)
            self.assertIn(got[0], (404, 422), target)
            self.assertNotIn(self.a['table_id'].encode(), got[2], target)
        for headers in ({'X-Original-URL': f'/restaurants/{a}'}, {'X-HTTP-Method-Override': 'DELETE'},
                        {'X-Forwarded-For': '127.0.0.1'}, {'X-Restaurant-Id': a}):
            self.assertEqual(self.ask('stranger', 'GET', f'/restaurants/{a}', headers=headers)[0], 404)
            self.assertEqual(json.loads(self.ask('stranger', 'GET', f'/restaurants/{b}', headers=headers)[2])['id'], b)

    # ---- sockets

    def upgrade(self, who, target, as_subprotocol):
        token = self.nobodies[who] if who in self.nobodies else self.token(who)
        try:
            with self.server.socket(target, token, as_subprotocol=as_subprotocol, headers=['X-Request-Id: wall']) as socket:
                return 101, socket.next()['type']
        except UpgradeRefused as refused:
            return refused.answer.status, refused.answer.body

    def test_8_everybody_on_every_socket(self):
        everybody = [*self.nobodies, *self.people]
        staff = {'owner', 'manager', 'host', 'stranger'}
        may = {'/ws/restaurants/{restaurant_id}': ({'owner', 'manager', 'host'}, {'ada', 'bo'}),
               '/ws/customer': ({'ada', 'bo'}, staff),
               '/ws/public/restaurants/{restaurant_id}': (set(everybody), set())}
        for channel in self.server.rules.asyncapi['channels'].values():
            path = channel['address']
            allowed, wrong_side = may[path]
            target, unknown, hidden = (path.replace('{restaurant_id}', each) for each in
                                       (self.a['restaurant_id'], UNKNOWN, self.hidden['restaurant_id']))
            for who in everybody:
                for as_subprotocol in (False, True):
                    got = self.upgrade(who, target, as_subprotocol)
                    expected = 101 if who in allowed else 401 if who in self.nobodies else 403 if who in wrong_side else 404
                    self.assertEqual(got[0], expected, f'{who} on {target}')
                    if '{' not in path:
                        continue
                    nothing = self.upgrade(who, unknown, as_subprotocol)
                    if got[0] == 404:
                        self.assertEqual(got, nothing, f'{who} on {target}')
                    if who != 'owner' or 'public' in path:
                        self.assertEqual(self.upgrade(who, hidden, as_subprotocol), nothing, f'{who} on {hidden}')
            with self.assertRaises(UpgradeRefused) as foreign:  # a page of somebody else's, whoever looks at it
                self.server.socket(target, self.token('ada' if 'customer' in path else 'owner'),
                                   headers=['Origin: https://elsewhere.example'])
            self.assertEqual(foreign.exception.answer.status, 403)
        for target in (f'/ws/customer?token={self.token("ada")}', f'/ws/customer?access_token={self.token("ada")}'):
            self.assertEqual(self.upgrade('none', target, False)[0], 401, 'never in the URL')

    # ---- at the end

    def test_9_it_left_no_trace_and_the_ids_were_real(self):
        """The streams of house A stand where they stood; and who may is let in everywhere with the same ids."""
        for name, socket in self.listening.items():
            socket.ping()
            heard = [event['type'] for event in socket.events]
            self.assertEqual([each for each in heard if each != 'estimated_wait_time'], ['hello'], name)
        # What ends something comes last: first by customers, then by staff, from the leaves to the house.
        order = sorted((each for each in self.routes if each.side and each.names),
                       key=lambda route: (route.method == 'DELETE') and (2, route.side, -len(route.names)) or (1,))
        for route in order:
            who = 'ada' if route.side == 'customer' else 'owner'
            got = self.ask(who, route.method, route.target(self.a), route.body)
            self.assertNotIn(got[0], (401, 403, 404), f'{who}: {route}: {got[2]!r}')


if __name__ == '__main__':
    unittest.main()
