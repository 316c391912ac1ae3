"""Two houses that know nothing of each other, each with its people and one of everything: what the tests of the tenant
wall and of secrets begin with. All of it is made over the API.
"""
import time, unittest

from client import wait_for
from server import PASSWORD, Server
from who import Forge
from world import day

DAYS = ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')


class TwoHouses(unittest.TestCase):
    """`a`: owner, manager, host; customers ada (one of everything there) and bo. `b`: another owner, whose house is the
    same. `hidden`: a house of a's owner that isn't public, with nobody else in it.
    """
    options = ()

    @classmethod
    def setUpClass(cls):
        server = cls.server = cls.enterClassContext(Server('--no-fsync', *cls.options))
        server.start()
        cls.http = server.client()
        cls.addClassCleanup(cls.http.close)
        cls.people = {name: cls.newcomer(name, 'staff') for name in ('owner', 'manager', 'host', 'stranger')}
        cls.people |= {name: cls.newcomer(name, 'customer') for name in ('ada', 'bo')}
        cls.clients = {name: server.client(who['access_token']) for name, who in cls.people.items()}
        for each in cls.clients.values():
            cls.addClassCleanup(each.close)
        cls.a, cls.b = cls.furnish('owner', 'House A', 'ada'), cls.furnish('stranger', 'House B', 'bo')
        cls.hidden = {'restaurant_id': server.make_restaurant(cls.token('owner'), [2, 4], name='Hidden', is_public=False)}
        for name in ('manager', 'host'):
            cls.made('owner', f'/restaurants/{cls.a["restaurant_id"]}/staff',
                     {'email': f'{name}@example.test', 'role': name})
        forge = Forge(server, cls.token('ada'))
        leaver = cls.newcomer('leaver', 'customer')['access_token']
        assert cls.http.post('/customer/logout', None, token=leaver).status == 204
        # Nobody at all: each of them is 401 wherever a token is asked for.
        cls.nobodies = {'none': '', 'no token': 'x.y.z', 'expired': forge.token(exp=int(time.time()) - 1),
                        'other key': forge.token(key=b'k' * 32), 'logged out': leaver}

    @classmethod
    def newcomer(cls, name, side):
        address = {'email': f'{name}@example.test', 'password': PASSWORD}
        named = {'first_name': name, 'last_name': 'Berg'} if side == 'customer' else {'full_name': name}
        home = '/customer' if side == 'customer' else '/auth'
        answer = cls.http.post(f'{home}/register', {**address, **named})
        assert answer.status == 201, answer
        answer = cls.http.post(f'{home}/login', address)
        assert answer.status == 200, answer
        return answer.json

    @classmethod
    def token(cls, name):
        return cls.people[name]['access_token']

    @classmethod
    def made(cls, who, target, body):
        answer = cls.clients[who].post(target, body)
        assert answer.status == 201, answer
        return answer.json

    @classmethod
    def furnish(cls, owner, name, guest):
        """A house, open day and night, with one of everything; every id that a path can name."""
        place = cls.server.make_restaurant(cls.token(owner), [2, 2, 4, 4, 4], name=name,
                                           **{f'hours_{each}': '00:00-24:00' for each in DAYS})
        home = f'/restaurants/{place}'
        tables = [each['id'] for each in cls.clients[owner].get(f'{home}/tables').json['items']]
        slot = {'date': day(20), 'time_slot': '12:00', 'party_size': 2, 'available_tables': 2}
        booking = {'restaurant_id': place, 'date': day(10), 'time': '19:00', 'party_size': 2}
        cls.made(owner, f'{home}/special-days', {'date': day(30), 'hours': '12:00-20:00'})
        cls.made(owner, f'{home}/staff', {'email': f'invited-by-{owner}@example.test', 'role': 'host'})
        staff = cls.clients[owner].get(f'{home}/staff').json['items']
        return {'restaurant_id': place, 'table_id': tables[0], 'other_table_id': tables[1], 'date': day(30),
                'combination_id': cls.made(owner, f'{home}/table-combinations',
                                           {'label': 'C', 'table_ids': tables[:2]})['id'],
                'slot_id': cls.made(owner, f'{home}/availability', slot)['items'][0]['id'],
                'guest_id': cls.made(guest, '/customer/waitlist', {'restaurant_id': place, 'party_size': 2})['id'],
                'reservation_id': cls.made(guest, '/customer/reservations', booking)['id'],
                'hold_id': cls.made(guest, '/customer/holds', {**booking, 'date': day(11)})['id'],
                'staff_id': next(each['id'] for each in staff if each['status'] == 'active'),
                'invitation_id': next(each['id'] for each in staff if each['status'] == 'invited')}

    def invitation_token(self, owner):
        return wait_for(lambda: self.server.mails(f'invited-by-{owner}@'), 10, 'the invitation') and \
            self.server.mailed_token(f'invited-by-{owner}@example.test')
