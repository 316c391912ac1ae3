"""A database that stops, dies, hangs, and comes back: reads go on, no write is confirmed that isn't stored, and all is well
again by itself.
"""
import contextlib, os, pathlib, re, signal, time, unittest

from client import wait_for
from contract import check_problem
from races import Pipe
from server import PASSWORD, Server, Threads
from world import WithRestaurants, day


class DatabaseAway(WithRestaurants):
    def writes(self):
        return (('POST', '/customer/reservations', self.booking(date=day(40)), self.guests[1], 'away'),
                ('PUT', f'/customer/reservations/{self.booked["id"]}', {'time': '20:00'}, self.guests[0]),
                ('DELETE', f'/customer/reservations/{self.booked["id"]}', None, self.guests[0]),
                ('POST', '/customer/register', {'email': 'away@example.test', 'password': PASSWORD, 'first_name': 'A',
                                                'last_name': 'B'}, ''),
                ('POST', f'/restaurants/{self.place}/tables', {'label': 'Away', 'capacity': 2},
                 self.staff_tokens['owner'], 'away'),
                ('POST', f'/restaurants/{self.place}/availability',
                 {'date': day(41), 'time_slot': '12:00', 'party_size': 2, 'available_tables': 1},
                 self.staff_tokens['owner']),
                ('POST', '/restaurants', {'name': 'Away'}, self.staff_tokens['owner'], 'away'),
                ('PATCH', f'/restaurants/{self.place}', {'name': 'Away'}, self.staff_tokens['owner']))

    def reads(self):
        return (f'/public/restaurants?lat=55.68&lon=12.57&date={day(10)}&time=19:00&party_size=2',
                f'/public/restaurants/{self.place}/availability?date={day(10)}&party_size=2',
                f'/public/restaurants/{self.place}', '/livez', '/readyz', '/metrics')

    def check_away(self):
        pipes = []
        for write in self.writes():
            pipe = Pipe(self.server.port)
            pipe.add(*write)
            pipes.append((write, pipe))
        began = time.monotonic()
        for _, pipe in pipes:
            pipe.send()
        for write, pipe in pipes:
            answer = pipe.read()
            took_s = time.monotonic() - began
            pipe.reader.close(), pipe.socket.close()
            self.assertEqual(answer.status, 503, (write, answer))
            self.assertEqual(check_problem(answer)['code'], 'database_unavailable', write)
            self.assertLess(took_s, 1.5, write)
        for target in self.reads():
            answer = self.http.get(target)
            self.assertEqual(answer.status, 200, target)
            if target.startswith('/public'):
                self.assertEqual(answer.header('QTable-Degraded'), 'db', target)
        listed = self.ada.get('/customer/reservations', may_fail=True)
        self.assertIn(listed.status, (200, 503))

    def answered(self, client, method, target, body, end, key=None):
        """The first answer that isn't "try again": each core has connections of its own."""
        headers = {'Idempotency-Key': key} if key else {}

        def attempt():
            answer = client.request(method, target, body, headers=headers, may_fail=True)
            is_early = answer.status == 503 or (answer.status == 409 and answer.code == 'idempotency_in_progress')
            return None if is_early else answer

        return wait_for(attempt, end - time.monotonic(), f'{method} {target} works again')

    def test_1_stopped_and_started(self):
        with self.server.socket(f'/ws/restaurants/{self.place}', self.staff_tokens['owner']) as watching:
            hello = watching.next()
            for _ in range(2):
                self.server.stop_database()
                try:
                    self.check_away()
                finally:
                    self.server.start_database()
                end = time.monotonic() + 5
                made = self.answered(self.bo, 'POST', '/customer/reservations', self.booking(date=day(40)), end,
                                     key='away')
                self.assertEqual(made.status, 201, made)
            self.assertEqual(made.header('Idempotent-Replayed'), 'true')
            event = watching.expect('customer_reservation_received', timeout_s=2)
            self.assertEqual(event['data'], made.json)
            changed = self.answered(self.ada, 'PUT', f'/customer/reservations/{self.booked["id"]}', {'time': '20:00'}, end)
            self.assertEqual((changed.status, changed.json['version']), (200, 2), changed)
            watching.expect('customer_reservation_updated')
            events = watching.events[1:]
            self.assertEqual([each['seq'] for each in events], [hello['seq'] + 1 + i for i in range(len(events))])
        listed = self.answered(self.bo, 'GET', '/customer/reservations', None, end)
        self.assertEqual(len(listed.json['items']), 1)
        profile = f'/public/restaurants/{self.place}'
        wait_for(lambda: self.http.get(profile).header('QTable-Degraded') is None, max(0.0, end - time.monotonic()),
                 'no longer degraded')
        self.assertEqual(self.http.get(profile).json['name'], 'A')
        again = dict(re.findall(r'qtable_database_reconnects_total\{connection="(\w+)"\} (\d+)', self.http.get('/metrics').body.decode()))
        self.assertGreaterEqual(int(again['journal']), 2, again)

    def test_2_backends_killed(self):
        """All connections die at once; the database restarts by itself."""
        backend = int(self.server.sql("select pid from pg_stat_activity where backend_type = 'client backend' "
                                      "and pid <> pg_backend_pid() limit 1"))
        os.kill(backend, signal.SIGKILL)
        end = time.monotonic() + 6
        made = self.answered(self.bo, 'POST', '/customer/reservations', self.booking(date=day(42)),
                             end, key='killed')
        self.assertEqual(made.status, 201, made)
        listed = self.answered(self.bo, 'GET', '/customer/reservations', None, end)
        found = [each for each in listed.json['items'] if each['date'] == day(42)]
        self.assertEqual(found, [made.json])

    def signal_all(self, pids, which):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):  # PostgreSQL ends workers of its own accord
                os.kill(pid, which)

    def test_3_frozen(self):
        """It hangs, its connections stay: nothing is confirmed, reads go on, and all is well when it thaws."""
        frozen = self.server.database_processes()
        self.signal_all(frozen, signal.SIGSTOP)
        answers = []

        def write(_):
            with self.server.client(self.guests[1]) as client:
                answers.append(client.post('/customer/reservations', self.booking(date=day(44)), 'frozen',
                                           may_fail=True, timeout_s=30))

        writer = Threads(1, write)
        try:
            for target in self.reads()[:4] * 5:
                began = time.monotonic()
                self.assertEqual(self.http.get(target).status, 200)
                self.assertLess(time.monotonic() - began, 1)
            self.assertFalse([answer for answer in answers if answer.status == 201])
        finally:
            self.signal_all(frozen, signal.SIGCONT)
        writer.join(20)
        self.assertIn(answers[0].status, (201, 503))
        end = time.monotonic() + 5
        made = self.answered(self.bo, 'POST', '/customer/reservations', self.booking(date=day(44)),
                             end, key='frozen')
        self.assertEqual(made.status, 201, made)
        if answers[0].status == 201:
            self.assertEqual(made.body, answers[0].body)
        listed = self.answered(self.bo, 'GET', '/customer/reservations', None, end)
        found = [each for each in listed.json['items'] if each['date'] == day(44)]
        self.assertEqual(found, [made.json])

    def test_4_hanging_for_longer_than_anybody_waits(self):
        """Whoever writes gets 503 at the deadline; memory stays flat, reads go on; then all is well again."""
        status = lambda: pathlib.Path(f'/proc/{self.server.process.pid}/status').read_text()
        frozen, pipes = self.server.database_processes(), []
        before_kib = int(re.search(r'VmRSS:\s+(\d+)', status()).group(1))
        self.signal_all(frozen, signal.SIGSTOP)
        try:
            for number in range(40):  # each 16 ahead
                pipes.append(Pipe(self.server.port))
                for ahead in range(16):
                    pipes[-1].add('POST', '/customer/reservations', self.booking(date=day(50), time=f'{10 + ahead % 8}:00'),
                                  self.guests[number % 2], f'hanging-{number}-{ahead}')
                pipes[-1].send()
            began, answers = time.monotonic(), []
            for pipe in pipes:
                answers += [pipe.read() for _ in range(16)]
            self.assertLess(time.monotonic() - began, 13)
            self.assertEqual({answer.status for answer in answers} - {409}, {503})
            self.assertGreater(sum(answer.status == 503 for answer in answers), 300)
            for answer in answers:
                check_problem(answer)
            for target in self.reads()[:4]:
                self.assertEqual(self.http.get(target).status, 200, target)
            self.assertLess(int(re.search(r'VmRSS:\s+(\d+)', status()).group(1)) - before_kib, 16 * 1024)
        finally:
            self.signal_all(frozen, signal.SIGCONT)
            for pipe in pipes:
                pipe.reader.close(), pipe.socket.close()
        made = self.answered(self.bo, 'POST', '/customer/reservations', self.booking(date=day(51)), time.monotonic() + 5,
                             key='thawed')
        self.assertEqual(made.status, 201, made)


class ReadyNeedsIt(unittest.TestCase):
    def test_not_ready_without_a_database(self):
        """Where the operator wants it so; reads go on for who asks all the same."""
        with Server('--no-fsync', '--threads', '1', '--ready-needs-database') as server:
            server.start()
            with server.client() as client:
                self.assertEqual(client.get('/readyz').status, 200)
                server.stop_database()
                try:
                    away = wait_for(lambda: (got := client.get('/readyz', may_fail=True)).status == 503 and got, 5, 'it says so')
                    self.assertEqual(away.json['status'], 'unavailable')
                    self.assertEqual({name for name, check in away.json['checks'].items() if not check['ok']}, {'database'})
                    self.assertEqual(client.get('/livez').status, 200)
                    self.assertEqual(client.get('/public/restaurants?lat=55.68&lon=12.57').status, 200)
                finally:
                    server.start_database()
                wait_for(lambda: client.get('/readyz', may_fail=True).status == 200, 5, 'it is ready again')


if __name__ == '__main__':
    unittest.main()
