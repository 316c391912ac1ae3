"""Many at once for what only one can have: exactly one wins, everyone else hears why. The requests are written to all
connections before the first answer is read, so that the server has them all at the same time.
"""
import collections, json, socket, threading, unittest

from client import Answer
from contract import check_problem
from load import overlaps
from server import Server
from world import day

CUSTOMERS, REQUESTS, CONNECTIONS = 50, 1000, 64


class Pipe:
    """A connection that is written to first and read later."""

    def __init__(self, port):
        self.socket = socket.create_connection(('127.0.0.1', port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pending, self.sent = b'', []
        self.reader = self.socket.makefile('rb')

    def add(self, method, target, body, token, key=None):
        data = b'' if body is None else json.dumps(body).encode()
        lines = [f'{method} {target} HTTP/1.1', 'Host: x', f'Authorization: Bearer {token}']
        lines += [f'Content-Length: {len(data)}', 'Content-Type: application/json'] if data else []
        lines += [f'Idempotency-Key: {key}'] if key else []
        self.pending += '\r\n'.join([*lines, '', '']).encode() + data
        self.sent.append((method, token))

    def send(self):
        self.socket.sendall(self.pending)

    def answers(self):
        return [self.read() for _ in self.sent]

    def read(self):
        status = int(self.reader.readline().split()[1])
        headers = {}
        while (line := self.reader.readline().strip()):
            name, value = line.decode().split(':', 1)
            headers[name] = value.strip()
        return Answer(status, headers, self.reader.read(int(headers.get('Content-Length', 0))))


def at_once(port, requests, connections):
    """[(method, target, body, token, key)] dealt out over so many connections; the answers in the order of the requests."""
    pipes = [Pipe(port) for _ in range(connections)]
    for i, request in enumerate(requests):
        pipes[i % connections].add(*request)
    start = threading.Barrier(4)

    def send(number):
        start.wait()
        for pipe in pipes[number::4]:
            pipe.send()

    senders = [threading.Thread(target=send, args=(i,)) for i in range(4)]
    for each in senders:
        each.start()
    for each in senders:
        each.join()
    answers = [None] * len(requests)
    for number, pipe in enumerate(pipes):
        answers[number::connections] = pipe.answers()
        pipe.reader.close()
        pipe.socket.close()
    for answer in answers:
        assert answer.status < 500, answer
        if answer.status >= 400:
            check_problem(answer)
    return answers


def tally(answers):
    return collections.Counter((answer.status, '' if answer.status < 400 else answer.code) for answer in answers)


class Races(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server('--no-fsync'))
        cls.server.start()
        cls.tokens = cls.server.minted('customer', [f'racer{i}@example.test' for i in range(CUSTOMERS)])
        cls.owner = cls.server.mint('staff', 'owner@example.test')
        cls.staff = cls.server.client(cls.owner)
        cls.addClassCleanup(cls.staff.close)

    def slot(self, place, date, time, party_size=2):
        found = self.staff.get(f'/public/restaurants/{place}/availability?date={date}&party_size={party_size}').json
        return next(slot for slot in found['slots'] if slot['time'] == time)

    def reservations(self, place):
        return self.staff.all_items(f'/restaurants/{place}/customer-reservations')

    def booking(self, place, date, time, party_size=2):
        return {'restaurant_id': place, 'date': date, 'time': time, 'party_size': party_size}

    def create(self, token, body, key=None):
        return ('POST', '/customer/reservations', body, token, key)

    def check_refused(self, answers, time):
        for answer in answers:
            if answer.status == 409 and answer.code == 'slot_unavailable':
                alternatives = answer.json['alternatives']
                self.assertTrue(alternatives, answer)
                self.assertNotIn(time, [each['time'] for each in alternatives])

    def test_last_table(self):
        place, date = self.server.make_restaurant(self.owner, [2]), day(10)
        with self.server.socket(f'/ws/restaurants/{place}', self.owner) as watching:
            watching.next()
            requests = [self.create(self.tokens[i % CUSTOMERS], self.booking(place, date, '19:00'),
                                    f'key-{i}' if i % 3 == 0 else None)
                        for i in range(REQUESTS)]
            answers = at_once(self.server.port, requests, CONNECTIONS)
            told = watching.expect('customer_reservation_received', timeout_s=5)
            watching.expect('availability_updated')
            with self.assertRaises(TimeoutError):
                watching.next(0.2)
        winners = [i for i, answer in enumerate(answers) if answer.status == 201]
        self.assertEqual(len(winners), 1, tally(answers))
        winner = winners[0]
        self.assertEqual(told['data'], answers[winner].json)
        for i, answer in enumerate(answers):
            if i != winner:
                own = requests[i][3] == requests[winner][3]
                self.assertEqual(answer.status, 409)
                self.assertIn(answer.code, ('slot_unavailable', 'already_booked') if own else ('slot_unavailable',))
        self.check_refused(answers, '19:00')
        self.assertEqual([each['id'] for each in self.reservations(place)], [answers[winner].json['id']])
        slot = self.slot(place, date, '19:00')
        self.assertEqual((slot['available_tables'], slot['reasons']), (0, ['no_table']))

    def test_last_three_tables(self):
        place, date = self.server.make_restaurant(self.owner, [2, 4, 4]), day(11)
        # Every start from 18:00 to 20:00 meets every other one: three parties in all.
        times = ('18:00', '18:30', '19:00', '19:15')[:3]
        answers = at_once(self.server.port, [self.create(self.tokens[i % CUSTOMERS],
                                                         self.booking(place, date, times[i % 3]))
                                             for i in range(300)], CONNECTIONS)
        self.assertEqual(sum(answer.status == 201 for answer in answers), 3, tally(answers))
        self.assertLessEqual(set(tally(answers)), {(201, ''), (409, 'slot_unavailable'), (409, 'already_booked')})
        standing = self.reservations(place)
        self.assertEqual((len(standing), overlaps(standing)), (3, []))
        self.assertEqual(len({each['table_id'] for each in standing}), 3)

    def test_published_slot(self):
        place, date = self.server.make_restaurant(self.owner), day(12)
        published = self.staff.post(f'/restaurants/{place}/availability',
                                    {'date': date, 'time_slot': '19:00', 'party_size': 4, 'available_tables': 7})
        self.assertEqual(published.status, 201, published)
        answers = at_once(self.server.port, [self.create(self.tokens[i % CUSTOMERS],
                                                         self.booking(place, date, '19:00', 1 + i % 4))
                                             for i in range(200)], CONNECTIONS)
        self.assertEqual(sum(answer.status == 201 for answer in answers), 7, tally(answers))
        self.assertEqual(self.slot(place, date, '19:00')['available_tables'], 0)
        self.assertEqual(self.server.sql(f"select available_tables from availability_slots where restaurant_id = '{place}'"), '0')

    def test_same_customer(self):
        place, date = self.server.make_restaurant(self.owner, [2, 2, 2, 2, 2]), day(13)
        answers = at_once(self.server.port, [self.create(self.tokens[0],
                                                         self.booking(place, date, '18:30' if i % 2 else '19:00'))
                                             for i in range(60)], 30)
        self.assertEqual(tally(answers), {(201, ''): 1, (409, 'already_booked'): 59})

    def test_same_key(self):
        place, date = self.server.make_restaurant(self.owner, [2] * 5), day(14)
        body, token = self.booking(place, date, '19:00'), self.tokens[1]
        answers = at_once(self.server.port, [self.create(token, body, 'the-key')] * 50, 50)
        created = [answer for answer in answers if answer.status == 201 and 'Idempotent-Replayed' not in answer.headers]
        self.assertEqual(len(created), 1, tally(answers))
        for answer in answers:
            if answer is created[0]:
                continue
            if answer.status == 201:
                self.assertEqual((answer.body, answer.headers['Idempotent-Replayed']), (created[0].body, 'true'))
            else:
                self.assertEqual((answer.status, answer.code), (409, 'idempotency_in_progress'))
                self.assertGreaterEqual(int(answer.headers['Retry-After']), 1)
        again = at_once(self.server.port, [self.create(token, body, 'the-key')] * 10, 10)
        self.assertEqual({(answer.status, answer.body, answer.headers.get('Idempotent-Replayed')) for answer in again},
                         {(201, created[0].body, 'true')})
        self.assertEqual(len(self.reservations(place)), 1)

    def test_same_key_with_other_bodies(self):
        place, date, token = self.server.make_restaurant(self.owner, [2] * 5), day(14), self.tokens[2]
        answers = at_once(self.server.port, [self.create(token,
                                                         self.booking(place, date, '12:00' if i % 2 else '20:00'),
                                                         'one-key')
                                             for i in range(40)], 40)
        created = [answer.json for answer in answers if answer.status == 201
                   and 'Idempotent-Replayed' not in answer.headers]
        self.assertEqual(len(created), 1, tally(answers))
        self.assertLessEqual(set(tally(answers)), {(201, ''), (422, 'idempotency_key_reused'),
                                                   (409, 'idempotency_in_progress')})
        self.assertEqual(len(self.reservations(place)), 1)

    def test_same_key_under_register(self):
        body = {'email': 'twice@example.test', 'password': 'correct horse battery', 'first_name': 'T', 'last_name': 'W'}
        requests = [('POST', '/customer/register', body, self.tokens[0], 'register-key')] * 12
        answers = at_once(self.server.port, requests, 12)
        created = [answer for answer in answers if answer.status == 201 and 'Idempotent-Replayed' not in answer.headers]
        self.assertEqual(len(created), 1, tally(answers))
        self.assertLessEqual(set(tally(answers)), {(201, ''), (409, 'idempotency_in_progress')})
        self.assertEqual(self.server.sql("select count(*) from customers where email = 'twice@example.test'"), '1')

    def test_change_against_cancel(self):
        place, date = self.server.make_restaurant(self.owner, [2, 2]), day(15)
        token = self.tokens[3]
        for turn in range(8):
            with self.server.client(token) as client:
                made = client.post('/customer/reservations', self.booking(place, date, '12:00')).json
            target = f'/customer/reservations/{made["id"]}'
            requests = [('PUT', target, {'time': ('14:00', '16:00', '18:00')[i % 3]}, token) for i in range(30)]
            requests.insert(3 + turn * 3, ('DELETE', target, None, token))
            answers = at_once(self.server.port, requests, 15)
            cancelled = [answer for request, answer in zip(requests, answers) if request[0] == 'DELETE']
            self.assertEqual([answer.status for answer in cancelled], [200], tally(answers))
            self.assertLessEqual(set(tally(answers)), {(200, ''), (409, 'illegal_transition')})
            versions = sorted(answer.json['version'] for answer in answers if answer.status == 200)
            self.assertEqual(versions, list(range(2, len(versions) + 2)))
            self.assertEqual(cancelled[0].json['version'], versions[-1])
            stands = next(each for each in self.reservations(place) if each['id'] == made['id'])
            self.assertEqual((stands['status'], stands['version']), ('cancelled', versions[-1]))
        for time in ('12:00', '14:00', '16:00', '18:00'):
            self.assertEqual(self.slot(place, date, time)['available_tables'], 2)
        self.assertEqual(self.server.sql(f"select count(*) from reservation_tables where restaurant_id = '{place}'"),
                         '0')

    def test_two_move_to_one_place(self):
        place, date = self.server.make_restaurant(self.owner, [2]), day(16)
        tokens, times = self.tokens[4:8], ('10:00', '12:00', '14:00', '16:00')
        booked = [answer.json for answer in at_once(self.server.port, [
            self.create(token, self.booking(place, date, time)) for token, time in zip(tokens, times)], 4)]
        answers = at_once(self.server.port, [('PUT', f'/customer/reservations/{each["id"]}', {'time': '19:00'}, token)
                                             for each, token in zip(booked, tokens)], 4)
        self.assertEqual(tally(answers), {(200, ''): 1, (409, 'slot_unavailable'): 3})
        self.check_refused(answers, '19:00')
        standing = {each['id']: each for each in self.reservations(place)}
        for each, answer in zip(booked, answers):
            wanted = answer.json if answer.status == 200 else each
            self.assertEqual({name: standing[each['id']][name] for name in wanted}, wanted)
        self.assertEqual(overlaps(standing.values()), [])


if __name__ == '__main__':
    unittest.main()
