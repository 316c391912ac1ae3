"""kill -9 in the middle of bookings: what was confirmed is there, nothing stands twice, streams and retries go on."""
import unittest

from client import Closed
from load import Load, overlaps
from server import Server, Threads
from world import OWNER, World, day, import_city


class Crash(World):
    def setUp(self):
        self.server = self.enterContext(Server())
        import_city(self.server, 60)
        self.server.start()
        self.http = self.server.client()
        self.staff_token = self.server.mint('staff', OWNER)
        self.staff = self.server.client(self.staff_token)
        self.addCleanup(lambda: (self.http.close(), self.staff.close()))

    def near(self, place):
        answer = self.http.get(f'/public/restaurants?{place}&radius=20&limit=100')
        self.assertEqual(answer.status, 200, answer)
        return answer.json['items']

    def starts_of(self, restaurants, dates):
        """Free starts that don't overlap: (restaurant, date, time)."""
        starts = []
        for date in dates:
            for restaurant in restaurants:
                free_from = ''
                for time, slot in self.slots(restaurant, date).items():
                    if slot['is_available'] and slot['starts_at'] >= free_from:
                        starts.append((restaurant, date, time))
                        free_from = slot['ends_at']
        return starts

    def test_crash_under_load(self):
        server = self.server
        customers = [server.mint('customer', f'load{i}@example.test') for i in range(8)]
        owned = [each['id'] for each in self.near('lat=55.68&lon=12.56') if any(self.slots(each['id'], day(20)))][:6]
        starts = self.starts_of(owned + [each['id'] for each in self.near('lat=56.85&lon=10.75')[:6]],
                                [day(20), day(21), day(22)])
        self.assertGreater(len(starts), 30)
        sockets = [(f'/ws/restaurants/{owned[0]}', self.staff_token), (f'/ws/restaurants/{owned[1]}', self.staff_token),
                   (f'/ws/public/restaurants/{owned[0]}', None), ('/ws/customer', customers[0])]
        watching = [server.socket(*each) for each in sockets]
        for each in watching:
            each.next()

        def watch(number):
            with self.assertRaises((Closed, OSError)):
                while True:
                    watching[number].next(60)

        readers = Threads(len(watching), watch)
        load = Load(server, [(None, token) for token in customers], starts)
        load.wait_confirmed(min(150, 2 * len(starts)), 30)
        server.kill()
        load.join()
        readers.join(10)
        for each in watching:
            each.socket.close()
        attempts = load.all_attempts()
        confirmed = [attempt for attempt in attempts if attempt.is_confirmed]
        server.start()
        for each in (self.http, self.staff):
            each.close()
            each.port = server.port

        # Every confirmed reservation is there, unaltered.
        everything = {}
        for number, token in enumerate(customers):
            with server.client(token) as client:
                everything.update((each['id'], each) for each in client.all_items('/customer/reservations'))
        for attempt in confirmed:
            self.assertEqual(everything.get(attempt.answer.json['id']), attempt.answer.json)
        self.assertEqual(overlaps(everything.values()), [])
        surplus = set(everything) - {attempt.answer.json['id'] for attempt in confirmed}
        unknown = [attempt for attempt in attempts if attempt.is_unknown]
        self.assertLessEqual(len(surplus), len(unknown))
        for restaurant in owned:
            staffs = self.staff.all_items(f'/restaurants/{restaurant}/customer-reservations')
            self.assertGreaterEqual({each['id'] for each in staffs},
                                    {each['id'] for each in everything.values() if each['restaurant_id'] == restaurant})
            self.assertEqual(overlaps(staffs), [])

        self.check_streams(sockets, watching, everything)
        self.check_retries(customers, confirmed, unknown, everything)

    def check_streams(self, sockets, watching, everything):
        """They go on where they were: no hole, no repeat."""
        for (target, token), before in zip(sockets, watching):
            hello, last = before.events[0], before.events[-1]
            with self.server.socket(f'{target}?epoch={hello["epoch"]}&since_seq={last["seq"]}', token) as after:
                greeting = after.next()
                if target == '/ws/customer':
                    if greeting['epoch'] != hello['epoch']:
                        self.assertEqual(after.next()['type'], 'resync_required')
                    continue
                self.assertEqual(greeting['epoch'], hello['epoch'])
                while after.events[-1]['seq'] < greeting['seq']:
                    after.next()
            events = before.events[1:] + after.events[1:]
            self.assertEqual([event['seq'] for event in events], [hello['seq'] + 1 + i for i in range(len(events))])
            with self.server.socket(f'{target}?epoch={hello["epoch"]}&since_seq={hello["seq"]}', token) as whole:
                whole.next()
                self.assertEqual([(each['seq'], each['type']) for each in (whole.next() for _ in events)],
                                 [(each['seq'], each['type']) for each in events])
            if token is not None:
                received = [each['data']['id'] for each in events if each['type'] == 'customer_reservation_received']
                self.assertEqual(len(received), len(set(received)))
                self.assertEqual(set(received), {each['id'] for each in everything.values()
                                                 if each['restaurant_id'] == target.split('/')[-1]})

    def check_retries(self, customers, confirmed, unknown, everything):
        by_customer = [self.server.client(token) for token in customers]
        for attempt in confirmed:
            again = by_customer[attempt.customer].post('/customer/reservations', attempt.body, attempt.key)
            self.assertEqual((again.status, again.body, again.header('Idempotent-Replayed'), again.header('Location')),
                             (201, attempt.answer.body, 'true', attempt.answer.header('Location')))
        for attempt in unknown:
            again = by_customer[attempt.customer].post('/customer/reservations', attempt.body, attempt.key)
            if again.status == 201:
                is_replay = again.header('Idempotent-Replayed') == 'true'
                self.assertEqual(is_replay, again.json['id'] in everything, again)
                everything[again.json['id']] = again.json
            else:
                self.assertEqual((again.status, again.code), (409, 'slot_unavailable'))
        self.assertEqual(overlaps(everything.values()), [])
        for each in by_customer:
            each.close()


if __name__ == '__main__':
    unittest.main()
