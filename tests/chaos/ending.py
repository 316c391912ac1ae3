"""The end of a run: all is put right, what each node answers is read, the tables are read, and all nodes are started once more."""
import time

import paths  # noqa: F401
from client import HttpClient, wait_for
from lag import FEED_S

CALM_S, QUIET_S = 60, 1.5
# Every instant as a number, so that rows compare with rows.
RESERVATIONS = '''select id, restaurant_id, customer_id, date::text, start_minute, party_size, status, special_requests, table_ids, version,
    confirmation_code, extract(epoch from blocks_from) as blocks_from, extract(epoch from blocks_until) as blocks_until
    from customer_reservations'''
TAKEN = '''select restaurant_id, reservation_id as holder, table_id, extract(epoch from lower(during)) as "from",
    extract(epoch from upper(during)) as until from reservation_tables'''
GUESTS = '''select id, restaurant_id, status, table_ids, reservation_id, extract(epoch from blocks_from) as blocks_from,
    extract(epoch from blocks_until) as blocks_until from guests where deleted_at is null'''

# A row holds a change and, as the next seq, what it did to availability; which of them is public follows from that.
LOG = '''select restaurant_id, seq, case when windows is null then public_seq else 0 end as public_seq, type, data from restaurant_events
    union all select restaurant_id, seq + 1, public_seq, 'availability_updated', windows from restaurant_events where windows is not null'''


def read_store(cluster):
    return {'reservations': cluster.rows(RESERVATIONS), 'taken': cluster.rows(TAKEN), 'guests': cluster.rows(GUESTS),
            'receipts': cluster.rows('select actor_id, key, status from idempotency_receipts'),
            'log': cluster.rows(LOG),
            'tables': cluster.rows('select id, restaurant_id, status, current_guest_id from restaurant_tables')}


def is_calm(program, world):
    """Everything is answered, nothing of it as of a database that is away."""
    try:
        with HttpClient(program.port) as client:
            ready = client.get('/readyz', may_fail=True)
            answers = [client.get(f'/public/restaurants/{each}', may_fail=True) for each in world.restaurants]
            return ready.status == 200 and all(each.status == 200 and not each.header('QTable-Degraded') for each in answers)
    except OSError:
        time.sleep(0.05)
        return False


def settle(cluster, network, nodes, world, watchers):
    """No more faults; waits until the program is itself again and the listeners have heard everything."""
    network.calm()
    cluster.restart_if_dead()
    for node in nodes:
        node.step_clock(0)
        wait_for(lambda node=node: is_calm(node, world), CALM_S, f'node {node.number} is itself again')
    for each in watchers:
        each.is_steady = True
    ends = {row['restaurant_id']: row for row in cluster.rows(
        f'select restaurant_id, max(seq) as staff, max(public_seq) as public from ({LOG}) as log group by restaurant_id')}

    def have_heard():
        return all(watcher.place is not None and watcher.place[1] == ends[watcher.about[1]][watcher.about[0]]
                   for watcher in watchers if watcher.about[0] != 'customer')

    try:
        wait_for(have_heard, CALM_S / 3, 'the listeners have heard everything')
    except AssertionError:
        pass  # the checker says what is missing
    wait_for(lambda: all(each.sessions and each.sessions[-1].joined and each.sessions[-1].ended is None for each in watchers), CALM_S,
             'all listeners are there')
    time.sleep(QUIET_S if len(nodes) == 1 else QUIET_S + FEED_S)


def availability(program, world, sizes):
    with HttpClient(program.port) as client:
        found = {}
        for restaurant in world.restaurants:
            for date in world.dates:
                for size in sizes:
                    answer = client.get(f'/public/restaurants/{restaurant}/availability?date={date}&party_size={size}')
                    found[restaurant, date, size] = {slot['time']: slot['available_tables'] for slot in answer.json['slots']}
        return found


def memory(program, world, sizes):
    """What the program answers from memory alone and what no passing of time changes."""
    found = {f'availability {which}': told for which, told in availability(program, world, sizes).items()}
    for restaurant, about in world.restaurants.items():
        with program.client(about['owner']) as client:
            floor = client.get(f'/restaurants/{restaurant}/floor').json
            for table in floor['tables']:
                found[f'table {table["id"]}'] = {name: table[name] for name in ('label', 'status', 'current_guest_id', 'version')}
            guests = client.all_items(f'/restaurants/{restaurant}/guests')
            found[f'guests {restaurant}'] = {each['id']: (each['status'], each['table_ids'], each['version']) for each in guests}
    return found


def listed(program, world, history):
    found = {}
    for restaurant, about in world.restaurants.items():
        with program.client(about['owner']) as client:
            for each in client.all_items(f'/restaurants/{restaurant}/customer-reservations'):
                found[each['id']] = history.bodies[history.see(each)]
    return found


def read_end(cluster, nodes, world, history, sizes):
    """(store, final), and all nodes once stopped and started in between."""
    first = nodes[0]
    final = {'availability': availability(first, world, sizes), 'memory': memory(first, world, sizes),
             'listed': listed(first, world, history), 'memory_elsewhere': {node.number: memory(node, world, sizes) for node in nodes[1:]}}
    final['differences'] = first.check(cluster.conninfo)
    for node in nodes:
        code = node.stop()
        if code != 0:
            node.deaths.append(f'node {node.number}: SIGTERM at the end: exit code {code}: {node.log()[-800:]}')
    store = read_store(cluster)
    for node in nodes:
        node.start()
        wait_for(lambda node=node: is_calm(node, world), CALM_S, f'node {node.number} is itself after its last start')
    final['differences'] += first.check(cluster.conninfo)
    final['memory_again'] = memory(first, world, sizes)
    final['deaths'] = [text for node in nodes for text in node.deaths]
    return store, final
