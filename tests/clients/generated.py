"""Runs the compiled client against the program on a database of its own. Usage: generated.py PROGRAM SCRIPT"""
import os, pathlib, subprocess, sys

program, script = sys.argv[1:]
os.environ['QTABLE_BINARY'] = program
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'e2e'))
from server import Server  # noqa: E402
from world import day  # noqa: E402

with Server('--no-fsync') as server:
    server.start()
    owner, guest = server.minted('staff', ['o@example.test']) + server.minted('customer', ['ada@example.test'])
    place = server.make_restaurant(owner, [2, 4])
    done = subprocess.run(['node', script, f'http://127.0.0.1:{server.port}', guest, place, day(3)], capture_output=True, text=True, timeout=60)
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    assert done.returncode == 0 and 'cancelled: cancelled' in done.stdout, done
