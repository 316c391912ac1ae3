"""What the end-to-end tests talk to a server with: HTTP over kept connections, WebSockets over raw sockets.
Standard library only; every wait has a deadline.
"""
import base64, contextlib, email, hashlib, http.client, json, os, socket, struct, time

import contract

WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
ANSWER_S = 15


def wait_for(probe, timeout_s, what):
    """The first truthy value of `probe`."""
    end = time.monotonic() + timeout_s
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() >= end:
            raise AssertionError(f'not within {timeout_s} s: {what}')
        time.sleep(0.005)


# ---- HTTP

class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        return self.headers.get(name)

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json['code']

    def __repr__(self):
        return f'<{self.status} {self.body[:400]!r}>'


class HttpClient:
    """One kept connection; not for several threads. Checks each answer against the contract, when it has one."""

    def __init__(self, port, rules=None, token=None):
        self.port, self.rules, self.token, self.connection = port, rules, token, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def request(self, method, target, body=None, *, token=None, headers=None, timeout_s=ANSWER_S, may_fail=False):
        """`body`: bytes as they are, everything else as JSON. `token`: instead of the client's, '' = none."""
        sent = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            sent.setdefault('Content-Type', 'application/json')
        token = self.token if token is None else token
        if token:
            sent.setdefault('Authorization', f'Bearer {token}')
        answer = self.exchange(method, target, body, sent, timeout_s)
        path = target.split('?')[0]
        if not path.startswith(('/livez', '/readyz', '/healthz')):
            assert may_fail or answer.status < 500, f'{method} {target} {body!r}: {answer}'
            if answer.status >= 400 and method != 'HEAD':
                contract.check_problem(answer)
        assert answer.header('X-Request-Id'), f'{method} {target}: no X-Request-Id'
        if self.rules is not None and method != 'HEAD':
            self.rules.check_answer(method, path, answer)
        return answer

    def new_connection(self, timeout_s):
        return http.client.HTTPConnection('127.0.0.1', self.port, timeout=timeout_s)

    def exchange(self, method, target, body, headers, timeout_s):
        reused = self.connection is not None
        if not reused:
            self.connection = self.new_connection(timeout_s)
        try:
            self.connection.connect() if not reused else self.connection.sock.settimeout(timeout_s)
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection.request(method, target, body, headers)
            got = self.connection.getresponse()
            answer = Answer(got.status, got.headers, got.read())
            if got.will_close:
                self.close()
            return answer
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def get(self, target, **more):
        return self.request('GET', target, **more)

    def post(self, target, body, key=None, **more):
        if key is not None:
            more['headers'] = {**more.get('headers', {}), 'Idempotency-Key': key}
        return self.request('POST', target, body, **more)

    def put(self, target, body, **more):
        return self.request('PUT', target, body, **more)

    def patch(self, target, body, **more):
        return self.request('PATCH', target, body, **more)

    def delete(self, target, **more):
        return self.request('DELETE', target, **more)

    def all_items(self, target):
        """Every page of a list."""
        items, cursor = [], None
        while True:
            page = self.get(target + ('&' if '?' in target else '?') + 'limit=100' +
                            (f'&cursor={cursor}' if cursor else ''))
            assert page.status == 200, page
            items += page.json['items']
            cursor = page.json['next_cursor']
            if cursor is None:
                return items


# ---- WebSocket

class UpgradeRefused(Exception):
    def __init__(self, answer):
        super().__init__(repr(answer))
        self.answer = answer


class Closed(Exception):
    def __init__(self, code, reason=''):
        super().__init__(f'closed with {code} {reason}')
        self.code, self.reason = code, reason


