"""The example clients of tools/examples: they follow, lose the server, and go on without a hole."""
import contextlib, json, random, shutil, socket, subprocess, sys, threading, unittest

from client import wait_for
from server import ROOT, Server
from world import World, day

EXAMPLES = ROOT / 'tools/examples'


def free_port():
    """One that no outgoing connection is given while the server is down."""
    while True:
        with contextlib.suppress(OSError), socket.create_server(('127.0.0.1', random.randrange(20000, 30000))) as probe:
            return probe.getsockname()[1]


class Follow(World):
    def test_python(self):
        with Server('--no-fsync', '--threads', '2') as server:
            server.start()
            owner, guest = server.minted('staff', ['o@example.test']) + server.minted('customer', ['ada@example.test'])
            place = server.make_restaurant(owner, [2])
            server.stop()
            server.options += ('--port', str(free_port()))  # the same one after each start; the last said counts
            server.start()
            with subprocess.Popen([sys.executable, EXAMPLES / 'follow.py', f'http://127.0.0.1:{server.port}/ws/restaurants/{place}', owner],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
                self.addCleanup(running.kill)
                lines, lost = [], []
                readers = [threading.Thread(target=self.gather, args=each) for each in ((running.stdout, lines), (running.stderr, lost))]
                for each in readers:
                    each.start()
                events = []

                def heard():
                    events[:] = [json.loads(line) for line in list(lines)]
                    return events

                wait_for(lambda: heard() and events[0]['type'] == 'hello', 10, 'hello')
                for ahead in (1, 2, 3):
                    with server.client(guest) as client:
                        self.book(client, place, day(ahead), '19:00')
                    if ahead < 3:
                        server.kill()
                        server.start()
                wait_for(lambda: sum(each['type'] == 'customer_reservation_received' for each in heard()) == 3, 30, 'all three')
                numbers = [each['seq'] for each in events if each['type'] != 'hello' and 'seq' in each]
                self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))), 'no hole, no repeat')
                self.assertNotIn('resync_required', [each['type'] for each in events])
                self.assertTrue(any('lost:' in line for line in lost))
                running.kill()
                for each in readers:
                    each.join(10)

    def gather(self, stream, into):
        for line in stream:
            into.append(line)

    def test_python_says_why_it_is_refused(self):
        with Server('--no-fsync', '--threads', '1') as server:
            server.start()
            done = subprocess.run([sys.executable, EXAMPLES / 'follow.py',
                                   f'http://127.0.0.1:{server.port}/ws/restaurants/01900000-0000-7000-8000-000000000000'],
                                  capture_output=True, text=True, timeout=20)
            self.assertEqual((done.returncode, done.stderr), (1, 'refused: 401\n'))

    @unittest.skipUnless(shutil.which('node'), 'no node to read it with')
    def test_the_module_is_one(self):
        done = subprocess.run(['node', '--input-type=module', '--check'], input=(EXAMPLES / 'follow.js').read_text(), capture_output=True,
                              text=True)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == '__main__':
    unittest.main()
