"""A PostgreSQL of its own, in a folder of ours: made, started, killed as a whole, its disk filled.

As root its data lies on a small tmpfs, when one can be mounted, so that the disk can be full; PostgreSQL itself runs as the user
postgres then.
"""
import contextlib, json, os, pathlib, pwd, shutil, signal, subprocess, time

import paths  # noqa: F401
from client import wait_for

DISK_BYTES, START_S, STOP_S = 700 << 20, 60, 20
# What has been written isn't lost with a process; what waits in PostgreSQL's own memory is. So a commit that doesn't wait for its
# write would show: the writer that would come to its help sleeps for 10 s.
SETTINGS = {'listen_addresses': '', 'fsync': 'off', 'full_page_writes': 'on', 'synchronous_commit': 'on', 'wal_writer_delay': '10s',
            'max_connections': '160', 'timezone': 'UTC', 'log_timezone': 'UTC', 'shared_buffers': '64MB', 'max_wal_size': '128MB',
            'min_wal_size': '5MB', 'unix_socket_permissions': '0700', 'log_min_messages': 'warning', 'jit': 'off'}


def server_folder():
    found = sorted(pathlib.Path('/usr/lib/postgresql').glob('*/bin/postgres'), key=lambda path: int(path.parts[-3]))
    assert found, 'there is no PostgreSQL server under /usr/lib/postgresql'
    return found[-1].parent


class Cluster:
    """One server. `name`: of its files in `folder`, where there are several."""

    def __init__(self, folder, name=''):
        self.folder, self.disk, self.run = folder, folder / f'disk{name}', folder / f'run{name}'
        self.data, self.log_path = self.disk / 'data', folder / f'postgres{name}.log'
        self.bin, self.process = server_folder(), None
        self.account = {}
        self.no_disk_reason = ''  # why it can't be filled
        if os.geteuid() == 0:
            user = pwd.getpwnam('postgres')
            self.account = {'user': user.pw_uid, 'group': user.pw_gid, 'extra_groups': []}

    @property
    def conninfo(self):
        return f'host={self.run} user=qtable dbname=qtable'

    @property
    def socket_path(self):
        return str(self.run / '.s.PGSQL.5432')

    @property
    def socket_paths(self):
        return [self.socket_path]

    def make_folders(self):
        for folder in (self.disk, self.run):
            folder.mkdir()
        self.mount()
        for folder in (self.disk, self.run):
            folder.chmod(0o700)
            if self.account:
                os.chown(folder, self.account['user'], self.account['group'])

    def make(self):
        self.make_folders()
        subprocess.run([self.bin / 'initdb', '--pgdata', self.data, '--username=qtable', '--encoding=UTF8', '--locale=C.UTF-8',
                        '--auth-local=trust', '--auth-host=reject', '--no-instructions', '--no-sync', '--wal-segsize=1'],
                       check=True, stdout=subprocess.DEVNULL, cwd='/', **self.account)
        self.start()
        self.sql('create database qtable', database='postgres')

    def mount(self):
        if os.geteuid() != 0:
            self.no_disk_reason = 'only root can mount a small disk'
            return
        done = subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={DISK_BYTES},mode=0700', 'tmpfs', self.disk],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.no_disk_reason = f'no tmpfs can be mounted: {done.stderr.strip()}'

    def start(self, **more):
        """`more`: settings of this start."""
        settings = [word for name, value in {**SETTINGS, 'unix_socket_directories': self.run, **more}.items()
                    for word in ('-c', f'{name}={value}')]
        end = time.monotonic() + START_S
        while True:
            with open(self.log_path, 'ab') as log:
                self.process = subprocess.Popen([self.bin / 'postgres', '-D', self.data, *settings], stdout=log, stderr=log,
                                                stdin=subprocess.DEVNULL, cwd='/', start_new_session=True, **self.account)
            try:
                wait_for(lambda: self.process.poll() is not None or self.is_answering(), START_S, 'PostgreSQL answers')
            finally:
                is_up = self.process.poll() is None
            if is_up:
                return
            assert time.monotonic() < end, f'PostgreSQL does not start: {self.log_tail()}'
            time.sleep(0.1)

    def is_answering(self):
        with contextlib.suppress(AssertionError, subprocess.TimeoutExpired):
            return self.sql('select 1', database='postgres', timeout_s=5) == '1'
        time.sleep(0.02)
        return False

    def log_tail(self):
        return self.log_path.read_text(errors='replace')[-1500:]

    def sql(self, text, database='qtable', timeout_s=60):
        """What psql prints, unaligned."""
        done = subprocess.run(['psql', '-h', self.run, '-U', 'qtable', '-d', database, '-XAtqc', text],
                              capture_output=True, text=True, timeout=timeout_s, check=False)
        assert done.returncode == 0, f'psql: {done.stderr.strip()}'
        return done.stdout.strip()

    def rows(self, query):
        """The rows as dictionaries."""
        lines = self.sql(f'select to_json(found) from ({query}) as found', timeout_s=300).splitlines()
        return [json.loads(line) for line in lines]

    # ---- faults

    def processes(self):
        """The postmaster, its children, and what it has just started; not what only waits to be buried."""
        found = []
        for entry in pathlib.Path('/proc').iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    if os.readlink(entry / 'cwd') == str(self.data):
                        found.append(int(entry.name))
        return found

    def kill(self):
        """All processes at once: stopped first, so that none sees another one end."""
        for which in (signal.SIGSTOP, signal.SIGKILL):
            while self.signal(which) and which == signal.SIGKILL:
                pass
        self.process.wait()

    def signal(self, which):
        told = 0
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, which)
                told += 1
        return told

    def restart_if_dead(self):
        if self.process.poll() is not None:
            self.kill()
            self.start()
            return True
        return False

    def terminate_backends(self, where='true'):
        return int(self.sql('select count(pg_terminate_backend(pid)) from pg_stat_activity where pid <> pg_backend_pid() and '
                            f"backend_type = 'client backend' and {where}", database='postgres') or 0)

    def fill_disk(self):
        """No page of it is free: the disk becomes as small as what lies on it."""
        self.signal(signal.SIGSTOP)  # else it may have grown before the disk has shrunk
        try:
            self.resize_disk(self.used_bytes())
        except subprocess.CalledProcessError:
            time.sleep(0.1)  # a process stops at the end of its system call: that may have been a write
            self.resize_disk(self.used_bytes())
        finally:
            self.signal(signal.SIGCONT)

    def used_bytes(self):
        usage = os.statvfs(self.disk)
        return (usage.f_blocks - usage.f_bfree) * usage.f_frsize

    def free_disk(self):
        if self.disk.is_mount():
            self.resize_disk(DISK_BYTES)

    def resize_disk(self, size):
        subprocess.run(['mount', '-o', f'remount,size={size}', self.disk], check=True, capture_output=True)

    def end(self):
        self.free_disk()
        if self.process is not None and self.process.poll() is None:
            self.signal(signal.SIGCONT)
            self.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_S)
        if self.process is not None:
            self.kill()
        if self.disk.is_mount():
            subprocess.run(['umount', '-l', self.disk], check=False)
        shutil.rmtree(self.disk, ignore_errors=True)


