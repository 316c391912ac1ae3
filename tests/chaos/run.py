#!/usr/bin/env python3
"""Customers and hosts use the real program while everything under it breaks; in the end a checker decides whether a promise was broken.

The seed draws the faults and what everybody wants; which request meets which fault is the machine's to decide. Exit code 0: all
promises were kept; 1: findings, and where everything that was recorded lies; 2: it couldn't be run.
"""
import argparse, datetime, pathlib, random, shutil, statistics, sys, tempfile, time

import paths  # noqa: F401
import checker, ending
from clients import AVAILABILITY_SIZES, Customer, Host, Shared, World
from cluster import Cluster
from faults import RECOVERY_S, Faults
from history import History
from lag import feed_delays
from network import Network
from node_faults import RESUMED_S
from pair import Pair
from program import Program
from server import BINARY
from watchers import Watcher

CAPACITIES, TURN_MIN, RESTAURANTS, DAYS, WATCHED_CUSTOMERS = (2, 2, 4, 4, 6), 90, 3, 3, 10
DAY_NAMES = ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')
LONG = {'operations': 50_000, 'faults': 200, 'cut_commits': 500}
LONG_NODES = {'operations': 30_000, 'faults': 100, 'cut_commits': 250}
NODES_MAX = 5


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seed', type=int, default=None, metavar='S', help='[any; it is printed]')
    parser.add_argument('--seconds', type=float, default=60, metavar='N', help='at least so long [60]')
    parser.add_argument('--operations', type=int, default=500, metavar='N', help='go on until so many were asked [500]')
    parser.add_argument('--faults', type=int, default=10, metavar='N', help='and so many faults done [10]')
    parser.add_argument('--cut-commits', type=int, default=10, metavar='N',
                        help='and so many commits happened whose answer never came [10]')
    parser.add_argument('--nodes', type=int, default=1, metavar='N', help='servers on one database, everybody uses all of them [1]')
    parser.add_argument('--standby', action='store_true', help='the database has a synchronous standby, which takes over now and then')
    told = '{operations:,} operations, {faults} faults, {cut_commits} cut commits'
    parser.add_argument('--long', action='store_true', help=f'at least {told.format(**LONG)}; with several nodes '
                        f'{told.format(**LONG_NODES)}')
    parser.add_argument('--limit-s', type=float, default=None, metavar='N',
                        help='ends with 2 when the minimums take longer [240, or 3600 with --long]')
    parser.add_argument('--customers', type=int, default=12, metavar='N', help='each with two devices [12]')
    parser.add_argument('--cut-every', type=float, default=0.8, metavar='S', help='seconds between cut commits besides the faults [0.8]')
    parser.add_argument('--keep', action='store_true', help='leave the folder with logs and history also when all is well')
    options = parser.parse_args()
    if options.long:
        for name, least in (LONG_NODES if options.nodes > 1 else LONG).items():
            setattr(options, name, max(least, getattr(options, name)))
    options.limit_s = options.limit_s or (3600 if options.long else 240)
    options.seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 31)
    if options.customers < 1 or options.seconds < 0 or not 1 <= options.nodes <= NODES_MAX:
        parser.error(f'at least one customer, no negative time, 1 to {NODES_MAX} nodes')
    return options


