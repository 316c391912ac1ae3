"""What the tests of the command line share: running the program, `qtable dev` as a fixture, files to import."""
import base64
import contextlib
import http.client
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time
import unittest

BINARY = os.environ.get('QTABLE_BINARY', 'build/release/qtable')
START_S = 90  # a busy machine makes its first cluster slowly
LATITUDE, LONGITUDE = 56.85, 10.75


def clean_environment(**more):
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(('QTABLE_', 'PG')) and name not in ('PORT', 'DATABASE_URL')}
    return kept | more


def run(*arguments, timeout_s=START_S, **environment):
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=timeout_s,
                          env=clean_environment(**environment), check=False)


def wait_until(true, timeout_s, what):
    end = time.monotonic() + timeout_s
    while True:
        value = true()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f'not within {timeout_s} s: {what}')
        time.sleep(0.05)


def servers_on(folder):
    """PostgreSQL processes that work below `folder`."""
    found = []
    for entry in pathlib.Path('/proc').iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and os.readlink(entry / 'cwd').startswith(str(folder)):
                found.append(int(entry.name))
    return found


class running_dev:
    """`qtable dev` until `stop`. Its output is kept."""

    def __init__(self, data_dir, *flags, **environment):
        self.errors_path = pathlib.Path(f'{data_dir}.stderr')
        self.lines = []
        with open(self.errors_path, 'ab') as errors:
            self.process = subprocess.Popen(
                [BINARY, 'dev', '--data-dir', str(data_dir), '--port', '0', '--no-fsync', '--log-format', 'text', '--threads', '1',
                 *flags],
                stdout=subprocess.PIPE, stderr=errors, text=True, env=clean_environment(**environment))
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        wait_until(lambda: self.lines or self.process.poll() is not None, START_S, 'a line on stdout')
        if not self.lines:
            raise AssertionError(f'dev ended with {self.process.returncode}: {self.errors()}')
        self.port = int(self.lines[0].rsplit(':', 1)[1])

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip('\n'))

    def errors(self):
        return self.errors_path.read_text(encoding='utf-8')

    def get(self, path, token=None):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request('GET', path, headers={'Authorization': f'Bearer {token}'} if token else {})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or 'null')

    def search(self, radius=10):
        """Every restaurant around the city, by name."""
        found, cursor = {}, ''
        while True:
            path = f'/public/restaurants?lat={LATITUDE}&lon={LONGITUDE}&radius={radius}&limit=100'
            status, page = self.get(path + (f'&cursor={cursor}' if cursor else ''))
            if status != 200:
                raise AssertionError(f'search: {status} {page}')
            found |= {item['name']: item for item in page['items']}
            cursor = page['next_cursor']
            if not cursor:
                return found

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(40)
        self.reader.join(5)
        self.process.stdout.close()
        return code


def feature(number, name, **tags):
    return {'type': 'Feature', 'id': f'node/{number}', 'properties': {'amenity': 'restaurant', 'name': name, **tags},
            'geometry': {'type': 'Point', 'coordinates': [LONGITUDE + number / 1000, LATITUDE]}}


def write_geojson(path, *features):
    """One feature a line, as such files come."""
    lines = ',\n'.join(json.dumps(each) for each in features)
    path.write_text('{"type":"FeatureCollection","features":[\n' + lines + '\n]}\n', encoding='utf-8')


def counts(summary):
    """{"read": 3, …} of what an import or a seed says on stdout."""
    return {name: int(count) for name, count in (line.split(':') for line in summary.splitlines())}


def claims_of(token):
    payload = token.split('.')[1]
    return json.loads(base64.urlsafe_b64decode(payload + '=' * (-len(payload) % 4)))


class with_folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='qtable-cli-')
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.folder.chmod(0o755)
        self.data_dir = self.folder / 'var'

    def dev(self, *flags, data_dir=None, **environment):
        made = running_dev(data_dir or self.data_dir, *flags, **environment)
        self.addCleanup(lambda: made.process.poll() is None and made.stop(signal.SIGKILL))
        return made

    def assert_refused(self, done, code, words):
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, '')
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertTrue(done.stderr.startswith('qtable: '), done.stderr)
        self.assertIn(words, done.stderr)

    def assert_done(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def import_file(self, file, *flags):
        return run('import', file, '--timezone', 'Europe/Copenhagen', '--tables', 'auto', '--owner', 'me@example.com',
                   '--data-dir', self.data_dir, *flags)
