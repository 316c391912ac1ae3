"""No table twice, at no moment and in no answer; every refusal has its reason; availability is neither too much nor too little."""
import collections

import paths  # noqa: F401
from lag import CATCH_UP_S
from load import overlaps
from timeline import SLACK_S, Spans, minutes


def check(found, world, history, store, timeline):
    read_overlaps(found, history)
    log_overlaps(found, timeline, store)
    house = House(world, history, timeline)
    for each in history.operations:
        if each.status == 409:
            refusal(found, house, each)
        elif each.kind == 'availability' and each.is_done:
            availability(found, house, each)


def read_overlaps(found, history):
    """A page is one snapshot: nothing on it may overlap."""
    for each in history.operations:
        if each.kind in ('list_own', 'list_staff') and len(each.refs) > 1:
            pairs = overlaps([body for body in map(history.bodies.__getitem__, each.refs) if body['status'] == 'confirmed'])
            if pairs:
                found.add('overlap', f'a list shows a table twice: {pairs}', [each])


def log_overlaps(found, timeline, store):
    """The log, played row by row: at no moment was a table promised twice."""
    standing = collections.defaultdict(dict)
    held, rows = {}, [row for rows in timeline.rows.values() for row in rows]
    for row in sorted(rows, key=lambda row: (row['restaurant_id'], row['seq'])):
        data = row['data'] if isinstance(row['data'], dict) else timeline_body(row)
        for key in held.pop(data['id'], ()):
            standing[key].pop(data['id'], None)
        if data['status'] != 'confirmed':
            continue
        keys = held[data['id']] = [(table, data['date']) for table in data['table_ids']]
        for key in keys:
            for other, start in standing[key].items():
                if timeline.meets(start, minutes(data['time'])):
                    by = [each for which in ((data['id'], data['version']),) for each in timeline.acknowledged.get(which, [])]
                    found.add('overlap', f'row {row["seq"]} of restaurant {row["restaurant_id"]} gives table {key[0]} to {data["id"]} at '
                              f'{data["date"]} {data["time"]} while {other} has it', by)
            standing[key][data['id']] = minutes(data['time'])


def timeline_body(row):
    import json
    return json.loads(row['data'])


class House:
    """Who may have had, and who certainly had, which table when; by restaurant, date and moment."""

    def __init__(self, world, history, timeline):
        self.world, self.history, self.timeline = world, history, timeline
        self.claims, self.visits, self.attempts, self.seats = Spans(), Spans(), Spans(), collections.defaultdict(list)
        for day, claims in timeline.claims().items():
            for claim in claims:
                self.claims.add(day, claim.began, min(claim.changed_by, timeline.end), claim)
        for day, visits in timeline.claims(('confirmed', 'seated')).items():  # who sits is there for the time that was booked
            for visit in visits:
                self.visits.add(day, visit.began, min(visit.changed_by, timeline.end), visit)
        for each in history.operations:
            if each.kind in ('book', 'move') and not each.is_refused:
                self.spread_attempt(each)
            elif each.kind == 'seat' and not each.is_refused:
                self.seats[each.sent['restaurant']].append(each)

    def spread_attempt(self, operation):
        """Memory may have held it anywhere until it was answered, and for a while after an answer that was no success, or another
        node's: one that doesn't know the key tries, is told by the database, and reads the restaurant again after the answer."""
        ended = operation.ended + (0 if operation.is_done else SLACK_S)
        if operation.is_replay and not self.timeline.lag.is_alone:
            ended = operation.ended + CATCH_UP_S
        for body in self.wanted(operation):
            self.attempts.add((body['restaurant_id'], body['date']), operation.began, ended, (operation, ended, minutes(body['time'])))

    def wanted(self, operation):
        """Where and when a booking or a move may want to be: a move leaves as it is what it doesn't name, and others move as well."""
        if operation.kind == 'book':
            return [operation.sent]
        versions = self.timeline.versions.get(operation.target, {})
        oldest = self.timeline.known_version(operation.target, self.timeline.as_of(operation))
        return [{**body, **operation.sent} for version, body in versions.items()
                if version >= oldest and self.timeline.began(operation.target, version) <= operation.ended]

    def around(self, restaurant, date, operation):
        """(claims, attempts, how old memory may be) that may matter for an operation."""
        when, as_of = ((restaurant, date), operation.began, operation.ended), self.timeline.as_of(operation)
        return (self.claims.at(when[0], as_of, operation.ended),
                [each for each in self.attempts.at(*when) if each[0] is not operation and each[0].began <= operation.ended and
                 each[1] >= operation.began], as_of)

    def fitting(self, restaurant, party_size):
        return {table for table, capacity in self.world.restaurants[restaurant]['tables'].items() if capacity >= party_size}

    def possibly_free(self, fitting, start, operation, around, but=None):
        """(tables that nobody can have had meanwhile, how many attempts may have had any)."""
        claims, attempts, as_of = around
        taken = {table for claim in claims if claim.reservation != but and self.timeline.meets(claim.start, start) and
                 claim.may_be_shown(operation, as_of) for table in claim.tables}
        return fitting - taken, sum(self.timeline.meets(at, start) for _, _, at in attempts)

    def certainly_taken(self, start, operation, around):
        return {table for claim in around[0] if self.timeline.meets(claim.start, start) and
                claim.must_be_shown(operation, around[2]) for table in claim.tables}


