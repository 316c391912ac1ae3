"""Processes of the machine: starting them so that they end with us, and what CPU time they took."""
import contextlib
import ctypes
import os
import pathlib
import re
import resource
import select
import signal
import socket
import statistics
import subprocess
import tempfile
import time

TREE_TRIES = 50
TICKS_PER_S = os.sysconf('SC_CLK_TCK')
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class Failure(Exception):
    """Something that a person must read: one line."""


def wait_for(probe, timeout_s, what):
    """The first truthy value of `probe`."""
    end = time.monotonic() + timeout_s
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() >= end:
            raise Failure(f'not within {timeout_s} s: {what}')
        time.sleep(0.01)


def allow_descriptors(count=65_536):
    """For us and all that we start."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), max(hard, count)))


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def accepts(port):
    with contextlib.suppress(OSError), socket.create_connection(('127.0.0.1', port), 1):
        return True
    return False


class Child:
    """A program of ours: it gets `end_signal` when we stop it, and also when we die. Its output is a file."""

    def __init__(self, name, command, log, *, end_signal=signal.SIGTERM, end_s=20, **more):
        self.name, self.log_path, self.end_signal, self.end_s = name, pathlib.Path(log), end_signal, end_s
        more.setdefault('stdin', subprocess.DEVNULL)
        with open(log, 'wb') as output:
            more.setdefault('stdout', output)
            self.process = subprocess.Popen([str(word) for word in command], stderr=output, start_new_session=True,
                                            preexec_fn=lambda: _libc.prctl(PR_SET_PDEATHSIG, int(end_signal)),
                                            **more)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def pid(self):
        return self.process.pid

    def log(self):
        return self.log_path.read_text(errors='replace')

    def check(self):
        if self.process.poll() is not None:
            raise Failure(f'{self.name} ended with {self.process.returncode}: {self.log()[-1500:].strip()}')
        return True

    def wait_for(self, probe, timeout_s, what):
        try:
            return wait_for(lambda: self.check() and probe(), timeout_s, f'{self.name}: {what}')
        except Failure as late:
            raise Failure(f'{late}\n{self.log()[-1500:].strip()}') from None

    def wait_for_line(self, pattern, timeout_s):
        return self.wait_for(lambda: re.search(pattern, self.log()), timeout_s, f'no line like {pattern!r}')

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(self.end_signal)
            try:
                self.process.wait(self.end_s)
            except subprocess.TimeoutExpired:
                pass
        # What it started and left behind is in its session.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


# ---- CPU time

def stat_fields(text):
    """The fields of /proc/PID/stat after the name, which may hold blanks and brackets: state is the first."""
    return text.rsplit(')', 1)[1].split()


def stat_of(pid):
    try:
        return stat_fields(pathlib.Path(f'/proc/{pid}/stat').read_text())
    except (FileNotFoundError, ProcessLookupError):
        return None


def own_cpu_s(pid):
    """User and system time of one process with all its threads."""
    fields = stat_of(pid)
    if fields is None:
        raise Failure(f'process {pid} is gone')
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def processes_by_parent():
    children = {}
    for entry in pathlib.Path('/proc').iterdir():
        if entry.name.isdigit():
            fields = stat_of(entry.name)
            if fields is not None:
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    return children


def tree_pids(pid):
    children = processes_by_parent()
    found, left = [], [pid]
    while left:
        found.append(left.pop())
        left += children.get(found[-1], [])
    return found


def tree_cpu_s(pid):
    """Of a process and all that it started, also what has ended and was waited for."""
    for _ in range(TREE_TRIES):
        pids = tree_pids(pid)
        stats = [stat_of(each) for each in pids]
        # What ends meanwhile would count twice, or not at all: its time moves to its parent.
        if None not in stats and set(tree_pids(pid)) == set(pids):
            return sum(int(fields[i]) for fields in stats for i in (11, 12, 13, 14)) / TICKS_PER_S
    raise Failure(f'the processes below {pid} come and go too fast to be counted')


@contextlib.contextmanager
def cpu_of(*sources):
    """`with cpu_of(f, g) as spent: …`, then spent() is what they took in between."""
    before = [source() for source in sources]
    after = []
    try:
        yield lambda: sum(after) - sum(before)
    finally:
        after += [source() for source in sources]


def fsync_ms(folder, count=20):
    """What it takes to make a page durable there: it bounds what any side can commit."""
    took = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(count):
            begun = time.monotonic()
            os.pwrite(file.fileno(), b'x' * 8192, 0)
            os.fdatasync(file.fileno())
            took.append(time.monotonic() - begun)
    return statistics.median(took) * 1e3


def anonymous_bytes(pid):
    """Memory of a process's own: what it allocated, not what it mapped from files."""
    for line in pathlib.Path(f'/proc/{pid}/status').read_text().splitlines():
        if line.startswith('RssAnon:'):
            return int(line.split()[1]) * 1024
    raise Failure(f'process {pid} has no RssAnon')


class Talker(Child):
    """A child that answers lines on its standard input with lines on its standard output."""

    def __init__(self, name, command, log, **more):
        super().__init__(name, command, log, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, **more)

    def read_line(self, timeout_s):
        ready, _, _ = select.select([self.process.stdout], [], [], timeout_s)
        line = self.process.stdout.readline() if ready else ''
        if not line:
            self.process.poll()
            raise Failure(f'{self.name} says nothing within {timeout_s} s: {self.log()[-500:].strip()}')
        return line.strip()

    def ask(self, line, timeout_s=30):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()
        return self.read_line(timeout_s)

    def stop(self):
        super().stop()
        self.process.stdin.close()
        self.process.stdout.close()
