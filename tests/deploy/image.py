"""The image, built by tools/deploy/build-image and taken apart: what it says of itself, what is in it and how large it is; then the
program as a container would run it: process 1 of its own namespace, its root read-only, as nobody in particular, on a real PostgreSQL.
"""
import gzip, json, os, pathlib, re, signal, ssl, stat, subprocess, sys, tarfile, time, unittest

import paths  # noqa: F401
from client import HttpClient
from server import BINARY
from stack import SAMPLES, TOKEN_KEY, Child, Database, Folder, free_port, mint, needs, wait_ready
from world import day

BYTES_MAX, USER = 40_000_000, 10001
# As a container runtime does: a root that can't be written, /proc, no capability, and the program as process 1.
CONTAINER = '''mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && mount -t proc -o ro proc "$0/proc" &&
exec chroot --userspec=10001:10001 --groups= "$0" "$@"'''


@unittest.skipIf(os.geteuid() != 0, 'only root can build an image and change its root')
@needs('buildah', 'unshare', 'strip')
class Image(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(Folder())
        archive = cls.folder / 'image.tar'
        done = subprocess.run([SAMPLES / 'build-image', '--binary', BINARY.resolve(), '--tag', 'example.com/qtable:test', '--source',
                               'https://example.com/qtable.git', '--output', archive, '--store', cls.folder / 'store'],
                              capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        cls.said, cls.root, cls.size = done.stdout, cls.folder / 'root', 0
        with tarfile.open(archive) as whole:
            manifest, = json.load(whole.extractfile('manifest.json'))
            cls.tags, cls.config = manifest['RepoTags'], json.load(whole.extractfile(manifest['Config']))
            layer, = manifest['Layers']
            cls.layer = whole.extractfile(layer).read()
        (cls.folder / 'layer.tar').write_bytes(cls.layer)
        with tarfile.open(cls.folder / 'layer.tar') as layer:
            cls.files = layer.getmembers()
            layer.extractall(cls.root)

    def test_what_it_says_of_itself(self):
        config = self.config['config']
        self.assertEqual(self.tags, ['example.com/qtable:test'])
        self.assertEqual((config['User'], config['Entrypoint'], config['Cmd']), (f'{USER}:{USER}', ['/usr/bin/qtable'], ['serve']))
        self.assertEqual((list(config['ExposedPorts']), config['StopSignal']), (['8080/tcp'], 'SIGTERM'))
        self.assertIn('PORT=8080', config['Env'])
        self.assertEqual(config['Healthcheck']['Test'], ['CMD', '/usr/bin/qtable', 'healthcheck'])
        labels = {name.removeprefix('org.opencontainers.image.'): value for name, value in config['Labels'].items()}
        version = subprocess.run([BINARY, 'version'], capture_output=True, text=True, check=True).stdout.split()[1]
        self.assertEqual((labels['title'], labels['version'], labels['licenses'], labels['source']),
                         ('QTable', version, 'MIT', 'https://example.com/qtable.git'))
        self.assertRegex(labels['revision'], r'^(unknown|[0-9a-f]{40}(-dirty)?)$')
        if subprocess.run(['git', '-C', SAMPLES, 'rev-parse'], capture_output=True, check=False).returncode == 0:
            self.assertNotEqual(labels['revision'], 'unknown')

    def test_how_large_it_is(self):
        """Unpacked: the bytes of all files. Compressed: the layer, as registries keep it."""
        unpacked, compressed = sum(each.size for each in self.files), len(gzip.compress(self.layer, 6))
        print(f'image: {unpacked / 1e6:.1f} MB unpacked, {compressed / 1e6:.1f} MB compressed', file=sys.stderr)
        self.assertLess(unpacked, BYTES_MAX)
        self.assertGreater(compressed, 5_000_000)
        said = [float(each) for each in re.findall(r'([\d.]+) MB', self.said)]
        self.assertAlmostEqual(said[1], compressed / 1e6, delta=0.5)

    def test_what_is_in_it(self):
        """Nothing to log in with, nothing that gives rights, nothing of whoever built it."""
        programs = [each.name for each in self.files if each.isfile() and each.mode & 0o111 and '/lib' not in each.name]
        self.assertEqual([name.lstrip('./') for name in programs], ['usr/bin/qtable'])
        for each in self.files:
            self.assertFalse(each.mode & (stat.S_ISUID | stat.S_ISGID), each.name)
            self.assertEqual((each.uid, each.gid), (0, 0), each.name)
            if each.mode & 0o022 and not each.issym():
                self.assertEqual(each.name.strip('./'), 'tmp')
        self.assertNotIn(b'.debug_info', (self.root / 'usr/bin/qtable').read_bytes()[-20000:])
        authorities = ssl.create_default_context(cafile=self.root / 'etc/ssl/certs/ca-certificates.crt').get_ca_certs()
        self.assertGreater(len(authorities), 100)
        listed = {path.name for path in (self.root / 'var/lib/dpkg/status.d').iterdir()}
        self.assertTrue({'libc6', 'libpq5', 'libssl3', 'tzdata', 'ca-certificates'} <= listed, listed)
        for name in listed:
            self.assertTrue((self.root / f'usr/share/doc/{name}').is_dir() or name.startswith(('libgcc', 'libstdc')), f'{name}: no copyright')

    def command(self, *words):
        return ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', CONTAINER, self.root, '/usr/bin/qtable', *words]

    def run_in(self, environment, *words):
        return subprocess.run(self.command(*words), env={**self.environment(), **environment}, capture_output=True, text=True, timeout=30,
                              stdin=subprocess.DEVNULL, check=False)

    def environment(self):
        return dict(each.split('=', 1) for each in self.config['config']['Env'])

    def test_it_runs(self):
        port = free_port()
        with Database(self.folder) as database:
            environment = {'PORT': str(port), 'DATABASE_URL': database.url, 'QTABLE_AUTH_TOKEN_KEY': TOKEN_KEY}
            refused = self.run_in(environment, *self.config['config']['Cmd'])
            self.assertEqual(refused.returncode, 3, refused)
            self.assertIn('migrate', refused.stderr)
            self.assertEqual(self.run_in(environment, 'healthcheck').returncode, 1, 'nobody there')
            self.assertEqual(self.run_in(environment, 'migrate', 'up').returncode, 0)
            with Child('container', self.folder, self.command(*self.config['config']['Cmd']),
                       env={**self.environment(), **environment}) as container:
                wait_ready(container, port)
                self.check_serving(container, database, port, environment)

    def check_serving(self, container, database, port, environment):
        first, = pathlib.Path(f'/proc/{container.process.pid}/task/{container.process.pid}/children').read_text().split()
        status = dict(line.split(':\t', 1) for line in pathlib.Path(f'/proc/{first}/status').read_text().splitlines() if ':\t' in line)
        self.assertEqual((status['NSpid'].split()[-1], set(status['Uid'].split()), set(status['Gid'].split()), status['Groups'].strip()),
                         ('1', {str(USER)}, {str(USER)}, ''))
        self.assertEqual(int(status['CapEff'], 16), 0)
        root = next(line.split() for line in pathlib.Path(f'/proc/{first}/mountinfo').read_text().splitlines() if line.split()[4] == '/')
        self.assertIn('ro', root[5].split(','))
        health = self.run_in(environment, 'healthcheck')
        self.assertEqual(health.returncode, 0, health)
        owner, guest = mint(database.url, 'staff', 'o@example.test'), mint(database.url, 'customer', 'g@example.test')
        with HttpClient(port, token=owner) as staff, HttpClient(port, token=guest) as customer:
            made = staff.post('/restaurants', {'name': 'In a box', 'latitude': 55.68, 'longitude': 12.57, 'timezone': 'America/Sao_Paulo',
                                               **{f'hours_{name}': '10:00-23:00' for name in (
                                                   'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')}})
            self.assertEqual(made.status, 201, made)
            self.assertEqual(staff.post(f'/restaurants/{made.json["id"]}/tables', {'label': 'T', 'capacity': 2}).status, 201)
            booked = customer.post('/customer/reservations', {'restaurant_id': made.json['id'], 'date': day(5), 'time': '19:00',
                                                              'party_size': 2})
            self.assertEqual(booked.status, 201, booked)
        began = time.monotonic()
        os.kill(int(first), signal.SIGTERM)
        self.assertEqual(container.process.wait(25), 0, container.log()[-2000:])
        self.assertLess(time.monotonic() - began, 25)
        self.assertEqual(self.run_in(environment, 'healthcheck').returncode, 1)
        self.assertEqual(database.sql('select count(*) from customer_reservations'), '1')


class Words(unittest.TestCase):
    def test_help_and_mistakes(self):
        for script in ('build-image', 'image-root'):
            done = subprocess.run([SAMPLES / script, '--help'], capture_output=True, text=True, timeout=20, check=False)
            self.assertEqual(done.returncode, 0)
            self.assertIn('Usage: tools/deploy/', done.stdout)
        wrong = subprocess.run([SAMPLES / 'build-image', '--colour', 'red'], capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual((wrong.returncode, len(wrong.stderr.splitlines())), (2, 1))


if __name__ == '__main__':
    unittest.main()
