"""Customers and hosts over HTTP. Each is a thread with a connection of its own; a customer has two devices, which use each other's keys.
Everything that is asked goes into the history, whatever comes of it.
"""
import http.client, random, threading, time

import paths  # noqa: F401

BOOKING, AVAILABILITY_SIZES = '/customer/reservations', (2, 4)
LIVE_MAX, KEYS_KEPT, PAUSE_S, TRIES, ANSWER_S = 7, 60, 0.05, 12, 20
PARTIES = (1, 2, 2, 2, 2, 3, 4, 4, 6)
# What each kind may be refused with while nothing is wrong; 503 is always possible. Whether there was a reason, the checker says.
REFUSALS = {'book': {'slot_unavailable', 'already_booked', 'idempotency_in_progress'},
            'move': {'slot_unavailable', 'already_booked', 'illegal_transition'}, 'cancel': {'illegal_transition'},
            'seat': {'illegal_transition', 'table_not_free'}, 'complete': {'illegal_transition'}, 'clear': set()}


class World:
    """`restaurants`: id → {'tables': {id: capacity}, 'owner': token}. `starts`: the times that a party can be wished for; `dates`."""

    def __init__(self, restaurants, dates, starts, turn_min):
        self.restaurants, self.dates, self.starts, self.turn_min = restaurants, dates, starts, turn_min
        self.customers = {}  # name → id

    def hot_start(self, random_):
        """Most of them want to eat at the same time."""
        middle = len(self.starts) * 2 // 3
        return self.starts[min(len(self.starts) - 1, max(0, int(random_.gauss(middle, 4))))]


class Worker:
    """Asks any of the nodes, each over a connection of its own."""

    def __init__(self, name, number, seed, nodes, token, history, world):
        self.name, self.random, self.history, self.world = name, random.Random(f'{seed}-{name}-{number}'), history, world
        self.clients, self.is_over = [node.client(token) for node in nodes], False
        self.nodes = random.Random(f'{seed}-{name}-{number}-nodes')
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        try:
            while not self.is_over:
                self.step()
        except BaseException as failure:  # a worker that ends early would make the test quietly smaller
            self.history.complain(f'{self.name} ended: {failure!r}')
            raise
        finally:
            for client in self.clients:
                client.close()

    def call(self, kind, method, path, target='', body=None, key=None, sent=None):
        """The operation, finished. None: the connection was refused, so nobody was asked."""
        node = self.nodes.randrange(len(self.clients))
        operation = self.history.begin(self.name, kind, target, sent if sent is not None else body, key, node)
        headers = {'Idempotency-Key': key} if key else {}
        try:
            answer = self.clients[node].request(method, path, body, headers=headers, timeout_s=ANSWER_S, may_fail=True)
        except (OSError, http.client.HTTPException) as failure:
            operation.ended = self.history.now()
            operation.code = type(failure).__name__
            time.sleep(PAUSE_S)
            return operation
        except (AssertionError, ValueError, KeyError) as wrong:
            operation.ended = self.history.now()
            self.history.complain(f'{operation}: {wrong}')
            return operation
        operation.ended = self.history.now()
        operation.status, operation.is_replay = answer.status, answer.header('Idempotent-Replayed') == 'true'
        operation.is_degraded = answer.header('QTable-Degraded') is not None
        self.take(operation, answer)
        return operation

    def take(self, operation, answer):
        kind, status = operation.kind, operation.status
        if status >= 400:
            operation.code = answer.code
            is_fine = status == 503 or (status == 409 and operation.code in REFUSALS.get(kind, ()))
            if not is_fine:
                self.history.complain(f'{operation}: {answer.body[:300]!r}')
            if status == 503:
                time.sleep(PAUSE_S)
        elif kind in ('list_own', 'list_staff'):
            operation.refs = [self.history.see(each) for each in answer.json['items']]
            operation.extra = answer.json['next_cursor']
        elif kind == 'availability':
            operation.extra = {slot['time']: slot['available_tables'] for slot in answer.json['slots']}
        elif kind != 'clear':
            operation.refs = [self.history.see(answer.json)]

    def body_of(self, operation):
        return self.history.bodies[operation.refs[0]]

    def availability(self):
        restaurant, date = self.random.choice(list(self.world.restaurants)), self.random.choice(self.world.dates)
        size = self.random.choice(AVAILABILITY_SIZES)
        self.call('availability', 'GET', f'/public/restaurants/{restaurant}/availability?date={date}&party_size={size}', restaurant,
                  sent={'date': date, 'party_size': size})


class Shared:
    """What the devices of one customer know together."""

    def __init__(self):
        self.lock, self.live, self.keys, self.count = threading.Lock(), {}, [], 0


