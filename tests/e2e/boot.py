"""What a start does with data that isn't sound: that restaurant is not served, and why is said; the others are."""
import re, unittest

from server import Server
from world import World, day


class Boot(World):
    def setUp(self):
        self.server = self.enterContext(Server('--no-fsync', '--threads', '2'))
        self.server.start()
        self.owner = self.server.mint('staff', 'owner@example.test')
        self.guest = self.server.client(self.server.mint('customer', 'ada@example.test'))
        self.http = self.server.client()
        self.addCleanup(lambda: (self.guest.close(), self.http.close()))

    def restart(self, change=''):
        if change:
            self.server.sql(change)
        self.server.stop()
        self.server.start()
        for each in (self.guest, self.http):
            each.close()
            each.port = self.server.port

    def refused(self):
        return dict(re.findall(r'restaurant (\S+) is not served: (.*)', self.server.log()))

    def make(self, **profile):
        place = self.server.make_restaurant(self.owner, [2, 4], **profile)
        self.book(self.guest, place, day(10), '18:00')
        return place

    def test_one_that_is_not_sound(self):
        sound, twice, lost, floor = (self.make(name=name) for name in ('Sound', 'Twice', 'Lost', 'Floor'))
        before = self.slots(sound, day(10))
        # The last line of defence is another table's: what the reservations themselves say overlaps here.
        self.restart(f"""
            insert into customer_reservations select (jsonb_populate_record(null::customer_reservations, to_jsonb(r)
                || jsonb_build_object('id', gen_random_uuid()))).* from customer_reservations r
                where restaurant_id = '{twice}';
            update restaurants set timezone = 'Mars/Olympus' where id = '{lost}';
            update restaurant_tables set status = 'occupied', current_guest_id = gen_random_uuid()
                where restaurant_id = '{floor}' and label = 'T1'""")
        refused = self.refused()
        self.assertEqual(set(refused), {twice, lost, floor})
        self.assertRegex(refused[twice], r'^table \S+ is taken twice at \S+: by \S+ and \S+$')
        self.assertEqual(refused[lost], 'its time zone is unknown')
        self.assertRegex(refused[floor], r'^table T1 is occupied by guest \S+, who doesn\'t sit there$')
        for place in (twice, lost, floor):
            self.assertEqual(self.http.get(f'/public/restaurants/{place}').status, 404)
            self.assertEqual(self.guest.post('/customer/reservations', {
                'restaurant_id': place, 'date': day(11), 'time': '18:00', 'party_size': 2}).status, 404)
        self.assertEqual(self.slots(sound, day(10)), before)
        self.book(self.guest, sound, day(11), '18:00')

        # Set right, it is served by the next start.
        self.restart(f"""delete from customer_reservations as r where restaurant_id = '{twice}' and not exists
                         (select from reservation_tables as t where t.reservation_id = r.id)""")
        self.assertEqual(set(self.refused()), {lost, floor})
        self.book(self.guest, twice, day(11), '18:00')

    def test_says_what_it_did(self):
        for number in range(3):
            self.make(name=f'Place {number}')
        self.restart()
        self.assertRegex(self.server.log(), r'boot: 3 restaurants, 3 reservations in \d+\.\d\d s on 2 threads: query '
                                            r'\d+\.\d\d, decode \d+\.\d\d, build \d+\.\d\d, publish \d+\.\d\d, '
                                            r'catalogue \d+\.\d\d s\b')


if __name__ == '__main__':
    unittest.main()
