"""The real `qtable` program with a data directory of its own, accounts and restaurants made through it, and its mails.

The binary is QTABLE_BINARY, else build/dev/qtable of this tree.
"""
import contextlib, email, email.policy, os, pathlib, re, shutil, signal, subprocess, tempfile, threading, time
from concurrent.futures import ThreadPoolExecutor

import contract
from client import HttpClient, WebSocket, wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get('QTABLE_BINARY') or ROOT / 'build/dev/qtable')
PASSWORD = 'correct horse battery'
START_S, STOP_S = 30, 25


class Server:
    """`qtable dev` on a data directory of its own, removed in the end. Leave the `with` block: SIGTERM, exit code 0."""

    def __init__(self, *options):
        self.options, self.process, self.port, self.rules = options, None, None, None
        # Others must reach it: as root the database runs as another user.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='qtable-e2e-'))
        self.folder.chmod(0o755)
        self.data_dir = self.folder / 'data'
        self.log_path = self.folder / 'log'
        self.starts, self.database = 0, None

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        try:
            if self.process is not None:
                self.stop(is_checked=kind is None)
        finally:
            self.sweep()
            shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *arguments, timeout_s=60):
        """A command-line tool on the same data directory; its standard output."""
        done = subprocess.run([BINARY, *arguments, '--data-dir', self.data_dir], capture_output=True, text=True,
                              timeout=timeout_s, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, f'qtable {" ".join(map(str, arguments))}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}'
        return done.stdout

    def start(self, timeout_s=START_S):
        self.starts += 1
        self.log_path = self.folder / f'log.{self.starts}'
        with open(self.log_path, 'wb') as log:
            self.process = subprocess.Popen([BINARY, 'dev', '--port', '0', '--data-dir', self.data_dir, '--no-demo',
                                             *self.options], stdout=log, stderr=subprocess.STDOUT,
                                            stdin=subprocess.DEVNULL)

        def listening():
            assert self.process.poll() is None, f'ended with {self.process.returncode}: {self.log()}'
            return re.search(r'listening on http://127\.0\.0\.1:(\d+)', self.log())

        try:
            self.port = int(wait_for(listening, timeout_s, 'the server listens').group(1))
        except AssertionError as late:
            raise AssertionError(f'{late}\n{self.log()[-3000:]}') from None
        if self.rules is None:
            with HttpClient(self.port) as client:
                self.rules = contract.Contract(client.get('/openapi.json').json, client.get('/asyncapi.json').json)
        return self

    def log(self):
        return self.log_path.read_text(errors='replace') if self.log_path.exists() else ''

    def stop(self, is_checked=True):
        process, self.process = self.process, None
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f'still there {STOP_S} s after SIGTERM: {self.log()[-3000:]}') from None
        assert code == 0 or not is_checked, f'exit code {code} after SIGTERM: {self.log()[-3000:]}'

    def kill(self):
        """As a crash: kill -9."""
        process, self.process = self.process, None
        process.kill()
        process.wait()

    def sweep(self):
        """Whatever database process a killed server left behind on our directory."""
        for entry in pathlib.Path('/proc').iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    if str(os.readlink(entry / 'cwd')).startswith(f'{self.data_dir}/'):
                        os.kill(int(entry.name), signal.SIGKILL)
        if self.database is not None:
            self.database.wait()

    def client(self, token=None):
        return HttpClient(self.port, self.rules, token)

    def socket(self, target, token=None, **more):
        return WebSocket(self.port, target, token, rules=self.rules, **more)

    # ---- accounts

    def mint(self, role, address):
        """A token without a login: for many at once."""
        out = self.run('token', 'mint', '--role', role, '--email', address)
        return re.search(r'eyJ[\w-]+\.[\w-]+\.[\w-]+', out).group(0)

    def minted(self, role, addresses):
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(lambda address: self.mint(role, address), addresses))

    def make_restaurant(self, token, capacities=(), **profile):
        """An own restaurant, open from 10 to 23 every day, with a table of each capacity."""
        days = ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')
        body = {'name': 'Test kitchen', 'latitude': 55.68, 'longitude': 12.57, 'timezone': 'Europe/Copenhagen',
                **{f'hours_{day}': '10:00-23:00' for day in days}, **profile}
        with self.client(token) as client:
            made = client.post('/restaurants', body)
            assert made.status == 201, made
            for number, capacity in enumerate(capacities, 1):
                table = client.post(f'/restaurants/{made.json["id"]}/tables',
                                    {'label': f'T{number}', 'capacity': capacity})
                assert table.status == 201, table
            return made.json['id']

    # ---- the database behind it

    def sql(self, text):
        """One value or row set, as psql prints it."""
        folder = self.data_dir / 'postgres'
        where = folder / 'socket_dir'
        where = where.read_text().strip() if where.exists() else folder / 'run'
        done = subprocess.run(['psql', '-h', where, '-U', 'qtable', '-d', 'qtable', '-XAtqc', text],
                              capture_output=True,
                              text=True, timeout=20)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def database_processes(self):
        """The postmaster first. What has ended but still waits for its parent doesn't count."""
        found = []
        for entry in pathlib.Path('/proc').iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    if os.readlink(entry / 'cwd') == str(self.data_dir / 'postgres/data'):
                        found.append(int(entry.name))
        pid_file = self.data_dir / 'postgres/data/postmaster.pid'
        first = 0
        with contextlib.suppress(OSError, IndexError):  # it may go just now
            first = int(pid_file.read_text().split()[0])
        return sorted(found, key=lambda pid: (pid != first, pid))

    def stop_database(self):
        pid = self.database_processes()[0]
        self.database_command = pathlib.Path(f'/proc/{pid}/cmdline').read_bytes().rstrip(b'\0').split(b'\0')
        os.kill(pid, signal.SIGINT)
        wait_for(lambda: not self.database_processes(), 10, 'the database stops')

    def start_database(self):
        """As `qtable dev` had started it; ends with the server's folder."""
        owner = os.stat(self.data_dir / 'postgres/data')
        account = {'user': owner.st_uid, 'group': owner.st_gid, 'extra_groups': []} if os.geteuid() == 0 else {}
        if self.database is not None:
            self.database.wait()
        self.database = subprocess.Popen(self.database_command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                         start_new_session=True, **account)

    # ---- mail

    def mails(self, recipient):
        found = []
        for path in sorted((self.data_dir / 'mail').glob('*.eml')):
            with open(path, 'rb') as file:
                letter = email.message_from_binary_file(file, policy=email.policy.default)
            if recipient in str(letter['To']):
                found.append(letter)
        return found

    def mailed_token(self, recipient, timeout_s=10):
        letter = wait_for(lambda: self.mails(recipient), timeout_s, f'a mail to {recipient}')[-1]
        return re.search(r'^token:\s*(\S+)', letter.get_body(('plain',)).get_content(), re.M).group(1)


class Threads:
    """The same function in several threads at once; the first failure of any is raised by `join`."""

    def __init__(self, count, function):
        self.failures = []
        self.threads = [threading.Thread(target=self.guard, args=(function, i)) for i in range(count)]
        for thread in self.threads:
            thread.start()

    def guard(self, function, number):
        try:
            function(number)
        except BaseException as failure:
            self.failures.append(failure)

    def join(self, timeout_s):
        end = time.monotonic() + timeout_s
        for thread in self.threads:
            thread.join(max(0.0, end - time.monotonic()))
        if self.failures:
            raise self.failures[0]
        assert not any(thread.is_alive() for thread in self.threads), f'not done within {timeout_s} s'