class Customer(Worker):
    def __init__(self, name, number, seed, nodes, token, history, world, shared):
        super().__init__(name, number, seed, nodes, token, history, world)
        self.shared = shared

    def step(self):
        with self.shared.lock:
            live = list(self.shared.live)
        wishes = [(self.book, 44 if len(live) < LIVE_MAX else 4), (self.again, 12), (self.list, 8), (self.availability, 10)]
        if live:
            wishes += [(self.cancel, 6 + 4 * len(live)), (self.move, 14), (self.read, 8)]
        what = self.random.choices([each for each, _ in wishes], [weight for _, weight in wishes])[0]
        what() if what not in (self.cancel, self.move, self.read) else what(self.random.choice(live))

    def book(self):
        with self.shared.lock:
            self.shared.count += 1
            key = f'{self.name}-{self.shared.count}'
        body = {'restaurant_id': self.random.choice(list(self.world.restaurants)), 'date': self.random.choice(self.world.dates),
                'time': self.world.hot_start(self.random), 'party_size': self.random.choice(PARTIES), 'special_requests': key}
        with self.shared.lock:
            self.shared.keys = [*self.shared.keys[-KEYS_KEPT:], (key, body)]
        operation = self.send_booking(key, body)
        # Some give up, as people do; most try again.
        if self.random.random() < 0.8:
            for _ in range(TRIES):
                if operation.status not in (None, 503) or self.is_over:
                    break
                operation = self.send_booking(key, body)

    def again(self):
        with self.shared.lock:
            key, body = self.random.choice(self.shared.keys) if self.shared.keys else (None, None)
        if key:
            self.send_booking(key, body)

    def send_booking(self, key, body):
        operation = self.call('book', 'POST', BOOKING, body['restaurant_id'], body, key)
        if operation.status == 201 and not operation.is_replay:
            with self.shared.lock:
                self.shared.live[self.body_of(operation)['id']] = True
        elif operation.status == 201 and self.random.random() < 0.5:
            self.read(self.body_of(operation)['id'])
        return operation

    def cancel(self, reservation):
        operation = self.call('cancel', 'DELETE', f'{BOOKING}/{reservation}', reservation)
        if operation.is_done or operation.status == 409:
            self.forget(reservation)
            if self.random.random() < 0.3:
                self.read(reservation)

    def move(self, reservation):
        body = {'time': self.world.hot_start(self.random)}
        if self.random.random() < 0.3:
            body['date'] = self.random.choice(self.world.dates)
        operation = self.call('move', 'PUT', f'{BOOKING}/{reservation}', reservation, body)
        if operation.status == 409 and operation.code == 'illegal_transition':
            self.forget(reservation)

    def read(self, reservation):
        operation = self.call('read', 'GET', f'{BOOKING}/{reservation}', reservation)
        if operation.is_done and self.body_of(operation)['status'] == 'confirmed':
            with self.shared.lock:
                self.shared.live[reservation] = True

    def forget(self, reservation):
        with self.shared.lock:
            self.shared.live.pop(reservation, None)

    def list(self):
        self.call('list_own', 'GET', f'{BOOKING}?status=confirmed&limit=100', '', sent={'status': 'confirmed'})


class Host(Worker):
    """Of one restaurant; whom it seats eats at once, so that tables never stay taken for long."""

    def __init__(self, name, number, seed, nodes, token, history, world, restaurant):
        super().__init__(name, number, seed, nodes, token, history, world)
        self.restaurant, self.seated, self.root = restaurant, None, f'/restaurants/{restaurant}'

    def step(self):
        if self.seated is not None:
            return self.serve()
        if self.random.random() < 0.25:
            return self.availability()
        date = self.random.choice(self.world.dates)
        operation = self.call('list_staff', 'GET', f'{self.root}/customer-reservations?date={date}&status=confirmed&limit=100',
                              self.restaurant, sent={'date': date, 'status': 'confirmed'})
        if operation.is_done and operation.refs and self.random.random() < 0.4:
            self.seated = self.history.bodies[self.random.choice(operation.refs)]['id']
            self.call('seat', 'POST', f'{self.path(self.seated)}/seat', self.seated, {}, sent={'restaurant': self.restaurant})
        return time.sleep(PAUSE_S)

    def path(self, reservation):
        return f'{self.root}/customer-reservations/{reservation}'

    def serve(self):
        """One step further for the party at hand, whatever is known about it."""
        found = self.call('read', 'GET', self.path(self.seated), self.seated)
        if not found.is_done:
            return time.sleep(PAUSE_S)
        body = self.body_of(found)
        if body['status'] == 'seated':
            return self.call('complete', 'POST', f'{self.path(self.seated)}/complete', self.seated, {})
        if body['status'] == 'completed':
            cleared = [self.call('clear', 'PUT', f'{self.root}/tables/{table}/clear', table, {}, sent={'restaurant': self.restaurant})
                       for table in body['table_ids']]
            if not all(each.is_done for each in cleared):
                return time.sleep(PAUSE_S)
        self.seated = None
        return None
