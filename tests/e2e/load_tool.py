"""The load generator: every scenario for a moment against the real program, its files and exit codes, and servers that
lie to it, which it must notice.
"""
import json, os, pathlib, re, subprocess, tempfile, unittest

from lying_server import LyingServer
from server import BINARY, Server

LOAD = pathlib.Path(os.environ.get('QTABLE_LOAD_BINARY') or BINARY.with_name('qtable-load'))
SHORT = ('--duration', '2', '--warmup', '0.3', '--connections', '16')


def load(*arguments, timeout_s=90):
    return subprocess.run([LOAD, *map(str, arguments)], capture_output=True, text=True, timeout=timeout_s,
                          stdin=subprocess.DEVNULL, check=False)


class Tool(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix='qtable-load-')))

    def run_load(self, url, scenario, *more, code=0):
        """The report of a run that ended with that exit code, and what it said."""
        path = self.folder / f'{self.id().rsplit(".", 1)[1]}-{scenario}.json'
        done = load('run', '--target', url, '--scenario', scenario, *SHORT, '--json', path, *more)
        self.assertEqual(done.returncode, code, f'{done.stdout}\n{done.stderr}')
        report = json.loads(path.read_text(encoding='utf-8'))
        self.assertEqual(report['schema'], 'qtable-load/1')
        self.assertEqual(report['exit_code'], code)
        return report, done

    def checks(self, report):
        return {each['name']: each['is_kept'] for each in report['checks']}

    def fact(self, report, name):
        return next(each['value'] for each in report['facts'] if each['name'] == name)

    def kinds(self, report):
        return {each['name']: each for each in report['kinds']}


