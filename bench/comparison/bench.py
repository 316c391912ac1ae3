"""What every row works with: folders, the programs, the one PostgreSQL, prepared databases, and rounds."""
import contextlib
import pathlib
import shutil
import sys
import tempfile
import time

from . import peers, worlds
from .machine import cpu_of
from .postgres import Postgres
from .server import Server

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROUNDS = 5
SECONDS, SECONDS_SHORT = 2, 1


def say(text):
    print(f'[{time.strftime("%H:%M:%S")}] {text}', file=sys.stderr, flush=True)


class Bench:
    """`with Bench(…) as bench`: everything started or made through it is gone afterwards, but what a cache keeps."""

    def __init__(self, build, is_short=False, rounds=None, cache=None):
        self.build, self.is_short = pathlib.Path(build), is_short
        self.round_count = rounds or ROUNDS
        self.seconds = SECONDS_SHORT if is_short else SECONDS
        self.cache = pathlib.Path(cache).resolve() if cache else None
        self.folder = None
        self.stack = contextlib.ExitStack()
        self.started_postgres = None
        self.notes = []
        self.names, self.up_to_date = {}, set()

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='qtable-compare-'))
        self.folder.chmod(0o755)  # PostgreSQL's own user must reach its data
        self.stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        return self

    def __exit__(self, *raised):
        return self.stack.__exit__(*raised)

    say = staticmethod(say)
    root = ROOT

    # ---- places and programs

    def log_file(self, name):
        self.names[name] = self.names.get(name, 0) + 1
        return self.folder / f'{name}.{self.names[name]}.log'

    def program(self, name):
        return self.build / ('qtable' if name == 'qtable' else f'bench/{name}')

    def note(self, text):
        """Stands below the table beside the figures of the row that runs."""
        if text not in self.notes:
            self.notes.append(text)

    def rounds(self, most=None):
        """`most`: for figures that hardly vary."""
        count = min(self.round_count, most or self.round_count)
        for number in range(1, count + 1):
            say(f'    round {number} of {count}')
            yield number

    # ---- databases

    @property
    def postgres(self):
        """Started when first asked for, kept for the whole run."""
        if self.started_postgres is None:
            folder = self.cache or self.folder
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o755)
            self.started_postgres = self.stack.enter_context(Postgres(folder, self.folder))
        return self.started_postgres

    def world(self, name):
        """A prepared database, made when it isn't there."""
        return worlds.prepared(self, name)

    @contextlib.contextmanager
    def scratch(self, name):
        """A copy of a prepared database that a row may write to."""
        template, made = self.world(name), f'scratch_{name}_{len(self.names)}'
        self.names[made] = 1
        self.postgres.create(made, template)
        try:
            yield made
        finally:
            self.postgres.drop(made)

    # ---- sides

    def server(self, database, threads=1, prefix=()):
        return Server(self.program('qtable'), self.postgres.conninfo(database), self.log_file('qtable'), threads, prefix)

    def floor(self, answer, threads=1, prefix=()):
        return peers.Floor(self, answer, threads, prefix)

    def nginx(self, answer, threads=1):
        return peers.Nginx(self, answer, threads)


def cpu_us_per_request(side, load):
    """µs of CPU that a side took per request of a load; `load` runs and tells its report."""
    with cpu_of(side.cpu_s) as spent:
        report = load()
    return spent() / report.requests * 1e6
