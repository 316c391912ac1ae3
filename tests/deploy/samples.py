"""The samples that no other test runs: they can be read, name only what the program knows, and say what a platform needs. And the
program tells a service manager when it is ready.
"""
import http.client, json, os, re, shlex, signal, socket, subprocess, unittest

import paths  # noqa: F401
from server import BINARY
from stack import SAMPLES, Database, Folder, Node, needs
import yaml_subset

HARDENED_AT_MOST = 2.0  # systemd's exposure: 0 is best, 10 worst
DRAIN_MS = 20_000
LETTER_MS = 7_000  # what a letter in hand may take before the drain begins
PROBES = {'/livez', '/readyz', '/healthz'}


def read(name):
    return (SAMPLES / name).read_text()


def help_of(*words):
    return subprocess.run([BINARY, *words, '--help'], capture_output=True, text=True, timeout=20, check=True).stdout


class Known(unittest.TestCase):
    """By `qtable serve --help`."""

    @classmethod
    def setUpClass(cls):
        cls.help = help_of('serve')
        named = re.findall(r'\(((?:QTABLE_[A-Z_]+)(?:, [A-Z_]+)*)\)', cls.help)
        cls.variables = {name for each in named for name in each.split(', ')}
        cls.flags = set(re.findall(r'^\s+(--[\w-]+)', cls.help, re.M))
        assert {'QTABLE_LISTEN_PORT', 'PORT', 'DATABASE_URL'} <= cls.variables, cls.variables
        cls.secrets = {'QTABLE_DB_URL', 'DATABASE_URL', 'QTABLE_AUTH_TOKEN_KEY', 'QTABLE_MAIL_SMTP_PASSWORD'}

    def check_variables(self, names):
        for name in names:
            self.assertFalse(re.match(r'QTABLE_(PORT|SERVICE_)', name), f'{name}: Kubernetes makes variables of that name')
            self.assertTrue(name in self.variables or name.removesuffix('_FILE') in self.secrets & self.variables, f'{name} is unknown')

    def check_command(self, words):
        """`qtable` and what follows."""
        command = words[0]
        flags = self.flags if command == 'serve' else set(re.findall(r'--[\w-]+', help_of(*[word for word in words if word[0] != '-'])))
        for word in words[1:]:
            if word.startswith('-'):
                self.assertIn(word.split('=')[0], flags)

    def check_drain(self, environment, patience_s):
        """It ends by itself before it is killed."""
        grace, drain = (int(environment.get(name, default)) for name, default in (
            ('QTABLE_DRAIN_GRACE_MS', 0), ('QTABLE_DRAIN_TIMEOUT_MS', DRAIN_MS)))
        self.assertLess((grace + drain + LETTER_MS) / 1000, patience_s)

    def test_a_name_that_is_unknown_is_found(self):
        for wrong in ('QTABLE_LISTEN_PROT', 'QTABLE_PORT', 'QTABLE_SERVICE_HOST', 'QTABLE_LISTEN_PORT_FILE'):
            with self.assertRaises(AssertionError):
                self.check_variables([wrong])
        with self.assertRaises(AssertionError):
            self.check_command(['serve', '--prot', '1'])

    def test_compose(self):
        compose, = yaml_subset.documents(read('compose.yaml'))
        database, server = compose['services']['db'], compose['services']['qtable']
        self.check_variables(server['environment'])
        self.check_command(server['command'])
        self.check_drain(server['environment'], int(server['stop_grace_period'].removesuffix('s')))
        self.assertGreaterEqual(int(server['stop_grace_period'].removesuffix('s')), 25)
        self.assertEqual((server['read_only'], server['cap_drop']), (True, ['ALL']))
        self.assertEqual(server['depends_on'], {'db': {'condition': 'service_healthy'}})
        self.assertEqual(server['healthcheck']['test'], ['CMD', '/usr/bin/qtable', 'healthcheck'])
        self.assertIn('pg_isready', database['healthcheck']['test'])
        for service in (database, server):
            for name, value in service['environment'].items():
                if name.endswith('_FILE'):
                    self.assertIn(value.removeprefix('/run/secrets/'), service['secrets'])
                self.assertNotRegex(name, 'PASSWORD$|KEY$|URL$(?<!PUBLIC_URL)', 'a secret that is no file')
            for secret in service['secrets']:
                self.assertIn(secret, compose['secrets'])

    def test_kubernetes(self):
        things = yaml_subset.documents(read('kubernetes.yaml'))
        by_kind = {each['kind']: each for each in things}
        self.assertEqual(set(by_kind), {'Secret', 'Deployment', 'Service', 'PodDisruptionBudget'})
        pod = by_kind['Deployment']['spec']['template']
        labels, spec = pod['metadata']['labels'], pod['spec']
        for selector in (by_kind['Deployment']['spec']['selector']['matchLabels'], by_kind['Service']['spec']['selector'],
                         by_kind['PodDisruptionBudget']['spec']['selector']['matchLabels']):
            self.assertEqual(selector, labels)
        self.assertEqual((spec['enableServiceLinks'], spec['automountServiceAccountToken']), (False, False))
        self.assertEqual((spec['securityContext']['runAsNonRoot'], spec['securityContext']['runAsUser']), (True, 10001))
        for container in spec['initContainers'] + spec['containers']:
            self.check_variables(each['name'] for each in container['env'])
            self.check_command(container['args'])
            self.assertEqual(container['securityContext'], {'allowPrivilegeEscalation': False, 'readOnlyRootFilesystem': True,
                                                            'capabilities': {'drop': ['ALL']}})
            for each in container['env']:
                if each['name'].endswith('_FILE'):
                    self.assertIn(each['value'].removeprefix('/run/secrets/qtable/'), by_kind['Secret']['stringData'])
        server, = spec['containers']
        self.check_drain({each['name']: each['value'] for each in server['env']}, spec['terminationGracePeriodSeconds'])
        ports = {each['name']: each['containerPort'] for each in server['ports']}
        self.assertEqual(ports, {'http': 8080})
        for probe in ('startupProbe', 'readinessProbe', 'livenessProbe'):
            self.assertIn(server[probe]['httpGet']['path'], PROBES)
            self.assertIn(server[probe]['httpGet']['port'], ports)
        self.assertEqual(server['livenessProbe']['httpGet']['path'], '/livez', 'never asks the database')
        self.assertEqual(by_kind['Service']['spec']['ports'][0]['targetPort'], 'http')
        self.assertGreater(by_kind['Deployment']['spec']['replicas'], by_kind['PodDisruptionBudget']['spec']['maxUnavailable'])

    def test_railway(self):
        railway = json.loads(read('railway.json'))
        self.assertTrue((SAMPLES.parents[1] / railway['build']['dockerfilePath']).is_file())
        self.assertIn(railway['deploy']['healthcheckPath'], PROBES)
        program, *words = shlex.split(railway['deploy']['startCommand'])
        self.assertEqual(program, '/usr/bin/qtable')
        self.check_command(words)
        self.check_drain({}, railway['deploy']['drainingSeconds'])

    def test_systemd(self):
        lines = [line.partition('=')[::2] for line in read('qtable.service').splitlines() if re.match('[A-Z]', line)]
        unit = dict(lines)
        environment = dict(value.split('=', 1) for name, value in lines if name == 'Environment')
        self.check_variables(environment)
        self.check_drain(environment, int(unit['TimeoutStopSec']))
        program, *words = shlex.split(unit['ExecStart'])
        self.check_command(words)
        self.assertEqual((program, unit['Type'], unit['DynamicUser']), ('/usr/bin/qtable', 'notify', 'yes'))
        credentials = {value.split(':')[0] for name, value in lines if name == 'LoadCredential'}
        self.assertEqual(credentials, {value.removeprefix('%d/') for name, value in environment.items() if name.endswith('_FILE')})

    @needs('systemd-analyze')
    def test_systemd_says_so_too(self):
        with Folder() as folder:
            unit = folder / 'qtable.service'
            unit.write_text(read('qtable.service').replace('/usr/bin/qtable', str(BINARY.resolve())))
            verified = subprocess.run(['systemd-analyze', 'verify', '--man=no', unit], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual((verified.returncode, [line for line in verified.stderr.splitlines() if 'qtable.service' in line]), (0, []),
                             verified.stderr)
            judged = subprocess.run(['systemd-analyze', 'security', '--offline=true', '--no-pager', unit], capture_output=True, text=True,
                                    timeout=60, check=False)
            exposure = float(re.search(r'exposure level for qtable\.service: ([\d.]+)', judged.stdout).group(1))
            self.assertLessEqual(exposure, HARDENED_AT_MOST, judged.stdout)

    def test_the_image_says_the_version_of_the_program(self):
        containerfile = read('Containerfile')
        version = subprocess.run([BINARY, 'version'], capture_output=True, text=True, timeout=20, check=True).stdout.split()[1]
        self.assertIn(f'ARG VERSION={version}\n', containerfile)
        # It copies all of the tree that is built from.
        tracked = {path.name for path in SAMPLES.parents[1].iterdir() if path.is_dir() and (path / 'README.md').is_file()}
        self.assertEqual(tracked - set(re.findall(r'^COPY (\w+) \1$', containerfile, re.M)), {'tests', 'bench'})

    def test_the_reader_reads_as_others_do(self):
        try:
            import yaml
        except ImportError:
            self.skipTest('no PyYAML here to compare with')
        for name in ('compose.yaml', 'kubernetes.yaml'):
            self.assertEqual(yaml_subset.documents(read(name)), list(yaml.safe_load_all(read(name))))


class ServiceManager(unittest.TestCase):
    def test_it_hears_when_requests_are_answered_and_when_they_end(self):
        with Folder() as folder, Database(folder) as database, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(folder / 'notify'))
            manager.settimeout(60)
            node = Node('told', folder, database.url, '--migrate')
            node.environment['NOTIFY_SOCKET'] = str(folder / 'notify')
            node.launch()
            self.addCleanup(node.stop)
            self.assertIn(b'READY=1\n', manager.recv(200))
            connection = http.client.HTTPConnection('127.0.0.1', node.port, timeout=10)
            connection.request('GET', '/readyz')
            self.assertEqual(connection.getresponse().status, 200)
            connection.close()
            node.child.process.send_signal(signal.SIGTERM)
            self.assertIn(b'STOPPING=1\n', manager.recv(200))
            self.assertEqual(node.child.process.wait(30), 0)
            # One that isn't there is a mistake in the settings, said at once.
            os.unlink(folder / 'notify')
            node.launch()
            self.assertNotEqual(node.child.process.wait(30), 0)
            self.assertIn('NOTIFY_SOCKET', node.child.log())


if __name__ == '__main__':
    unittest.main()