class AgainstTheProgram(Tool):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(Server('--no-fsync'))
        cls.server.run('seed', '--seed', '1', '--restaurants', '60')
        cls.server.start()
        cls.url = f'http://127.0.0.1:{cls.server.port}'
        # Minted once: hashing passwords for each run would take longer than the runs.
        tokens = cls.server.minted('customer', [f'load{n}@example.test' for n in range(8)])
        cls.tokens = cls.folder / 'tokens'
        cls.tokens.write_text('\n'.join(tokens) + '\n', encoding='utf-8')

    def assert_sound(self, report, *expected_kinds):
        self.assertTrue(all(self.checks(report).values()), report['checks'])
        self.assertEqual(set(self.kinds(report)) & set(expected_kinds), set(expected_kinds))
        total = report['total']
        self.assertEqual(total['requests'], total['ok'] + total['conflicts'] + total['errors'])
        self.assertEqual(total['errors'], 0, total['codes'])
        latency = total['latency']
        self.assertLessEqual(latency['p50_ns'], latency['p99_ns'])
        self.assertLessEqual(latency['p99_ns'], latency['max_ns'])
        self.assertEqual(sum(count for _, count in latency['buckets']), latency['count'])

    def assert_self_contained(self, path):
        page = path.read_text(encoding='utf-8')
        self.assertTrue(page.startswith('<!doctype html>') and page.endswith('</html>\n'))
        self.assertIn('<svg', page)
        for outside in re.findall(r'(?:src|href|url)\s*[=(]\s*["\']?([^"\')> ]+)', page):
            self.assertEqual(outside, 'data:,')
        self.assertNotIn('<script', page)

    def test_searching_and_its_page(self):
        page = self.folder / 'search.html'
        report, done = self.run_load(self.url, 'search', '--rate', 300, '--html', page, '--threshold', 'errors<1%',
                                     '--threshold', 'search.p99<30s')
        self.assert_sound(report, 'search')
        self.assertEqual(report['loop'], 'open')
        self.assertAlmostEqual(report['total']['requests'] / report['duration_s'], 300, delta=60)
        self.assertIn('✓ errors<1%', done.stdout)
        self.assertGreaterEqual(len(report['seconds']), 2)
        self.assert_self_contained(page)

    def test_availability_in_a_closed_loop(self):
        report, _ = self.run_load(self.url, 'availability', '--closed', '--threads', 2)
        self.assert_sound(report, 'availability')
        self.assertEqual((report['loop'], report['rate_target']), ('closed', 0))
        self.assertGreater(report['rate_achieved'], 0)

    def test_booking_with_accounts_of_its_own(self):
        report, _ = self.run_load(self.url, 'book', '--rate', 60, '--customers', 4, '--verify')
        self.assert_sound(report, 'book', 'cancel')
        self.assertGreater(self.kinds(report)['book']['ok'], 40)
        self.assertEqual(self.fact(report, 'confirmations looked up'), self.fact(report, 'bookings confirmed'))

    def test_the_dinner_rush_from_all_sides(self):
        report, _ = self.run_load(self.url, 'dinner-rush', '--rate', 200, '--tokens', self.tokens, '--sockets', 24,
                                  '--threshold', 'event_p99<30s')
        self.assert_sound(report, 'search', 'availability', 'book', 'staff')
        delays = {each['name'] for each in report['delays']}
        self.assertLessEqual({'after the 201: staff', 'after the 201: customer', "after the event's time: public"}, delays)
        self.assertEqual((self.fact(report, 'holes'), self.fact(report, 'duplicates')), (0, 0))

    def test_the_hot_restaurant(self):
        report, _ = self.run_load(self.url, 'hot-restaurant', '--rate', 200, '--tokens', self.tokens)
        self.assert_sound(report, 'book')
        self.assertGreater(report['total']['conflicts'], 100)
        self.assertTrue(self.checks(report)['no table is booked twice'])
        self.assertTrue(self.checks(report)['no table was promised twice at any time'])

    def test_a_storm_of_reconnects(self):
        report, _ = self.run_load(self.url, 'reconnect-storm', '--rate', 100, '--tokens', self.tokens, '--sockets', 60)
        self.assert_sound(report, 'book')
        self.assertEqual(self.fact(report, 'sockets dropped'), 60)
        self.assertEqual(self.fact(report, 'sockets resumed'), 60)
        self.assertTrue(self.checks(report)['every stream is without hole and repeat'])

    def test_slow_consumers(self):
        report, _ = self.run_load(self.url, 'slow-consumers', '--rate', 100, '--tokens', self.tokens, '--sockets', 16)
        self.assert_sound(report, 'book')
        delays = {each['name']: each['delay'] for each in report['delays']}
        self.assertGreater(delays['all are reading']['count'], 0)
        self.assertGreater(delays['some have stopped reading']['count'], 0)

    def test_a_database_that_goes_and_comes_back(self):
        """The database is frozen by a command of ours, and thawed."""
        first = self.server.database_processes()[0]
        freeze = (f'for p in {first} $(pgrep -P {first}); do kill -STOP $p; done; sleep 1.5; '
                  f'for p in {first} $(pgrep -P {first}); do kill -CONT $p; done')
        report, _ = self.run_load(self.url, 'db-blip', '--duration', 4, '--rate', 80, '--tokens', self.tokens,
                                  '--timeout', 20, '--blip-command', freeze)
        self.assertTrue(all(self.checks(report).values()), report['checks'])
        self.assertEqual(self.kinds(report)['availability']['errors'], 0)
        self.assertTrue(self.checks(report)['every 201 is there'])
        self.assertGreater(self.fact(report, 'confirmations looked up'), 10)
        # Either it was quick enough to be waited out, or writes were refused and then taken again.
        if self.fact(report, 'writes refused with 503') > 0:
            self.assertGreater(self.fact(report, 'reads answered meanwhile'), 0)

    def test_a_missed_threshold_ends_with_4(self):
        report, done = self.run_load(self.url, 'availability', '--rate', 50, '--threshold', 'p50<1ns',
                                     '--threshold', 'errors<1%', code=4)
        self.assertEqual([each['is_kept'] for each in report['thresholds']], [False, True])
        self.assertIn('✗ p50<1ns', done.stdout)

    def test_report_and_compare_read_it_back(self):
        self.run_load(self.url, 'availability', '--rate', 50)
        kept = self.folder / f'{self.id().rsplit(".", 1)[1]}-availability.json'
        page, compared = self.folder / 'again.html', self.folder / 'compared.html'
        done = load('report', kept, '--html', page)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assert_self_contained(page)
        done = load('compare', kept, kept, '--html', compared)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertIn('× 1.00', done.stdout)
        self.assert_self_contained(compared)


