"""What can go wrong with several nodes, and with a primary and its standby."""
import time

import paths  # noqa: F401
from client import wait_for

FROZEN_S, CLOCKS_APART_S = 10, 30
RESUMED_S = 10  # after a promotion writes are answered again
RETURNED_S, RECOVERED_S = 2, 30


class NodeFaults:
    """Of Faults; `failovers`: how long after each promotion a write was answered again that was asked for after it."""

    def kinds_of_nodes(self):
        self.failovers = []
        kinds = {}
        if len(self.nodes) > 1:
            kinds |= {self.node_asleep: 2, self.node_cut_off: 4, self.node_deaf: 3}
            if self.nodes[0].has_clock:
                kinds[self.clocks_apart] = 2
        if len(self.cluster.socket_paths) > 1:
            kinds[self.failover] = 3
        return kinds

    def node_asleep(self):
        """SIGSTOP of a node for long: it wakes up with old memory, as a stale writer"""
        node = self.one()
        with self.blind([node.number]):
            node.freeze(FROZEN_S)

    def node_cut_off(self):
        """one node has no database, the others go on"""
        node, seconds, is_silent = self.one().number, self.which.choice((0.5, 2.0, 5.0, 12.0)), self.which.random() < 0.5
        with self.blind([node]) as (weather,):
            if is_silent:
                weather.stall_until = time.monotonic() + seconds
            else:
                weather.refuse_code, weather.refuse_until = '', time.monotonic() + seconds
                self.network.reset([node], self.which.choice((0.0, 2.0)))
            time.sleep(seconds)

    def node_deaf(self):
        """one node doesn't hear the bell: its connection ends, or stays and is silent"""
        node = self.one().number
        is_doorbell = lambda link: link.is_doorbell  # noqa: E731
        if self.which.random() < 0.5:
            for _ in range(self.which.randint(1, 5)):
                self.network.reset([node], self.which.choice((0.0, 2.0)), is_doorbell)
                time.sleep(self.which.uniform(0.1, 0.6))
        else:
            seconds = self.which.uniform(2, 6)
            self.network.weathers[node].deaf_until = time.monotonic() + seconds
            time.sleep(seconds)

    def clocks_apart(self):
        """the nodes' wall clocks are far apart from now on"""
        steps = [-CLOCKS_APART_S // 2, 0, CLOCKS_APART_S // 2]
        self.which.shuffle(steps)
        for number, node in enumerate(self.nodes):
            node.step_clock(steps[number % len(steps)])
        time.sleep(0.5)

    def failover(self):
        """the primary is killed and the standby promoted; the old one comes back reading only, then as a standby"""
        # Who operates one promotes no standby that is far behind, as it may be for a moment after a crash of the primary.
        wait_for(self.cluster.is_synchronous, RECOVERED_S, 'the standby has caught up')
        with self.blind(self.everywhere):
            self.cluster.kill()
            time.sleep(self.which.uniform(0, 1))
            self.cluster.promote()
            self.wait_until_written(self.history.now())
        self.cluster.bring_back_reading()
        time.sleep(RETURNED_S)
        self.cluster.attach()

    def wait_until_written(self, promoted):
        while not any(each.began >= promoted and each.is_done and not each.is_replay for each in self.written_lately()):
            if self.history.now() - promoted > 3 * RESUMED_S:
                break
            time.sleep(0.02)
        self.failovers.append(self.history.now() - promoted)

    def written_lately(self):
        return [each for each in self.history.operations[-500:] if each.kind in ('book', 'cancel', 'move')]
