#!/usr/bin/env python3
"""What a second node costs: CPU of all QTable processes and of PostgreSQL for a booking, in turns on one machine.

  alone      one node
  idle       two, every booking through the first: the second only follows
  affinity   two, each restaurant always through the same one, as the proxies' samples send it
  random     two, each booking through either
  parts      two that hold a part each (--partition), each restaurant through the one that has it

Eight customers book on connections of their own, one request at a time, never what another wants: only what is stored is counted. Every
case of a round begins with new processes, books the same number, and ends once both have heard of everything. Figures of one
run beside each other tell something, whatever the hour; no absolute one does.
"""
import argparse, json, pathlib, random, re, socket, statistics, subprocess, sys, tempfile, threading, time, urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / 'bench'))
from comparison.machine import tree_cpu_s
from comparison.postgres import Postgres
from comparison.server import Server

CASES = {'alone': (1, lambda part: 0), 'idle': (2, lambda part: 0), 'affinity': (2, lambda part: part),
         'random': (2, lambda part: random.randrange(2)), 'parts': (2, lambda part: part)}
RESTAURANTS, CUSTOMERS, DAYS, TIMES = 64, 8, 25, ('11:00', '13:30', '16:00', '18:30')
HEARD_S, SETTLED_S, WARM = 3.0, 1.0, 25


class Kept:
    """A kept connection that sends ready-made bytes; the status of each answer."""

    def __init__(self, port):
        self.socket, self.left, self.body = socket.create_connection(('127.0.0.1', port), timeout=30), b'', b''
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request):
        self.socket.sendall(request)
        while b'\r\n\r\n' not in self.left:
            self.more()
        head, _, self.left = self.left.partition(b'\r\n\r\n')
        length = int(re.search(rb'(?i)content-length: *(\d+)', head).group(1))
        while len(self.left) < length:
            self.more()
        self.body, self.left = self.left[:length], self.left[length:]
        return int(head[9:12])

    def more(self):
        got = self.socket.recv(65536)
        if not got:
            raise SystemExit('a node ended a connection')
        self.left += got


def booking_request(token, place, date, at):
    body = json.dumps({'restaurant_id': place, 'date': date, 'time': at, 'party_size': 2})
    return (f'POST /customer/reservations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n'
            f'Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}').encode()


class Customer:
    def __init__(self, number, token, wishes):
        self.token, self.wishes = token, wishes
        random.Random(number).shuffle(self.wishes)

    def book(self, nodes, choose, count, into):
        links = [Kept(node.port) for node in nodes]
        for _ in range(count):
            place, date, at = self.wishes.pop()
            request = booking_request(self.token, place, date, at)
            begun = time.perf_counter()
            status = links[choose(int(place[-8:], 16) % 2)].ask(request)
            into.append((status, time.perf_counter() - begun))


def metric(nodes, name):
    total = 0
    for node in nodes:
        text = urllib.request.urlopen(f'{node.url}/metrics').read().decode()
        total += sum(float(value) for value in re.findall(rf'^qtable_{name}(?:{{[^}}]*}})? (\S+)$', text, re.M))
    return int(total)