class AgainstLiars(Tool):
    def run_hot(self, lie, code, *more):
        with LyingServer(lie) as server:
            return self.run_load(server.url, 'hot-restaurant', '--rate', 80, '--duration', 1, '--customers', 4,
                                 *more, code=code)

    def test_a_plain_server_without_staff_and_sockets(self):
        with LyingServer() as server:
            report, done = self.run_load(server.url, 'dinner-rush', '--rate', 100, '--customers', 4)
        self.assertIn('no staff endpoints', ' '.join(report['notes']))
        self.assertIn('turned off', done.stderr)
        self.assertIn('list', self.kinds(report))
        self.assertNotIn('staff', self.kinds(report))

    def test_the_truth_passes(self):
        report, _ = self.run_hot('', 0)
        self.assertTrue(all(self.checks(report).values()), report['checks'])
        self.assertGreater(self.fact(report, 'confirmations looked up'), 0)

    def test_a_double_booking_ends_with_3(self):
        report, done = self.run_hot('twice', 3, '--threshold', 'p99<1ns')
        checks = self.checks(report)
        self.assertFalse(checks['no table is booked twice'])
        self.assertFalse(checks['no table was promised twice at any time'])
        self.assertTrue(checks['every 201 is there'])
        self.assertIn('✗ no table is booked twice', done.stdout)

    def test_a_lost_confirmation_ends_with_3(self):
        report, _ = self.run_hot('lost', 3)
        self.assertFalse(self.checks(report)['every 201 is there'])

    def test_an_altered_confirmation_ends_with_3(self):
        report, _ = self.run_hot('altered', 3)
        self.assertFalse(self.checks(report)['every 201 is unaltered'])


class CommandLine(unittest.TestCase):
    def assert_refused(self, *arguments, words):
        done = load(*arguments)
        self.assertEqual(done.returncode, 2, f'{done.stdout}\n{done.stderr}')
        self.assertRegex(done.stderr, r'\Aqtable-load: [^\n]+\n\Z')
        self.assertIn(words, done.stderr)

    def test_help_ends_with_two_examples(self):
        for words in [(), ('run',), ('compare',), ('report',)]:
            done = load(*words, '--help')
            self.assertEqual(done.returncode, 0)
            self.assertRegex(done.stdout, r'Examples:\n  qtable-load [^\n]+\n  qtable-load [^\n]+\n\s*\Z')

    def test_other_machines_are_refused(self):
        self.assert_refused('run', '--target', 'http://192.0.2.1:80', '--scenario', 'search', words='--i-own-this-target')

    def test_wrong_words_are_refused_in_one_line(self):
        here = ('--target', 'http://127.0.0.1:9')
        self.assert_refused(words='command')
        self.assert_refused('run', '--scenario', 'search', words='--target')
        self.assert_refused('run', *here, '--scenario', 'breakfast', words='dinner-rush')
        self.assert_refused('run', *here, '--scenario', 'search', '--threshold', 'p99<5', words='p99<5')
        self.assert_refused('run', *here, '--scenario', 'search', '--closed', '--rate', '5', words='--closed')
        self.assert_refused('run', *here, '--scenario', 'search', '--rate', '0', words='--rate')
        self.assert_refused('run', *here, '--scenario', 'book', '--tokens', '/nowhere', words='127.0.0.1:9')
        self.assert_refused('run', *here, '--scenario', 'search', '--json', '/nowhere/x.json', words='--json')
        self.assert_refused('run', *here, '--scenario', 'search', words='Connection refused')
        self.assert_refused('run', '--target', 'https://127.0.0.1', '--scenario', 'search', words='https')
        self.assert_refused('compare', '/nowhere/a.json', '/nowhere/b.json', words='/nowhere/a.json')
        self.assert_refused('report', '/dev/null', words="isn't the JSON of a run")


if __name__ == '__main__':
    unittest.main()
