"""The real `qtable serve`, on a database that it reaches through the proxy, always on the same port; started again when it is killed."""
import contextlib, os, pathlib, re, resource, signal, socket, struct, subprocess, threading, time
from concurrent.futures import ThreadPoolExecutor

import paths  # noqa: F401
from client import HttpClient, wait_for
from contract import Contract
from server import BINARY, STOP_S

CLOCK = pathlib.Path(os.environ.get('QTABLE_STEPPED_CLOCK') or
                     pathlib.Path(__file__).resolve().parents[2] / 'build/dev/tests/chaos/libstepped_clock.so')
TOKEN_KEY = 'chaos-0123456789abcdef0123456789abcdef0123456789abcdef'
START_S, TOKEN_S, FAILED_STARTS_MAX = 60, 31_000_000, 20


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as probe:
        return probe.getsockname()[1]


class Program:
    """`before`: words of a command that becomes the server; `options`: more for it. `deaths`: how it ended without being told to; `failed_starts`: starts that gave up before they listened, as a supervisor would
    see them."""

    def __init__(self, folder, conninfo, number=0):
        self.folder, self.conninfo, self.number, self.port = folder, conninfo, number, free_port()
        self.environment = {**os.environ, 'QTABLE_AUTH_TOKEN_KEY': TOKEN_KEY}
        self.process, self.starts, self.failed_starts, self.deaths = None, 0, 0, []
        self.rules, self.lock, self.is_wanted = None, threading.RLock(), False
        self.files_before, self.before, self.options = None, [], []
        self.has_clock = CLOCK.exists()
        self.clock_file = folder / f'clock.{number}'
        self.step_clock(0)
        if self.has_clock:
            self.environment |= {'LD_PRELOAD': str(CLOCK.resolve()), 'QTABLE_CLOCK_FILE': str(self.clock_file)}

    def step_clock(self, seconds):
        """Its wall clock goes so much ahead of the machine's from now on, in every start."""
        with open(self.clock_file, 'r+b' if self.clock_file.exists() else 'wb') as file:
            file.write(struct.pack('=q', seconds))

    def start(self):
        with self.lock:
            self.is_wanted = True
            for _ in range(FAILED_STARTS_MAX):
                if self.launch():
                    break
                self.failed_starts += 1
            else:
                raise AssertionError(f'{FAILED_STARTS_MAX} starts in a row failed: {self.log()[-1500:]}')
        if self.rules is None:
            with HttpClient(self.port) as client:
                self.rules = Contract(client.get('/openapi.json').json, client.get('/asyncapi.json').json)

    def launch(self):
        """True when it listens; False when it ended before, with a reason and not by a signal."""
        self.starts += 1
        self.log_path = self.folder / f'qtable.{self.number}.{self.starts}.log'
        with open(self.log_path, 'wb') as log:
            self.process = subprocess.Popen([*self.before, BINARY.resolve(), 'serve', '--database', self.conninfo, '--migrate', '--port', str(self.port),
                                             '--threads', '2', '--loopback-exempt', *self.options], stdout=log, stderr=subprocess.STDOUT,
                                            stdin=subprocess.DEVNULL, env=self.environment, cwd=self.folder)
        with contextlib.suppress(ProcessLookupError, ValueError):  # a death leaves its reason; ValueError: more than is allowed
            resource.prlimit(self.process.pid, resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        wait_for(lambda: self.process.poll() is not None or 'listening on' in self.log(), START_S, 'the server listens')
        code = self.process.poll()
        if code is None:
            return True
        if code < 0:
            self.deaths.append(f'node {self.number}: start {self.starts} ended by signal {-code}: {self.log()[-800:]}')
        return False

    def log(self):
        return self.log_path.read_text(errors='replace')

    def look(self):
        """Starts it again when it has ended by itself, which is a finding."""
        with self.lock:
            if self.is_wanted and self.process is not None and self.process.poll() is not None:
                self.deaths.append(f'node {self.number}: start {self.starts} ended by itself with {self.process.returncode}: {self.log()[-800:]}')
                self.start()

    def kill(self):
        with self.lock:
            self.is_wanted = False
            self.process.kill()
            self.process.wait()

    def stop(self):
        """SIGTERM; the exit code."""
        with self.lock:
            self.is_wanted = False
            self.process.send_signal(signal.SIGTERM)
            try:
                return self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                return 'none within %d s' % STOP_S

    def end(self):
        with contextlib.suppress(ProcessLookupError, AttributeError):
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()

    def freeze(self, seconds):
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.process.send_signal(signal.SIGCONT)

    # ---- file descriptors

    def starve(self, spare):
        """Leaves it so many file descriptors more than it has open."""
        pid = self.process.pid
        self.files_before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        count = len(os.listdir(f'/proc/{pid}/fd'))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (count + spare, self.files_before[1]))

    def feed(self):
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, self.files_before)

    # ---- accounts

    def check(self, conninfo):
        """What `qtable check` says when it isn't content."""
        done = subprocess.run([BINARY, 'check', '--wait-s', '1', '--database', conninfo], capture_output=True, text=True, timeout=120,
                              env=self.environment, check=False)
        if done.returncode == 0 and 'memory is what the database has' in done.stdout:
            return []
        return [f'exit code {done.returncode}: {line}' for line in (done.stdout + done.stderr).splitlines()]

    def mint(self, conninfo, role, address):
        done = subprocess.run([BINARY, 'token', 'mint', '--role', role, '--email', address, '--ttl-s', str(TOKEN_S), '--database',
                               conninfo], capture_output=True, text=True, timeout=60, env=self.environment, check=False)
        assert done.returncode == 0, f'token mint: {done.stderr}'
        return re.search(r'eyJ[\w-]+\.[\w-]+\.[\w-]+', done.stdout).group(0)

    def minted(self, conninfo, role, addresses):
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(lambda address: self.mint(conninfo, role, address), addresses))

    def client(self, token=None):
        return HttpClient(self.port, self.rules, token)