def all_book(customers, nodes, choose, count):
    answers = [[] for _ in customers]
    threads = [threading.Thread(target=each.book, args=(nodes, choose, count, into)) for each, into in zip(customers, answers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [each for of in answers for each in of]


class Run:
    def __init__(self, folder, options):
        self.folder, self.options = folder, options
        self.postgres, self.starts = Postgres(folder, folder), 0

    def start(self, *options):
        self.starts += 1
        return Server(self.options.binary, self.postgres.conninfo('qtable'), self.folder / f'qtable.{self.starts}.log', threads=1,
                      options=options)

    def make_world(self):
        subprocess.run(['createdb', '-h', self.postgres.socket_dir, '-U', 'qtable', 'qtable'], check=True)
        hours = {f'hours_{day}': '10:00-23:00' for day in ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')}
        with self.start('--migrate') as server:
            self.owner_token = server.mint('staff', 'owner@example.test')
            with server.client(self.owner_token) as owner:
                self.places = []
                while len(self.places) < RESTAURANTS:
                    made = owner.call('POST', '/restaurants', {'name': 'House', 'latitude': 55.7, 'longitude': 12.6,
                                                               'timezone': 'Europe/Copenhagen', **hours})['id']
                    # As many of either part.
                    if sum(int(each[-8:], 16) % 2 == int(made[-8:], 16) % 2 for each in self.places) >= RESTAURANTS // 2:
                        continue
                    self.places.append(made)
                    for number in range(CUSTOMERS):
                        owner.call('POST', f'/restaurants/{made}/tables', {'label': f'T{number}', 'capacity': 2})
            dates = [time.strftime('%F', time.gmtime(time.time() + 86400 * ahead)) for ahead in range(2, 2 + DAYS)]
            self.customers = [Customer(number, server.mint('customer', f'c{number}@example.test'),
                                       [(place, date, at) for place in self.places for date in dates for at in TIMES])
                              for number in range(CUSTOMERS)]

    def drop_world(self):
        subprocess.run(['dropdb', '--force', '-h', self.postgres.socket_dir, '-U', 'qtable', 'qtable'], check=True)

    def case(self, name):
        count, choose = CASES[name]
        nodes = [self.start(*(('--partition', f'{i + 1}/{count}') if name == 'parts' else ())) for i in range(count)]
        try:
            time.sleep(HEARD_S)
            all_book(self.customers, nodes, choose, WARM)
            time.sleep(SETTLED_S)
            ours, postgres = sum(node.cpu_s() for node in nodes), tree_cpu_s(self.postgres.child.pid)
            conflicts, parted = metric(nodes, 'commit_conflicts_total'), metric(nodes, 'commit_parts_kept_total')
            begun = time.perf_counter()
            answers = all_book(self.customers, nodes, choose, self.options.bookings // CUSTOMERS)
            took = time.perf_counter() - begun
            time.sleep(SETTLED_S)
            stored = sum(status == 201 for status, _ in answers)
            waits = sorted(wait for status, wait in answers if status == 201)
            return {'qtable_us': (sum(node.cpu_s() for node in nodes) - ours) * 1e6 / stored,
                    'postgres_us': (tree_cpu_s(self.postgres.child.pid) - postgres) * 1e6 / stored,
                    'per_s': stored / took, 'p50_ms': waits[len(waits) // 2] * 1e3, 'p99_ms': waits[len(waits) * 99 // 100] * 1e3,
                    'not_201': len(answers) - stored, 'conflicts': metric(nodes, 'commit_conflicts_total') - conflicts,
                    'parted': metric(nodes, 'commit_parts_kept_total') - parted}
        finally:
            for node in nodes:
                node.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--binary', default=ROOT / 'build/release/qtable')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--bookings', type=int, default=2400, help='of each case and round')
    options = parser.parse_args()
    needed = options.rounds * len(CASES) * (options.bookings // CUSTOMERS + WARM)
    if needed > RESTAURANTS * DAYS * len(TIMES):
        parser.error('so many bookings there are no places for')
    with tempfile.TemporaryDirectory(prefix='qtable-nodes-') as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        run = Run(folder, options)
        with run.postgres:
            run.make_world()
            rounds = {case: [] for case in CASES}
            for number in range(options.rounds):
                order = list(CASES)
                for case in order[number % len(order):] + order[:number % len(order)]:
                    rounds[case].append(run.case(case))
                    print(case, {name: round(value) for name, value in rounds[case][-1].items()}, file=sys.stderr, flush=True)
    print('| case | QTable, µs of CPU a booking | PostgreSQL, µs | bookings/s | p50, ms | p99, ms | not 201 | conflicts | parted |\n'
          '|---|---|---|---|---|---|---|---|---|')
    for case, found in rounds.items():
        cells = []
        for figure in found[0]:
            values = [each[figure] for each in found]
            digits = 1 if figure.endswith('_ms') else 0
            cells.append(f'{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})')
        print(f'| {case} | {" | ".join(cells)} |')


if __name__ == '__main__':
    main()
