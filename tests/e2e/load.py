"""Customers who book at the same time, each with an Idempotency-Key per attempt, until told to stop or cut off. Keeps
what was asked and what was answered: an attempt without an answer may have been stored or not.
"""
import datetime, http.client, threading, time

from server import Threads


class Attempt:
    def __init__(self, customer, key, body):
        self.customer, self.key, self.body, self.answer = customer, key, body, None

    @property
    def is_confirmed(self):
        return self.answer is not None and self.answer.status == 201

    @property
    def is_unknown(self):
        return self.answer is None


class Load:
    """`starts`: [(restaurant_id, date, time)], none of one restaurant overlapping; every customer wants each of them once,
    and has a thread and a connection of its own."""

    def __init__(self, server, customers, starts, party_size=2):
        self.server, self.customers, self.starts, self.party_size = server, customers, starts, party_size
        self.attempts = [[] for _ in customers]
        self.is_stopped = threading.Event()
        self.confirmed = 0
        self.changed = threading.Condition()
        self.threads = Threads(len(customers), self.book)

    def book(self, number):
        token = self.customers[number][1]
        with self.server.client(token) as client:
            for n in range(len(self.starts)):
                if self.is_stopped.is_set():
                    return
                # Two neighbours always want the same thing at about the same time.
                restaurant, date, time_of_day = self.starts[(n + number // 2 * 7) % len(self.starts)]
                attempt = Attempt(number, f'load-{number}-{n}', {
                    'restaurant_id': restaurant, 'date': date, 'time': time_of_day, 'party_size': self.party_size,
                    'special_requests': f'load {number} {n}'})
                self.attempts[number].append(attempt)
                try:
                    attempt.answer = client.post('/customer/reservations', attempt.body, attempt.key)
                except (OSError, http.client.HTTPException):
                    return  # cut off: nobody knows what became of it
                assert attempt.answer.status in (201, 409), attempt.answer
                if attempt.is_confirmed:
                    with self.changed:
                        self.confirmed += 1
                        self.changed.notify_all()

    def wait_confirmed(self, count, timeout_s):
        end = time.monotonic() + timeout_s
        with self.changed:
            while self.confirmed < count and not self.threads.failures:
                assert self.changed.wait(max(0.0, end - time.monotonic())), \
                    f'{self.confirmed} of {count} confirmed within {timeout_s} s'

    def join(self, timeout_s=20):
        self.threads.join(timeout_s)

    def all_attempts(self):
        return [attempt for each in self.attempts for attempt in each]


def overlaps(reservations):
    """Pairs that stand on the same table at the same time."""
    at = datetime.datetime.fromisoformat
    by_table = {}
    for each in reservations:
        if each['status'] in ('confirmed', 'seated'):
            for table in each['table_ids']:
                by_table.setdefault(table, []).append(each)
    found = []
    for standing in by_table.values():
        standing.sort(key=lambda each: at(each['starts_at']))
        found += [(a['id'], b['id']) for a, b in zip(standing, standing[1:]) if at(b['starts_at']) < at(a['ends_at'])]
    return found
