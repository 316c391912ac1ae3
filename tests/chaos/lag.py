"""What one of several nodes may not know yet: the contract of nodes on one database, as numbers. Of a single node nothing here holds.

A commit is right everywhere at once, in the database: writes, lists, reads of a reservation and replays leave no room. Memory, which
availability and refusals come from, follows: the bell takes milliseconds; a bell that was lost with its connection is made up for by
the look at all logs, once a second. What a node itself acknowledged it knows.
"""

# The bell is lost, the look at the logs has just been, and the machine is busy with all the rest.
FEED_S = 3.0
# After a node was frozen, cut off or without a database: its connections are new, and all restaurants have been read again.
CATCH_UP_S = 6.0


class Lag:
    def __init__(self, history):
        self.is_alone, self.spans = history.nodes == 1, {node: [] for node in range(history.nodes)}
        for node, began, ended in sorted(history.blind, key=lambda span: span[1]):
            spans = self.spans[node]
            if spans and began <= spans[-1][1] + CATCH_UP_S:
                spans[-1][1] = max(spans[-1][1], ended)
            else:
                spans.append([began, ended])

    def as_of(self, node, at):
        """How old what it shows from memory at that moment may be."""
        if self.is_alone:
            return at
        since = at - FEED_S
        for began, ended in reversed(self.spans[node]):
            if began <= at and since <= ended + CATCH_UP_S:
                return min(since, began - FEED_S)
        return since

    def is_troubled(self, node, began, ended):
        return not self.is_alone and any(since <= ended and until + CATCH_UP_S >= began for since, until in self.spans[node])


def feed_delays(history):
    """Whether faults were about → how long after the answer the houses' listeners on other nodes heard, sorted."""
    lag, acknowledged, found = Lag(history), {}, {False: [], True: []}
    for each in history.operations:
        if each.kind in ('book', 'move', 'cancel') and each.is_done and not each.is_replay:
            body = history.bodies[each.refs[0]]
            acknowledged.setdefault((body['id'], body['version']), each)
    for (kind, _), sessions in history.streams.values():
        for session in sessions if kind == 'staff' else ():
            for (_, _, what), at in zip(session.events, session.times):
                body = history.bodies[what] if isinstance(what, int) else None
                by = acknowledged.get((body['id'], body['version'])) if body else None
                if by is not None and by.node != session.node and session.joined < by.began:
                    found[lag.is_troubled(session.node, by.began, at) or lag.is_troubled(by.node, by.began, at)].append(
                        max(0.0, at - by.ended))
    return {name: sorted(of) for name, of in found.items()}
