#!/usr/bin/env python3
"""How long a start takes beside a COPY of the same rows to a file, in turns on one machine.

Fills a private PostgreSQL with restaurants and coming reservations under the real schema, then times in each round
  COPY   server-side `COPY … TO 'file'`, text format, one connection, of exactly the rows and columns that a start reads,
  boot   `qtable serve` from exec to "listening on", the PostgreSQL already running,
both with warm caches, and prints medians, their ratio and the spread. What the start reads is dropped by SIGKILL after
each round, so that the next one is a start after a crash. With --kill also `qtable dev` is killed and started again,
its PostgreSQL included.
"""
import argparse, contextlib, json, os, pathlib, re, shutil, signal, statistics, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parents[1]
SQL = ROOT / 'bench/boot.sql'
TOKEN_KEY = 'bench-of-the-start-0123456789abcdef0123456789abcdef'
START_S = 600

# What a start reads, table by table.
COPIES = {
    'restaurants': 'restaurants',
    'staff': 'restaurant_staff (restaurant_id, staff_id, role)',
    'special days': 'special_days',
    'tables': 'restaurant_tables',
    'combinations': 'table_combinations',
    'members': 'table_combination_members',
    'slots': 'availability_slots',
    'reservations': 'customer_reservations',
    'guests': 'guests',
    'receipts': 'idempotency_receipts (actor_id, route, key, body_hash, at)',
}


def postgres_account(folder):
    owner = os.stat(folder)
    return {'user': owner.st_uid, 'group': owner.st_gid, 'extra_groups': []} if os.geteuid() == 0 else {}


def wait_for(probe, timeout_s, what):
    end = time.monotonic() + timeout_s
    while not (found := probe()):
        if time.monotonic() > end:
            raise SystemExit(f'{what}: not within {timeout_s} s')
        time.sleep(0.002)
    return found


