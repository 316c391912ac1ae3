"""What the program refuses to do or to be part of: serving without durable commits, more sockets than it was told, dying of one
handler's exception.
"""
import subprocess, unittest

from client import ANSWER_S, Closed, UpgradeRefused, WebSocket, wait_for
from server import BINARY, Server


class Durability(unittest.TestCase):
    def test_no_start_while_commits_may_be_lost(self):
        with Server() as server:
            server.start()
            server.sql('alter role qtable set synchronous_commit = off')
            server.stop()
            command = [BINARY, 'dev', '--port', '0', '--no-demo', '--data-dir', server.data_dir]
            refused = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
            self.assertEqual(refused.returncode, 2, refused)
            self.assertIn('synchronous_commit is off for the role qtable', refused.stderr)
            self.assertNotIn('listening', refused.stdout)


class Exceptions(unittest.TestCase):
    def test_only_its_own_session_ends(self):
        with Server('--no-fsync', '--test-endpoints', '--threads', '1') as server:
            server.start()
            bystander = WebSocket(server.port, '/_test/ws')
            with server.client() as client:
                failed = client.get('/_test/throw', may_fail=True)
                self.assertEqual((failed.status, failed.code), (500, 'internal'))
                self.assertNotIn('asked for by a test', failed.body.decode())
            failing = WebSocket(server.port, '/_test/ws/throw')
            failing.send(b'boom')
            with self.assertRaises(Closed) as ended:
                failing.next(ANSWER_S)
            self.assertEqual(ended.exception.code, 1011)
            bystander.send(b'{"still": "here"}')
            self.assertEqual(bystander.next(ANSWER_S), {'still': 'here'})
            with server.client() as client:
                counted = client.get('/metrics').body.decode()
            self.assertRegex(counted, r'(?m)^qtable_handler_exceptions_total\{core="0"\} 2$')
            self.assertIn('asked for by a test', server.log())


class Sockets(unittest.TestCase):
    def test_so_many_for_a_restaurant(self):
        with Server('--no-fsync', '--threads', '1', '--sockets-per-stream', '5') as server:
            server.start()
            owner = server.mint('staff', 'o@example.test')
            full, other = (server.make_restaurant(owner) for _ in range(2))

            def join(restaurant):
                joined = server.socket(f'/ws/public/restaurants/{restaurant}')
                self.assertEqual(joined.next(ANSWER_S)['type'], 'hello')
                return joined

            held = [join(full) for _ in range(5)]
            with self.assertRaises(UpgradeRefused) as refused:
                join(full)
            self.assertEqual((refused.exception.answer.status, refused.exception.answer.code), (503, 'overloaded'))
            join(other)
            held.pop().socket.close()
            wait_for(lambda: self.joins(join, full), ANSWER_S, 'its place is free again')

    def joins(self, join, restaurant):
        try:
            return join(restaurant)
        except UpgradeRefused:
            return None


class Memory(unittest.TestCase):
    def test_beyond_the_soft_limit_less_is_taken_on(self):
        with Server('--no-fsync', '--threads', '1', '--memory-soft-limit-mib', '1') as server:
            server.start()
            owner = server.mint('staff', 'o@example.test')
            with server.client() as client, server.client(owner) as staff:
                def checks():
                    return client.get('/readyz').json

                wait_for(lambda: not checks()['checks']['memory']['ok'], ANSWER_S, 'that it is noticed')
                self.assertEqual(checks()['status'], 'degraded')
                restaurant = server.make_restaurant(owner)
                wait_for(lambda: client.get(f'/public/restaurants/{restaurant}/availability?date=2030-01-01&party_size=2').status == 200,
                         ANSWER_S, 'availability')
                long_list = client.get(f'/public/restaurants/{restaurant}/reviews', may_fail=True)
                self.assertEqual((long_list.status, long_list.code), (503, 'overloaded'))
                self.assertIn('Retry-After', long_list.headers)
                with self.assertRaises(UpgradeRefused) as refused:
                    server.socket(f'/ws/public/restaurants/{restaurant}')
                self.assertEqual((refused.exception.answer.status, refused.exception.answer.code), (503, 'overloaded'))
                self.assertEqual(staff.get(f'/restaurants/{restaurant}').status, 200)
                told = client.get('/metrics').body.decode()
            self.assertRegex(told, r'(?m)^qtable_memory_is_short 1$')
            self.assertRegex(told, rf'(?m)^qtable_memory_soft_limit_bytes {1 << 20}$')
            self.assertRegex(server.log(), 'of 1 MiB of memory are taken: new WebSockets and long lists are refused')


if __name__ == '__main__':
    unittest.main()
