"""What was promised is kept: every acknowledgement stands, one key is one booking, nobody reads what is older than an answer."""
import collections

from timeline import Spans



def check(found, world, history, store, timeline):
    keys(found, world, history, store)
    altered(found, history, timeline)
    lost(found, history, store, timeline)
    stale(found, history, timeline)
    missing_in_lists(found, world, history, timeline)
    unasked(found, timeline)


def keys(found, world, history, store):
    """One row a key, whoever sent it how often; and everybody who sends it hears the same."""
    by_key, rows = collections.defaultdict(list), collections.defaultdict(list)
    for each in history.operations:
        if each.kind == 'book' and each.status == 201:
            by_key[each.key].append(each)
    for row in store['reservations']:
        rows[row['special_requests']].append(row['id'])
    for key, ids in rows.items():
        if len(ids) > 1:
            found.add('key', f'key {key} made {len(ids)} reservations: {ids}', by_key[key])
    receipts = collections.Counter((row['actor_id'], row['key']) for row in store['receipts'])
    for key, answers in by_key.items():
        if len({each.refs[0] for each in answers}) > 1:
            found.add('replay', f'key {key} was answered with different bodies', answers)
        fresh = [each for each in answers if not each.is_replay]
        if len(fresh) > 1:
            found.add('replay', f'key {key} was answered {len(fresh)} times as if it were new', answers)
        customer = world.customers[answers[0].who]
        if any(history.bodies[each.refs[0]]['customer_id'] != customer for each in answers):
            found.add('key', f'key {key} was answered with a reservation of somebody else', answers)
        if receipts[customer, key] != 1:
            found.add('key', f'key {key} has {receipts[customer, key]} receipts', answers)


def altered(found, history, timeline):
    """A version is one body, whoever is told: in answers, lists, events and the log."""
    first = {}
    for ref, body in enumerate(history.bodies):
        which = body['id'], body['version']
        truth = timeline.versions.get(body['id'], {}).get(body['version'])
        if truth is not None and truth != body:
            names = [name for name in body if truth.get(name) != body[name]]
            found.add('altered', f'reservation {which[0]} version {which[1]} differs from the log in {names}',
                      mentioning(history, {ref}))
        elif which in first:
            found.add('altered', f'reservation {which[0]} version {which[1]} was told in two ways',
                      mentioning(history, {ref, first[which]}))
        first.setdefault(which, ref)


def mentioning(history, refs, most=6):
    return [each for each in history.operations if refs.intersection(each.refs)][:most]


def lost(found, history, store, timeline):
    """What was acknowledged is in the log, and the row is of that version or a later one that somebody asked for."""
    rows = {row['id']: row for row in store['reservations']}
    for (reservation, version), by in timeline.acknowledged.items():
        row = rows.get(reservation)
        if row is None:
            found.add('lost', f'reservation {reservation} was acknowledged and is not there', by)
        elif row['version'] < version:
            found.add('lost', f'reservation {reservation} was acknowledged in version {version}, the database has {row["version"]}', by)
        elif version not in timeline.versions.get(reservation, {}):
            found.add('lost', f'version {version} of reservation {reservation} was acknowledged, the log lacks it', by)
    for row in rows.values():
        newest = timeline.versions.get(row['id'], {}).get(row['version'])
        if newest is None:
            found.add('lost', f'reservation {row["id"]} stands in version {row["version"]}, the log lacks it', [])
            continue
        names = [name for name in ('status', 'table_ids', 'party_size', 'special_requests', 'confirmation_code', 'customer_id')
                 if newest[name] != row[name]]
        if names:
            found.add('altered', f'reservation {row["id"]} version {row["version"]}: the row differs from what was told in {names}',
                      timeline.acknowledged.get((row['id'], row['version']), []))
    cancelled = {history.bodies[each.refs[0]]['id']: each for each in history.operations if each.kind == 'cancel' and each.is_done}
    for reservation, by in cancelled.items():
        if reservation in rows and rows[reservation]['status'] != 'cancelled':
            found.add('cancel', f'reservation {reservation} was cancelled and is {rows[reservation]["status"]}', [by])


def stale(found, history, timeline):
    """An answer is at least as new as all that anybody had been told before it was asked for."""
    cancels = {}
    for each in history.operations:
        if each.kind == 'cancel' and each.is_done:
            which = history.bodies[each.refs[0]]['id']
            cancels[which] = min(each.ended, cancels.get(which, each.ended))
    for each in history.operations:
        if each.is_replay:
            continue  # the stored answer, however old
        for ref in each.refs:
            body = history.bodies[ref]
            known = timeline.known_version(body['id'], each.began)
            if body['version'] < known:
                found.add('stale', f'reservation {body["id"]}: version {body["version"]} was read after {known} had been told', [each])
            if body['status'] != 'cancelled' and cancels.get(body['id'], each.began) < each.began:
                found.add('cancel', f'reservation {body["id"]} was read as {body["status"]} after its cancelling was answered', [each])


def missing_in_lists(found, world, history, timeline):
    """What certainly stood during the whole of a list's making is on it."""
    spans = Spans()
    for day, claims in timeline.claims().items():
        for claim in claims:
            for key in (day, claim.customer):
                spans.add(key, claim.known, min(claim.changed_from, timeline.end), claim)
    for each in history.operations:
        if each.kind not in ('list_own', 'list_staff') or not each.is_done or each.extra is not None:
            continue
        key = world.customers[each.who] if each.kind == 'list_own' else (each.target, each.sent['date'])
        listed = {history.bodies[ref]['id'] for ref in each.refs}
        for claim in spans.at(key, each.began, each.began):
            if claim.reservation not in listed and claim.is_listed(each.began, each.ended):
                found.add('stale', f'reservation {claim.reservation} version {claim.version} stood and is not on the list',
                          [each, *timeline.acknowledged.get((claim.reservation, claim.version), [])])


def unasked(found, timeline):
    """Nothing comes to be that nobody asked for, and no version twice or left out."""
    for reservation, versions in timeline.versions.items():
        numbers = sorted(versions)
        rows = timeline.rows[reservation]
        if numbers != list(range(1, len(numbers) + 1)) or len(rows) != len(numbers):
            found.add('log', f'the log has versions {numbers} of reservation {reservation} in {len(rows)} rows', [])
        asked = len(timeline.attempts.get(reservation, ()))
        if len(numbers) - 1 > asked:
            found.add('log', f'reservation {reservation} was changed {len(numbers) - 1} times, asked for {asked} times',
                      timeline.attempts.get(reservation, []))
        if not timeline.creations.get(versions[numbers[0]]['special_requests']):
            found.add('log', f'nobody asked for reservation {reservation}', [])


