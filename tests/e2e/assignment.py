"""Mass assignment: every member that any answer shows × every request that takes a body. What a request doesn't document
is refused by name, from whoever may send it, and nothing of that request happens.
"""
import re, unittest

from two_houses import TwoHouses
from wall import GOOD, Route

AT_ONCE = 12  # under the number of places that one answer names
# What people try, besides what the documents name.
TRIED = ('is_admin', 'admin', 'role', 'roles', 'staff_id', 'owner_id', 'user_id', 'customer_id', 'restaurant_id', 'id', '_id',
         'version', 'created_at', 'password_hash', 'email_verified', '__proto__', 'constructor', 'status', 'rating')


def resolved(rules, schema):
    """The objects that a schema may be, with their members."""
    schema = rules.resolve(schema, rules.openapi)
    if 'properties' in schema or schema.get('type') == 'object':
        yield schema.get('properties', {})
    for each in schema.get('oneOf', ()):
        if '$ref' in each:
            yield from resolved(rules, each)


class Assignment(TwoHouses):
    def test_members_of_answers_are_none_of_requests(self):
        rules = self.server.rules
        named = {name for schema in rules.openapi['components']['schemas'].values() for name in schema.get('properties', ())}
        tried = sorted(named | set(TRIED))
        before, refused = self.picture(), 0
        for path, operations in rules.openapi['paths'].items():
            for method, operation in operations.items():
                if method == 'parameters' or 'requestBody' not in operation:
                    continue
                content = operation['requestBody']['content']['application/json']
                known = {name for members in resolved(rules, content['schema']) for name in members}
                route = Route(rules, method, path, operation)
                refused += self.refuse(route, [name for name in tried if name not in known])
        self.assertGreater(refused, 3000)
        self.assertEqual(self.picture(), before)

    def refuse(self, route, names):
        """Each of these beside a good body, some at a time."""
        who = self.clients['ada' if route.side == 'customer' else 'owner'] if route.side else self.http
        good = route.body or {}
        for at in range(0, len(names), AT_ONCE):
            part = names[at:at + AT_ONCE]
            answer = who.request(route.method, route.target(self.a), {**good, **{name: self.value(name) for name in part}})
            self.assertEqual((answer.status, answer.json['code']), (422, 'invalid_input'), f'{route} {part}: {answer}')
            told = {each['pointer'] for each in answer.json['errors']}
            self.assertLessEqual({f'/{name}' for name in part}, told, f'{route}: {answer}')
        return len(names)

    def value(self, name):
        """One that would do harm, if it were taken."""
        return {'role': 'owner', 'status': 'completed', 'restaurant_id': self.b['restaurant_id'], 'version': 1000,
                'customer_id': self.people['bo']['customer']['id'], 'id': self.b['table_id'], 'rating': 5}.get(name, True)

    def test_inside_of_lists(self):
        home, before = f'/restaurants/{self.a["restaurant_id"]}', self.picture()
        slot = GOOD['SlotRequest']
        for method, target, body, pointer in (
                ('POST', f'{home}/availability', {'slots': [slot, {**slot, 'party_size': 3, 'restaurant_id': 'x'}]},
                 '/slots/1/restaurant_id'),
                *(('PUT', f'{home}/tables/bulk', {'tables': [{'id': self.a['table_id'], name: value}]}, f'/tables/0/{name}')
                  for name, value in (('status', 'occupied'), ('current_guest_id', self.a['guest_id']))),
                ('PATCH', f'{home}/booking-rules', {'turn_times': [{'up_to_party': 2, 'minutes': 60, 'price': 0}]},
                 '/turn_times/0/price')):
            answer = self.clients['owner'].request(method, target, body)
            self.assertEqual(answer.status, 422, answer)
            self.assertIn(pointer, [each['pointer'] for each in answer.json['errors']], answer)
        self.assertEqual(self.picture(), before)

    def test_words_that_only_the_house_may_say(self):
        """Known members with a value that this door doesn't take."""
        home = f'/restaurants/{self.a["restaurant_id"]}'
        booked = f'/customer/reservations/{self.a["reservation_id"]}'
        for who, method, target, body, status in (
                ('ada', 'PUT', booked, {'status': 'seated'}, 422), ('ada', 'PUT', booked, {'table_id': self.a['table_id']}, 422),
                ('manager', 'POST', f'{home}/staff', {'email': 'friend@example.test', 'role': 'owner'}, 403),
                ('manager', 'PATCH', f'{home}/staff/{self.people["manager"]["staff"]["id"]}', {'role': 'owner'}, 403),
                ('host', 'PATCH', f'{home}/tables/{self.a["table_id"]}', {'status': 'occupied'}, 422),
                ('owner', 'PATCH', home, {'rating': 5, 'review_count': 1000}, 422)):
            answer = self.clients[who].request(method, target, body)
            self.assertEqual(answer.status, status, f'{who}: {method} {target} {body}: {answer}')

    def picture(self):
        """All rows of all tables but for the sessions that log-ins leave."""
        tables = self.server.sql("select tablename from pg_tables where schemaname = 'public' order by 1").split()
        counted = [each for each in tables if not re.search('token|session|mail|receipt|idempot', each)]
        self.assertGreater(len(counted), 10)
        rows = 'select md5(string_agg(x::text, chr(10) order by x::text)) from'
        return {each: self.server.sql(f'{rows} {each} x') for each in counted}


if __name__ == '__main__':
    unittest.main()
