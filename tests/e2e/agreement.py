"""`qtable check`: memory against the database, with the server running and stopped; and `qtable jws-verify`."""
import os, subprocess, unittest

from server import BINARY, Server, Threads
from world import World, day

KEY = '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'
TOKEN = ('eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.'
         'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg')


class Check(World):
    def check(self, *more):
        return subprocess.run([BINARY, 'check', '--data-dir', self.server.data_dir, *more], capture_output=True, text=True,
                              timeout=120, stdin=subprocess.DEVNULL)

    def test_check(self):
        with Server('--no-fsync', '--threads', '2') as server:
            self.server = server
            server.start()
            owner, *customers = server.minted('staff', ['o@example.test']) + server.minted(
                'customer', [f'{i}@example.test' for i in range(4)])
            houses = [server.make_restaurant(owner, [2, 4, 4]) for _ in range(3)]
            with server.client(customers[0]) as client:
                made = [self.book(client, house, day(2), '19:00') for house in houses]
                client.delete(f'/customer/reservations/{made[2].json["id"]}')
            with server.client(owner) as client:
                client.post(f'/restaurants/{houses[0]}/guests', {'name': 'W', 'party_size': 2})
            agreed = self.check()
            self.assertEqual(agreed.returncode, 0, agreed)
            self.assertIn('3 restaurants compared, 0 differences: memory is what the database has', agreed.stdout)

            # While it is busy: what is on its way isn't a difference.
            def book(number):
                with server.client(customers[number]) as client:
                    for i in range(40):
                        client.post('/customer/reservations', {'restaurant_id': houses[i % 3], 'date': day(3 + i % 9),
                                                               'time': f'{12 + number * 2}:00', 'party_size': 2})
            load = Threads(4, book)
            busy = self.check('--wait-s', '1')
            load.join(60)
            self.assertEqual(busy.returncode, 0, busy)

            server.sql(f"update customer_reservations set version = version + 1 where id = '{made[0].json['id']}'")
            server.sql(f"update restaurants set version = version + 1 where id = '{houses[1]}'")
            differs = self.check()
            self.assertEqual(differs.returncode, 3, differs)
            self.assertIn(f'reservation {made[0].json["id"]}: differs', differs.stdout)
            self.assertIn(f'restaurant {houses[1]}, its configuration', differs.stdout)
            self.assertIn('2 differences', differs.stdout)

            server.stop()
            stopped = self.check('--wait-s', '1')
            self.assertEqual(stopped.returncode, 0, stopped)
            self.assertIn('no server is running on this database; its rows alone: 3 restaurants, 0 not sound', stopped.stdout)
            server.start()
            self.assertEqual(self.check().returncode, 0, 'after a start memory is what is stored')


class Jws(unittest.TestCase):
    def verify(self, token, key=KEY):
        environment = {**os.environ, 'QTABLE_JWK': key} if key else os.environ
        return subprocess.run([BINARY, 'jws-verify'], input=token, capture_output=True, text=True, env=environment, timeout=20)

    def test_jws_verify(self):
        good = self.verify(TOKEN + '\n')
        self.assertEqual((good.returncode, good.stdout), (0, 'Example of Ed25519 signing\n'))
        for bad in ('', TOKEN[:-1], 'eyJhbGciOiJub25lIn0.e30.', TOKEN.replace('eyJhbGciOiJFZERTQSJ9', 'eyJhbGciOiJIUzI1NiJ9')):
            refused = self.verify(bad)
            self.assertEqual((refused.returncode, refused.stderr), (1, 'qtable: the token is not accepted\n'), bad)
        for key in (None, '{}', 'nonsense', '{"kty":"oct","k":"c2hvcnQ"}'):
            wrong = self.verify(TOKEN, key)
            self.assertEqual(wrong.returncode, 2, wrong)
            self.assertEqual(len(wrong.stderr.splitlines()), 1, wrong)


if __name__ == '__main__':
    unittest.main()
