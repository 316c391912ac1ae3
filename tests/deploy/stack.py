"""What a production set-up is made of, on this machine: a PostgreSQL that is reached over TCP with a password, nodes
(`qtable serve`), and a proxy or pooler with a sample of tools/deploy, in which only addresses and file names are changed.
"""
import contextlib, http.client, os, pathlib, pwd, re, shutil, signal, socket, ssl, subprocess, tempfile, unittest

from paths import ROOT
from client import ANSWER_S, HttpClient, WebSocket, wait_for
from contract import Contract
from server import BINARY

SAMPLES = ROOT / 'tools/deploy'
TOKEN_KEY = 'deploy-0123456789abcdef0123456789abcdef0123456789abcdef'
PASSWORD = 'pass-word'
START_S, STOP_S = 60, 30
# Proxies see clients from 127.0.0.2 and up; they themselves come from 127.0.0.1, which is the one that is trusted.
PROXY = '127.0.0.1'


def needs(*programs):
    """A class whose programs aren't here is skipped, and says so: tools/setup installs them where it can."""
    missing = [each for each in programs if not found(each)]
    return unittest.skipIf(missing, f'not installed here: {", ".join(missing)}')


def found(program):
    return shutil.which(program, path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin')


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as probe:
        return probe.getsockname()[1]


def sample(name, changes):
    """Its text with other addresses; what is to be changed must be there."""
    text = (SAMPLES / name).read_text()
    for old, new in changes.items():
        assert old in text, f'{name}: no {old!r} in it'
        text = text.replace(old, str(new))
    return text


class Folder:
    """Under /tmp, for every user to enter; removed in the end."""

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix='qtable-deploy-'))
        self.path.chmod(0o755)
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


