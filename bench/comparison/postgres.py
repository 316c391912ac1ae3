"""One private PostgreSQL for every side that needs one: the settings are those of `qtable dev`, with more connections."""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile

from .machine import Child, Failure, tree_cpu_s

USER = 'qtable'
MAX_CONNECTIONS = 300
SETTINGS = {
    'listen_addresses': '', 'fsync': 'on', 'full_page_writes': 'on', 'synchronous_commit': 'on',
    'shared_buffers': '512MB', 'max_wal_size': '4GB', 'wal_compression': 'lz4', 'jit': 'off',
    'max_connections': str(MAX_CONNECTIONS), 'autovacuum': 'on', 'timezone': 'UTC', 'log_timezone': 'UTC',
}


def programs():
    """The newest server that Debian's packages installed."""
    found = sorted(pathlib.Path('/usr/lib/postgresql').glob('*/bin/postgres'), key=lambda path: int(path.parts[4]))
    if not found:
        raise Failure('there is no PostgreSQL server; run tools/setup test')
    return found[-1].parent


def account():
    """It refuses to run as root: then it is Debian's own user's."""
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwnam('postgres')
    return {'user': owner.pw_uid, 'group': owner.pw_gid, 'extra_groups': []}


class Postgres:
    """Made in `folder` when it isn't there, which its user must be able to reach; the socket's path is a short one."""

    def __init__(self, folder, logs):
        self.data, self.logs = pathlib.Path(folder) / 'postgres', pathlib.Path(logs)
        self.socket_dir = pathlib.Path(tempfile.mkdtemp(prefix='qtable-compare-pg-'))
        self.child = None

    def __enter__(self):
        chosen = account()
        if chosen:
            os.chown(self.socket_dir, chosen['user'], chosen['group'])
        if not (self.data / 'PG_VERSION').exists():
            self.initialise(chosen)
        (self.data / 'postmaster.pid').unlink(missing_ok=True)
        command = [programs() / 'postgres', '-D', self.data]
        for name, value in {**SETTINGS, 'unix_socket_directories': str(self.socket_dir)}.items():
            command += ['-c', f'{name}={value}']
        self.child = Child('PostgreSQL', command, self.logs / 'postgres.log', end_signal=signal.SIGINT, end_s=60,
                           **chosen)
        self.child.wait_for_line('ready to accept connections', 60)
        return self

    def __exit__(self, *_):
        if self.child is not None:
            self.child.stop()
        shutil.rmtree(self.socket_dir, ignore_errors=True)

    def initialise(self, chosen):
        made = self.data.with_suffix('.new')
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        if chosen:
            os.chown(made, chosen['user'], chosen['group'])
        done = subprocess.run([programs() / 'initdb', f'--pgdata={made}', f'--username={USER}', '--encoding=UTF8',
                               '--locale=C.UTF-8', '--auth-local=trust', '--auth-host=reject', '--no-instructions'],
                              capture_output=True, text=True, cwd='/', **chosen)
        if done.returncode != 0:
            raise Failure(f'initdb in {made}: {done.stderr.strip() or done.stdout.strip()}')
        made.rename(self.data)

    def conninfo(self, database):
        return f'host={self.socket_dir} user={USER} dbname={database}'

    def cpu_s(self):
        """Of the whole server: only one side uses it at a time."""
        return tree_cpu_s(self.child.pid)

    def run(self, *command, database='postgres', **more):
        environment = {**os.environ, 'PGHOST': str(self.socket_dir), 'PGUSER': USER, 'PGDATABASE': database,
                       'PGOPTIONS': '-c client_min_messages=warning'}
        done = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True,
                              **more)
        if done.returncode != 0:
            raise Failure(f'{command[0]}: {done.stderr.strip()[-1500:]}')
        return done.stdout

    def sql(self, database, text):
        return self.run('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', database=database, input=text).strip()

    def has_database(self, name):
        return self.sql('postgres', f"select 1 from pg_database where datname = '{name}'") == '1'

    def create(self, name, template='template0'):
        self.drop(name)
        self.sql('postgres', f'create database {name} template {template} strategy file_copy')

    def drop(self, name):
        self.sql('postgres', f'drop database if exists {name} with (force)')

    def rename(self, name, to):
        self.drop(to)
        self.sql('postgres', f'alter database {name} rename to {to}')

    def copy(self, from_database, query, to_database, table):
        """Rows from one database into another, streamed."""
        environment = {**os.environ, 'PGHOST': str(self.socket_dir), 'PGUSER': USER}
        out = subprocess.Popen(['psql', '-Xq', '-d', from_database, '-c', f'copy ({query}) to stdout'],
                               stdout=subprocess.PIPE, env=environment)
        into = subprocess.run(['psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', to_database, '-c', f'copy {table} from stdin'],
                              stdin=out.stdout, env=environment, capture_output=True, text=True)
        out.stdout.close()
        if out.wait() != 0 or into.returncode != 0:
            raise Failure(f'copy of {table} into {to_database}: {into.stderr.strip()}')

    def quieten(self):
        """Nothing left to write behind a measured round's back."""
        self.sql('postgres', 'checkpoint')
