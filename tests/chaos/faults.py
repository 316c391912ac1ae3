"""The bad luck: what can go wrong with the network, the program, the database and the machine, drawn from one seed.

Each fault is a method that does it, holds it for its time and undoes it; its docstring is what the log says.
"""
import contextlib, random, time

from node_faults import NodeFaults
from proxy import Plan

CODES = ('40001', '40P01', '23P01', '57P01', '57014', '53100', '53200', '25006', 'XX000', '26000', '0A000')
CONNECT_CODES = ('57P03', '53300')
FATAL_CODES = {'57P01'}
RECOVERY_S = 30


class Faults(NodeFaults):
    """`done`: how often each was done. `skipped` gets the reasons for what can't be done here."""

    def __init__(self, seed, cluster, network, nodes, history, skipped):
        self.random, self.which = random.Random(f'{seed}-faults'), random.Random(f'{seed}-nodes')
        self.cluster, self.network, self.nodes, self.history = cluster, network, nodes, history
        self.everywhere = range(len(nodes))
        self.done, self.kinds = {}, self.possible(skipped)

    def possible(self, skipped):
        kinds = {self.commits_in_trouble: 6, self.commits_cut: 4, self.late_commit: 4, self.cut_and_refused: 4, self.errors: 5,
                 self.delay: 2, self.stall: 3, self.slices: 2, self.reset: 3, self.refused: 2, self.server_killed: 4,
                 self.server_frozen: 3, self.server_stopped: 1, self.files_exhausted: 2, self.postgres_killed: 4, self.both_killed: 1,
                 self.backends_terminated: 3}
        if self.nodes[0].has_clock:
            kinds[self.clock_stepped] = 2
        else:
            skipped.append('clock steps: no libstepped_clock.so (QTABLE_STEPPED_CLOCK)')
        kinds |= self.kinds_of_nodes()
        if self.cluster.no_disk_reason:
            skipped.append(f'disk full: {self.cluster.no_disk_reason}')
        else:
            kinds[self.disk_full] = 3
        return kinds

    @property
    def count(self):
        return sum(self.done.values())

    def next(self):
        """Draws a fault and does it."""
        if len(self.done) < len(self.kinds):  # each once before any again
            fresh = [each for each in self.kinds if each.__name__ not in self.done]
            fault = self.random.choices(fresh, [self.kinds[each] for each in fresh])[0]
        else:
            fault = self.random.choices(list(self.kinds), list(self.kinds.values()))[0]
        self.history.note(f'{fault.__name__}: {fault.__doc__}')
        fault()
        self.done[fault.__name__] = self.done.get(fault.__name__, 0) + 1
        self.history.note(f'{fault.__name__}: over')

    def seconds(self, least, most):
        return self.random.uniform(least, most)

    # ---- which nodes

    def one(self):
        return self.which.choice(self.nodes)

    def hit(self):
        """The numbers of those that a fault of the network hits: one, or all."""
        return [self.one().number] if self.which.random() < 0.5 else self.everywhere

    @contextlib.contextmanager
    def blind(self, nodes):
        """Meanwhile these can't, or can hardly, follow the database."""
        began = self.history.now()
        self.history.note(f'blind: {", ".join(map(str, nodes))}')
        try:
            yield [self.network.weathers[node] for node in nodes]
        finally:
            self.history.blind += [(node, began, self.history.now()) for node in nodes]

    # ---- the network

    def arm(self, plan):
        self.history.note(f'armed: {plan}')
        self.network.orders.arm(plan)

    def commits_cut(self):
        """some commits in a row lose their answers"""
        for _ in range(self.random.randint(3, 8)):
            self.arm(Plan('cut', part=self.random.choice((0.0, 0.3, 0.9, 0.999))))
        time.sleep(self.seconds(0.5, 1.5))
        self.network.orders.disarm()

    def commits_in_trouble(self):
        """one commit after the other: lost, cut, held, refused, failed"""
        for _ in range(self.random.randint(2, 5)):
            kind = self.random.choice(('lose', 'cut', 'hold', 'refuse', 'fail'))
            code = self.random.choice(CODES)
            after_s = self.seconds(0.1, 1.5) if kind == 'hold' else 0
            fatal = kind == 'refuse' and code in FATAL_CODES
            self.arm(Plan(kind, after_s=after_s, part=self.random.random(), code=code, severity='FATAL' if fatal else 'ERROR'))
        time.sleep(self.seconds(1, 3))
        self.network.orders.disarm()

    def late_commit(self):
        """the program is cut off, and its commit arrives at the database afterwards"""
        for _ in range(self.random.randint(1, 3)):
            self.arm(Plan('late', after_s=self.random.choice((0.0, 0.01, 0.05, 0.3, 1.0))))
        time.sleep(self.seconds(0.5, 2))
        self.network.orders.disarm()

    def cut_and_refused(self):
        """a commit loses its answer, and for longer than a writer waits nobody can ask what became of it"""
        until = time.monotonic() + self.seconds(0.5, 3)
        with self.blind(self.everywhere) as weathers:
            for weather in weathers:
                weather.refuse_until = until
            self.arm(Plan('cut'))
            time.sleep(self.seconds(1, 3))
            self.network.orders.disarm()

    def errors(self):
        """PostgreSQL refuses some commits in a row with one code"""
        code = self.random.choice(CODES)
        for _ in range(self.random.randint(1, 6)):
            kind = self.random.choice(('refuse', 'fail'))
            self.arm(Plan(kind, code=code, severity='FATAL' if kind == 'refuse' and code in FATAL_CODES else 'ERROR'))
        time.sleep(self.seconds(0.5, 1.5))
        self.network.orders.disarm()

    def delay(self):
        """everything is late"""
        seconds, delay_s = self.seconds(0.5, 2), self.seconds(0.01, 0.15)
        with self.blind(self.hit()) as weathers:
            for weather in weathers:
                weather.delay_s, weather.delay_until = delay_s, time.monotonic() + seconds
            time.sleep(seconds)

    def stall(self):
        """nothing comes through"""
        seconds = self.random.choice((0.3, 1.0, 2.0, 12.0))  # the last one is longer than the program waits for a commit
        with self.blind(self.hit()) as weathers:
            for weather in weathers:
                weather.stall_until = time.monotonic() + seconds
            time.sleep(seconds)

    def slices(self):
        """every byte comes alone"""
        seconds = self.seconds(0.5, 2)
        with self.blind(self.hit()) as weathers:
            for weather in weathers:
                weather.slice_until = time.monotonic() + seconds
            time.sleep(seconds)

    def reset(self):
        """connections are reset; their backends learn of it late, or at once"""
        nodes = self.hit()
        with self.blind(nodes):
            for _ in range(self.random.randint(1, 4)):
                only_writers = self.random.random() < 0.5
                self.network.reset(nodes, self.random.choice((0.0, 0.2, 2.0)),
                                   lambda link, only=only_writers: link.is_writer or not only)
                time.sleep(self.seconds(0.05, 0.4))

    def refused(self):
        """no new connection is taken, and those that are there are reset"""
        nodes, seconds, code = self.hit(), self.seconds(0.3, 2), self.random.choice(('', *CONNECT_CODES))
        with self.blind(nodes) as weathers:
            for weather in weathers:
                weather.refuse_code, weather.refuse_until = code, time.monotonic() + seconds
            self.network.reset(nodes)
            time.sleep(seconds)

    # ---- the program

    def server_killed(self):
        """kill -9 of a server, and a new start"""
        node = self.one()
        node.kill()
        time.sleep(self.seconds(0, 0.5))
        node.start()

    def server_stopped(self):
        """SIGTERM under load, and a new start"""
        node = self.one()
        code = node.stop()
        if code != 0:
            node.deaths.append(f'node {node.number}: SIGTERM: exit code {code}: {node.log()[-800:]}')
        node.start()

    def server_frozen(self):
        """SIGSTOP and SIGCONT of a server"""
        node = self.one()
        with self.blind([node.number]):
            for _ in range(self.random.randint(1, 2)):
                node.freeze(self.seconds(0.1, 2.5))
                time.sleep(self.seconds(0.05, 0.3))

    def clock_stepped(self):
        """a server's wall clock goes an hour ahead, and back"""
        node = self.one()
        node.step_clock(3600)
        time.sleep(self.seconds(0.3, 2))
        node.step_clock(0)

    def files_exhausted(self):
        """no file descriptor is left, and connections to the database are reset"""
        node = self.one()
        with self.blind([node.number]):
            node.starve(self.random.randint(0, 2))
            try:
                time.sleep(self.seconds(0.1, 0.5))
                self.network.reset([node.number])
                time.sleep(self.seconds(0.5, 2))
            finally:
                node.feed()

    # ---- the database

    def postgres_killed(self):
        """kill -9 of all of PostgreSQL at once, and a new start"""
        with self.blind(self.everywhere):
            self.cluster.kill()
            time.sleep(self.seconds(0, 1.5))
            self.cluster.start()

    def both_killed(self):
        """kill -9 of the servers and all of PostgreSQL"""
        with self.blind(self.everywhere):
            for node in self.nodes:
                node.kill()
            self.cluster.kill()
            time.sleep(self.seconds(0, 0.3))
            self.cluster.start()
            for node in self.nodes:
                node.start()

    def backends_terminated(self):
        """pg_terminate_backend of some or all connections"""
        with self.blind(self.everywhere):
            for _ in range(self.random.randint(1, 3)):
                which = self.random.choice(('true', "application_name like 'qtable-journal-%'", 'random() < 0.5'))
                self.cluster.terminate_backends(which)
                time.sleep(self.seconds(0.05, 0.5))

    def disk_full(self):
        """the database's disk is full"""
        with self.blind(self.everywhere):
            self.cluster.fill_disk()
            try:
                time.sleep(self.seconds(0.5, 3))
            finally:
                self.cluster.free_disk()
                if self.cluster.restart_if_dead():
                    self.history.note('PostgreSQL had given up')
