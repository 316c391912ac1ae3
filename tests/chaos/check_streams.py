"""Events: no hole, no phantom, no repeat, on the house's, the public's and the customer's side."""
import collections, json, math

LATE_S = 5.0  # an event that comes so much later than the answer counts as missing only when others came after it
HEARD_OUT_S = 1.0
RESERVATIONS = {'reservation_confirmed', 'reservation_updated', 'reservation_cancelled'}


def check(found, history, store, timeline):
    by_restaurant = collections.defaultdict(list)
    for row in store['log']:
        by_restaurant[row['restaurant_id']].append(row)
    for restaurant, rows in by_restaurant.items():
        numbers = sorted(row['seq'] for row in rows)
        if numbers != list(range(1, len(numbers) + 1)):
            found.add('log', f'the log of restaurant {restaurant} is not numbered without gaps', [])
    for name, (about, sessions) in history.streams.items():
        kind, of = about
        if kind == 'customer':
            customer_stream(found, history, timeline, name, of, sessions)
        else:
            restaurant_stream(found, history, timeline.lag, name, kind, by_restaurant[of], sessions)


def restaurant_stream(found, history, lag, name, kind, rows, sessions):
    number = 'seq' if kind == 'staff' else 'public_seq'
    truth = {row[number]: row for row in rows if row[number] > 0}
    place, last, may_jump = None, max(truth, default=0), False
    for session in sessions:
        if session.seq is None:
            continue
        if place is None:
            place = session.seq
        if session.begins_anew and session.seq < place:
            # A node that can't read what it lacks begins with what it has, and says so.
            if not lag.is_troubled(session.node, session.joined, session.joined):
                found.add('stream', f'{name}: a resync went back from {place} to {session.seq}', [])
            place = session.seq
        for seq, event, what in session.events:
            if event == 'resync_required':  # said aloud: the listener reads everything again
                may_jump = True
                continue
            if seq != place + 1 and not (may_jump and seq > place):
                found.add('stream', f'{name}: {seq} came after {place}: {"a hole" if seq > place else "a repeat"}', [])
            place, may_jump = max(place, seq), False
            row = truth.get(seq)
            if row is None or row['type'] != event:
                found.add('stream', f'{name}: {event} with seq {seq} is not in the log: a phantom', [])
            elif what is not None and not is_told(history.bodies[what] if isinstance(what, int) else json.loads(what), row):
                found.add('stream', f'{name}: {event} with seq {seq} tells something else than the log', [])
    if place is not None and place != last and not may_jump:
        found.add('stream', f'{name}: ends with {place}, the log with {last}', [])


def is_told(body, row):
    data = json.loads(row['data']) if isinstance(row['data'], str) else row['data']
    return all(data.get(name) == value for name, value in body.items())


def customer_stream(found, history, timeline, name, customer, sessions):
    """Lives in a node's memory: a restart ends it, and another node doesn't have it; both say so."""
    place, epoch, told, first, chains, lag = None, None, collections.Counter(), {}, [], timeline.lag
    for session in sessions:
        if session.seq is None:
            continue
        if epoch != session.epoch or session.begins_anew:
            # Who hung up at once may not have read that far.
            is_heard_out = bool(session.events) or session.ended is None or session.ended - session.joined > HEARD_OUT_S
            if session.resumed is not None and session.resumed[0] != session.epoch and not session.begins_anew and is_heard_out:
                found.add('stream', f'{name}: the stream began anew and did not say so', [])
            epoch, place = session.epoch, session.seq
            chains.append([session.joined, None, session.node])
            before, told_here = told.copy(), collections.Counter()
        chains[-1][1] = session.heard or chains[-1][1]
        for (seq, event, what), at in zip(session.events, session.times, strict=True):
            if seq is None:
                continue
            if seq != place + 1:
                found.add('stream', f'{name}: {seq} came after {place}: {"a hole" if seq > place else "a repeat"}', [])
            place = max(place, seq)
            if event in RESERVATIONS:
                body = history.bodies[what]
                which = body['id'], body['version']
                told_here[which] += 1
                # Another node tells it again when it hears of it only now.
                is_late = not lag.is_alone and before[which] and told_here[which] == 1 and first[which] > lag.as_of(session.node, at)
                told[which] += not is_late
                first.setdefault(which, at)
                if body['customer_id'] != customer:
                    found.add('stream', f'{name}: was told of {body["id"]}, which is not theirs', [])
                if timeline.versions.get(body['id'], {}).get(body['version']) != body:
                    found.add('stream', f'{name}: {event} of {body["id"]} version {body["version"]} is not in the log: a phantom', [])
    for which, count in told.items():
        if count > 1:
            found.add('stream', f'{name}: reservation {which[0]} version {which[1]} was told {count} times', [])
    for number, (joined, heard, node) in enumerate(chains, 1):
        until = math.inf if number == len(chains) else lag.as_of(node, heard or 0) - LATE_S
        missing(found, timeline, name, customer, joined, until, told)


def missing(found, timeline, name, customer, joined, until, told):
    """What was asked for after the beginning of the stream, and answered well before it ended, was told, too."""
    for (reservation, version), by in timeline.acknowledged.items():
        body = timeline.versions.get(reservation, {}).get(version)
        if body is None or body['customer_id'] != customer or body['status'] == 'completed' or told[reservation, version]:
            continue
        if timeline.began(reservation, version) > joined and timeline.answered(reservation, version) < until:
            found.add('notice', f'{name}: never told of reservation {reservation} version {version}: a hole',
                      [*by[:2], *timeline.creations.get(body['special_requests'], [])[:3], *timeline.attempts.get(reservation, [])[:3]])
