"""A Friday evening from one seed: a house of 28 tables, 6 hosts, 200 customers connected, 120 reservations, 60 walk-ins.

The evening is played in its own order, step by step, as fast as the server takes it: parties book, change their minds, arrive
(or don't), wait, sit, leave. The hosts work at the same time and get in each other's way. In the end the books must balance.
"""
import collections, datetime, os, queue, random, select, threading, unittest
from concurrent.futures import ThreadPoolExecutor

from client import Closed, wait_for
from server import Server
from world import COPENHAGEN, World

SEED = int(os.environ.get('QTABLE_SEED') or 20260724)
HOSTS, CUSTOMERS, RESERVATIONS, WALK_INS = 6, 200, 120, 60
CAPACITIES = [2] * 10 + [4] * 12 + [6] * 4 + [8] * 2
PARTIES = [1] + [2] * 9 + [3] * 3 + [4] * 6 + [5, 6, 6, 8]
TURNS = [{'up_to_party': 2, 'minutes': 75}, {'up_to_party': 4, 'minutes': 90}, {'up_to_party': 8, 'minutes': 105}]
STEP_MIN = 10


def next_friday():
    today = datetime.datetime.now(COPENHAGEN).date()
    return (today + datetime.timedelta(days=(4 - today.weekday()) % 7 + 7)).isoformat()


class Party:
    """Who comes, and what becomes of them."""

    def __init__(self, number, size, random_):
        self.number, self.size, self.customer = number, size, None
        self.reservation = self.guest = None
        self.arrives_min = self.leaves_min = None
        self.stay_min = max(20, random_.gauss(80, 20))
        self.patience_min = random_.uniform(30, 120)
        self.fate = 'comes'
        self.final = None


class Listeners:
    """Reads all sockets while the evening goes on."""

    def __init__(self, sockets):
        self.by_file = {each.socket: each for each in sockets}
        self.failures, self.is_over = [], False
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.is_over:
            ready, _, _ = select.select(list(self.by_file), [], [], 0.1)
            for file in ready:
                try:
                    self.by_file[file].next(0.2)
                    while True:  # what came with it
                        self.by_file[file].next(0)
                except TimeoutError:
                    pass
                except (Closed, AssertionError, OSError) as failure:
                    self.failures.append(failure)
                    del self.by_file[file]

    def end(self):
        self.is_over = True
        self.thread.join()
        return self.failures


