"""How often one may ask and how much one may book: by address, account and restaurant, counted over all cores, told in
every answer; and who really asks when a trusted proxy stands in between.
"""
import re, time, unittest
from concurrent.futures import ThreadPoolExecutor

from client import HttpClient
from nodes import Second
from server import PASSWORD, Server
from world import World, day

QUOTA = 40


def left(answer):
    """(policy, requests left, seconds) of RateLimit."""
    found = re.fullmatch(r'"(\w+)";r=(\d+);t=(\d+)', answer.header('RateLimit') or '')
    return found and (found[1], int(found[2]), int(found[3]))


class Limited(World):
    OPTIONS = ()

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server('--no-fsync', '--threads', '2', '--loopback-exempt=false', *cls.OPTIONS))
        cls.server.start()
        cls.owner, cls.ada, cls.ben = cls.server.minted('staff', ['o@example.test']) + cls.server.minted(
            'customer', ['ada@example.test', 'ben@example.test'])
        cls.restaurant = cls.server.make_restaurant(cls.owner, [2] * 12)
        cls.target = f'/public/restaurants/{cls.restaurant}/availability?date={day(3)}&party_size=2'

    def ask(self, target='/public/restaurants?lat=55.68&lon=12.57', token=None, **headers):
        """On a connection of its own: the kernel spreads them over the cores."""
        with HttpClient(self.server.port, token=token) as client:
            return client.get(target, headers={name.replace('_', '-'): value for name, value in headers.items()})

    def check_refused(self, answer, policy):
        self.assertEqual((answer.status, answer.code), (429, 'too_many_requests'))
        self.assertEqual(left(answer)[:2], (policy, 0))
        self.assertGreaterEqual(int(answer.header('Retry-After')), 1)


class Addresses(Limited):
    OPTIONS = ('--requests-per-address-per-min', str(QUOTA), '--trusted-proxy', '127.0.0.1,10.0.0.0/8')

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number = 0

    def from_(self, address, **more):
        return self.ask(X_Forwarded_For=address, **more)

    def test_a_quota_over_all_cores(self):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.from_('203.0.113.1'), range(QUOTA + 20)))
        statuses = [answer.status for answer in answers]
        # What comes back while they run: one in 1.5 s.
        self.assertIn(statuses.count(200), range(QUOTA, QUOTA + 6), statuses)
        for answer in answers:
            self.assertEqual(answer.header('RateLimit-Policy'), f'"address";q={QUOTA};w=60')
            self.assertIsNotNone(left(answer))
        self.check_refused(self.from_('203.0.113.1'), 'address')
        self.assertEqual(self.from_('203.0.113.2').status, 200, 'somebody else')

    def test_those_who_watch_are_not_limited(self):
        for _ in range(QUOTA + 5):
            for target in ('/livez', '/readyz', '/metrics'):
                answer = self.ask(target, X_Forwarded_For='203.0.113.3')
                self.assertEqual((answer.status, answer.header('RateLimit')), (200, None))

    def test_each_kind_of_answer_tells(self):
        for target in ('/public/restaurants/x', '/nowhere', '/customer/me', self.target, self.target):
            answer = self.from_('203.0.113.4', target=target)
            self.assertEqual(left(answer)[0], 'address', (target, answer))

    def test_who_is_believed(self):
        """The nearest hop that isn't trusted: what it says of others is its own invention."""
        for i in range(QUOTA):
            self.from_(f'198.51.100.{i}, 203.0.113.5')
        self.check_refused(self.from_('203.0.113.5'), 'address')
        self.check_refused(self.from_('198.51.100.200, 203.0.113.5, 10.1.2.3'), 'address')
        self.assertEqual(self.from_('203.0.113.5, 203.0.113.6').status, 200)
        # Not an address: the hop that said so is the one that counts.
        for i in range(QUOTA):
            self.from_(f'nonsense-{i}, 10.9.9.9')
        self.check_refused(self.from_('other nonsense, 10.9.9.9'), 'address')

    def test_a_household_of_version_6(self):
        for i in range(QUOTA):
            self.from_(f'2001:db8:1:2::{i:x}')
        self.check_refused(self.from_('2001:db8:1:2:ffff::1'), 'address')
        self.assertEqual(self.from_('2001:db8:1:3::1').status, 200)


class NobodyIsTrusted(Limited):
    OPTIONS = ('--requests-per-address-per-min', '100')

    def test_x_forwarded_for_means_nothing(self):
        told = [left(self.ask(X_Forwarded_For=f'203.0.113.{i}'))[1] for i in range(10)]
        self.assertLess(told[-1], told[0] - 4, 'but for what comes back meanwhile')


