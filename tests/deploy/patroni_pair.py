"""Two PostgreSQL under Patroni, with etcd, and two nodes that know both: a switchover under load, then the leader killed with its
Patroni. Bookings go on, each confirmed one stands on the new leader. Takes a minute and a half; packages: `tools/setup patroni`.
"""
import collections, contextlib, http.client, json, os, sys, threading, time, unittest
from concurrent.futures import ThreadPoolExecutor

import paths  # noqa: F401
from client import wait_for
from server import Threads
from stack import Child, Database, Folder, Node, PASSWORD, START_S, found, free_port, make_restaurant, mint, needs, other_user
from world import day

BOOKERS, DAYS, TABLES = 6, 30, 20
TIMES = ('10:00', '12:00', '14:00', '16:00', '18:00', '20:00')
TTL_S, LOOP_S, RETRY_S = 20, 2, 3  # the least that Patroni takes is 20, 1 and 3
RESUMED_S, PAUSE_S = 10, 0.6  # after the promotion; between bookings, so that they last
PLANNED_S, UNPLANNED_S = 60, TTL_S + 40
OPTIONS = ('--migrate', '--requests-per-address-per-min', '0', '--requests-per-account-per-min', '0', '--bookings-per-customer', '0')


class Member:
    """A Patroni with its PostgreSQL."""

    def __init__(self, name, folder, etcd_port):
        self.name, self.folder, self.account = name, folder / name, other_user('postgres')
        self.port, self.rest_port, self.child = free_port(), free_port(), None
        self.bin = Database(folder).bin
        self.folder.mkdir()
        (self.folder / 'patroni.yml').write_text(json.dumps(self.settings(etcd_port)))  # which is YAML, too
        if self.account:
            os.chown(self.folder, self.account['user'], self.account['group'])

    def settings(self, etcd_port):
        who = {name: {'username': name, 'password': PASSWORD} for name in ('superuser', 'replication', 'rewind')}
        who['superuser']['username'] = 'postgres'
        parameters = {'unix_socket_directories': str(self.folder), 'fsync': 'off', 'wal_log_hints': 'on', 'max_connections': 100}
        return {'scope': 'qtable', 'name': self.name, 'restapi': {'listen': f'127.0.0.1:{self.rest_port}',
                                                                  'connect_address': f'127.0.0.1:{self.rest_port}'},
                'etcd3': {'host': f'127.0.0.1:{etcd_port}'},
                'bootstrap': {'dcs': {'ttl': TTL_S, 'loop_wait': LOOP_S, 'retry_timeout': RETRY_S, 'synchronous_mode': True,
                                      'postgresql': {'use_pg_rewind': True, 'parameters': parameters}},
                              'initdb': [{'encoding': 'UTF8'}, {'locale': 'C.UTF-8'}, 'data-checksums']},
                'postgresql': {'listen': f'127.0.0.1:{self.port}', 'connect_address': f'127.0.0.1:{self.port}',
                               'data_dir': str(self.folder / 'data'), 'bin_dir': str(self.bin), 'pgpass': str(self.folder / 'pgpass'),
                               'authentication': who, 'parameters': parameters,
                               'pg_hba': ['local all all trust', 'host replication replication 127.0.0.1/32 scram-sha-256',
                                          'host all all 127.0.0.1/32 scram-sha-256']}}

    def start(self):
        self.child = Child(f'patroni-{self.name}', self.folder.parent, [found('patroni'), self.folder / 'patroni.yml'], cwd='/',
                           start_new_session=True, **self.account)
        return self

    def state(self):
        """What Patroni says of it: role, state, … Nothing while it doesn't answer."""
        return self.rest('GET', '/patroni') or {}

    def rest(self, method, path, body=None):
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            connection = http.client.HTTPConnection('127.0.0.1', self.rest_port, timeout=60)
            connection.request(method, path, json.dumps(body) if body else None, {'Content-Type': 'application/json'})
            text = connection.getresponse().read().decode()
            connection.close()
            return json.loads(text) if path != '/switchover' else {'said': text}
        return None

    def is_leader(self):
        return self.state().get('role') in ('master', 'primary')

    def processes(self):
        """PostgreSQL's: the postmaster and its children."""
        pids = []
        for entry in os.listdir('/proc'):
            if entry.isdigit():
                with contextlib.suppress(OSError):
                    if os.readlink(f'/proc/{entry}/cwd') == str(self.folder / 'data'):
                        pids.append(int(entry))
        return pids

    def kill(self):
        """kill -9 of Patroni, then of all of its PostgreSQL."""
        self.child.process.kill()
        self.child.process.wait()
        for _ in range(10):
            for pid in self.processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 9)

    sql, ask = Database.sql, Database.ask