class Child:
    """A process with a log of its own, ended with SIGTERM."""

    def __init__(self, name, folder, command, **how):
        self.name, self.log_path = name, folder / f'{name}.log'
        with open(self.log_path, 'ab') as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **how)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end(signal.SIGTERM)

    def log(self):
        return self.log_path.read_text(errors='replace')

    def end(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode

    def wait_port(self, port, timeout_s=START_S):
        def is_open():
            assert self.process.poll() is None, f'{self.name} ended: {self.log()[-2000:]}'
            with contextlib.suppress(OSError), socket.create_connection(('127.0.0.1', port), 1):
                return True

        wait_for(is_open, timeout_s, f'{self.name} listens')
        return self


def wait_ready(child, port):
    """It listens a moment before it is ready."""
    child.wait_port(port)

    def is_ready():
        assert child.process.poll() is None, f'{child.name} ended: {child.log()[-2000:]}'
        with HttpClient(port) as client:
            return client.get('/readyz').status == 200

    wait_for(is_ready, START_S, f'{child.name} is ready')


def other_user(name):
    """For programs that refuse to run as root."""
    user = pwd.getpwnam(name)
    return {'user': user.pw_uid, 'group': user.pw_gid, 'extra_groups': []} if os.geteuid() == 0 else {}


class Database:
    """PostgreSQL with one role that owns one database, over TCP with a password."""

    def __init__(self, folder):
        self.folder, self.port, self.child = folder / 'postgres', free_port(), None
        binaries = sorted(pathlib.Path('/usr/lib/postgresql').glob('*/bin/initdb'), key=lambda path: int(path.parts[-3]))
        assert binaries, 'there is no PostgreSQL server under /usr/lib/postgresql'
        self.bin, self.account = binaries[-1].parent, other_user('postgres')

    @property
    def url(self):
        return f'postgresql://qtable:{PASSWORD}@127.0.0.1:{self.port}/qtable'

    def __enter__(self):
        self.folder.mkdir()
        if self.account:
            os.chown(self.folder, self.account['user'], self.account['group'])
        subprocess.run([self.bin / 'initdb', '--pgdata', self.folder / 'data', '--username=postgres', '--encoding=UTF8',
                        '--locale=C.UTF-8', '--auth-local=trust', '--auth-host=scram-sha-256', '--no-instructions', '--no-sync'],
                       check=True, stdout=subprocess.DEVNULL, cwd='/', **self.account)
        settings = {'port': self.port, 'listen_addresses': '127.0.0.1', 'unix_socket_directories': self.folder, 'fsync': 'off'}
        self.child = Child('postgres', self.folder.parent, [self.bin / 'postgres', '-D', self.folder / 'data',
                                                            *[word for name, value in settings.items() for word in ('-c', f'{name}={value}')]],
                           cwd='/', **self.account).wait_port(self.port)
        wait_for(lambda: self.ask('select 1').returncode == 0, START_S, 'PostgreSQL answers')
        for each in (f"create role qtable login password '{PASSWORD}'", 'create database qtable owner qtable'):
            done = self.ask(each)
            assert done.returncode == 0, done.stderr
        return self

    def __exit__(self, *_):
        self.child.end(signal.SIGINT)

    def ask(self, text, database='postgres'):
        return subprocess.run(['psql', '-h', self.folder, '-p', str(self.port), '-U', 'postgres', '-d', database, '-XAtqc', text],
                              capture_output=True, text=True, timeout=60, check=False)

    def sql(self, text):
        done = self.ask(text, 'qtable')
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


class Node:
    """`qtable serve`, always on the same port."""

    def __init__(self, name, folder, url, *options):
        self.name, self.folder, self.options = name, folder, options
        self.port, self.child = free_port(), None
        self.environment = {**{name: value for name, value in os.environ.items() if not name.startswith(('QTABLE_', 'PG'))},
                            'DATABASE_URL': url, 'QTABLE_AUTH_TOKEN_KEY': TOKEN_KEY, 'QTABLE_LISTEN_PORT': str(self.port)}

    def launch(self):
        self.child = Child(self.name, self.folder, [BINARY.resolve(), 'serve', '--threads', '2', '--trusted-proxy', PROXY,
                                                    *self.options], env=self.environment)

    def start(self):
        self.launch()
        wait_ready(self.child, self.port)
        return self

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.child.end(signal.SIGTERM)

    def stop(self):
        return self.child.end(signal.SIGTERM)

    def client(self, token=None):
        return HttpClient(self.port, token=token)

    def requests(self, route, method='GET'):
        """How many it has answered on that route."""
        with self.client() as client:
            text = client.get('/metrics').body.decode()
        return sum(float(line.split()[-1]) for line in text.splitlines()
                   if line.startswith(f'qtable_http_requests_total{{method="{method}",route="{route}"'))

    def rules(self):
        with self.client() as client:
            return Contract(client.get('/openapi.json').json, client.get('/asyncapi.json').json)


def make_restaurant(nodes, token, tables):
    """Open from 10 to 23 every day, with tables for two; known to every node."""
    days = ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')
    with nodes[0].client(token) as client:
        made = client.post('/restaurants', {'name': 'Test kitchen', 'latitude': 55.68, 'longitude': 12.57, 'timezone': 'Europe/Copenhagen',
                                            **{f'hours_{day}': '10:00-23:00' for day in days}})
        assert made.status == 201, made
        place = made.json['id']
        for number in range(tables):
            table = client.post(f'/restaurants/{place}/tables', {'label': f'T{number}', 'capacity': 2})
            assert table.status == 201, table

    def is_known(node):
        with node.client(token) as client:
            answer = client.get(f'/restaurants/{place}/tables')
            return answer.status == 200 and len(answer.json['items']) == tables

    for node in nodes:
        wait_for(lambda: is_known(node), START_S, f'the restaurant on {node.name}')
    return place


def mint(url, role, address):
    done = subprocess.run([BINARY, 'token', 'mint', '--role', role, '--email', address, '--ttl-s', '7200'], capture_output=True,
                          text=True, timeout=60, check=False, env={**os.environ, 'DATABASE_URL': url, 'QTABLE_AUTH_TOKEN_KEY': TOKEN_KEY})
    assert done.returncode == 0, done.stderr
    return re.search(r'eyJ[\w-]+\.[\w-]+\.[\w-]+', done.stdout).group(0)


def make_certificate(folder):
    """Self-made, for `localhost`: a chain, a key, and both in one file."""
    chain, key = folder / 'qtable.crt', folder / 'qtable.key'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
                    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', chain],
                   check=True, capture_output=True)
    (folder / 'qtable.pem').write_text(chain.read_text() + key.read_text())
    return chain


