"""The peers' packages, all Debian's, installed when a row needs them and they are missing."""
import contextlib
import os
import pathlib
import subprocess

from .machine import Failure

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEVER_START = pathlib.Path('/usr/sbin/policy-rc.d')


def is_installed(package):
    done = subprocess.run(['dpkg-query', '-W', '-f=${db:Status-Status}', package], capture_output=True, text=True)
    return done.stdout == 'installed'


@contextlib.contextmanager
def services_stay_down():
    """Packages of servers would start theirs on the usual port."""
    if NEVER_START.exists():
        yield
        return
    NEVER_START.write_text('#!/bin/sh\nexit 101\n')
    NEVER_START.chmod(0o755)
    try:
        yield
    finally:
        NEVER_START.unlink()


def install(wanted):
    setup = subprocess.run([ROOT / 'tools/setup', 'test'], capture_output=True, text=True)
    if setup.returncode != 0:
        raise Failure(f'tools/setup test: {setup.stderr.strip()}')
    missing = sorted(package for package in wanted if not is_installed(package))
    if not missing:
        return
    if os.geteuid() != 0:
        raise Failure(f'run as root, or install: {" ".join(missing)}')
    print(f'installing: {" ".join(missing)}', flush=True)
    environment = {**os.environ, 'DEBIAN_FRONTEND': 'noninteractive'}
    with services_stay_down():
        for command in (['apt-get', 'update', '-q'],
                        ['apt-get', 'install', '-y', '-q', '--no-install-recommends', *missing]):
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode != 0:
                raise Failure(f'{" ".join(command)}\n{done.stdout[-2000:]}')
