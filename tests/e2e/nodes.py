"""Two servers on one database, both serving every restaurant: what one commits the other shows, nobody books what the other gave
away, sockets go on from one to the other, and neither a frozen nor a deaf one tells anything wrong for long.
"""
import os, pathlib, re, signal, subprocess, time, unittest
from concurrent.futures import ThreadPoolExecutor

from client import ANSWER_S, HttpClient, WebSocket, wait_for
from server import BINARY, PASSWORD, Server
from world import World, day

SHOWN_S = 5  # with other tests beside it; alone it takes milliseconds


class Second:
    """`qtable serve` on the database of a running `qtable dev`, with its token key."""

    def __init__(self, server, *options, is_exempt=True):
        exempt = ('--loopback-exempt',) if is_exempt else ()
        self.server, self.options, self.process, self.number = server, (*exempt, *options), None, 0

    def conninfo(self):
        folder = self.server.data_dir / 'postgres'
        where = folder / 'socket_dir'
        where = where.read_text().strip() if where.exists() else folder / 'run'
        return f'host={where} user=qtable dbname=qtable'

    def start(self):
        self.number += 1
        self.log_path = self.server.folder / f'second.{self.number}'
        key = (self.server.data_dir / 'token.key').read_text().strip()
        with open(self.log_path, 'wb') as log:
            self.process = subprocess.Popen([BINARY, 'serve', '--port', '0', '--threads', '2', '--database', self.conninfo(),
                                             *self.options], stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                            env={**os.environ, 'QTABLE_AUTH_TOKEN_KEY': key})
        found = wait_for(lambda: re.search(r'listening on http://127\.0\.0\.1:(\d+)', self.log_path.read_text()), 30,
                         'the second one listens')
        self.port = int(found.group(1))
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(25)

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()

    def client(self, token=None):
        return HttpClient(self.port, self.server.rules, token)

    def socket(self, target, token=None):
        return WebSocket(self.port, target, token, rules=self.server.rules)


