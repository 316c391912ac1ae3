"""Bombs and floods on the program's own routes and sockets: oversized and endless requests, JSON made to be expensive,
connections that never finish, no descriptors left, sockets that talk too much or read too little. Each gets its answer,
memory stays flat, everybody else is served.
"""
import contextlib, gc, os, pathlib, re, resource, socket, struct, time, unittest

from client import ANSWER_S, Closed, WebSocket, wait_for
from framing import frame
from two_houses import TwoHouses
from world import day

KIB, MIB = 1 << 10, 1 << 20
TIMES = [f'{hour:02}:{minute:02}' for hour in range(24) for minute in (0, 15, 30, 45)]


class Bombs(TwoHouses):
    def kib(self):
        status = pathlib.Path(f'/proc/{self.server.process.pid}/status').read_text()
        return int(re.search(r'VmRSS:\s+(\d+)', status).group(1))

    def metric(self, name):
        """The sum over cores, codes, stages."""
        text = self.http.get('/metrics').body.decode()
        return sum(int(value) for value in re.findall(rf'^{name}(?:\{{[^}}]*\}})? (\d+)$', text, re.M))

    def connect(self, receive_buffer=None):
        s = socket.socket()
        if receive_buffer:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        s.settimeout(ANSWER_S)
        s.connect(('127.0.0.1', self.server.port))
        return s

    def tearDown(self):
        """Whatever came: still there, and none the worse."""
        self.assertIsNone(self.server.process.poll(), self.server.log()[-2000:])
        with self.server.client() as fresh:
            self.assertEqual(fresh.get('/livez').status, 200)
            self.assertEqual(fresh.get(f'/public/restaurants/{self.a["restaurant_id"]}').status, 200)
        self.assertEqual(re.findall(r'(?i)exception|assert|terminate|bad_alloc', self.server.log()), [])

    def assert_flat(self, fire):
        """The first ones fill what is kept, on either core; after that they may come as often as they like: the highest
        that memory stands goes up by one MiB at most, whatever the allocator gives back in between. What leaks goes
        up with every round.
        """
        highest, grown = [], []
        for _ in range(4):
            stands = []
            for _ in range(6):
                fire()
                stands.append(self.kib())
            highest.append(max(stands))
            if len(highest) > 1:
                grown.append(highest[-1] - highest[-2])
                if grown[-1] <= 1024:
                    return
        self.fail(f'grew by {grown} KiB')

    # ---- HTTP

    def pour(self, head, piece, times):
        """Status of the answer to a request that goes on and on."""
        with self.connect() as s:
            with contextlib.suppress(OSError):
                s.sendall(head)
                for _ in range(times):
                    s.sendall(piece)
            with contextlib.suppress(OSError):
                return int(s.recv(4096).split(b' ')[1])

    def test_endless_requests(self):
        target = f'/restaurants/{self.a["restaurant_id"]}/availability'
        chunks = (f'POST {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.token("owner")}\r\n'
                  'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n').encode()
        for name, head, piece, times, status in (
                ('chunk extensions', chunks, (b'1;' + b'e' * 250 + b'\r\n \r\n') * 100, 960, 400),
                ('one chunk extension', chunks + b'1;', b'e' * 65536, 384, 400),
                ('trailers', chunks + b'2\r\n{}\r\n0\r\n', b'Trailer: ' + b't' * 1000 + b'\r\n', 24_000, 431),
                ('headers', b'GET /livez HTTP/1.1\r\nHost: x\r\n', b'Name: value\r\n' * 100, 100, 431),
                ('a line', b'GET /', b'a' * 65536, 400, 414),
                ('a body of 1 GB in chunks', chunks, b'8000\r\n' + b' ' * 0x8000 + b'\r\n', 32768, 413),
                ('a body of 1 GB', chunks.replace(b'Transfer-Encoding: chunked', b'Content-Length: 1073741824'),
                 b' ' * 65536, 16384, 413)):
            with self.subTest(name):
                last = b'0\r\n\r\n' if name == 'chunk extensions' else b''
                answers = set()
                whole = (head, piece * times + last, 1) if last else (head, piece, times)
                self.assert_flat(lambda: answers.add(self.pour(*whole)))
                self.assertLessEqual(answers, {status, None})
                self.assertIn(status, answers)

    def test_a_thousand_ahead(self):
        """Pipelined and never read: the server stops reading; what is read later is in order and whole."""
        with self.connect(receive_buffer=4096) as s:
            asked = (f'GET /restaurants/{self.a["restaurant_id"]} HTTP/1.1\r\nHost: x\r\n'
                     f'Authorization: Bearer {self.token("owner")}\r\n')
            s.settimeout(1)
            sent, before = 0, self.kib()
            with contextlib.suppress(TimeoutError):
                for sent in range(20_000):
                    s.sendall(f'{asked}X-Request-Id: n{sent}\r\n\r\n'.encode())
            self.assertLess(sent, 19_999, 'it read on though nothing was taken')
            self.assertLess(self.kib() - before, 1024)
            s.settimeout(ANSWER_S)
            got = b''
            while got.count(b'HTTP/1.1 200') < 1000:
                data = s.recv(MIB)
                self.assertTrue(data)
                got += data
            numbers = [int(each) for each in re.findall(rb'X-Request-Id: n(\d+)\r\n', got)]
            self.assertEqual(numbers, list(range(len(numbers))))

    def test_connections_that_never_finish(self):
        """A thousand half requests: the next customer is served as if they weren't there."""
        before, held = self.kib(), []
        for number in range(1000):
            held.append(self.connect())
            held[-1].sendall((b'GET /livez HTTP/1.1\r\nHost: x\r\nA: ', b'POST /customer/login HTTP/1.1\r\nHost: x\r\n'
                              b'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{', b'')[number % 3])
        with self.server.client() as fresh:
            for _ in range(20):
                self.assertEqual(fresh.get('/public/restaurants?lat=55.68&lon=12.57').status, 200)
        self.assertLess((self.kib() - before) / len(held), 16, 'KiB a connection')
        for each in held:
            each.close()
        wait_for(lambda: self.metric('qtable_connections_open') < 20, 10, 'they are gone')

    def test_no_descriptors_left(self):
        pid = self.server.process.pid
        used, limits = len(os.listdir(f'/proc/{pid}/fd')), resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 20, limits[1]))
        held = []
        try:
            for _ in range(100):
                held.append(self.connect())
            wait_for(lambda: self.metric('qtable_accept_errors_total') > 0, 5, 'an accept fails')
            ticks = lambda: sum(map(int, pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()[11:13]))
            used_before, began = ticks(), time.monotonic()
            for _ in range(20):
                self.assertEqual(self.http.get('/livez').status, 200, 'who has a connection goes on')
                time.sleep(0.02)
            share = (ticks() - used_before) / os.sysconf('SC_CLK_TCK') / (time.monotonic() - began)
            self.assertLess(share, 0.5, 'the accept loop spins')
            made = self.clients['ada'].post('/customer/holds', {'restaurant_id': self.b['restaurant_id'], 'date': day(14),
                                                                'time': '19:00', 'party_size': 2})
            self.assertEqual(made.status, 201, made)
        finally:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
            for each in held:
                each.close()
        wait_for(self.is_served, 5, 'new connections again')

    def is_served(self):
        with contextlib.suppress(OSError), self.server.client() as fresh:
            return fresh.get('/livez').status == 200
        return False

    def test_tls_on_the_plain_port(self):
        """Closed without a word; the log says so, but not for each."""
        began = time.monotonic()
        for _ in range(60):
            with self.connect() as s, contextlib.suppress(ConnectionResetError):
                s.sendall(bytes.fromhex('16030100c8010000c40303') + os.urandom(120))
                self.assertEqual(s.recv(100), b'')
        lines = self.server.log().count('a TLS hello came on a plain port')
        self.assertTrue(1 <= lines <= 2 * (time.monotonic() - began + 1), f'{lines} lines')

    # ---- JSON

    def test_json_bombs(self):
        place = f'/restaurants/{self.a["restaurant_id"]}'
        owner = self.clients['owner']
        room = MIB - 100
        bombs = {'brackets': b'[' * room, 'braces': b'{"a":' * (room // 5), 'closed': b'[' * (room // 2) + b']' * (room // 2),
                 'keys': b'{' + b','.join(b'"k%d":0' % i for i in range(80_000)) + b'}',
                 'one key': b'{' + b','.join([b'"a":0'] * 150_000) + b'}',
                 'long key': b'{"' + b'k' * room + b'":1}', 'escapes': b'{"date":"' + b'\\u0041' * (room // 6 - 10) + b'"}',
                 'digits': b'{"party_size":' + b'9' * room + b'}', 'exponent': b'{"party_size":1e' + b'9' * room + b'}',
                 'zeros': b'{"party_size":0.' + b'0' * (room - 20) + b'1}', 'blanks': b' ' * room + b'{}',
                 'many slots': b'{"slots":[' + b','.join([b'{}'] * 300_000) + b']}',
                 'wrong slots': b'{"slots":[' + b','.join([b'{"x":[{"y":[]}]}'] * 60_000) + b']}',
                 'numbers': b'{"dates":[' + b','.join([b'1'] * 500_000) + b']}'}
        for name, bomb in bombs.items():
            with self.subTest(name):
                self.assertLessEqual(len(bomb), MIB)

                def fire():
                    answer = owner.post(f'{place}/availability', bomb)
                    self.assertIn(answer.status, (400, 422), answer)
                    self.assertLess(len(answer.body), 16 * KIB, 'the answer is no bomb')

                fire()
        some = [bombs[name] for name in ('keys', 'many slots', 'brackets')]
        self.assert_flat(lambda: [owner.post(f'{place}/availability', bomb) for bomb in some])
        self.assertEqual(owner.post('/restaurants', b'[' * (64 * KIB + 1)).status, 413)

    # ---- WebSocket

    def sockets(self):
        for target, who in ((f'/ws/public/restaurants/{self.a["restaurant_id"]}', None), ('/ws/customer', 'bo'),
                            (f'/ws/restaurants/{self.a["restaurant_id"]}', 'owner')):
            yield target, self.token(who) if who else None

    def test_what_sockets_may_not_say(self):
        """The limits of the real streams: what any client may do wrong, on each of them."""
        for raw, code in ((frame(0x81, b'x') * 250, 1008), (frame(0x89) * 250, 1008), (frame(0x8a) * 250, 1008),
                          (frame(0x01) + frame(0x00) * 250, 1008), (frame(0x81, b'x' * 4097), 1009),
                          (frame(0x01, b'x' * 4000) + frame(0x80, b'x' * 97), 1009),
                          (b'\x81\xff' + struct.pack('>Q', 1 << 40) + b'mask', 1009), (frame(0x82, b'x'), 1003),
                          (frame(0x81, b'x', mask=None), 1002), (frame(0xc1, b'x'), 1002), (frame(0x83, b'x'), 1002),
                          (frame(0x81, b'\xc0\xaf'), 1007), (frame(0x88, struct.pack('>H', 1005)), 1002)):
            for target, token in self.sockets():
                with self.subTest(target, raw=raw[:12], code=code), self.server.socket(target, token) as s:
                    s.next()
                    s.socket.sendall(raw)
                    with self.assertRaises(Closed) as closed:
                        while True:
                            s.next(5)
                    self.assertEqual(closed.exception.code, code)
        for target, token in self.sockets():
            with self.server.socket(target, token, headers=['Sec-WebSocket-Extensions: permessage-deflate']) as s:
                s.next()
                s.socket.sendall(frame(0x81, b'x' * 4096) + b''.join(frame(0x81, b'{}') for _ in range(40)))
                s.ping()  # within all limits: nothing of it matters
                self.assertEqual(len(s.events), 1)

    def test_slow_readers(self):
        """They are cut off with 4408; who reads gets everything meanwhile."""
        place = self.a['restaurant_id']
        target = f'/ws/public/restaurants/{place}'
        slow = [self.connect(receive_buffer=4096) for _ in range(6)]
        for each in slow:
            each.sendall(f'GET {target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
                         'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'.encode())
        self.addCleanup(lambda: [each.close() for each in slow])
        with self.server.socket(target) as fast:
            hello, flip = fast.next(), 0
            while self.metric('qtable_websocket_slow_consumers_total') < len(slow):
                flip += 1
                self.assertLess(flip, 60, 'never cut off')
                made = self.clients['owner'].post(f'/restaurants/{place}/availability', {
                    'dates': [day(number) for number in range(40, 46)], 'times': TIMES, 'party_sizes': [1, 2, 3, 4, 5, 6, 7, 8],
                    'available_tables': flip % 5 + 1})
                self.assertEqual(made.status, 201)
                for _ in range(6):
                    fast.expect('availability_updated', timeout_s=5)
            self.assertEqual([each['seq'] for each in fast.events], [hello['seq'] + i for i in range(len(fast.events))])
        self.read_to_4408(slow[0], hello)

    def read_to_4408(self, raw, hello):
        """What had been sent before is whole and in order; then comes the close."""
        s = WebSocket.__new__(WebSocket)
        s.rules, s.events, s.buffer, s.is_closed, s.socket = self.server.rules, [], b'', False, raw
        while b'\r\n\r\n' not in s.buffer:
            s.fill(time.monotonic() + ANSWER_S)
        s.buffer = s.buffer.split(b'\r\n\r\n', 1)[1]
        try:
            with self.assertRaises(Closed) as closed:
                while True:
                    s.next(5)
            self.assertEqual(closed.exception.code, 4408)
        except ConnectionResetError:
            pass  # it took longer than the close may wait
        seqs = [each['seq'] for each in s.events]
        self.assertEqual(seqs, [hello['seq'] + i for i in range(len(seqs))])

    def test_many_idle_sockets(self):
        """At most 16 KiB each; and each of them hears what happens."""
        count = min(15_000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 500)
        place = self.b['restaurant_id']
        ask = (f'GET /ws/public/restaurants/{place} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
               'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n').encode()
        before, held = self.kib(), []
        gc.disable()
        try:
            for _ in range(count):
                held.append(self.connect())
                held[-1].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                held[-1].sendall(ask)
            wait_for(lambda: self.metric('qtable_websocket_connections') >= count, ANSWER_S, 'all are open')
            self.assertLessEqual((self.kib() - before) / count, 16, 'KiB a socket')
            changed = self.clients['stranger'].post(f'/restaurants/{place}/availability', {
                'date': day(22), 'time_slot': '12:00', 'party_size': 2, 'available_tables': 0})
            self.assertEqual(changed.status, 201, changed)
            for each in held:
                heard = b''
                while b'availability_updated' not in heard:
                    data = each.recv(65536)
                    self.assertTrue(data, heard)
                    heard += data
        finally:
            for each in held:
                each.close()
            gc.enable()
        wait_for(lambda: self.metric('qtable_websocket_connections') == 0, ANSWER_S, 'all are gone')


if __name__ == '__main__':
    unittest.main()
