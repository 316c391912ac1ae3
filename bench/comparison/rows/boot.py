"""A start with a year's bookings in the database, against a COPY of the same rows to a file: bench/boot.py measures it."""
import json
import subprocess
import sys

from ..figures import Line, at_most
from ..machine import Failure
from .row import Row

RESTAURANTS, RESERVATIONS = 10_000, 1_000_000

LINES = [Line('boot', f'start with {RESTAURANTS:,} restaurants, {RESERVATIONS:,} coming reservations',
              'COPY of the same rows to a file', at_most(3), lambda of: of['boot, s'] / of['COPY, s'])]


def boot(bench):
    program = bench.root / 'bench/boot.py'
    if not program.exists():
        raise Failure('there is no bench/boot.py in this tree')
    out = bench.folder / 'boot.json'
    command = [sys.executable, program, '--restaurants', RESTAURANTS, '--reservations', RESERVATIONS, '--rounds',
               bench.round_count, '--binary', bench.program('qtable'), '--json', out]
    if bench.cache:
        command += ['--keep', bench.cache / 'boot']
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f'bench/boot.py: {done.stderr.strip()[-500:]}')
    told = json.loads(out.read_text())
    for copy_s, boot_s in zip(told['copy_s'], told['boot_s']):
        yield {'boot, s': boot_s, 'COPY, s': copy_s}


ROWS = [Row('boot', boot, LINES, 's', ('qtable',), is_short=False)]
