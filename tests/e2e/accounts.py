"""Accounts from beginning to end: sessions, lost passwords, the own account, its erasure, who works where."""
import re, unittest

from client import Closed, UpgradeRefused, wait_for
from server import PASSWORD, Server, Threads
from world import UNKNOWN, World, day

NEW_PASSWORD = 'a quite different one'
CLOSED_S = 5


class Accounts(World):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server('--no-fsync', '--threads', '2'))
        cls.server.start()
        cls.http = cls.server.client()
        cls.addClassCleanup(cls.http.close)

    # ---- people

    def registered(self, name, side='customer', **more):
        """The address of a new account."""
        address = f'{name}@example.test'
        named = {'first_name': 'Ada', 'last_name': 'Berg'} if side == 'customer' else {'full_name': 'Grace Berg'}
        answer = self.http.post('/customer/register' if side == 'customer' else '/auth/register',
                                {'email': address, 'password': PASSWORD, **named, **more})
        self.assertEqual(answer.status, 201, answer)
        return address

    def login(self, address, side='customer', password=PASSWORD):
        answer = self.http.post('/customer/login' if side == 'customer' else '/auth/login',
                                {'email': address, 'password': password})
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def client(self, tokens):
        made = self.server.client(tokens['access_token'])
        self.addCleanup(made.close)
        return made

    def newcomer(self, name, side='customer'):
        tokens = self.login(self.registered(name, side), side)
        return tokens, self.client(tokens)

    def assert_revoked(self, token, target):
        """Within the time that is promised, on every connection (and so on every core)."""
        def is_refused():
            with self.server.client(token) as fresh:
                return fresh.get(target).status == 401
        for _ in range(6):
            wait_for(is_refused, CLOSED_S, 'the token is refused')

    def assert_closes(self, socket, code=4401):
        with self.assertRaises(Closed) as closed:
            while True:
                socket.next(CLOSED_S)
        self.assertEqual(closed.exception.code, code)

    def latest_token(self, address, subject):
        letters = lambda: [each for each in self.server.mails(address) if each['Subject'] == subject]
        letter = wait_for(letters, 10, f'"{subject}" to {address}')[-1]
        return re.search(r'^token:\s*(\S+)', letter.get_body(('plain',)).get_content(), re.M).group(1)

    # ---- sessions

    def test_a_refresh_token_is_good_once(self):
        for side, home in (('customer', '/customer'), ('staff', '/auth')):
            with self.subTest(side):
                first = self.login(self.registered(f'once-{side}', side), side)
                second = self.http.post(f'{home}/refresh', {'refresh_token': first['refresh_token']})
                self.assertEqual((second.status, second.json.keys()), (200, first.keys()), second)
                self.assertEqual(second.json[side], first[side])
                self.assertEqual(second.header('Cache-Control'), 'no-store')
                self.assertEqual(self.http.get(f'{home}/me', token=second.json['access_token']).status, 200)
                wrong_side = self.http.post('/auth/refresh' if side == 'customer' else '/customer/refresh',
                                            {'refresh_token': second.json['refresh_token']})
                self.assertEqual((wrong_side.status, wrong_side.code), (401, 'invalid_credentials'))
                reused = self.http.post(f'{home}/refresh', {'refresh_token': first['refresh_token']})
                self.assertEqual((reused.status, reused.code), (401, 'invalid_credentials'), reused)
                after = self.http.post(f'{home}/refresh', {'refresh_token': second.json['refresh_token']})
                self.assertEqual(after.status, 401, 'the whole session has ended')
                for tokens in (first, second.json):
                    self.assert_revoked(tokens['access_token'], f'{home}/me')
                self.assertEqual(self.http.post(f'{home}/refresh', {'refresh_token': 'x'}).status, 401)

    def test_of_two_renewals_at_once_one_succeeds(self):
        address = self.registered('racing')
        for _ in range(5):
            token, answers = self.login(address)['refresh_token'], []

            def renew(_, token=token, answers=answers):
                with self.server.client() as client:
                    answers.append(client.post('/customer/refresh', {'refresh_token': token}).status)

            Threads(4, renew).join(20)
            self.assertEqual(sorted(answers), [200, 401, 401, 401])

    def test_logout_ends_the_session_and_its_sockets(self):
        tokens, client = self.newcomer('leaving')
        other = self.login('leaving@example.test')
        with self.server.socket('/ws/customer', tokens['access_token']) as open_one, \
                self.server.socket('/ws/customer', other['access_token']) as stays:
            open_one.next(), stays.next()
            self.assertEqual(client.post('/customer/logout', None).status, 204)
            self.assert_closes(open_one)
            self.assertEqual(client.post('/customer/logout', None).status, 204, 'again: the same')
            self.assert_revoked(tokens['access_token'], '/customer/me')
            refreshed = self.http.post('/customer/refresh', {'refresh_token': tokens['refresh_token']})
            self.assertEqual(refreshed.status, 401)
            with self.assertRaises(UpgradeRefused):
                self.server.socket('/ws/customer', tokens['access_token'])
            self.assertEqual(self.http.get('/customer/me', token=other['access_token']).status, 200)
        both = self.client(other)
        third = self.login('leaving@example.test')
        self.assertEqual(both.post('/customer/logout', {'refresh_token': third['refresh_token']}).status, 204)
        self.assert_revoked(third['access_token'], '/customer/me')
        self.assertEqual(self.http.post('/customer/logout', None).status, 401)
        minted = self.server.mint('customer', 'minted@example.test')
        self.assertEqual(self.http.post('/customer/logout', {}, token=minted).status, 204, 'it has no session')
        self.assertEqual(self.http.get('/customer/me', token=minted).status, 200)

    def test_an_end_outlives_a_restart(self):
        with Server('--no-fsync') as server:
            server.start()
            with server.client() as client:
                account = {'email': 'ada@example.test', 'password': PASSWORD}
                client.post('/customer/register', {**account, 'first_name': 'A', 'last_name': 'B'})
                ended, kept = (client.post('/customer/login', account).json['access_token'] for _ in range(2))
                self.assertEqual(client.post('/customer/logout', None, token=ended).status, 204)
            server.stop()
            server.start()
            with server.client() as client:
                self.assertEqual(client.get('/customer/me', token=ended).status, 401)
                self.assertEqual(client.get('/customer/me', token=kept).status, 200)

    # ---- letters with tokens

    def test_a_lost_password(self):
        for side, home in (('customer', '/customer'), ('staff', '/auth')):
            with self.subTest(side):
                address = self.registered(f'lost-{side}', side)
                tokens = self.login(address, side)
                known = self.http.post(f'{home}/forgot-password', {'email': address.upper()})
                unknown = self.http.post(f'{home}/forgot-password', {'email': 'nobody@example.test'})
                self.assertEqual((known.status, known.body), (202, unknown.body))
                self.assertEqual(unknown.status, 202)
                token = self.latest_token(address, 'Set a new password')
                reset = f'{home}/reset-password'
                wanted = {'token': token, 'password': NEW_PASSWORD}
                self.assertEqual(self.http.post(reset, {**wanted, 'token': token + 'x'}).code, 'invalid_token')
                self.assertEqual(self.http.post(reset, {**wanted, 'password': 'password1'}).status, 422)
                other = '/auth/reset-password' if side == 'customer' else '/customer/reset-password'
                self.assertEqual(self.http.post(other, wanted).code, 'invalid_token')
                self.assertEqual(self.http.post(reset, wanted).status, 204)
                self.assertEqual(self.http.post(reset, wanted).code, 'invalid_token', 'good once')
                self.assert_revoked(tokens['access_token'], f'{home}/me')
                self.assertEqual(self.http.post(f'{home}/refresh', {'refresh_token': tokens['refresh_token']}).status,
                                 401)
                self.assertEqual(self.http.post(f'{home}/login', {'email': address, 'password': PASSWORD}).status, 401)
                self.login(address, side, NEW_PASSWORD)
        self.assertEqual(self.server.mails('nobody@example.test'), [])

    def test_another_verification(self):
        address = self.registered('unverified')
        first = self.latest_token(address, 'Confirm your e-mail address')
        answer = self.http.post('/customer/resend-verification', {'email': address})
        self.assertEqual(answer.status, 202, answer)
        wait_for(lambda: len(self.server.mails(address)) == 2, 10, 'a second letter')
        tokens = {re.search(r'^token:\s*(\S+)', each.get_body(('plain',)).get_content(), re.M).group(1)
                  for each in self.server.mails(address)}
        second, = tokens - {first}
        self.assertEqual(self.http.post('/customer/verify-email', {'token': first}).code, 'invalid_token', 'void')
        self.assertTrue(self.http.post('/customer/verify-email', {'token': second}).json['email_verified'])
        again = self.http.post('/customer/resend-verification', {'email': address})
        self.assertEqual((again.status, again.body), (202, answer.body))
        self.assertEqual(len(self.server.mails(address)), 2)

    def test_letters_are_rate_limited(self):
        with Server('--no-fsync', '--loopback-exempt=false', '--login-attempts-per-address-per-min', '1000') as server:
            server.start()
            with server.client() as client:
                for address in ('ada@example.test', 'nobody@example.test'):
                    client.post('/customer/register', {'email': 'ada@example.test', 'password': PASSWORD,
                                                       'first_name': 'A', 'last_name': 'B'})
                    codes = [client.post('/customer/forgot-password', {'email': address}).status for _ in range(7)]
                    self.assertEqual(codes, [202] * 5 + [429] * 2, address)
                self.assertEqual(client.post('/customer/login', {'email': 'ada@example.test',
                                                                 'password': PASSWORD}).status, 200, 'not locked out')

    # ---- the own account

    def test_own_account(self):
        tokens, client = self.newcomer('self')
        me = client.get('/customer/me')
        self.assertEqual((me.json, me.header('ETag')), (tokens['customer'], '"v1"'))
        self.assertEqual(client.get('/customer/me', headers={'If-None-Match': '"v1"'}).status, 304)
        changed = client.patch('/customer/me', {'first_name': 'Zoë', 'phone': '+45 12 34'},
                               headers={'If-Match': '"v1"'})
        self.assertEqual((changed.status, changed.header('ETag')), (200, '"v2"'), changed)
        self.assertEqual(changed.json, {**me.json, 'first_name': 'Zoë', 'phone': '+45 12 34', 'version': 2})
        self.assertEqual(client.patch('/customer/me', {'phone': None}, headers={'If-Match': '"v1"'}).status, 412)
        self.assertIsNone(client.patch('/customer/me', {'phone': None}).json['phone'])
        for body in ({'email': 'x@example.test'}, {'first_name': ''}, {'password': NEW_PASSWORD},
                     {'current_password': PASSWORD}, {'password': 'short', 'current_password': PASSWORD}):
            self.assertEqual(client.patch('/customer/me', body).status, 422, body)
        wrong = client.patch('/customer/me', {'password': NEW_PASSWORD, 'current_password': 'wrong'})
        self.assertEqual((wrong.status, wrong.code), (401, 'invalid_credentials'))
        right = client.patch('/customer/me', {'password': NEW_PASSWORD, 'current_password': PASSWORD})
        self.assertEqual(right.status, 200, right)
        self.assert_revoked(tokens['access_token'], '/customer/me')
        self.login('self@example.test', password=NEW_PASSWORD)

    def test_export_and_erasure(self):
        owner = self.server.mint('staff', 'host@example.test')
        place = self.server.make_restaurant(owner, [2, 2], name='Remembers')
        tokens, client = self.newcomer('gone')
        mine = tokens['customer']['id']
        booked = self.book(client, place, day(9), '19:00', special_requests='by the quiet window', key='k').json
        waiting = client.post('/customer/waitlist', {'restaurant_id': place, 'party_size': 2})
        self.assertEqual(waiting.status, 201, waiting)
        held = client.get('/customer/me/export')
        self.assertEqual(held.status, 200, held)
        self.assertTrue(held.json['is_complete'])
        self.assertEqual(held.json['account'], tokens['customer'])
        self.assertEqual([each['id'] for each in held.json['reservations']], [booked['id']])
        self.assertEqual([each['id'] for each in held.json['guests']], [waiting.json['id']])
        self.assertEqual(len(held.json['sessions']), 1)

        self.assertEqual(client.request('DELETE', '/customer/me', {'password': 'wrong'}).code, 'invalid_credentials')
        self.assertEqual(client.request('DELETE', '/customer/me', {}).status, 422)
        with self.server.socket('/ws/customer', tokens['access_token']) as socket:
            socket.next()
            gone = client.request('DELETE', '/customer/me', {'password': PASSWORD})
            self.assertEqual((gone.status, gone.body), (204, b''), gone)
            self.assert_closes(socket)
        self.assert_revoked(tokens['access_token'], '/customer/me')
        self.assertEqual(self.http.post('/customer/refresh', {'refresh_token': tokens['refresh_token']}).status, 401)
        self.assertEqual(self.http.post('/customer/login', {'email': 'gone@example.test',
                                                            'password': PASSWORD}).status, 401)
        tables = self.server.sql("select string_agg(tablename, ' ') from pg_tables where schemaname = 'public'").split()
        for table in tables:
            for words in ('gone@example', 'quiet window', 'Berg'):
                found = self.server.sql(f"select count(*) from {table} x where x::text like '%{words}%' "
                                        f"and x::text like '%{mine}%'")
                self.assertEqual(found, '0', f'{words} in {table}')
        self.assertEqual(self.server.sql("select count(*) from customers where email like 'gone@%'"), '0')
        status = self.server.sql(f"select status from customer_reservations where id = '{booked['id']}'")
        self.assertEqual(status, 'cancelled')
        left = self.server.sql(f"select status, name, phone from guests where id = '{waiting.json['id']}'")
        self.assertEqual(left, 'left||')
        with self.server.client(owner) as staff:
            seen = staff.get(f'/restaurants/{place}/customer-reservations').body + \
                staff.get(f'/restaurants/{place}/guests').body
        self.assertNotIn(b'Berg', seen)
        self.assertNotIn(b'quiet window', seen)
        again, fresh = self.newcomer('gone')
        self.assertNotEqual(again['customer']['id'], mine)
        self.assertEqual(fresh.get('/customer/me/export').json['reservations'], [])

    # ---- who works where

    def house(self, name):
        """An own restaurant with its owner's client."""
        tokens, owner = self.newcomer(f'owner-{name}', 'staff')
        return self.server.make_restaurant(tokens['access_token'], [2], name=name), owner

    def test_staff_of_a_restaurant(self):
        place, owner = self.house('Staffed')
        target = f'/restaurants/{place}/staff'
        self.assertEqual([each['role'] for each in owner.get(target).json['items']], ['owner'])
        me = owner.get('/auth/me').json
        self.assertEqual(me['restaurants'], [{'id': place, 'name': 'Staffed', 'role': 'owner'}])
        grace_tokens, grace = self.newcomer('grace', 'staff')
        self.assertEqual(grace.get(target).status, 404)
        made = owner.post(target, {'email': 'GRACE@example.test', 'role': 'host'}, 'grace')
        self.assertEqual((made.status, made.json['status'], made.json['role']), (201, 'active', 'host'), made)
        again = owner.post(target, {'email': 'GRACE@example.test', 'role': 'host'}, 'grace')
        self.assertEqual((again.status, again.body, again.header('Idempotent-Replayed')), (201, made.body, 'true'))
        self.assertEqual(owner.post(target, {'email': 'grace@example.test', 'role': 'host'}).code, 'already_staff')
        one = f'{target}/{made.json["id"]}'
        self.assertEqual(grace.get(target).status, 403, 'hosts keep no list')
        promoted = owner.patch(one, {'role': 'manager'})
        self.assertEqual((promoted.status, promoted.json), (200, {**made.json, 'role': 'manager'}), promoted)
        self.assertEqual(grace.get(target).json, owner.get(target).json)
        first = grace.get(target + '?limit=1').json
        second = grace.get(f'{target}?limit=1&cursor={first["next_cursor"]}').json
        self.assertEqual(first['items'] + second['items'], owner.get(target).json['items'])
        self.assertIsNone(second['next_cursor'])

        boss = f'{target}/{me["staff"]["id"]}'
        for refused in (grace.patch(boss, {'role': 'host'}), grace.delete(boss), grace.patch(one, {'role': 'owner'}),
                        grace.post(target, {'email': 'new@example.test', 'role': 'owner'})):
            self.assertEqual(refused.status, 403, refused)
        self.assertEqual(owner.delete(boss).code, 'last_owner')
        self.assertEqual(owner.patch(one, {'role': 'king'}).status, 422)
        self.assertEqual(owner.patch(f'{target}/{UNKNOWN}', {'role': 'host'}).status, 404)
        with self.server.socket(f'/ws/restaurants/{place}', grace_tokens['access_token']) as socket:
            socket.next()
            self.assertEqual(owner.delete(one).status, 204)
            self.assert_closes(socket)
        self.assertEqual(grace.get(target).status, 404)
        self.assertEqual(owner.delete(one).status, 404)
        self.assertEqual(grace.get('/auth/me').json['restaurants'], [])

    def test_invitations(self):
        place, owner = self.house('Inviting')
        target = f'/restaurants/{place}/staff'
        invited = owner.post(target, {'email': 'bo@example.test', 'role': 'manager'}, 'bo')
        self.assertEqual((invited.status, invited.json['status']), (201, 'invited'), invited)
        self.assertEqual(owner.post(target, {'email': 'bo@example.test', 'role': 'manager'}, 'bo').body, invited.body)
        self.assertEqual(owner.get(target).json['items'][-1], invited.json)
        subject = 'Work with us at Inviting'
        token = self.latest_token('bo@example.test', subject)
        self.assertEqual(len(self.server.mails('bo@example.test')), 1, 'one letter for one cause')
        account = {'email': 'bo@example.test', 'password': PASSWORD, 'full_name': 'Bo'}
        wrong = self.http.post('/auth/register', {**account, 'email': 'eve@example.test', 'invitation_token': token})
        self.assertEqual((wrong.status, wrong.code), (422, 'invalid_token'))
        self.assertEqual(self.http.post('/auth/register', {**account, 'invitation_token': 'x'}).code, 'invalid_token')
        self.assertEqual(self.http.post('/auth/register', {**account, 'invitation_token': token}).status, 201)
        bo = self.client(self.login('bo@example.test', 'staff'))
        self.assertEqual(bo.get('/auth/me').json['restaurants'], [{'id': place, 'name': 'Inviting', 'role': 'manager'}])
        self.assertEqual(len(owner.get(target).json['items']), 2)

        # An account that came about meanwhile accepts; again is the same; others can't.
        made = bo.post(target, {'email': 'cy@example.test', 'role': 'host'})
        self.assertEqual(made.status, 201, made)
        token = self.latest_token('cy@example.test', subject)
        _, cy = self.newcomer('cy', 'staff')
        self.assertEqual(bo.post('/auth/accept-invitation', {'token': token}).status, 403)
        for _ in range(2):
            joined = cy.post('/auth/accept-invitation', {'token': token})
            self.assertEqual((joined.status, joined.json), (200, {'id': place, 'name': 'Inviting', 'role': 'host'}))
        self.assertEqual(cy.get(f'/restaurants/{place}').status, 200)

        # Taken back, or of somebody who may no longer invite: nothing.
        taken = bo.post(target, {'email': 'di@example.test', 'role': 'host'}).json
        token = self.latest_token('di@example.test', subject)
        self.assertEqual(bo.delete(f'{target}/invitations/{taken["id"]}').status, 204)
        self.assertEqual(bo.delete(f'{target}/invitations/{taken["id"]}').status, 404)
        _, di = self.newcomer('di', 'staff')
        self.assertEqual(di.post('/auth/accept-invitation', {'token': token}).code, 'invalid_token')
        bo.post(target, {'email': 'ed@example.test', 'role': 'host'})
        token = self.latest_token('ed@example.test', subject)
        _, ed = self.newcomer('ed', 'staff')
        self.assertEqual(owner.delete(f'{target}/{bo.get("/auth/me").json["staff"]["id"]}').status, 204)
        self.assertEqual(ed.post('/auth/accept-invitation', {'token': token}).code, 'invalid_token')


if __name__ == '__main__':
    unittest.main()
