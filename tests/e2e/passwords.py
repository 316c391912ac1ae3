"""Passwords and log-ins from outside: what is taken, how often one may try, that known and unknown accounts can't be told
apart, and that a flood of log-ins holds nobody else up.
"""
import http.client, json, pathlib, re, socket, unittest

from client import ANSWER_S, Answer
from contract import check_problem
from server import PASSWORD, Server

ADA = {'email': 'ada@example.test', 'password': PASSWORD}


def register(client, **more):
    return client.post('/customer/register', {**ADA, 'first_name': 'A', 'last_name': 'B', **more})


class Passwords(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server('--no-fsync'))
        cls.server.start()
        cls.http = cls.enterClassContext(cls.server.client())
        assert register(cls.http).status == 201

    def cpu_ticks(self):
        stat = pathlib.Path(f'/proc/{self.server.process.pid}/stat').read_text()
        return sum(map(int, stat.rsplit(')', 1)[1].split()[11:13]))

    def seen(self, target, body):
        answer = self.http.post(target, body, headers={'X-Request-Id': 'same'})
        return answer.status, sorted((name, value) for name, value in answer.headers.items() if name != 'Date'), answer.body

    def test_what_a_password_may_be(self):
        """8 to 128 characters, whatever they are, but not those that everybody tries first."""
        taken = ('aaaaaaab', 'a b c d ', '  spaces  ', 'ææææææææ', '🌿' * 128, 'x' * 127 + 'y')
        refused = ('', 'sevench', '🌿' * 7, '🌿' * 129, 'x' * 129, 'password', 'PassWord1', '12345678', 'qwertyuiop', 'iloveyou')
        for number, password in enumerate(taken):
            email = f'taken-{number}@example.test'
            with self.subTest(password):
                made = register(self.http, email=email, password=password)
                self.assertEqual(made.status, 201, made)
                self.assertEqual(self.http.post('/customer/login', {'email': email, 'password': password}).status, 200)
                for other in (password.strip(), password[:-1], password + ' ', password.upper()):
                    if other != password:
                        wrong = self.http.post('/customer/login', {'email': email, 'password': other})
                        self.assertIn(wrong.status, (401, 422), other)
        for password in refused:
            with self.subTest(password):
                answer = register(self.http, email='refused@example.test', password=password)
                self.assertEqual(answer.status, 422, answer)
                self.assertEqual([each['pointer'] for each in answer.json['errors']], ['/password'])

    def test_unknown_accounts_look_like_known_ones(self):
        """The same answer to the last byte, and the same work."""
        for target in ('/customer/login', '/auth/login'):
            known = self.seen(target, {**ADA, 'password': 'not the right one'})
            unknown = self.seen(target, {'email': 'nobody@example.test', 'password': 'not the right one'})
            self.assertEqual(known, unknown)
            self.assertEqual(known[0], 401)
        for target in ('/customer/forgot-password', '/auth/forgot-password', '/customer/resend-verification'):
            self.assertEqual(self.seen(target, {'email': ADA['email']}), self.seen(target, {'email': 'nobody@example.test'}))
        spent = {}
        for email in (ADA['email'], 'nobody@example.test'):
            before = self.cpu_ticks()
            for _ in range(12):
                self.http.post('/customer/login', {'email': email, 'password': 'not the right one'})
            spent[email] = self.cpu_ticks() - before
        known, unknown = spent.values()
        self.assertGreater(unknown, 6, 'hundredths of a second: an unknown account is hashed as well')
        self.assertTrue(0.5 < known / unknown < 2, spent)

    def test_a_flood_of_logins(self):
        """More than the pool takes: 503 with Retry-After for some, an answer for all; others are served meanwhile."""
        count, body = 120, json.dumps(ADA).encode()
        raw = (b'POST /customer/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n' %
               len(body)) + body
        held = [socket.create_connection(('127.0.0.1', self.server.port), timeout=ANSWER_S) for _ in range(count)]
        for each in held:
            each.sendall(raw)
        for _ in range(10):
            found = self.http.get('/public/restaurants?lat=55.68&lon=12.57')
            self.assertEqual(found.status, 200)
        answers = []
        for each in held:
            got = http.client.HTTPResponse(each)
            got.begin()
            answers.append(Answer(got.status, got.headers, got.read()))
            each.close()
        statuses = [answer.status for answer in answers]
        self.assertEqual(set(statuses), {200, 503})
        self.assertGreaterEqual(statuses.count(200), 32)
        for answer in answers:
            if answer.status == 503:
                self.assertEqual(check_problem(answer)['code'], 'overloaded')
        self.assertEqual(self.http.post('/customer/login', ADA).status, 200)


class Limits(unittest.TestCase):
    """Counted for the whole server: each attempt comes over a connection of its own, so on either core."""

    def attempt(self, server, email, password='not the right one', **headers):
        with server.client() as client:
            return client.post('/customer/login', {'email': email, 'password': password}, headers=headers)

    def assert_both_cores_served(self, server):
        with server.client() as client:
            counts = re.findall(r'qtable_connections_accepted_total\{core="\d+"\} (\d+)', client.get('/metrics').body.decode())
        self.assertEqual(len(counts), 2)
        self.assertTrue(all(int(each) > 1 for each in counts), counts)

    def test_of_an_account(self):
        with Server('--no-fsync', '--loopback-exempt=false', '--threads=2', '--login-attempts-per-address-per-min=1000') as server:
            server.start()
            with server.client() as client:
                register(client)
                for _ in range(3):  # the right password begins anew
                    self.assertEqual([self.attempt(server, ADA['email']).status for _ in range(4)], [401] * 4)
                    self.assertEqual(self.attempt(server, **ADA).status, 200)
                names = [ADA['email'], 'ADA@example.test', 'Ada@Example.Test', ADA['email'], 'ada@EXAMPLE.test']
                self.assertEqual([self.attempt(server, each).status for each in names], [401] * 5)
                for password in (PASSWORD, 'not the right one'):
                    late = self.attempt(server, ADA['email'], password)
                    self.assertEqual((late.status, check_problem(late)['code']), (429, 'too_many_requests'))
                    self.assertTrue(14 * 60 < int(late.header('Retry-After')) <= 15 * 60, late.header('Retry-After'))
                self.assertEqual(self.attempt(server, 'bo@example.test').status, 401, 'another account')
                limited = re.findall(r'qtable_rate_limited_total\{core="\d+"\} (\d+)', client.get('/metrics').body.decode())
                self.assertEqual(sum(map(int, limited)), 2)
            self.assert_both_cores_served(server)

    def test_of_an_address(self):
        with Server('--no-fsync', '--loopback-exempt=false', '--threads=2') as server:
            server.start()
            answers = [self.attempt(server, f'guess-{number}@example.test', **{'X-Forwarded-For': f'10.0.0.{number}'})
                       for number in range(24)]
            self.assertEqual([answer.status for answer in answers], [401] * 20 + [429] * 4)
            for late in answers[20:]:
                self.assertTrue(0 < int(late.header('Retry-After')) <= 60, late.header('Retry-After'))
            self.assert_both_cores_served(server)
            with server.client() as client:
                self.assertEqual(client.get('/public/restaurants?lat=1&lon=1').status, 200, 'only log-ins are counted')


if __name__ == '__main__':
    unittest.main()
