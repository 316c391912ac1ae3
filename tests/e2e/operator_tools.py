"""The commands of those who run the server: doctor, config, owner, events, tokens, completion."""
import json, os, pathlib, re, subprocess, tempfile, unittest

from server import BINARY, Server
from world import World, day

KEY = 'operator-0123456789abcdef0123456789abcdef0123456789abcdef'


def run(*arguments, given='', **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(('QTABLE_', 'PG')) and name != 'DATABASE_URL'}
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, input=given, timeout=60, env={**clean, **environment})


class Configuration(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def file(self, text):
        path = self.folder / 'qtable.toml'
        path.write_text(text)
        return path

    def printed(self, *arguments, **environment):
        done = run('config', 'print', *arguments, **environment)
        self.assertEqual(done.returncode, 0, done)
        section, found = '', {}
        for line in done.stdout.splitlines():
            if line.startswith('['):
                section = line.strip('[]')
            elif ' = ' in line:
                name, rest = line.split(' = ', 1)
                found[f'{section}.{name}'] = tuple(rest.rsplit('  # ', 1))
        return found, done.stderr

    def test_flag_then_environment_then_file_then_default(self):
        path = self.file('[listen]\nport = 1\nthreads = 3\naddress = "127.0.0.2"\n[http]\ncors_origins = ["https://a.test", "https://b.test"]\n')
        found, said = self.printed('--config', path, '--port', '3', QTABLE_LISTEN_PORT='2', QTABLE_LISTEN_THREADS='2')
        self.assertEqual(found['listen.port'], ('3', '--port'))
        self.assertEqual(found['listen.threads'], ('2', 'QTABLE_LISTEN_THREADS'))
        self.assertEqual(found['listen.address'], ('"127.0.0.2"', f'{path}, listen.address'))
        self.assertEqual(found['http.cors_origins'][0], '["https://a.test", "https://b.test"]')
        self.assertEqual(found['http.idle_timeout_ms'][1], 'default')
        self.assertEqual(said, '')
        found, _ = self.printed(QTABLE_CONFIG=str(path), PORT='4')
        self.assertEqual((found['listen.port'], found['listen.address'][0]), (('4', 'PORT'), '"127.0.0.2"'))

    def test_what_it_prints_it_reads(self):
        defaults = run('config', 'default')
        self.assertEqual(defaults.returncode, 0)
        path = self.file(defaults.stdout.replace('# port = 8080', 'port = 8099'))
        self.assertEqual(self.printed('--config', path, '--strict')[0]['listen.port'][0], '8099')
        whole = '\n'.join(re.sub(r'^# (?=[a-z][a-z_]* = )', '', line)
                          for line in defaults.stdout.splitlines())
        self.assertEqual(self.printed('--config', self.file(whole), '--strict')[1], '')

    def test_secrets_are_not_shown(self):
        path = self.file(f'[auth]\ntoken_key = "{KEY}"\n[db]\nurl = "postgresql://u:secret-word@h/d"\n')
        for command in (('config', 'print'), ('config', 'check'), ('doctor', '--port', '0')):
            done = run(*command, '--config', path)
            self.assertNotIn(KEY, done.stdout + done.stderr)
            self.assertNotIn('secret-word', done.stdout + done.stderr)

    def test_slips(self):
        path = self.file('[http]\nidle_timeout = 5\n[nonsense]\nx = 1\n')
        _, said = self.printed('--config', path)
        self.assertIn('http.idle_timeout: not a setting; do you mean http.idle_timeout_ms?', said)
        self.assertIn('nonsense.x: not a setting', said)
        _, said = self.printed(QTABLE_LISTEN_PROT='1')
        self.assertIn('QTABLE_LISTEN_PROT: not a setting; do you mean QTABLE_LISTEN_PORT?', said)
        strict = run('config', 'check', '--config', path, '--strict')
        self.assertEqual((strict.returncode, len(strict.stderr.splitlines())), (2, 1), strict)

    def test_files_that_are_none(self):
        for text, part in (('[listen\n', 'line 1'), ('[listen]\nport = "many"\n', 'listen.port: must be a whole number'),
                           ('[listen]\nport = [[1]]\n', 'listen.port'), ('[listen]\nport = 99999\n', 'from 0 to 65535'),
                           ('[listen]\nport = 1.5\n', 'listen.port')):
            done = run('config', 'check', '--config', self.file(text))
            self.assertEqual(done.returncode, 2, (text, done))
            self.assertIn(part, done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        missing = run('serve', '--config', self.folder / 'nowhere.toml')
        self.assertEqual(missing.returncode, 2)
        self.assertIn('nowhere.toml', missing.stderr)

    def test_completion(self):
        for shell in ('bash', 'zsh'):
            done = run('completion', shell)
            checked = subprocess.run(['bash', '-n'], input=done.stdout, text=True, capture_output=True)
            self.assertEqual((done.returncode, checked.returncode), (0, 0), checked)
        words = subprocess.run(['bash', '-c', 'source /dev/stdin; COMP_WORDS=(qtable token mint --ro); COMP_CWORD=3; _qtable; '
                                'echo "${COMPREPLY[@]}"'], input=run('completion', 'bash').stdout, text=True, capture_output=True)
        self.assertEqual(words.stdout.strip(), '--role')
        self.assertIn('-a doctor', run('completion', 'fish').stdout)
        self.assertEqual(run('completion', 'tcsh').returncode, 2)


class Running(World):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server('--no-fsync'))
        cls.server.start()
        cls.staff, cls.guest = cls.server.minted('staff', ['o@example.test']) + cls.server.minted('customer', ['ada@example.test'])
        cls.place = cls.server.make_restaurant(cls.staff, [2])

    def conninfo(self):
        folder = self.server.data_dir / 'postgres'
        where = folder / 'socket_dir'
        return f'host={where.read_text().strip() if where.exists() else folder / "run"} user=qtable dbname=qtable'

    def test_doctor(self):
        well = run('doctor', '--port', '0', '--database', self.conninfo(), '--token-key', KEY)
        self.assertEqual(well.returncode, 0, well)
        self.assertIn('warn commits      synchronous_commit on, fsync off', well.stdout, 'this one runs without')
        for name in ('files', 'time zones', 'port', 'tls', 'token key', 'mail', 'database', 'version', 'clock', 'connections', 'commits',
                     'schema'):
            self.assertRegex(well.stdout, rf'(?m)^(ok  |warn) {name} ')
        ill = run('doctor', '--port', str(self.server.port), '--database', 'host=/nowhere')
        self.assertEqual(ill.returncode, 3, ill)
        for name in ('port', 'token key', 'database'):
            self.assertRegex(ill.stdout, rf'(?m)^FAIL {name} .*\n +fix: ')

    def test_owner_create(self):
        first = self.server.run('owner', 'create', '--email', 'Chef@Example.test', '--name', 'The Chef')
        password = first.split('password ')[1].strip()
        with self.server.client() as client:
            self.assertEqual(client.post('/auth/login', {'email': 'chef@example.test', 'password': password}).status, 200)
        again = run('owner', 'create', '--email', 'chef@example.test', '--password-stdin', '--data-dir', self.server.data_dir,
                    given='another good one\n')
        self.assertEqual(again.returncode, 0, again)
        self.assertNotIn('password', again.stdout)
        with self.server.client() as client:
            self.assertEqual(client.post('/auth/login', {'email': 'chef@example.test', 'password': password}).status, 401)
            self.assertEqual(client.post('/auth/login', {'email': 'chef@example.test', 'password': 'another good one'}).status, 200)
        for bad in ('short\n', 'password\n', '\n'):
            refused = run('owner', 'create', '--email', 'chef@example.test', '--password-stdin', '--data-dir', self.server.data_dir, given=bad)
            self.assertEqual((refused.returncode, len(refused.stderr.splitlines())), (2, 1), refused)

    def test_events_tail(self):
        with self.server.client(self.guest) as client:
            made = self.book(client, self.place, day(3), '19:00')
        lines = [json.loads(line) for line in self.server.run('events', 'tail', '--restaurant', self.place, '--last', '1000').splitlines()]
        self.assertEqual([line['seq'] for line in lines], list(range(1, len(lines) + 1)))
        booked = next(line for line in lines if line['type'] == 'customer_reservation_received')
        self.assertEqual((booked['by'], booked['subject'], booked['action']), ('customer', made.json['id'], 'reservation.create'))
        self.assertNotIn('data', booked)
        since = self.server.run('events', 'tail', '--restaurant', self.place, '--since', str(booked['seq'] - 1), '--data')
        self.assertEqual(json.loads(since.splitlines()[0])['data']['id'], made.json['id'])
        with subprocess.Popen([BINARY, 'events', 'tail', '--restaurant', self.place, '--since', str(lines[-1]['seq']), '--follow',
                               '--data-dir', self.server.data_dir], stdout=subprocess.PIPE, text=True) as tail:
            with self.server.client(self.guest) as client:
                self.assertEqual(client.delete(f'/customer/reservations/{made.json["id"]}').status, 200)
            self.assertEqual(json.loads(tail.stdout.readline())['type'], 'customer_reservation_cancelled')
            tail.terminate()
        unknown = run('events', 'tail', '--restaurant', '01900000-0000-7000-8000-000000000000', '--data-dir', self.server.data_dir)
        self.assertEqual((unknown.returncode, len(unknown.stderr.splitlines())), (1, 1))

    def test_token_inspect(self):
        good = run('token', 'inspect', '--data-dir', self.server.data_dir, self.guest)
        self.assertEqual(good.returncode, 0, good)
        self.assertEqual(json.loads(good.stdout.splitlines()[0])['aud'], 'customer')
        self.assertIn('valid', good.stdout)
        self.assertEqual(run('token', 'inspect', given=self.guest + '\n').returncode, 0)
        for bad in (self.guest[:-4] + 'AAAA', 'nonsense', 'a.b'):
            refused = run('token', 'inspect', '--data-dir', self.server.data_dir, bad)
            self.assertEqual((refused.returncode, len(refused.stderr.splitlines())), (1, 1), refused)


if __name__ == '__main__':
    unittest.main()
