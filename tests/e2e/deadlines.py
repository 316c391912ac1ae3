"""Deadlines of HTTP in the program, set short: each cuts off who is too slow, says so, and is counted."""
import re, socket, time, unittest

import framing
from client import wait_for
from server import Server

SHORT = {'header-timeout': 400, 'body-grace': 400, 'body-timeout': 1500, 'idle-timeout': 700, 'write-stall-timeout': 500,
         'lingering-timeout': 400}


class Deadlines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        options = [text for name, value in SHORT.items() for text in (f'--{name}-ms', str(value))]
        cls.server = cls.enterClassContext(Server('--no-fsync', '--test-endpoints', *options))
        cls.server.start()
        framing.QUICK = framing.SERVER = framing.Server('127.0.0.1', cls.server.port, cls.server.process.pid)

    def counted(self, stage):
        with self.server.client() as client:
            text = client.get('/metrics').body.decode()
        return int(re.search(rf'qtable_http_timeouts_total\{{stage="{stage}"\}} (\d+)', text).group(1))

    def assert_counted(self, stage, row, least):
        before = self.counted(stage)
        row()
        wait_for(lambda: self.counted(stage) >= before + least, 5, f'{stage} is counted {least} times')

    def test_header(self):
        self.assert_counted('header', framing.header_that_takes_too_long, 3)

    def test_body(self):
        self.assert_counted('body', framing.body_that_comes_too_slowly, 2)

    def test_idle(self):
        self.assert_counted('idle', framing.idle_connection, 1)

    def test_write(self):
        self.assert_counted('write', framing.stalled_write, 1)

    def test_linger(self):
        self.assert_counted('linger', framing.lingering_is_bounded, 1)

    def test_what_is_slow_but_in_time(self):
        """One request a byte at a time, many on one connection with pauses between: none of it is cut off."""
        raw = b'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n'
        with framing.SERVER.connect() as c:
            for _ in range(8):
                for at in range(len(raw)):
                    c.send(raw[at:at + 1])
                self.assertEqual(c.response().status, 200)
                time.sleep(SHORT['idle-timeout'] / 4000)

    def test_sockets_have_no_such_deadline(self):
        """An upgraded connection is no idle request."""
        place = socket.create_connection(('127.0.0.1', self.server.port), timeout=5)
        with framing.Client(place) as c:
            c.send(framing.handshake())
            self.assertEqual(c.response().status, 101)
            time.sleep(2 * max(SHORT['idle-timeout'], SHORT['body-timeout'] / 2) / 1000)
            c.send(framing.frame(0x81, b'still here'))
            self.assertEqual(c.take(12), b'\x81\x0astill here')


if __name__ == '__main__':
    unittest.main()