class Run:
    def __init__(self, options, folder):
        self.options, self.folder, self.history = options, folder, History()
        self.skipped = []
        self.history.nodes = options.nodes
        self.cluster, self.network, self.nodes = (Pair if options.standby else Cluster)(folder), None, []
        self.workers, self.watchers, self.recoveries, self.unwell = [], [], [], []
        self.random = random.Random(f'{options.seed}-run')

    def prepare(self):
        self.cluster.make()
        self.network = Network(self.cluster.socket_paths, self.options.nodes)
        self.nodes = [Program(self.folder, self.network.conninfo(number), number) for number in range(self.options.nodes)]
        for node in self.nodes:
            node.start()
        names, minted = [f'customer{n}' for n in range(self.options.customers)], self.nodes[0].minted
        owners = minted(self.cluster.conninfo, 'staff', [f'owner{n}@example.test' for n in range(RESTAURANTS)])
        tokens = dict(zip(names, minted(self.cluster.conninfo, 'customer', [f'{name}@example.test' for name in names])))
        today = datetime.datetime.now(datetime.timezone.utc).date()
        starts = [f'{minute // 60:02}:{minute % 60:02}' for minute in range(10 * 60, 23 * 60 - TURN_MIN + 1, 30)]
        # Not tomorrow: who is seated sits now, and stays for a while.
        self.world = World(dict(self.make_restaurant(owner, n) for n, owner in enumerate(owners)),
                           [(today + datetime.timedelta(days=2 + n)).isoformat() for n in range(DAYS)], starts, TURN_MIN)
        for row in self.cluster.rows('select id, email from customers'):
            self.world.customers[row['email'].split('@')[0]] = row['id']
        self.hire(names, tokens)

    def make_restaurant(self, owner, number):
        with self.nodes[0].client(owner) as client:
            made = client.post('/restaurants', {'name': f'House {number}', 'latitude': 55.68, 'longitude': 12.57, 'timezone': 'UTC',
                                                **{f'hours_{day}': '10:00-23:00' for day in DAY_NAMES}})
            assert made.status == 201, made
            target, tables = f'/restaurants/{made.json["id"]}', {}
            rules = client.patch(f'{target}/booking-rules', {'turn_times': [{'up_to_party': 20, 'minutes': TURN_MIN}],
                                                             'max_party': max(CAPACITIES)})
            assert rules.status == 200, rules
            for label, capacity in enumerate(CAPACITIES, 1):
                table = client.post(f'{target}/tables', {'label': f'T{label}', 'capacity': capacity})
                assert table.status == 201, table
                tables[table.json['id']] = capacity
            return made.json['id'], {'tables': tables, 'owner': owner}

    def hire(self, names, tokens):
        shared = (self.options.seed, self.nodes)
        for name in names:
            together = Shared()
            self.workers += [Customer(name, device, *shared, tokens[name], self.history, self.world, together) for device in range(2)]
        for number, (restaurant, about) in enumerate(self.world.restaurants.items()):
            self.workers.append(Host(f'host{number}', 0, *shared, about['owner'], self.history, self.world, restaurant))
            self.watchers.append(Watcher(f'staff{number}', *shared, about['owner'], self.history, ('staff', restaurant)))
            self.watchers.append(Watcher(f'public{number}', *shared, None, self.history, ('public', restaurant)))
        for name in names[:WATCHED_CUSTOMERS]:
            self.watchers.append(Watcher(f'of {name}', *shared, tokens[name], self.history, ('customer', self.world.customers[name])))

    # ---- the run

    def operations(self):
        return sum(each.code != 'ConnectionRefusedError' for each in list(self.history.operations))

    def is_enough(self, faults, begun):
        options = self.options
        return (time.monotonic() - begun >= options.seconds and faults.count >= options.faults and
                self.operations() >= options.operations and self.network.orders.counts['cut_commits'] >= options.cut_commits)

    def play(self):
        """True when the minimums were met in time."""
        for each in (*self.watchers, *self.workers):
            each.thread.start()
        faults = self.faults = Faults(self.options.seed, self.cluster, self.network, self.nodes, self.history, self.skipped)
        parts = random.Random(f'{self.options.seed}-parts')
        self.network.orders.cut_steadily(self.options.cut_every, lambda: parts.choice((0.0, 0.5, 0.99)))
        begun, told = time.monotonic(), time.monotonic()
        while not self.is_enough(faults, begun):
            if time.monotonic() - begun > self.options.limit_s:
                return False
            time.sleep(self.random.uniform(0.2, 1.5))
            faults.next()
            self.look()
            if self.random.random() < 0.8:  # else the next one comes on top
                self.wait_until_well()
            if time.monotonic() - told > 30:
                told = time.monotonic()
                print(f'{told - begun:.0f} s: {self.operations():,} operations, {faults.count} faults, '
                      f'{self.network.orders.counts["cut_commits"]} cut commits', file=sys.stderr, flush=True)
        return True

    def look(self):
        for node in self.nodes:
            node.look()

    def wait_until_well(self):
        """Each node has answered a write that it was asked for from now on."""
        since, missing = self.history.now(), set(range(len(self.nodes)))
        while self.history.now() - since < RECOVERY_S:
            for each in reversed(list(self.history.operations)):
                if each.began < since:
                    break
                if each.kind in ('book', 'cancel', 'move') and each.is_done and not each.is_replay:
                    missing.discard(each.node)
                    if not missing:
                        self.recoveries.append(each.ended - since)
                        return
            self.look()
            time.sleep(0.02)
        self.unwell.append(f'{self.history.now():.1f}: no write was answered by {sorted(missing)} within {RECOVERY_S} s after {self.history.notes[-1][1]}')

    def dismiss(self, all_of):
        for each in all_of:
            each.is_over = True
        for each in all_of:
            each.thread.join(60)
            assert not each.thread.is_alive(), f'{each.name} does not end'

    def end(self):
        """The findings."""
        self.dismiss(self.workers)
        self.look()
        ending.settle(self.cluster, self.network, self.nodes, self.world, self.watchers)
        self.dismiss(self.watchers)
        store, final = ending.read_end(self.cluster, self.nodes, self.world, self.history, AVAILABILITY_SIZES)
        self.history.write(self.folder / 'history.jsonl')
        began = time.monotonic()
        found = checker.check(self.world, self.history, store, final)
        self.check_s = time.monotonic() - began
        for text in self.unwell:
            found.add('recovery', text, [])
        for took_s in self.faults.failovers:
            if took_s > RESUMED_S:
                found.add('failover', f'{took_s:.1f} s after the promotion no write had been answered', [])
        return found

    def close(self):
        for node in self.nodes:
            node.end()
        if self.network is not None:
            self.network.close()
        self.cluster.end()

    def report(self):
        kinds = {}
        for each in self.history.operations:
            if each.code == 'ConnectionRefusedError':
                continue
            name = f'{each.kind} {"–" if each.status is None else each.status}{" again" if each.is_replay else ""}'
            kinds[name] = kinds.get(name, 0) + 1
        resyncs = sum(event[1] == 'resync_required' for _, sessions in self.history.streams.values() for session in sessions
                      for event in session.events)
        events = sum(len(session.events) for _, sessions in self.history.streams.values() for session in sessions)
        lines = [f'seed {self.options.seed}: {self.operations():,} operations, {self.faults.count} faults, '
                 f'{self.network.orders.counts["cut_commits"]} cut commits, {events:,} events over '
                 f'{sum(len(sessions) for _, sessions in self.history.streams.values())} connections with {resyncs} resyncs, '
                 f'{sum(node.starts for node in self.nodes)} starts ({sum(node.failed_starts for node in self.nodes)} gave up), '
                 f'checked in {self.check_s:.1f} s',
                 'faults: ' + ', '.join(f'{count} {name}' for name, count in sorted(self.faults.done.items())),
                 'proxy: ' + ', '.join(f'{count} {name}' for name, count in sorted(self.network.orders.counts.items())),
                 'asked: ' + ', '.join(f'{count} {name}' for name, count in sorted(kinds.items()))]
        if self.recoveries:
            lines.append(f'writes again after a fault: median {statistics.median(self.recoveries):.2f} s, '
                         f'most {max(self.recoveries):.2f} s')
        lines += self.report_nodes()
        return '\n'.join(lines + [f'left out: {reason}' for reason in self.skipped])

    def report_nodes(self):
        if self.faults.failovers:
            yield (f'writes again after a promotion: median {statistics.median(self.faults.failovers):.2f} s, '
                   f'most {max(self.faults.failovers):.2f} s')
        delays = feed_delays(self.history)
        for name, of in (('while nothing is wrong', delays[False]), ('under faults', delays[True])):
            if of:
                yield (f'another node told a commit {name}: median {statistics.median(of) * 1000:.0f} ms, '
                       f'p99 {of[int(len(of) * 0.99)] * 1000:.0f} ms, most {of[-1] * 1000:.0f} ms, of {len(of):,}')


def main():
    options = arguments()
    if not BINARY.exists():
        print(f'there is no {BINARY}: build it, or name it with QTABLE_BINARY', file=sys.stderr)
        return 2
    folder = pathlib.Path(tempfile.mkdtemp(prefix='qtable-chaos-'))
    folder.chmod(0o755)  # as root PostgreSQL runs as another user
    print(f'seed {options.seed}, everything is in {folder}', file=sys.stderr, flush=True)
    run, is_kept = Run(options, folder), True
    try:
        run.prepare()
        is_met = run.play()
        found = run.end()
        print(run.report())
        if found.all:
            print(f'\n{len(found.all)} findings, seed {options.seed}:\n{found}\nhistory, logs: {folder}')
            return 1
        is_kept = options.keep
        if not is_met:
            print(f'the minimums were not met within {options.limit_s:.0f} s')
            return 2
        print('every promise was kept')
        return 0
    except AssertionError as wrong:  # what was waited for did not come
        print(f'1 finding, seed {options.seed}:\n{wrong}\nlogs: {folder}')
        return 1
    finally:
        run.close()
        if not is_kept:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