class AccountsAndRestaurants(Limited):
    OPTIONS = ('--requests-per-account-per-min', str(QUOTA), '--requests-per-restaurant-per-min', '100',
               '--requests-per-address-per-min', '0')

    def test_an_account(self):
        for _ in range(QUOTA):
            answer = self.ask('/customer/me', self.ada)
        self.assertEqual(left(answer)[0], 'account')
        self.check_refused(self.ask('/customer/me', self.ada), 'account')
        self.assertEqual(self.ask('/customer/me', self.ben).status, 200)
        self.assertEqual(self.ask().header('RateLimit'), None, 'nobody in particular')

    def test_a_restaurant(self):
        other = self.server.make_restaurant(self.server.mint('staff', 'p@example.test'), [2])
        cleo = self.server.mint('customer', 'cleo@example.test')  # before: meanwhile one more is allowed
        statuses = [self.ask(self.target).status for _ in range(110)]
        self.assertEqual(statuses[0], 200)
        self.assertIn(429, statuses[100:])
        self.check_refused(self.ask(self.target), 'restaurant')
        with self.server.client(cleo) as client:
            refused = client.post('/customer/reservations', {'restaurant_id': self.restaurant, 'date': day(3), 'time': '19:00',
                                                             'party_size': 2})
        self.check_refused(refused, 'restaurant')
        self.assertEqual(self.ask(f'/public/restaurants/{other}').status, 200)
        # The house itself works on.
        self.assertEqual(self.ask(f'/restaurants/{self.restaurant}/tables', self.owner).status, 200)


class Cap(Limited):
    OPTIONS = ('--bookings-per-customer', '3')

    def wish(self, client, ahead, key=None):
        return client.post('/customer/reservations', {'restaurant_id': self.restaurant, 'date': day(ahead), 'time': '19:00',
                                                      'party_size': 2}, key)

    def test_a_cap(self):
        with self.server.client(self.ada) as ada, self.server.client(self.ben) as ben:
            made = [self.wish(ada, ahead, key=f'key {ahead}') for ahead in (1, 2, 3)]
            self.assertEqual([answer.status for answer in made], [201] * 3)
            for key in (None, 'another'):
                refused = self.wish(ada, 4, key)
                self.assertEqual((refused.status, refused.code), (409, 'limit_reached'))
            again = self.wish(ada, 2, key='key 2')
            self.assertEqual((again.status, again.json), (201, made[1].json), 'a replay is no booking')
            self.assertEqual(self.wish(ben, 4).status, 201)

            self.server.stop()
            self.server.start()
            ada.close()
            ada.port = self.server.port
            self.assertEqual(self.wish(ada, 4).status, 409, 'counted again from what is stored')
            self.assertEqual(ada.delete(f'/customer/reservations/{made[0].json["id"]}').status, 200)
            self.assertEqual(self.wish(ada, 4, key='another').status, 201)
            self.assertEqual(self.wish(ada, 5).status, 409)

    def test_many_at_once(self):
        token = self.server.mint('customer', 'dora@example.test')

        def one(number):
            with self.server.client(token) as client:
                return self.wish(client, 10 + number, key=f'at once {number}' if number % 2 else None).status

        with ThreadPoolExecutor(8) as pool:
            self.assertEqual(sorted(pool.map(one, range(8))), [201] * 3 + [409] * 5)


class TwoNodes(Limited):
    """What one node counts the other hears of within a second or so."""
    OPTIONS = ('--requests-per-account-per-min', '120', '--login-failures-per-account', '5', '--requests-per-address-per-min', '0')
    HEARD_S = 2.5

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = Second(cls.server, *cls.OPTIONS, is_exempt=False).start()
        cls.addClassCleanup(lambda: cls.second.kill())
        time.sleep(cls.HEARD_S)

    def test_an_account_has_one_quota(self):
        for _ in range(110):
            self.assertEqual(self.ask('/customer/me', self.ada).status, 200)
        time.sleep(self.HEARD_S)
        with self.second.client(self.ada) as client:
            told = left(client.get('/customer/me'))
            self.assertLess(told[1], 60, 'the other node has heard of most of it')
            statuses = [client.get('/customer/me', may_fail=True).status for _ in range(80)]
        self.assertIn(429, statuses)
        with self.second.client(self.ben) as client:
            self.assertEqual(client.get('/customer/me').status, 200, 'nobody else is meant')

    def test_passwords_are_guessed_at_one_place(self):
        with self.server.client() as here, self.second.client() as there:
            known = {'email': 'guessed@example.test', 'password': PASSWORD}
            here.post('/customer/register', {**known, 'first_name': 'Gus', 'last_name': 'Guessed'})
            self.assertEqual(there.post('/customer/login', known).status, 200)
            for i in range(5):
                wrong = here.post('/customer/login', {**known, 'password': f'not this one {i}'})
                self.assertEqual(wrong.status, 401, wrong)

            def is_refused():
                return there.post('/customer/login', known, may_fail=True).status == 429

            time.sleep(self.HEARD_S)
            self.assertTrue(is_refused(), 'the right one, too')
            self.assertNotIn('guessed@example.test', self.server.log() + self.second.log_path.read_text())


del Limited
if __name__ == '__main__':
    unittest.main()