class Nodes(World):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server('--no-fsync', '--threads', '2'))
        cls.server.start()
        cls.owner, = cls.server.minted('staff', ['o@example.test'])
        cls.guests = cls.server.minted('customer', [f'{i}@example.test' for i in range(8)])
        cls.second = Second(cls.server).start()
        cls.addClassCleanup(lambda: cls.second.kill())
        time.sleep(2.5)  # they have heard of each other
        cls.nodes = [cls.server, cls.second]

    def setUp(self):
        self.place = self.server.make_restaurant(self.owner, [2])
        self.addCleanup(lambda: [self.assertIsNone(node.process.poll()) for node in self.nodes])

    def free(self, node, date, time_='19:00'):
        """Tables shown as free; None when the restaurant isn't known there."""
        with node.client() as client:
            answer = client.get(f'/public/restaurants/{self.place}/availability?date={date}&party_size=2')
            if answer.status == 404:
                return None
            self.assertEqual(answer.status, 200, answer)
            return {slot['time']: slot['available_tables'] for slot in answer.json['slots']}.get(time_)

    def wish(self, node, guest=0, date=None, time_='19:00', key=None):
        with node.client(self.guests[guest]) as client:
            return client.post('/customer/reservations', {'restaurant_id': self.place, 'date': date or day(5), 'time': time_,
                                                          'party_size': 2}, key)

    def shows(self, node, count, date=None):
        began = time.monotonic()
        wait_for(lambda: self.free(node, date or day(5)) == count, SHOWN_S, f'{count} free on the other node')
        return time.monotonic() - began

    def log_is_whole(self):
        rows = self.server.sql(f"select seq, windows is not null from restaurant_events where restaurant_id = '{self.place}' order by seq")
        expected = 1
        for line in rows.splitlines():
            seq, has_second = line.split('|')
            self.assertEqual(int(seq), expected)
            expected += 2 if has_second == 't' else 1
        return expected - 1

    def test_what_one_commits_the_other_shows(self):
        self.shows(self.second, 1)
        made = self.wish(self.server)
        self.assertEqual(made.status, 201)
        took = [self.shows(self.second, 0)]
        with self.second.client(self.guests[0]) as client:
            self.assertIn(made.json['id'], [each['id'] for each in client.get('/customer/reservations').json['items']])
            self.assertEqual(client.delete(f'/customer/reservations/{made.json["id"]}').status, 200)
        took.append(self.shows(self.server, 1))
        with self.second.client(self.owner) as client:
            self.assertEqual(client.patch(f'/restaurants/{self.place}', {'name': 'Renamed'}).status, 200)

        def name():
            with self.server.client() as client:
                return client.get(f'/public/restaurants/{self.place}').json['name']
        wait_for(lambda: name() == 'Renamed', SHOWN_S, 'the new name')
        with self.server.client() as client:
            wait_for(lambda: any(each['name'] == 'Renamed' for each in client.get(
                '/public/restaurants?lat=55.68&lon=12.57&radius=1&limit=100').json['items']), SHOWN_S, 'search knows it')
        print(f'shown by the other node after {", ".join(f"{each * 1000:.0f} ms" for each in took)}', flush=True)

    def test_one_table_wanted_through_both(self):
        """One gets it, and everybody is answered; the same for many times of one evening."""
        with ThreadPoolExecutor(8) as pool:
            for hour in range(11, 22, 2):
                answers = list(pool.map(lambda i: self.wish(self.nodes[i % 2], i, time_=f'{hour}:00'), range(8)))
                statuses = sorted(answer.status for answer in answers)
                self.assertEqual(statuses, [201] + [409] * 7, answers)
        self.log_is_whole()
        for node in self.nodes:
            self.assertEqual(self.check(), 0)

    def check(self):
        return subprocess.run([BINARY, 'check', '--data-dir', self.server.data_dir], capture_output=True, timeout=60).returncode

    def test_a_key_is_one_request_whichever_node(self):
        made = self.wish(self.server, key='k1')
        again = self.wish(self.second, key='k1')
        self.assertEqual((again.status, again.json, again.header('Idempotent-Replayed')), (201, made.json, 'true'))
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda i: self.wish(self.nodes[i % 2], 1, day(6), key='k2'), range(6)))
        made = [answer for answer in answers if answer.status == 201]
        self.assertTrue(made)
        self.assertEqual(len({answer.json['id'] for answer in made}), 1)
        for answer in answers:
            self.assertTrue(answer.status == 201 or answer.code == 'idempotency_in_progress', answer)
        self.assertEqual(self.wish(self.nodes[1], 1, day(6), key='k2').json, made[0].json)

    def test_what_the_other_node_just_booked_can_be_changed(self):
        """Whether or not it has heard of it: nobody is told that it is not there, or that it is too late."""
        self.shows(self.second, 1)
        for ahead in range(20, 28):
            with self.second.client(self.guests[0]) as client:
                made = self.wish(self.server, 0, day(ahead))
                moved = client.put(f'/customer/reservations/{made.json["id"]}', {'time': '20:00'})
                self.assertEqual((moved.status, moved.json['time']), (200, '20:00'), moved)
            with self.server.client(self.guests[0]) as client:
                self.assertEqual(client.delete(f'/customer/reservations/{made.json["id"]}').status, 200)
        self.second.process.send_signal(signal.SIGSTOP)
        try:
            made = self.wish(self.server, 1, day(19))
        finally:
            self.second.process.send_signal(signal.SIGCONT)
        with self.second.client(self.owner) as client:
            seated = client.post(f'/restaurants/{self.place}/customer-reservations/{made.json["id"]}/seat', {})
            self.assertEqual((seated.status, seated.json['status']), (200, 'seated'), seated)

    def test_sockets_hear_of_the_other_node(self):
        self.shows(self.second, 1)
        staff = self.second.socket(f'/ws/restaurants/{self.place}', self.owner)
        guest = self.second.socket('/ws/customer', self.guests[2])
        hello = staff.next(ANSWER_S)
        guest.next(ANSWER_S)
        made = self.wish(self.server, 2)
        heard = staff.expect('customer_reservation_received', timeout_s=SHOWN_S)
        self.assertEqual((heard['data']['id'], heard['seq']), (made.json['id'], hello['seq'] + 1))
        told = guest.expect('reservation_confirmed', timeout_s=SHOWN_S)
        self.assertEqual(told['data'], made.json)
        with self.server.client(self.guests[2]) as client:
            client.delete(f'/customer/reservations/{made.json["id"]}')
        self.assertEqual(guest.expect('reservation_cancelled', timeout_s=SHOWN_S)['data']['id'], made.json['id'])

    def test_a_socket_goes_on_on_the_other_node(self):
        self.shows(self.second, 1)
        first = self.server.socket(f'/ws/restaurants/{self.place}', self.owner)
        hello = first.next(ANSWER_S)
        numbers = []
        for i in range(4):
            self.assertEqual(self.wish(self.nodes[i % 2], i, day(7 + i)).status, 201)
            numbers.append(first.expect('customer_reservation_received', timeout_s=SHOWN_S)['seq'])
        last = first.expect('availability_updated', timeout_s=SHOWN_S)['seq']
        first.close()
        for i in range(4, 8):
            self.assertEqual(self.wish(self.nodes[i % 2], i, day(7 + i)).status, 201)
        target = f'/ws/restaurants/{self.place}?epoch={hello["epoch"]}&since_seq={last}'
        end = self.log_is_whole()
        for node in reversed(self.nodes):
            second = node.socket(target, self.owner)
            again = second.next(ANSWER_S)
            self.assertEqual((again['type'], again['epoch']), ('hello', hello['epoch']))
            self.assertEqual([second.next(ANSWER_S)['seq'] for _ in range(end - last)], list(range(last + 1, end + 1)))
            second.close()

    def test_a_socket_that_is_ahead_of_its_node(self):
        """It heard from one node what the other, frozen meanwhile, hasn't read: no hole, no repeat, no resync."""
        self.shows(self.second, 1)
        first = self.server.socket(f'/ws/restaurants/{self.place}', self.owner)
        hello = first.next(ANSWER_S)
        self.second.process.send_signal(signal.SIGSTOP)
        try:
            self.assertEqual(self.wish(self.server, 0, day(12)).status, 201)
            last = first.expect('availability_updated', timeout_s=SHOWN_S)['seq']
        finally:
            self.second.process.send_signal(signal.SIGCONT)
        again = self.second.socket(f'/ws/restaurants/{self.place}?epoch={hello["epoch"]}&since_seq={last}', self.owner)
        self.assertEqual((again.next(ANSWER_S)['type'], again.events[0]['seq']), ('hello', last))
        self.assertEqual(self.wish(self.server, 1, day(13)).status, 201)
        self.assertEqual([again.next(SHOWN_S)['seq'] for _ in range(2)], [last + 1, last + 2])
        invented = self.second.socket(f'/ws/restaurants/{self.place}?epoch={hello["epoch"]}&since_seq={last + 1000}', self.owner)
        invented.expect('resync_required', timeout_s=SHOWN_S)

    def test_a_login_that_ended_elsewhere(self):
        with self.server.client() as client:
            client.post('/customer/register', {'email': 'leaver@example.test', 'password': PASSWORD, 'first_name': 'A', 'last_name': 'B'})
            token = client.post('/customer/login', {'email': 'leaver@example.test', 'password': PASSWORD}).json['access_token']
        with self.second.client(token) as client:
            self.assertEqual(client.get('/customer/me').status, 200)
            with self.server.client(token) as first:
                self.assertEqual(first.request('POST', '/customer/logout').status, 204)
            wait_for(lambda: client.get('/customer/me').status == 401, 5 + 1, 'the token is refused on the other node')

    def test_one_that_was_frozen(self):
        """Wakes up with old memory: it refuses what is taken, and soon shows it."""
        self.shows(self.second, 1)
        self.second.process.send_signal(signal.SIGSTOP)
        try:
            self.assertEqual(self.wish(self.server, 3).status, 201)
            time.sleep(1)
        finally:
            self.second.process.send_signal(signal.SIGCONT)
        late = self.wish(self.second, 4)
        self.assertEqual((late.status, late.code), (409, 'slot_unavailable'))
        self.shows(self.second, 0)

    def test_one_that_is_deaf(self):
        """No bell reaches it for a while: it looks for itself, and takes nothing twice."""
        self.shows(self.second, 1)
        for _ in range(3):
            self.server.sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'qtable doorbell'")
            self.assertEqual(self.wish(self.server, 5, day(5)).status, 201)
            self.shows(self.second, 0)
            with self.server.client(self.guests[5]) as client:
                for each in client.get('/customer/reservations?status=confirmed').json['items']:
                    self.assertEqual(client.delete(f'/customer/reservations/{each["id"]}').status, 200)
            self.shows(self.second, 1)

    def test_letters_are_sent_once(self):
        with self.second.client() as client:
            for i in range(5):
                client.post('/customer/register', {'email': f'letter{i}@example.test', 'password': PASSWORD, 'first_name': 'A',
                                                   'last_name': 'B'})
        for i in range(5):
            wait_for(lambda: self.server.mails(f'letter{i}@example.test'), 15, 'the letter')
        time.sleep(1)
        self.assertEqual([len(self.server.mails(f'letter{i}@example.test')) for i in range(5)], [1] * 5)

    def test_z_a_new_one_takes_over(self):
        """kill -9 of one, bookings through the other, and a new one that knows them."""
        self.shows(self.second, 1)
        self.assertEqual(self.wish(self.second, 6).status, 201)
        self.second.kill()
        with self.server.client(self.guests[6]) as client:
            self.assertIn(self.place, [each['restaurant_id'] for each in client.get('/customer/reservations').json['items']])
        wait_for(lambda: self.free(self.server, day(5)) == 0, 15, 'without a bell, by looking')
        self.assertEqual(self.wish(self.server, 7, day(9)).status, 201)
        self.second.start()
        self.assertEqual((self.free(self.second, day(5)), self.free(self.second, day(9))), (0, 0))
        self.assertEqual(self.second.stop(), 0)
        self.second.start()


if __name__ == '__main__':
    unittest.main()