class Place:
    """A data directory of `qtable dev`, its PostgreSQL run by us, and the program started against it."""

    def __init__(self, folder, binary, threads):
        self.folder, self.binary, self.threads = folder, binary, threads
        self.data_dir, self.log = folder / 'data', folder / 'log'
        self.command, self.postgres = None, None

    def launch(self, *arguments):
        """Starts the program; returns it with the seconds until it listens."""
        environment = {**os.environ, 'QTABLE_AUTH_TOKEN_KEY': TOKEN_KEY}
        with open(self.log, 'wb') as log:
            begun = time.perf_counter()
            process = subprocess.Popen([self.binary, *arguments, '--port', '0', *self.threads], stdout=log,
                                       stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment)

        def listening():
            if process.poll() is not None:
                raise SystemExit(f'qtable ended with {process.returncode}: {self.said()[-2000:]}')
            return 'listening on' in self.said()

        try:
            wait_for(listening, START_S, 'the start')
        except BaseException:
            process.kill()
            raise
        return process, time.perf_counter() - begun

    def said(self):
        return self.log.read_text(errors='replace')

    def dev(self):
        return self.launch('dev', '--log-format', 'text', '--no-demo', '--data-dir', str(self.data_dir))

    def make(self):
        """The cluster and the schema, by the program itself; remembers how it ran its PostgreSQL."""
        process, _ = self.dev()
        try:
            postmaster = self.postmaster()
            self.command = pathlib.Path(f'/proc/{postmaster}/cmdline').read_bytes().rstrip(b'\0').split(b'\0')
        finally:
            process.terminate()
            process.wait(60)

    def postmaster(self):
        return int((self.data_dir / 'postgres/data/postmaster.pid').read_text().split()[0])

    def start_postgres(self):
        account = postgres_account(self.data_dir / 'postgres/data')
        # Nothing of its own accord while we measure.
        self.postgres = subprocess.Popen(self.command + [b'-c', b'autovacuum=off'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                         start_new_session=True, **account)
        wait_for(lambda: self.psql('select 1', is_checked=False) == '1', 60, 'the PostgreSQL starts')

    def stop_postgres(self):
        if self.postgres is not None:
            self.postgres.send_signal(signal.SIGINT)
            self.postgres.wait(120)
            self.postgres = None

    def socket_dir(self):
        recorded = self.data_dir / 'postgres/socket_dir'
        return recorded.read_text().strip() if recorded.exists() else str(self.data_dir / 'postgres/run')

    def psql(self, *statements, variables=(), file=None, is_checked=True):
        command = ['psql', '-h', self.socket_dir(), '-U', 'qtable', '-d', 'qtable', '-XAtq', '-v', 'ON_ERROR_STOP=1']
        for name, value in variables:
            command += ['-v', f'{name}={value}']
        for statement in statements:
            command += ['-c', statement]
        if file is not None:
            command += ['-f', str(file)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0 and is_checked:
            raise SystemExit(f'psql: {done.stderr.strip()}')
        return done.stdout.strip()

    def copy_s(self):
        """One COPY after the other, on one connection; the server's time as psql sees it."""
        target = self.data_dir / 'postgres/copied'
        statements = ['\\timing on', *(f"copy {what} to '{target}'" for what in COPIES.values())]
        took = re.findall(r'Time: ([\d.]+) ms', self.psql(*statements))
        assert len(took) == len(COPIES), took
        return dict(zip(COPIES, (float(each) / 1000 for each in took)))

    def is_quiet(self):
        """No session is left, so that its CPU time counts."""
        postmaster = self.postmaster()
        for entry in pathlib.Path('/proc').iterdir():
            with contextlib.suppress(OSError, IndexError):
                if not entry.name.isdigit():
                    continue
                parent = stat_of(entry.name)[1]
                # One that ends has no command line any more, and counts once the postmaster has taken note of it.
                if parent == str(postmaster) and (b'[local]' in (line := (entry / 'cmdline').read_bytes()) or not line):
                    return False
        return True

    def database_cpu_s(self):
        """Of all sessions that have ended."""
        wait_for(self.is_quiet, 60, 'the sessions end')
        return seconds_of(stat_of(self.postmaster())[13:15])

    def serve(self):
        return self.launch('serve', '--log-format', 'text', '--database', f'host={self.socket_dir()} user=qtable dbname=qtable')


def stat_of(pid):
    """The fields of /proc/PID/stat from the state on."""
    return pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()


def seconds_of(ticks):
    return sum(map(int, ticks)) / os.sysconf('SC_CLK_TCK')


def memory_of(process):
    """Resident now and at most, in bytes."""
    status = pathlib.Path(f'/proc/{process.pid}/status').read_text()
    return tuple(int(re.search(rf'{name}:\s*(\d+)', status).group(1)) * 1024 for name in ('VmRSS', 'VmHWM'))


def spread_of(values):
    return f'{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})'


def fill(place, options):
    begun = time.monotonic()
    place.psql(file=SQL, variables=[('restaurants', options.restaurants), ('reservations', options.reservations),
                                    ('even', int(options.spread == 'even'))])
    place.psql('vacuum (freeze, analyze)', 'checkpoint')
    print(f'filled in {time.monotonic() - begun:.0f} s', file=sys.stderr)


def counted(place):
    return {name: int(place.psql(f'select count(*) from {what.split()[0]}')) for name, what in COPIES.items()} | {
        'restaurant days': int(place.psql('select count(*) from (select distinct restaurant_id, date from '
                                          'customer_reservations) as days'))}


def measure(place, rounds):
    found = {name: [] for name in ('copy_s', 'copies', 'copy_cpu_s', 'boot_s', 'boot_cpu_s', 'boot_database_cpu_s',
                                   'resident_bytes', 'peak_bytes', 'log')}
    for number in range(rounds + 1):
        before = place.database_cpu_s()
        copies = place.copy_s()
        between = place.database_cpu_s()
        process, boot_s = place.serve()
        resident, peak = memory_of(process)
        cpu_s = seconds_of(stat_of(process.pid)[11:13])
        process.kill()
        process.wait()
        after = place.database_cpu_s()
        if number == 0:
            continue  # what was cold is warm now
        lines = [line for line in place.said().splitlines() if line.startswith(('boot:', 'loaded '))]
        for name, value in [('copy_s', sum(copies.values())), ('copies', copies), ('copy_cpu_s', between - before),
                            ('boot_s', boot_s), ('boot_cpu_s', cpu_s), ('boot_database_cpu_s', after - between),
                            ('resident_bytes', resident), ('peak_bytes', peak), ('log', lines)]:
            found[name].append(value)
        print(f'round {number}: COPY {found["copy_s"][-1]:.2f} s, boot {boot_s:.2f} s, ratio '
              f'{boot_s / found["copy_s"][-1]:.2f}; {lines[-1] if lines else ""}', file=sys.stderr)
    return found


def measure_kill(place, rounds):
    """`qtable dev`, SIGKILL, and again until it listens."""
    took = []
    process, _ = place.dev()
    try:
        for _ in range(rounds):
            process.kill()
            process.wait()
            process, ready_s = place.dev()
            took.append(ready_s)
    finally:
        process.terminate()
        process.wait(60)
    return took


def report(rows, found, kill_s):
    ratios = [boot / copy for boot, copy in zip(found['boot_s'], found['copy_s'])]
    ratio = statistics.median(found['boot_s']) / statistics.median(found['copy_s'])
    print(', '.join(f'{count:,} {name}' for name, count in rows.items()))
    if ratios:
        cpu = {key: statistics.median(found[key]) for key in ('copy_cpu_s', 'boot_cpu_s', 'boot_database_cpu_s')}
        print(f'COPY to a file   {spread_of(found["copy_s"])} s, CPU {cpu["copy_cpu_s"]:.2f} s')
        print(f'boot             {spread_of(found["boot_s"])} s, CPU {cpu["boot_cpu_s"]:.2f} s and the database '
              f'{cpu["boot_database_cpu_s"]:.2f} s')
        print(f'boot / COPY      {ratio:.2f} (rounds {min(ratios):.2f}–{max(ratios):.2f}), CPU '
              f'{(cpu["boot_cpu_s"] + cpu["boot_database_cpu_s"]) / cpu["copy_cpu_s"]:.2f}')
        for name, key in (('resident', 'resident_bytes'), ('peak', 'peak_bytes')):
            print(f'{name:<16} {statistics.median(found[key]) / 2**20:.0f} MiB')
        print(found['log'][-1][-1] if found['log'][-1] else '')
    if kill_s:
        print(f'kill -9, ready   {spread_of(kill_s)} s, with its PostgreSQL')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--restaurants', type=int, default=10_000, metavar='N', help='[10000]')
    parser.add_argument('--reservations', type=int, default=1_000_000, metavar='M', help='coming ones [1000000]')
    parser.add_argument('--rounds', type=int, default=5, metavar='R', help='of COPY and boot, after a warm-up [5]')
    parser.add_argument('--spread', choices=('near', 'even'), default='near',
                        help='over the next 60 days: denser in the near ones, or the same on each [near]')
    parser.add_argument('--kill', type=int, default=0, metavar='R', help='so many times also kill -9 of `qtable dev` [0]')
    parser.add_argument('--threads', type=int, default=0, help='of qtable; 0 = as it chooses [0]')
    parser.add_argument('--binary', type=pathlib.Path, default=ROOT / 'build/release/qtable', metavar='FILE')
    parser.add_argument('--keep', type=pathlib.Path, metavar='DIR',
                        help='make the database here and leave it, or use the one that an earlier run left')
    parser.add_argument('--json', type=pathlib.Path, metavar='FILE', help='all figures')
    options = parser.parse_args()
    if not 1 <= options.restaurants <= 100_000 or not 0 <= options.reservations <= 1000 * options.restaurants:
        parser.error('1 to 100,000 restaurants with at most 1,000 reservations each')
    if not options.binary.exists():
        parser.error(f'there is no {options.binary}: build it, or name it with --binary')

    with contextlib.ExitStack() as cleanup:
        folder = options.keep.resolve() if options.keep else pathlib.Path(tempfile.mkdtemp(prefix='qtable-boot-'))
        if not options.keep:
            cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)  # as root the database runs as another user
        place = Place(folder, options.binary.resolve(),
                      ['--threads', str(options.threads)] if options.threads else [])
        is_filled = (folder / 'filled').exists()
        place.make()
        cleanup.callback(place.stop_postgres)
        place.start_postgres()
        if not is_filled:
            fill(place, options)
            (folder / 'filled').touch()
        rows = counted(place)
        found = measure(place, options.rounds)
        place.stop_postgres()
        kill_s = measure_kill(place, options.kill) if options.kill else []
        report(rows, found, kill_s)
        if options.json:
            options.json.write_text(json.dumps({'rows': rows, 'spread': options.spread, **found, 'kill_s': kill_s},
                                               indent=1))


if __name__ == '__main__':
    main()
