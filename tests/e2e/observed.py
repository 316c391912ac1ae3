"""What an operator sees: metrics as Prometheus wants them and as they are documented, rules and dashboard that name nothing else,
and a request log that says which, who as an id, how long, and nothing personal.
"""
import json, re, shutil, subprocess, unittest

from client import HttpClient, wait_for
from server import BINARY, PASSWORD, ROOT, Server
from world import World, day

OBSERVE = ROOT / 'tools/observe'
TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
PERSONAL = {'email': 'ada.lovelace@example.test', 'first_name': 'Adalovely', 'last_name': 'Byronesque', 'phone': '+4512345678'}
PROMTOOL = shutil.which('promtool')
# A program with sanitizers has an allocator of theirs.
HAS_JEMALLOC = b'libjemalloc' in subprocess.run(['ldd', BINARY], capture_output=True, check=True).stdout
SAMPLE = re.compile(r'^(?P<name>[a-z_:][a-z0-9_:]*)(?:\{(?P<labels>.*)\})? (?P<value>\S+)$')


class Observed(World):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server('--no-fsync', '--threads', '2', '--log-requests', 'all', '--log-format', 'json'))
        cls.server.start()
        cls.owner = cls.server.mint('staff', 'o@example.test')
        cls.place = cls.server.make_restaurant(cls.owner, [2, 4])
        with cls.server.client() as client:
            made = client.post('/customer/register', {**PERSONAL, 'password': PASSWORD})
            assert made.status == 201, made
            cls.login = client.post('/customer/login', {'email': PERSONAL['email'], 'password': PASSWORD}).json
        cls.ada = cls.server.client(cls.login['access_token'])
        with cls.server.socket(f'/ws/restaurants/{cls.place}', cls.owner) as staff:
            assert staff.next()['type'] == 'hello'
            cls.book()
            assert staff.next()['type'] == 'customer_reservation_received'
        cls.ada.get(f'/public/restaurants/{cls.place}/availability?date={day(3)}&party_size=2')
        cls.ada.get(f'/public/restaurants?lat=55.68&lon=12.57&q=cornertable-search')
        cls.ada.get('/customer/reservations/nothing')
        with HttpClient(cls.server.port, token='eyJ.not.valid') as stranger:
            stranger.get('/customer/me')
        cls.text = cls.ada.get('/metrics').body.decode()

    @classmethod
    def book(cls):
        cls.booked = cls.ada.post('/customer/reservations', {'restaurant_id': cls.place, 'date': day(3), 'time': '19:00', 'party_size': 2,
                                                             'special_requests': 'a quiet cornertable'}, 'k1',
                                  headers={'traceparent': f'00-{TRACE}-00f067aa0ba902b7-01'}).json

    @classmethod
    def tearDownClass(cls):
        cls.ada.close()
        super().tearDownClass()

    def families(self):
        """name → (type, [(labels, value)]); the samples of a histogram stand under its own name."""
        found, helped = {}, set()
        for line in self.text.splitlines():
            if line.startswith('# HELP '):
                helped.add(line.split()[2])
            elif line.startswith('# TYPE '):
                _, _, name, kind = line.split()
                self.assertNotIn(name, found, 'a family twice')
                self.assertIn(name, helped)
                found[name] = (kind, [])
            else:
                sample = SAMPLE.match(line)
                self.assertIsNotNone(sample, line)
                family = re.sub(r'_(bucket|sum|count)$', '', sample['name'])
                family = family if found.get(family, ('',))[0] == 'histogram' else sample['name']
                self.assertIn(family, found, line)
                found[family][1].append((sample['name'], sample['labels'] or '', float(sample['value'])))
        return found

    def test_the_form(self):
        for name, (kind, samples) in self.families().items():
            self.assertTrue(name.startswith('qtable_'), name)
            self.assertEqual(name.endswith('_total'), kind == 'counter', name)
            self.assertEqual(len(samples), len({each[:2] for each in samples}), f'{name}: a sample twice')
            if kind != 'histogram':
                continue
            series = {}
            for part, labels, value in samples:
                key = re.sub(r',?le="[^"]*"', '', labels)
                series.setdefault(key, []).append((part, re.search(r'le="([^"]*)"', labels), value))
            for key, parts in series.items():
                buckets = [(float(le[1]), value) for part, le, value in parts if part.endswith('_bucket')]
                self.assertEqual(buckets, sorted(buckets), key)
                self.assertEqual([value for _, value in buckets], sorted(value for _, value in buckets), 'cumulative')
                count = next(value for part, _, value in parts if part.endswith('_count'))
                self.assertEqual((buckets[0][0], buckets[-1]), (5e-05, (float('inf'), count)))

    @unittest.skipUnless(PROMTOOL, 'no promtool: tools/setup test brings it')
    def test_promtool(self):
        """Prometheus' own judgement of a live scrape and of the rules."""
        done = subprocess.run([PROMTOOL, 'check', 'metrics'], input=self.text, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ''))
        done = subprocess.run([PROMTOOL, 'check', 'rules', OBSERVE / 'alerts.yml'], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r'SUCCESS: \d+ rules found')

    def test_what_is_counted(self):
        found = {(name, labels): value for name, (_, samples) in self.families().items() for part, labels, value in samples
                 if part in (name, f'{name}_count')}
        booking = 'method="POST",route="/customer/reservations"'
        self.assertEqual(found['qtable_http_requests_total', f'{booking},code="2xx"'], 1)
        self.assertEqual(found['qtable_http_request_duration_seconds', booking], 1)
        self.assertEqual(found['qtable_http_requests_total', 'method="GET",route="/public/restaurants/{}/availability",code="2xx"'], 1)
        self.assertEqual(found['qtable_reservations_total', 'outcome="created"'], 1)
        self.assertNotIn(self.place, self.text, 'no id is a label')

    def test_where_the_time_goes(self):
        """The stages of a booking add up to its duration; its event was delivered; the database was asked."""
        found = {(part, labels): value for _, samples in self.families().values() for part, labels, value in samples}
        stages = ('queue', 'decide', 'commit', 'answer')
        self.assertEqual([found['qtable_booking_stage_seconds_count', f'stage="{each}"'] for each in stages], [1] * 4)
        parts = [found['qtable_booking_stage_seconds_sum', f'stage="{each}"'] for each in stages]
        whole = found['qtable_http_request_duration_seconds_sum', 'method="POST",route="/customer/reservations"']
        self.assertAlmostEqual(sum(parts), whole, delta=1e-5)
        self.assertGreater(parts[2], max(parts[1], 1e-4), 'a commit takes longer than a decision')
        self.assertGreaterEqual(found['qtable_websocket_delivery_seconds_count', ''], 1)
        self.assertLess(found['qtable_websocket_delivery_seconds_sum', ''], 5)
        for connection in ('journal', 'loads', 'accounts'):
            labels = f'connection="{connection}"'
            if connection != 'loads':  # nothing had to be read again
                self.assertGreater(found['qtable_database_queries_total', labels], 0, connection)
                self.assertGreater(found['qtable_database_query_duration_seconds_count', labels], 0, connection)
            self.assertEqual(found['qtable_database_reconnects_total', labels], 0, connection)
        if HAS_JEMALLOC:
            self.assertGreater(found['qtable_jemalloc_allocated_bytes', ''], 1e6)
            self.assertGreaterEqual(found['qtable_jemalloc_resident_bytes', ''], found['qtable_jemalloc_active_bytes', ''])
        self.assertEqual({labels for part, labels in found if part == 'qtable_commit_conflicts_total'},
                         {f'conflict="{each}"' for each in ('other', 'receipt_exists', 'label_taken', 'review_exists', 'seq_taken')})

    def test_documented_and_exposed_are_the_same(self):
        documented = set(re.findall(r'^\| `(qtable_\w+)`', (OBSERVE / 'metrics.md').read_text(), re.M))
        without = {name for name in documented if 'jemalloc' in name and not HAS_JEMALLOC}
        self.assertEqual(documented - without, set(self.families()))

    def test_rules_and_dashboard_name_what_is_there(self):
        exposed = set(self.families())
        for file in ('alerts.yml', 'dashboard.json'):
            text = (OBSERVE / file).read_text()
            for name in set(re.findall(r'\bqtable_\w+', text)) - {'qtable'}:
                if HAS_JEMALLOC or 'jemalloc' not in name:
                    self.assertIn(re.sub(r'_(bucket|sum|count)$', '', name), exposed, file)
        json.loads((OBSERVE / 'dashboard.json').read_text())

    def lines(self):
        """All but what scripts wait for is JSON."""
        plain = [line for line in self.server.log().splitlines() if not line.startswith('{')]
        self.assertEqual(plain, [f'listening on http://127.0.0.1:{self.server.port}'])
        found = [json.loads(line) for line in self.server.log().splitlines() if line.startswith('{')]
        for line in found:
            self.assertRegex(line['ts'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$')
            self.assertIn(line['level'], ('info', 'warning', 'error'))
        self.assertTrue(any(line['msg'].startswith('boot: ') for line in found))
        return [line for line in found if line['msg'] == 'request']

    def test_the_request_log(self):
        self.ada.get('/customer/me', headers={'X-Request-Id': 'the-last-one'})
        wait_for(lambda: any(line['request_id'] == 'the-last-one' for line in self.lines()), 5, 'it is written')
        lines = self.lines()
        booking = next(line for line in lines if line['route'] == '/customer/reservations' and line['method'] == 'POST')
        self.assertEqual((booking['status'], booking['actor'], booking['trace_id'], booking['level']), (201, 'customer', TRACE, 'info'))
        self.assertEqual(booking['actor_id'], self.booked['customer_id'])
        self.assertGreater(booking['dur_us'], 0)
        self.assertIn(booking['core'], (0, 1))
        self.assertLessEqual(booking['queue_us'] + booking['db_us'], booking['dur_us'])
        self.assertGreater(booking['db_us'], 0)
        self.assertNotIn('err', booking)
        page = next(line for line in lines if line['route'].endswith('/availability'))
        self.assertEqual(page['restaurant_id'], self.place)
        self.assertEqual({line['err'] for line in lines if line['status'] == 401}, {'unauthorized'})
        self.assertTrue(all('err' in line for line in lines if line['status'] >= 400))

    def test_nothing_personal_in_the_log(self):
        log = self.server.log()
        secrets = [*PERSONAL.values(), PASSWORD, self.login['access_token'], self.login['refresh_token'], self.owner, 'o@example.test',
                   'cornertable', self.booked['confirmation_code'], 'eyJ', 'k1"']
        for secret in secrets:
            self.assertNotIn(secret.lower(), log.lower())


class Quiet(unittest.TestCase):
    def test_what_is_logged_by_itself(self):
        for which in ('none', 'errors'):
            with Server('--no-fsync', '--test-endpoints', '--log-format', 'json', '--log-requests', which) as server:
                server.start()
                with server.client() as client:
                    for _ in range(5):
                        client.get('/version')
                server.stop()
                self.assertEqual([line for line in server.log().splitlines() if '"msg":"request"' in line], [], which)
        for flag in ('--log-requests', '--log-format'):
            refused = subprocess.run([BINARY, 'dev', flag, 'some'], capture_output=True, text=True)
            self.assertEqual((refused.returncode, len(refused.stderr.splitlines())), (2, 1), refused)

    def test_text(self):
        with Server('--no-fsync', '--log-requests', 'all') as server:
            server.start()
            with server.client() as client:
                client.get('/version', headers={'X-Request-Id': 'in-text'})
                client.get('/public/restaurants/nothing', headers={'X-Request-Id': 'not-there'})
            wait_for(lambda: 'not-there' in server.log(), 5, 'it is written')
            server.stop()
            self.assertNotIn('"msg"', server.log())
            self.assertRegex(server.log(), r'(?m)^200 +\d+\.\d ms  GET /version  in-text$')
            self.assertRegex(server.log(), r'(?m)^404 +\d+\.\d ms  GET /public/restaurants/\{\}  not_found  not-there$')
            self.assertRegex(server.log(), r'(?m)^stopping$')


if __name__ == '__main__':
    unittest.main()
