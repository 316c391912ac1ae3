#!/usr/bin/env python3
"""The framing table of framing.py against the program itself, by its /_test endpoints."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import server  # noqa: E402


def main():
    here = pathlib.Path(__file__).parent
    with server.Server('--test-endpoints') as running:
        running.start()
        ran = subprocess.run([sys.executable, here / 'framing.py', '--base-url', f'127.0.0.1:{running.port}'])
    return ran.returncode


if __name__ == '__main__':
    sys.exit(main())
