"""The database in itself, and memory against it: what the program answers from memory at the end, what it answers after it has read
everything anew, and what the tables say are the same.
"""
import collections

import paths  # noqa: F401
from timeline import minutes


def check(found, world, history, store, final, timeline):
    tables_taken(found, store)
    floor(found, store)
    restarted(found, final)
    elsewhere(found, final)
    counted(found, world, store, final, timeline)
    listed(found, store, final, timeline)
    for text in history.complaints:
        found.add('answer', text, [])
    for text in final.get('deaths', ()):
        found.add('death', text, [])
    for text in final.get('differences', ()):
        found.add('memory', f'qtable check: {text}', [])


def tables_taken(found, store):
    """What reservations and guests say that they take is what is marked as taken, and nothing meets."""
    wanted = {}
    for row in [*store['reservations'], *store['guests']]:
        takes = row['status'] in ('confirmed', 'seated') and not row.get('reservation_id')
        for table in row['table_ids'] if takes else ():
            wanted[row['id'], table] = (row['blocks_from'], row['blocks_until'])
    taken = {(row['holder'], row['table_id']): (row['from'], row['until']) for row in store['taken']}
    for which in wanted.keys() | taken.keys():
        if wanted.get(which) != taken.get(which):
            found.add('store', f'{which[0]} takes table {which[1]} for {wanted.get(which)}, marked as taken is {taken.get(which)}', [])
    by_table = collections.defaultdict(list)
    for (holder, table), (since, until) in taken.items():
        by_table[table].append((since, until, holder))
    for table, spans in by_table.items():
        spans.sort()
        for a, b in zip(spans, spans[1:]):
            if b[0] < a[1]:
                found.add('overlap', f'table {table} is taken twice in the database: by {a[2]} and {b[2]}', [])


def floor(found, store):
    """A table is occupied by the guest that sits at it."""
    sitting = {(guest['id'], table) for guest in store['guests'] if guest['status'] == 'seated' for table in guest['table_ids']}
    occupied = {(table['current_guest_id'], table['id']) for table in store['tables'] if table['status'] == 'occupied'}
    for guest, table in sitting ^ occupied:
        found.add('store', f'table {table} and guest {guest} disagree about who sits there', [])


def restarted(found, final):
    """Memory before and after a start."""
    for what, before in final['memory'].items():
        after = final['memory_again'].get(what)
        if before != after:
            found.add('memory', f'{what}: {differences(before, after)} (before a start, after it)', [])


def elsewhere(found, final):
    """What the nodes have in memory when nothing has happened for a while."""
    for node, memory in final.get('memory_elsewhere', {}).items():
        for what, here in final['memory'].items():
            if here != memory.get(what):
                found.add('memory', f'{what}: {differences(here, memory.get(what))} (node 0, node {node})', [])


def differences(before, after):
    if isinstance(before, dict) and isinstance(after, dict):
        return {name: (before.get(name), after.get(name)) for name in sorted(before.keys() | after.keys(), key=str)
                if before.get(name) != after.get(name)}
    return before, after


def counted(found, world, store, final, timeline):
    """Availability, counted out of the rows."""
    standing = collections.defaultdict(list)
    for row in store['reservations']:
        if row['status'] == 'confirmed':
            standing[row['restaurant_id'], row['date']].append(row)
    for (restaurant, date, size), told in final['availability'].items():
        fitting = {table for table, capacity in world.restaurants[restaurant]['tables'].items() if capacity >= size}
        for time in world.starts:
            count = told[time]
            taken = {table for row in standing[restaurant, date] if timeline.meets(row['start_minute'], minutes(time))
                     for table in row['table_ids']}
            if count != len(fitting - taken):
                found.add('memory', f'{restaurant} offers {count} tables for {size} at {date} {time}, by the rows there are '
                          f'{len(fitting - taken)}', [])


def listed(found, store, final, timeline):
    """What staff are shown at the end is all there is, as the log has it."""
    rows = {row['id']: row for row in store['reservations']}
    for reservation in rows.keys() ^ final['listed'].keys():
        found.add('lost', f'reservation {reservation} is {"not on" if reservation in rows else "only on"} the lists', [])
    for reservation, body in final['listed'].items():
        truth = timeline.versions.get(reservation, {}).get(body['version'])
        if reservation in rows and (body['version'] != rows[reservation]['version'] or truth != body):
            found.add('altered', f'reservation {reservation} is listed otherwise than the log and the row have it', [])