@needs('patroni', 'etcd')
class PatroniPair(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(Folder())
        etcd_port, peer_port = free_port(), free_port()
        cls.etcd = cls.enterClassContext(Child('etcd', folder, [
            found('etcd'), '--data-dir', folder / 'etcd', '--listen-client-urls', f'http://127.0.0.1:{etcd_port}',
            '--advertise-client-urls', f'http://127.0.0.1:{etcd_port}', '--listen-peer-urls', f'http://127.0.0.1:{peer_port}',
            '--initial-advertise-peer-urls', f'http://127.0.0.1:{peer_port}',
            '--initial-cluster', f'default=http://127.0.0.1:{peer_port}', '--unsafe-no-fsync'])).wait_port(etcd_port)
        cls.members = [Member(name, folder, etcd_port) for name in ('a', 'b')]
        for member in cls.members:
            member.start()
            cls.addClassCleanup(member.kill)
            wait_for(lambda member=member: cls.looked(member).get('state') == 'running', START_S, f'{member.name} runs')
        leader = wait_for(cls.leader, START_S, 'a leader')
        wait_for(cls.is_synchronous, START_S, 'commits wait for the standby')
        for each in (f"create role qtable login password '{PASSWORD}'", 'create database qtable owner qtable'):
            done = leader.ask(each)
            assert done.returncode == 0, done.stderr
        cls.url = (f'postgresql://qtable:{PASSWORD}@{",".join(f"127.0.0.1:{member.port}" for member in cls.members)}/qtable'
                   '?target_session_attrs=read-write')
        cls.nodes = [cls.enterClassContext(Node(name, folder, cls.url, *OPTIONS)) for name in ('one', 'two')]
        cls.owner = mint(cls.url, 'staff', 'o@example.test')
        with ThreadPoolExecutor(4) as pool:
            cls.guests = list(pool.map(lambda i: mint(cls.url, 'customer', f'{i}@example.test'), range(BOOKERS)))
        cls.place = make_restaurant(cls.nodes, cls.owner, TABLES)
        cls.made, cls.tries, cls.is_over = {}, collections.Counter(), False

    @staticmethod
    def looked(member):
        time.sleep(0.2)
        assert member.child.process.poll() is None, f'Patroni ended: {member.child.log()[-2000:]}'
        return member.state()

    @classmethod
    def leader(cls):
        time.sleep(0.1)
        return next((member for member in cls.members if member.is_leader()), None)

    @classmethod
    def is_synchronous(cls):
        time.sleep(0.2)
        leader = cls.leader()
        # Patroni's own word: before it has written that down it promotes nobody.
        members = (leader.rest('GET', '/cluster') or {}).get('members', ()) if leader else ()
        return any(each.get('role') == 'sync_standby' for each in members)

    def book(self, number):
        clients = [node.client(self.guests[number]) for node in self.nodes]
        with contextlib.ExitStack() as kept:
            for client in clients:
                kept.enter_context(client)
            self.book_all(clients)

    def book_all(self, clients):
        for count, (date, hour) in enumerate((day(1 + ahead), hour) for ahead in range(DAYS) for hour in TIMES):
            body = {'restaurant_id': self.place, 'date': date, 'time': hour, 'party_size': 2}
            status, attempt = None, count
            while status in (None, 503):
                if self.is_over:
                    return
                began = time.monotonic()
                attempt += 1
                with contextlib.suppress(OSError, http.client.HTTPException):
                    answer = clients[attempt % 2].post('/customer/reservations', body, f'key {count}', may_fail=True)
                    status = answer.status
                    self.tries[status] += 1
                if status in (None, 503):
                    time.sleep(0.05)
            assert status == 201, answer
            self.made[answer.json['id']] = began
            time.sleep(PAUSE_S)

    def booked_after(self, moment, timeout_s):
        return wait_for(lambda: any(began > moment for began in list(self.made.values())), timeout_s, 'bookings go on')

    def change(self, what, do, timeout_s):
        """A new leader; how long bookings then took to go on."""
        old, began = self.leader(), time.monotonic()
        new = next(member for member in self.members if member is not old)
        do(old, new)
        try:
            wait_for(lambda: new.is_leader() or time.sleep(0.05), timeout_s, 'a new leader')
        except AssertionError as late:
            raise AssertionError(f'{late}\n{old.child.log()[-1500:]}\n{new.child.log()[-3000:]}') from None
        promoted = time.monotonic()
        self.booked_after(promoted, RESUMED_S)
        print(f'{what}: a new leader after {promoted - began:.1f} s, a booking {time.monotonic() - promoted:.2f} s after that',
              file=sys.stderr, flush=True)
        return old, new

    def test_bookings_go_on_and_none_is_lost(self):
        booking = Threads(BOOKERS, self.book)
        try:
            wait_for(lambda: len(self.made) > 30 or booking.failures, START_S, 'they book')
            self.change('switchover', lambda old, new: old.rest('POST', '/switchover', {'leader': old.name, 'candidate': new.name}),
                        PLANNED_S)
            wait_for(self.is_synchronous, START_S, 'the old leader follows')
            old, new = self.change('kill -9 of the leader', lambda old, new: old.kill(), UNPLANNED_S)
            old.start()
            wait_for(self.is_synchronous, START_S, 'the killed one follows')
            self.booked_after(time.monotonic(), RESUMED_S)
        finally:
            type(self).is_over = True
            booking.join(60)
        stored = set(new.sql('select id from customer_reservations').splitlines())
        self.assertEqual([each for each in self.made if each not in stored], [], 'a confirmed booking is lost')
        self.assertEqual(new.sql('select count(*) from (select customer_id, date, start_minute from customer_reservations '
                                 'group by 1, 2, 3 having count(*) > 1) as twice'), '0')
        print(f'{len(self.made)} bookings, none lost; told {dict(self.tries)}', file=sys.stderr)


if __name__ == '__main__':
    unittest.main()