class WebSocket:
    """RFC 6455, client side: masks what it sends, answers pings, keeps every event in `events`."""

    def __init__(self, port, target, token=None, as_subprotocol=False, rules=None, headers=(), opened=None):
        """`opened`: a connection that is there already."""
        self.rules, self.events, self.buffer, self.is_closed = rules, [], b'', False
        self.socket = opened or socket.create_connection(('127.0.0.1', port), timeout=ANSWER_S)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f'GET {target} HTTP/1.1', f'Host: 127.0.0.1:{port}', 'Connection: Upgrade', 'Upgrade: websocket',
                 'Sec-WebSocket-Version: 13', f'Sec-WebSocket-Key: {key}', *headers]
        if token and as_subprotocol:
            lines.append(f'Sec-WebSocket-Protocol: qtable.v1, bearer.{token}')
        elif token:
            lines.append(f'Authorization: Bearer {token}')
        self.socket.sendall('\r\n'.join([*lines, '', '']).encode())
        self.handshake(key, bool(token and as_subprotocol))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def handshake(self, key, wants_subprotocol):
        while b'\r\n\r\n' not in self.buffer:
            self.fill(time.monotonic() + ANSWER_S)
        head, self.buffer = self.buffer.split(b'\r\n\r\n', 1)
        first, _, rest = head.partition(b'\r\n')
        status = int(first.split()[1])
        headers = email.message_from_bytes(rest + b'\r\n\r\n')
        if status != 101:
            while len(self.buffer) < int(headers.get('Content-Length', 0)):
                self.fill(time.monotonic() + ANSWER_S)
            self.socket.close()
            raise UpgradeRefused(Answer(status, headers, self.buffer))
        digest = hashlib.sha1((key + WEBSOCKET_GUID).encode()).digest()
        assert headers['Sec-WebSocket-Accept'] == base64.b64encode(digest).decode()
        assert headers['Sec-WebSocket-Protocol'] == ('qtable.v1' if wants_subprotocol else None)

    def fill(self, end):
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.socket.settimeout(left)
        data = self.socket.recv(65536)
        if not data:
            raise Closed(1006, 'without a close frame')
        self.buffer += data

    def take(self, size, end):
        while len(self.buffer) < size:
            self.fill(end)
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def frame(self, end):
        """(opcode, payload). A timeout between frames loses nothing: the head stays in the buffer until all is there."""
        while True:
            if len(self.buffer) >= 2:
                assert self.buffer[0] & 0x80 and not self.buffer[0] & 0x70, 'a fragment or a reserved bit'
                assert not self.buffer[1] & 0x80, 'a masked frame from the server'
                length, head = self.buffer[1], 2
                extra = {126: 2, 127: 8}.get(length, 0)
                if len(self.buffer) >= head + extra:
                    if extra:
                        length = int.from_bytes(self.buffer[2:2 + extra], 'big')
                    if len(self.buffer) >= head + extra + length:
                        whole = self.take(head + extra + length, end)
                        return whole[0] & 0x0f, whole[head + extra:]
            self.fill(end)

    def send(self, payload, opcode=1):
        mask = os.urandom(4)
        size = len(payload)
        length = (struct.pack('!B', 0x80 | size) if size < 126 else
                  struct.pack('!BH', 0x80 | 126, size) if size < 65536 else struct.pack('!BQ', 0x80 | 127, size))
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
        self.socket.settimeout(ANSWER_S)
        self.socket.sendall(bytes([0x80 | opcode]) + length + mask + masked)

    def ping(self, payload=b'are you there'):
        self.send(payload, 9)
        end = time.monotonic() + ANSWER_S
        while True:
            opcode, data = self.frame(end)
            if opcode == 10:
                assert data == payload
                return
            self.accept(opcode, data)

    def accept(self, opcode, data):
        """An event, kept; None for a control frame."""
        if opcode == 9:
            self.send(data, 10)
        elif opcode == 8:
            self.is_closed = True
            with contextlib.suppress(OSError):
                self.send(data[:2], 8)
            raise Closed(int.from_bytes(data[:2], 'big') if data else 1005, data[2:].decode())
        elif opcode == 1:
            event = json.loads(data)
            if self.rules is not None:
                self.rules.check_event(event)
            self.events.append(event)
            return event
        else:
            assert opcode == 10, f'opcode {opcode}'
        return None

    def next(self, timeout_s=1.0):
        """The next event; TimeoutError when none comes in time."""
        end = time.monotonic() + timeout_s
        while True:
            event = self.accept(*self.frame(end))
            if event is not None:
                return event

    def expect(self, kind, where=lambda event: True, timeout_s=1.0):
        """The next event of that kind that fits; those before it are kept in `events`."""
        end, seen = time.monotonic() + timeout_s, []
        while True:
            try:
                event = self.next(end - time.monotonic())
            except TimeoutError:
                raise AssertionError(f'no {kind} within {timeout_s} s, only {seen}') from None
            if event['type'] == kind and where(event):
                return event
            seen.append(event['type'])

    def close(self, code=1000):
        """Says goodbye, and reads what still comes."""
        with contextlib.suppress(Closed, OSError):
            self.send(struct.pack('!H', code), 8)
            while True:
                self.next(ANSWER_S)
        self.socket.close()