class Friday(World):
    @classmethod
    def setUpClass(cls):
        server = cls.server = cls.enterClassContext(Server('--no-fsync'))
        server.start()
        cls.http = server.client()
        owner, *hosts = server.minted('staff', ['owner@example.test'] + [f'host{i}@example.test' for i in range(HOSTS)])
        cls.customer_tokens = server.minted('customer', [f'guest{i}@example.test' for i in range(CUSTOMERS)])
        days = ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')
        cls.place = server.make_restaurant(owner, name='Fredag', **{f'hours_{day}': '15:00-00:00' for day in days})
        cls.owner = server.client(owner)
        tables = [{'label': f'{i + 1:02}', 'capacity': seats, 'section': 'ABCD'[i % 4]} for i, seats in enumerate(CAPACITIES)]
        cls.check(cls.owner.put(f'/restaurants/{cls.place}/tables/bulk', {'tables': tables}), 200)
        cls.check(cls.owner.patch(f'/restaurants/{cls.place}/booking-rules',
                                  {'slot_interval_minutes': 15, 'turn_times': TURNS}), 200)
        for i in range(HOSTS):
            cls.check(cls.owner.post(f'/restaurants/{cls.place}/staff',
                                     {'email': f'host{i}@example.test', 'role': 'host'}), 201)
        cls.hosts = [server.client(token) for token in hosts]
        cls.customers = [server.client(token) for token in cls.customer_tokens]
        cls.host_sockets = [server.socket(f'/ws/restaurants/{cls.place}', token) for token in hosts]
        cls.customer_sockets = [server.socket('/ws/customer', token) for token in cls.customer_tokens]
        for socket in (*cls.host_sockets, *cls.customer_sockets):
            socket.expect('hello', timeout_s=10)
        for each in (cls.http, cls.owner, *cls.hosts, *cls.customers):
            cls.addClassCleanup(each.close)

    @staticmethod
    def check(answer, *statuses):
        assert answer.status in statuses, answer
        return answer

    def setUp(self):
        self.random = random.Random(SEED)
        self.date = next_friday()
        self.done = collections.Counter()  # what was done, in the words of the activity list
        self.lock = threading.Lock()
        self.service = f'/restaurants/{self.place}'

    def count(self, action):
        with self.lock:
            self.done[action] += 1

    def at_once(self, function, all_of, workers=16):
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(function, all_of))

    def by_hosts(self, jobs):
        """(action, party) each, whichever host has a hand free."""
        free = queue.SimpleQueue()
        for host in self.hosts:
            free.put(host)

        def work(job):
            host = free.get()
            try:
                return job[0](host, job[1])
            finally:
                free.put(host)

        return self.at_once(work, jobs, HOSTS)

    # ---- before the evening

    def book_party(self, party):
        """Books, at the time wished for or at one that the house offers instead; some hold first."""
        me, time = party.customer, party.wish
        random_ = random.Random(SEED + party.number)
        for _ in range(40):
            wish = {'restaurant_id': self.place, 'date': self.date, 'time': time, 'party_size': party.size}
            if party.number % 5 == 0:
                held = me.post('/customer/holds', wish)
                if held.status == 201:
                    self.count('held')
                    wish['hold_id'] = held.json['id']
            answer = me.post('/customer/reservations', wish, f'friday-{party.number}-{time}')
            if answer.status == 201:
                self.count('reservation.create')
                party.reservation = answer.json
                return
            self.assertEqual((answer.status, answer.code), (409, 'slot_unavailable'), answer)
            if answer.json['alternatives']:
                time = answer.json['alternatives'][0]['time']
            else:  # the table was for more than the house has left: a smaller party comes instead
                party.size, time = 2, f'{random_.randrange(15, 22)}:00'
        self.fail(f'no table for party {party.number}')

    def change_mind(self, party):
        me, target = party.customer, f'/customer/reservations/{party.reservation["id"]}'
        if party.fate == 'cancels':
            self.check(me.delete(target), 200)
            self.count('reservation.cancel')
            party.final = 'cancelled'
        elif party.fate == 'moves':
            answer = self.check(me.put(target, {'time': party.wish, 'special_requests': 'a quiet table'}), 200, 409)
            if answer.status == 409:  # nothing happened to it
                self.assertEqual(me.get(target).json, party.reservation)
            else:
                self.count('reservation.change')
                party.reservation = answer.json

    # ---- the evening, one action of one host

    def arrive(self, host, party):
        """Comes in: a reservation is seated at once if it can be, a walk-in waits in line."""
        if party.reservation is not None:
            target = f'{self.service}/customer-reservations/{party.reservation["id"]}'
            if party.fate == 'no_show':
                self.check(host.post(f'{target}/no-show', {}), 200)
                self.count('reservation.no_show')
                if party.number % 3 == 0:  # they come after all
                    self.check(host.put(target, {'status': 'confirmed'}), 200)
                    self.count('reservation.restore')
                    party.fate = 'comes'
                else:
                    party.final = 'no_show'
                    return
            if party.number % 4 == 0:
                self.check(party.customer.post(f'/customer/reservations/{party.reservation["id"]}/check-in', {}), 200)
                self.count('reservation.check_in')
        elif party.customer is not None:
            answer = self.check(party.customer.post('/customer/waitlist', {'restaurant_id': self.place, 'party_size': party.size}), 201)
            self.count('guest.add')
            party.guest = answer.json
        else:
            answer = self.check(host.post(f'{self.service}/guests', {'name': f'Party {party.number}', 'party_size': party.size,
                                                                     'source': 'walk_in'}, f'guest-{party.number}'), 201)
            self.count('guest.add')
            party.guest = answer.json
        self.waiting.append(party)

    def seat(self, host, party):
        """True when the party sits."""
        if party.reservation is not None:
            answer = host.post(f'{self.service}/customer-reservations/{party.reservation["id"]}/seat', {})
        else:
            if party.customer is not None and party.guest['status'] == 'waiting':
                answer = self.check(host.post(f'{self.service}/guests/{party.guest["id"]}/notify', {}), 200)
                self.count('guest.notify')
                party.guest = answer.json
            answer = host.post(f'{self.service}/guests/{party.guest["id"]}/seat', {})
        if answer.status == 409:
            self.assertIn(answer.code, ('table_not_free', 'slot_unavailable'), answer)
            return False
        self.check(answer, 200)
        if party.reservation is not None:
            self.count('reservation.seat')
            party.reservation, guest = answer.json, answer.json['guest_id']
        else:
            self.count('guest.seat')
            party.guest, guest = answer.json, answer.json['id']
        self.assertEqual(answer.json['status'], 'seated')
        party.guest_id, party.table_ids = guest, answer.json['table_ids']
        return True

    def leave(self, host, party):
        if party.reservation is not None and party.number % 2:
            self.check(host.post(f'{self.service}/customer-reservations/{party.reservation["id"]}/complete', {}), 200)
            self.count('reservation.complete')
        else:
            self.check(host.post(f'{self.service}/guests/{party.guest_id}/complete', {}), 200)
            self.count('guest.complete' if party.reservation is None else 'reservation.complete')
        party.final = 'completed'
        for table in party.table_ids:
            answer = self.check(host.put(f'{self.service}/tables/{table}/clear', {}), 200)
            self.assertEqual((answer.json['status'], answer.json['current_guest_id']), ('available', None))
            self.count('table.clear')

    def give_up(self, host, party):
        self.check(host.post(f'{self.service}/guests/{party.guest["id"]}/leave', {}), 200)
        self.count('guest.leave')
        party.final = 'left'

    def play_step(self, now_min, coming, sitting):
        """What happens in these minutes, all hosts at once; then whoever can be seated is."""
        leaving = [party for party in sitting if party.leaves_min <= now_min]
        arriving = [party for party in coming if party.arrives_min <= now_min]
        jobs = [(self.leave, party) for party in leaving] + [(self.arrive, party) for party in arriving]
        self.by_hosts(jobs)
        for party in leaving:
            sitting.remove(party)
        for party in arriving:
            coming.remove(party)
        line = sorted(self.waiting, key=lambda party: (party.reservation is None, party.arrives_min, party.number))
        seated = self.by_hosts([(self.seat, party) for party in line])
        for party, sits in zip(line, seated):
            if sits:
                self.waiting.remove(party)
                party.leaves_min = now_min + party.stay_min
                sitting.append(party)
            elif party.reservation is None and now_min - party.arrives_min > party.patience_min:
                self.waiting.remove(party)
                self.give_up(self.hosts[party.number % HOSTS], party)

    def test_evening(self):
        listeners = Listeners([*self.host_sockets, *self.customer_sockets])
        try:
            parties = self.cast()
            self.play(parties)
            self.assert_books_balance(parties)
        finally:
            failures = listeners.end()
        self.assertEqual(failures, [])
        self.assert_everyone_heard(parties)

    def cast(self):
        """120 parties with reservations, 60 without, a third of them by the app."""
        pick, parties = self.random, []
        for number in range(RESERVATIONS + WALK_INS):
            party = Party(number, pick.choice(PARTIES), pick)
            if number < RESERVATIONS:
                party.customer = self.customers[number]
                party.wish = f'{pick.randrange(15, 22)}:{pick.choice(("00", "15", "30", "45"))}'
                party.fate = pick.choices(('comes', 'cancels', 'moves', 'no_show'), (80, 7, 8, 5))[0]
            elif number % 3 == 0:
                party.customer = self.customers[number]
            parties.append(party)
        self.at_once(self.book_party, parties[:RESERVATIONS])
        self.at_once(self.change_mind, parties[:RESERVATIONS])
        return parties

    def play(self, parties):
        for party in parties:
            if party.reservation is not None:
                hours, minutes = map(int, party.reservation['time'].split(':'))
                party.arrives_min = hours * 60 + minutes + self.random.gauss(2, 8)
            else:
                party.arrives_min = self.random.uniform(15 * 60, 22 * 60)
        coming = [party for party in parties if party.final is None]
        self.waiting, sitting, now_min = [], [], 14 * 60 + 30
        while coming or self.waiting or sitting:
            now_min += STEP_MIN
            self.assertLess(now_min, 48 * 60, f'{len(coming)} to come, {len(self.waiting)} wait, {len(sitting)} sit')
            self.play_step(now_min, coming, sitting)

    # ---- afterwards

    def assert_books_balance(self, parties):
        print(f'seed {SEED}:', dict(sorted(self.done.items())), dict(collections.Counter(party.final for party in parties)))
        expected = {party.reservation['id']: party.final for party in parties if party.reservation is not None}
        told = {each['id']: each['status'] for each in
                self.owner.all_items(f'{self.service}/customer-reservations?date={self.date}')}
        self.assertEqual(told, expected)
        for party in parties:
            self.assertIn(party.final, ('completed', 'cancelled', 'no_show', 'left'))
        tables = self.owner.all_items(f'{self.service}/tables')
        self.assertEqual({(each['status'], each['current_guest_id']) for each in tables}, {('available', None)})
        floor = self.check(self.owner.get(f'{self.service}/floor'), 200).json
        self.assertEqual([each for each in floor['guests']], [])
        guests = self.owner.all_items(f'{self.service}/guests')
        self.assertEqual(collections.Counter(each['status'] for each in guests),
                         collections.Counter(party.final for party in parties if party.final in ('completed', 'left')))
        self.assertEqual(self.server.sql(f"select count(*) from reservation_tables where restaurant_id = '{self.place}'"), '0')

        log = self.owner.all_items(f'{self.service}/activity')
        self.assertEqual(len({each['seq'] for each in log}), len(log))
        counted = collections.Counter(each['action'] for each in log)
        # A party's seating and leaving write more than one row: those of its guest and tables.
        for action, times in self.done.items():
            if action.startswith('reservation.') or action in ('guest.add', 'guest.notify', 'guest.leave', 'table.clear'):
                self.assertEqual(counted[action], times, (action, counted, self.done))
        self.assertEqual(self.server.sql(f"select max(seq + (windows is not null)::int) = count(*) + count(windows) from restaurant_events where restaurant_id = '{self.place}'"), 't')
        self.last_seq = int(self.server.sql(f"select max(seq + (windows is not null)::int) from restaurant_events where restaurant_id = '{self.place}'"))
        wait_for(lambda: all(each.events[-1]['seq'] >= self.last_seq for each in self.host_sockets), 10, 'all hosts heard all')

    def assert_everyone_heard(self, parties):
        """Every event once and in order, on both sides."""
        first, *others = [[event for event in each.events if event['type'] != 'hello'] for each in self.host_sockets]
        self.assertEqual([event['seq'] for event in first], list(range(first[0]['seq'], self.last_seq + 1)))
        for other in others:
            self.assertEqual([(event['seq'], event['type']) for event in other[-len(first):]],
                             [(event['seq'], event['type']) for event in first[-len(other):]])
        for socket in self.customer_sockets:
            hello, *events = socket.events
            self.assertEqual([event['seq'] for event in events], list(range(hello['seq'] + 1, hello['seq'] + 1 + len(events))))
        for party in parties:
            if party.reservation is not None:
                told = [event for event in self.customer_sockets[party.number].events
                        if event['type'].startswith('reservation_') and event['data']['id'] == party.reservation['id']]
                self.assertEqual(told[0]['type'], 'reservation_confirmed')
                self.assertEqual(told[-1]['data']['status'], party.final)
                self.assertEqual([event['data']['version'] for event in told], list(range(1, len(told) + 1)))
            elif party.customer is not None:
                told = [event for event in self.customer_sockets[party.number].events
                        if event['type'] in ('table_ready', 'waitlist_updated')]
                self.assertEqual(told[-1]['data']['status'], party.final)
                self.assertEqual('table_ready' in {event['type'] for event in told}, party.guest['notified_at'] is not None)


if __name__ == '__main__':
    unittest.main(verbosity=2)
