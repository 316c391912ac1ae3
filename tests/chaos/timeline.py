"""What the history and the log say together: each version of each reservation, and between which moments it came to be.

The log says what was committed; who asked and was answered says when. From that follow for each version the moment before which it
certainly wasn't (`began`), and the one from which on it certainly was (`known`).
"""
import bisect, collections, json, math

from history import FIELDS
from lag import Lag

# How long memory may be ahead for an attempt whose answer wasn't a success: until the restaurant has been read again.
SLACK_S = 20.0
CHANGES = ('move', 'cancel', 'seat', 'complete')


BUCKET_S = 5.0


class Spans:
    """What held from when to when, by a key, found again by moments."""

    def __init__(self):
        self.buckets = collections.defaultdict(list)

    def add(self, key, began, ended, what):
        for bucket in range(int(began // BUCKET_S), int(ended // BUCKET_S) + 1) if began <= ended else ():
            self.buckets[key, bucket].append(what)

    def at(self, key, began, ended):
        """All that may have held between these two, each once."""
        found = {}
        for bucket in range(int(began // BUCKET_S), int(ended // BUCKET_S) + 1):
            found.update((id(each), each) for each in self.buckets.get((key, bucket), ()))
        return list(found.values())


def minutes(time):
    return int(time[:2]) * 60 + int(time[3:])


class Claim:
    """A version that takes tables at the time that it was booked for. Lists come from the database, availability from memory, which
    knows of a commit whose answer was lost a moment later than the lists do; no promise has been made by then."""
    __slots__ = ('reservation', 'version', 'tables', 'start', 'began', 'known', 'answered', 'changed_from', 'changed_by', 'customer',
                 'answered_on', 'changed_on')

    def __init__(self, body, began, known, answered, changed_from, changed_by):
        self.reservation, self.version, self.tables = body['id'], body['version'], body['table_ids']
        self.start, self.customer = minutes(body['time']), body['customer_id']
        self.began, self.known, self.answered = began, known, answered
        self.changed_from, self.changed_by = changed_from, changed_by
        # Node → when it said itself that it has come to be, or has been changed.
        self.answered_on, self.changed_on = {}, {}

    def may_stand(self, began, ended):
        return self.began <= ended and self.changed_by >= began

    def is_listed(self, began, ended):
        return self.known <= began and self.changed_from >= ended

    def may_be_shown(self, operation, as_of):
        """By the memory of the node that was asked."""
        return self.may_stand(as_of, operation.ended) and self.changed_on.get(operation.node, math.inf) >= operation.began

    def must_be_shown(self, operation, as_of):
        is_known = self.answered <= as_of or self.answered_on.get(operation.node, math.inf) <= operation.began
        return is_known and self.changed_from >= operation.ended


class Timeline:
    def __init__(self, history, store, turn_min):
        self.history, self.turn_min, self.lag = history, turn_min, Lag(history)
        self.versions, self.rows = collections.defaultdict(dict), collections.defaultdict(list)
        for row in sorted(store['log'], key=lambda row: (row['restaurant_id'], row['seq'])):
            if 'reservation' in row['type'] or row['type'] == 'customer_checked_in':
                data = json.loads(row['data']) if isinstance(row['data'], str) else row['data']
                body = {name: data.get(name) for name in FIELDS}
                self.rows[body['id']].append(row)
                self.versions[body['id']].setdefault(body['version'], body)
        self.attempts, self.creations = collections.defaultdict(list), collections.defaultdict(list)
        self.sent = collections.defaultdict(list)  # key → all that was sent with it
        self.acknowledged, self.seen = {}, collections.defaultdict(list)
        for each in history.operations:
            self.add(each)
        self.end = max((each.ended for each in history.operations), default=0.0)
        self.firsts = {which: self.first_seen(sightings) for which, sightings in self.seen.items()}

    def add(self, operation):
        if operation.kind in CHANGES and not operation.is_refused:
            self.attempts[operation.target].append(operation)
        elif operation.kind == 'book':
            self.sent[operation.key].append(operation)
            if not operation.is_refused:
                self.creations[operation.key].append(operation)
        for ref in operation.refs:
            body = self.history.bodies[ref]
            self.seen[body['id']].append((operation.ended, body['version']))
            if operation.kind in ('book', *CHANGES):
                self.acknowledged.setdefault((body['id'], body['version']), []).append(operation)

    @staticmethod
    def first_seen(sightings):
        """(moments, highest version seen until then), both rising."""
        moments, highest, most = [], [], 0
        for ended, version in sorted(sightings):
            if version > most:
                most = version
                moments.append(ended)
                highest.append(version)
        return moments, highest

    def known_version(self, reservation, at):
        """The highest version that somebody had seen before that moment; 0 = none."""
        moments, highest = self.firsts.get(reservation, ((), ()))
        found = bisect.bisect_left(moments, at)
        return highest[found - 1] if found else 0

    def known(self, reservation, version):
        """From when on it certainly was in the database: somebody had seen it."""
        moments, highest = self.firsts.get(reservation, ((), ()))
        found = bisect.bisect_left(highest, version)
        return moments[found] if found < len(moments) else math.inf

    def answered(self, reservation, version):
        """From when on it was promised."""
        return min((each.ended for each in self.acknowledged.get((reservation, version), ())), default=math.inf)

    def answered_on(self, reservation, version):
        """Node → from when on it was promised there: a replay comes from the database, and memory may know it later."""
        found = {}
        for each in self.acknowledged.get((reservation, version), ()):
            if not each.is_replay:
                found[each.node] = min(each.ended, found.get(each.node, math.inf))
        return found

    def as_of(self, operation):
        """How old the memory may be that an operation was answered from."""
        return self.lag.as_of(operation.node, operation.began)

    def began(self, reservation, version):
        """Before that it certainly wasn't; inf when nobody asked for it."""
        by = self.acknowledged.get((reservation, version))
        if by and by[0].kind not in ('book', 'cancel'):
            return min(each.began for each in by)
        # These are answered again for what an earlier attempt, whose own answer nobody got, has done.
        if version == 1:
            body = self.versions[reservation].get(1)
            attempts = self.creations.get(body['special_requests'], ()) if body else ()
        else:
            attempts = [each for each in self.attempts.get(reservation, ()) if not by or each.kind == 'cancel']
        return min((each.began for each in attempts), default=math.inf)

    def claims(self, statuses=('confirmed',)):
        """(restaurant, date) → claims of the versions of these statuses."""
        found = collections.defaultdict(list)
        for reservation, versions in self.versions.items():
            for version, body in versions.items():
                if body['status'] not in statuses:
                    continue
                changed_from = changed_by = math.inf
                if version + 1 in versions:
                    changed_from = self.began(reservation, version + 1)
                    by = self.acknowledged.get((reservation, version + 1))
                    changed_by = min(each.ended for each in by) if by else self.known(reservation, version + 1) + SLACK_S
                claim = Claim(body, self.began(reservation, version), self.known(reservation, version),
                              self.answered(reservation, version), changed_from, changed_by)
                claim.answered_on = self.answered_on(reservation, version)
                claim.changed_on = self.answered_on(reservation, version + 1)
                found[body['restaurant_id'], body['date']].append(claim)
        return found

    def meets(self, a, b):
        """Two starts whose stays overlap."""
        return abs(a - b) < self.turn_min