class Front:
    """A proxy over TLS, for clients that come from an address of their own."""

    def __init__(self, port, chain):
        self.port, self.context = port, ssl.create_default_context(cafile=chain)

    def connect(self, source='127.0.0.2', timeout_s=ANSWER_S):
        plain = socket.create_connection(('127.0.0.1', self.port), timeout_s, (source, 0))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            return self.context.wrap_socket(plain, server_hostname='localhost')
        except BaseException:
            plain.close()
            raise

    def client(self, token=None, source='127.0.0.2', rules=None):
        return TlsClient(self, source, rules, token)

    def socket(self, target, token=None, source='127.0.0.2', **more):
        return WebSocket(self.port, target, token, opened=self.connect(source), **more)


class TlsClient(HttpClient):
    def __init__(self, front, source, rules, token):
        super().__init__(front.port, rules, token)
        self.front, self.source = front, source

    def new_connection(self, timeout_s):
        return TlsConnection(self.front, self.source, timeout_s)


class TlsConnection(http.client.HTTPConnection):
    def __init__(self, front, source, timeout_s):
        super().__init__('localhost', front.port, timeout=timeout_s)
        self.front, self.source = front, source

    def connect(self):
        self.sock = self.front.connect(self.source, self.timeout)


def haproxy(folder, nodes, chain):
    """haproxy with the sample in front of two nodes. (child, front, port without TLS)"""
    port, plain = free_port(), free_port()
    file = folder / 'haproxy.cfg'
    # As many connections as any machine's limit on descriptors allows.
    file.write_text(sample('haproxy.cfg', {
        '  maxconn 50000\n': '  maxconn 400\n',
        'bind :80\n': f'bind 127.0.0.1:{plain}\n', 'bind :443 ': f'bind 127.0.0.1:{port} ', '/etc/haproxy/qtable.pem': folder / 'qtable.pem',
        '10.0.0.11:8080': f'127.0.0.1:{nodes[0].port}', '10.0.0.12:8080': f'127.0.0.1:{nodes[1].port}'}))
    child = Child('haproxy', folder, [found('haproxy'), '-db', '-f', file]).wait_port(port)
    return child, Front(port, chain), plain


def nginx(folder, nodes, chain):
    port, plain = free_port(), free_port()
    (folder / 'qtable-nginx.conf').write_text(sample('nginx.conf', {
        'listen 80;': f'listen 127.0.0.1:{plain};', 'listen 443 ': f'listen 127.0.0.1:{port} ', '/etc/nginx/': f'{folder}/',
        '10.0.0.11:8080': f'127.0.0.1:{nodes[0].port}', '10.0.0.12:8080': f'127.0.0.1:{nodes[1].port}'}))
    temporary = ''.join(f'{kind}_temp_path {folder}/{kind};\n' for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
    file = folder / 'whole-nginx.conf'
    file.write_text(f'daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log stderr;\nevents {{}}\nhttp {{\n'
                    f'access_log off;\n{temporary}include {folder}/qtable-nginx.conf;\n}}\n')
    child = Child('nginx', folder, [found('nginx'), '-p', folder, '-c', file, '-e', 'stderr']).wait_port(port)
    return child, Front(port, chain), plain