def refusal(found, house, operation):
    reasons = {'slot_unavailable': is_full, 'already_booked': has_booked, 'idempotency_in_progress': is_running,
               'illegal_transition': is_over, 'table_not_free': is_occupied}
    if operation.code in reasons and not reasons[operation.code](house, operation):
        found.add('refusal', f'{operation.code} without a reason', [operation])


def is_full(house, operation):
    return any(is_full_at(house, operation, body) for body in house.wanted(operation))


def is_full_at(house, operation, body):
    free, doubtful = house.possibly_free(house.fitting(body['restaurant_id'], body['party_size']), minutes(body['time']), operation,
                                         house.around(body['restaurant_id'], body['date'], operation),
                                         but=operation.target if operation.kind == 'move' else None)
    return len(free) <= doubtful


def has_booked(house, operation):
    """The same customer is, or may be, there at that time."""
    return any(has_booked_at(house, operation, body) for body in house.wanted(operation))


def has_booked_at(house, operation, body):
    customer = house.world.customers.get(operation.who)
    _, attempts, as_of = house.around(body['restaurant_id'], body['date'], operation)
    visits = house.visits.at((body['restaurant_id'], body['date']), as_of, operation.ended)
    meets, start = house.timeline.meets, minutes(body['time'])
    return any(visit.customer == customer and visit.reservation != operation.target and meets(visit.start, start) and
               visit.may_be_shown(operation, as_of) for visit in visits) or \
        any(each.who == operation.who and meets(at, start) and (each.kind == 'book' or each.target != operation.target)
            for each, _, at in attempts)


def is_running(house, operation):
    """Another request with that key runs, or ended without an answer and may run on."""
    return any(each is not operation and each.began <= operation.ended and
               (each.ended if each.is_done or each.is_refused else each.ended + SLACK_S) >= operation.began
               for each in house.timeline.sent.get(operation.key, ()))


def is_over(house, operation):
    """Somebody had, or may have, taken it out of the state that this needs."""
    return any(each is not operation and each.began <= operation.ended for each in house.timeline.attempts.get(operation.target, ()))


def is_occupied(house, operation):
    """Somebody else was, or may have been, seated in that restaurant."""
    return any(each is not operation and each.began <= operation.ended for each in house.seats[operation.sent['restaurant']])


def availability(found, house, operation):
    date, size = operation.sent['date'], operation.sent['party_size']
    fitting, around = house.fitting(operation.target, size), house.around(operation.target, date, operation)
    for time in house.world.starts:
        told, start = operation.extra[time], minutes(time)
        most = len(fitting - house.certainly_taken(start, operation, around))
        # One that is marked as of a database that is away may not know what a replay, read from there, has promised.
        if told > most and not operation.is_degraded:
            found.add('availability', f'{told} tables for {size} at {date} {time}, at most {most} were free', [operation])
        free, doubtful = house.possibly_free(fitting, start, operation, around)
        if told < len(free) - doubtful:
            found.add('availability', f'{told} tables for {size} at {date} {time}, at least {len(free) - doubtful} were free',
                      [operation])
