#!/usr/bin/env python3
"""Drives the framing and WebSocket tables over raw sockets, row by row. Standard library only.

framing.py --server PATH        starts PATH (the echo server) and a second one with short deadlines
framing.py --base-url H:P       drives a running server that has /_test/echo and /_test/ws; rows that need the echo
                                server's other routes or short deadlines are left out
framing.py --only TEXT          just the rows whose name holds TEXT
"""
import argparse, base64, contextlib, hashlib, os, re, resource, signal, socket, ssl, struct, subprocess, sys, tempfile, time

ROWS = []          # (name, function, needs)
SERVER = None      # the server that rows talk to
QUICK = None       # the one with short deadlines
TLS = None         # the one with a certificate
LIMITED = None     # the one with few file descriptors


def row(needs=''):
    def add(function):
        ROWS.append((function.__name__, function, needs))
        return function
    return add


def check(condition, message):
    if not condition:
        raise AssertionError(message)


class Server:
    def __init__(self, host, port, pid=None):
        self.host, self.port, self.pid = host, port, pid

    def connect(self, receive_buffer=None):
        s = socket.socket(socket.AF_INET6 if ':' in self.host else socket.AF_INET)
        if receive_buffer:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        s.settimeout(10)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        s.connect((self.host, self.port))
        return Client(s)

    def kib(self, name):
        with open(f'/proc/{self.pid}/status') as f:
            return int(re.search(name + r':\s+(\d+)', f.read()).group(1))

    def cpu_s(self):
        with open(f'/proc/{self.pid}/stat') as f:
            return sum(map(int, f.read().rsplit(')', 1)[1].split()[11:13])) / os.sysconf('SC_CLK_TCK')

    def is_sanitized(self):  # the sanitizers reserve terabytes, and keep what is freed
        return self.kib('VmSize') > 1 << 30


class Response:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body


class Client:
    """A socket with a buffer: whole answers, exact byte counts, the end of the stream."""

    def __init__(self, s):
        self.s, self.buffer = s, b''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.s.close()

    def send(self, data):
        self.s.sendall(data)

    def fill(self):
        data = self.s.recv(65536)
        self.buffer += data
        return bool(data)

    def take(self, size):
        while len(self.buffer) < size:
            check(self.fill(), f'the stream ended after {len(self.buffer)} of {size} bytes')
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def response(self, method='GET'):
        while b'\r\n\r\n' not in self.buffer:
            check(self.fill(), f'the stream ended before an answer: {self.buffer[:80]!r}')
        head, self.buffer = self.buffer.split(b'\r\n\r\n', 1)
        lines = head.decode('latin-1').split('\r\n')
        status = int(re.fullmatch(r'HTTP/1\.1 (\d{3}) .+', lines[0]).group(1))
        headers = {}
        for line in lines[1:]:
            name, value = line.split(':', 1)
            check(name.lower() not in headers, f'{name} twice')
            headers[name.lower()] = value.strip()
        if status >= 200:
            check('x-request-id' in headers and 'date' in headers, f'{lines[0]}: no X-Request-Id or Date')
        has_body = method != 'HEAD' and status >= 200 and status not in (204, 304)
        return Response(status, headers, self.take(int(headers['content-length'])) if has_body else b'')

    def is_closed(self):
        """The stream ends, and not by a reset."""
        check(not self.buffer, f'more came: {self.buffer[:80]!r}')
        check(not self.fill(), f'more came instead of the end: {self.buffer[:80]!r}')
        return True


def request(lines='', line='GET /_test/echo HTTP/1.1', body=b''):
    if isinstance(lines, str):
        lines = lines.encode('latin-1')
    if isinstance(line, str):
        line = line.encode('latin-1')
    return line + b'\r\nHost: x\r\n' + lines + b'\r\n' + body


def post(lines, body=b'', path='/_test/echo'):
    return request(lines, f'POST {path} HTTP/1.1', body)


def chunked(body):
    return post('Transfer-Encoding: chunked\r\n', body)


def refused(raw, *statuses, follow=b''):
    """One answer with one of these statuses, `Connection: close`, then the end; what follows is not answered."""
    with SERVER.connect() as c:
        c.send(raw + follow)
        answer = c.response()
        check(answer.status in statuses, f'{raw[:90]!r}: {answer.status}, not {statuses}')
        check(answer.headers.get('connection') == 'close', f'{raw[:90]!r}: no Connection: close')
        check(answer.headers.get('content-type') == 'application/problem+json', f'{raw[:90]!r}: no problem')
        c.is_closed()
        return answer


def accepted(raw, body=b'', status=200, method='GET'):
    with SERVER.connect() as c:
        c.send(raw)
        answer = c.response(method)
        check(answer.status == status, f'{raw[:90]!r}: {answer.status}, not {status}')
        check(answer.body == body, f'{raw[:90]!r}: body {answer.body[:80]!r}')
        # Still open and in step: a second request is answered as well.
        c.send(request())
        check(c.response().status == 200, 'the connection is out of step')
        return answer


# ------------------------------------------------------------------------------------------------ sizes

@row()
def header_block_over_16_kib():
    accepted(request('A: ' + 'a' * 16000 + '\r\n'))
    refused(request('A: ' + 'a' * 16384 + '\r\n'), 431)
    refused(b'GET / HTTP/1.1\r\nA: ' + b'a' * 20000, 431)


@row()
def more_than_100_fields():
    accepted(request('a: b\r\n' * 99))
    refused(request('a: b\r\n' * 100), 431)
    refused(request('a: b\r\n' * 10000), 431)


@row()
def request_line_over_8_kib():
    accepted(request(line='GET /_test/echo?' + 'a' * 8000 + ' HTTP/1.1'))
    refused(request(line='GET /_test/echo?' + 'a' * 8192 + ' HTTP/1.1'), 414)
    refused(b'GET /' + b'a' * 9000, 414)


@row()
def body_over_the_limit():
    megabyte = b'x' * (1 << 20)
    accepted(post(f'Content-Length: {1 << 20}\r\n', megabyte), megabyte)
    refused(post(f'Content-Length: {(1 << 20) + 1}\r\n'), 413)
    refused(post('Content-Length: 999999999999999999\r\n'), 413)
    refused(chunked(b'100001\r\n'), 413)
    refused(chunked(b'fffffffffffffff\r\n'), 413)


@row()
def body_over_the_limit_while_chunks_run():
    with SERVER.connect() as c:
        c.send(chunked(b''))
        chunk = b'8000\r\n' + b'x' * 0x8000 + b'\r\n'
        for _ in range(33):
            try:
                c.send(chunk)
            except OSError:
                break
        check(c.response().status == 413, 'no 413')


@row()
def no_continue_for_a_body_over_the_limit():
    refused(post(f'Expect: 100-continue\r\nContent-Length: {2 << 20}\r\n'), 413)
    refused(post('Expect: something-else\r\nContent-Length: 1\r\n'), 417)


# ------------------------------------------------------------------------------------------------ lines

@row()
def host_absent_empty_or_twice():
    refused(b'GET /_test/echo HTTP/1.1\r\n\r\n', 400)
    refused(b'GET /_test/echo HTTP/1.1\r\nHost:\r\n\r\n', 400)
    refused(request('Host: x\r\n'), 400)
    refused(request('Host: y\r\n'), 400)
    refused(b'GET /_test/echo HTTP/1.1\r\nHost: a b\r\n\r\n', 400)


@row()
def obs_fold():
    refused(request('A: b\r\n c\r\n'), 400)
    refused(request('A: b\r\n\tc\r\n'), 400)
    refused(b'GET /_test/echo HTTP/1.1\r\n Host: x\r\n\r\n', 400)


@row()
def bare_lf_and_bare_cr():
    refused(b'GET /_test/echo HTTP/1.1\nHost: x\n\n', 400)
    refused(b'GET /_test/echo HTTP/1.1\r\nHost: x\nA: b\r\n\r\n', 400)
    refused(b'GET /_test/echo HTTP/1.1\r\nHost: x\r\n\n', 400)
    refused(request('A: b\rc\r\n'), 400)
    refused(request('A: b\r\r\n'), 400)
    refused(b'GET /_test/echo HTTP/1.1\rHost: x\r\n\r\n', 400)


@row()
def control_bytes():
    for c in [*range(1, 9), 11, 12, *range(14, 32), 127, 0]:
        refused(request(b'A: x' + bytes([c]) + b'y\r\n'), 400)
        refused(request(b'A' + bytes([c]) + b': y\r\n'), 400)
        refused(request(line=b'GET /' + bytes([c]) + b' HTTP/1.1'), 400)
    accepted(request(b'A: tab\tand \xc3\xb8\xff\r\n'))


@row()
def space_before_the_colon():
    refused(request('A : b\r\n'), 400)
    refused(request('A\t: b\r\n'), 400)
    refused(post('Transfer-Encoding : chunked\r\n', b'0\r\n\r\n'), 400)
    refused(request(': b\r\n'), 400)
    refused(request('no colon\r\n'), 400)


@row()
def request_line_forms():
    for line in ['GET /', 'GET  /_test/echo HTTP/1.1', 'GET /_test/echo HTTP/1.1 ', ' GET /_test/echo HTTP/1.1',
                 'GET /_test/echo http/1.1', 'GET /_test/echo HTTP/1.10', 'GET /_test/echo\tHTTP/1.1', 'GET',
                 'G(T /_test/echo HTTP/1.1']:
        refused(request(line=line), 400)


# ------------------------------------------------------------------------------------------------ framing

SMUGGLED = b'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n'


@row()
def content_length_with_transfer_encoding():
    refused(post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', b'0\r\n\r\n'), 400, follow=SMUGGLED)
    refused(post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', b'0\r\n\r\n'), 400, follow=SMUGGLED)


@row()
def two_content_lengths():
    refused(post('Content-Length: 3\r\nContent-Length: 3\r\n', b'abc'), 400, follow=SMUGGLED)
    refused(post('Content-Length: 3\r\nContent-Length: 0\r\n', b'abc'), 400, follow=SMUGGLED)


@row()
def content_length_that_is_no_number():
    for value in ['+3', '-3', '0x3', '3,3', '3, 3', '', ' ', '3 3', '3a', '1234567890123456789', '\xb3']:
        refused(post(f'Content-Length: {value}\r\n', b'abc'), 400, follow=SMUGGLED)
    accepted(post('Content-Length: 003\r\n', b'abc'), b'abc')


@row()
def transfer_encoding_that_is_not_one_chunked():
    for value in ['chunked, chunked', 'xchunked', 'chunked;q=1', 'gzip', 'gzip, chunked', 'identity', '', '"chunked"',
                  'chunked,', '\x0bchunked']:
        refused(post(f'Transfer-Encoding: {value}\r\n', b'0\r\n\r\n'), 501 if value != '\x0bchunked' else 400,
                follow=SMUGGLED)
    refused(post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', b'0\r\n\r\n'), 501, follow=SMUGGLED)
    accepted(post('Transfer-Encoding: CHUNKED\r\n', b'3\r\nabc\r\n0\r\n\r\n'), b'abc')


@row()
def transfer_encoding_on_http_1_0():
    refused(request('Transfer-Encoding: chunked\r\n', 'POST /_test/echo HTTP/1.0', b'0\r\n\r\n'), 400, follow=SMUGGLED)


@row()
def chunk_sizes():
    for size in [b'+5', b'-5', b'0x5', b'5_0', b' 5', b'5 ', b'', b'g', b'10000000000000005', b'0' * 30 + b'5']:
        refused(chunked(size + b'\r\nhello\r\n0\r\n\r\n'), 400, follow=SMUGGLED)
    for body in [b'5\nhello\r\n0\r\n\r\n', b'5\r\nhello\n0\r\n\r\n', b'5\r\nhelloo\r\n0\r\n\r\n', b'0\r\n\nx', b'5\rx']:
        refused(chunked(body), 400, follow=SMUGGLED)
    accepted(chunked(b'00A\r\n0123456789\r\nb\r\n\r\n0\r\n\r\nabcd\r\n0\r\n\r\n'), b'0123456789\r\n0\r\n\r\nabcd')


@row()
def chunk_extension_over_256_bytes():
    accepted(chunked(b'5;' + b'x' * 256 + b'\r\nhello\r\n0;a=b\r\n\r\n'), b'hello')
    refused(chunked(b'5;' + b'x' * 257 + b'\r\nhello\r\n0\r\n\r\n'), 400)


@row()
def trailers():
    accepted(chunked(b'5\r\nhello\r\n0\r\nTrailer: one\r\nContent-Length: 7\r\n\r\n'), b'hello')
    refused(chunked(b'5\r\nhello\r\n0\r\nA: ' + b'x' * 1024 + b'\r\n\r\n'), 431, 400)
    refused(chunked(b'0\r\nA: \x01\r\n\r\n'), 400)
    # Discarded, never merged: the request id in a trailer is not the request's.
    with SERVER.connect() as c:
        c.send(chunked(b'0\r\nX-Request-Id: from-the-trailer\r\nConnection: close\r\n\r\n') + request())
        check(c.response().headers['x-request-id'] != 'from-the-trailer', 'a trailer was merged into the fields')
        check(c.response().status == 200, 'a trailer closed the connection')


# ------------------------------------------------------------------------------------------------ targets

@row()
def bad_escapes():
    for target in ['/%zz', '/%2', '/%', '/%00', '/%c0%af', '/%ff', '/%ed%a0%80', '/%c3', '/_test/echo?a=%zz',
                   '/_test/echo?a=%00', '/_test/echo?%c3', '/_test/echo?a=%2']:
        refused(request(line=f'GET {target} HTTP/1.1'), 400)
    accepted(request(line='GET /%5ftest/%65cho?a=%C3%B8 HTTP/1.1'))
    refused(request(line=b'GET /\xc3\xb8 HTTP/1.1'), 400)
    refused(request(line='GET /a#b HTTP/1.1'), 400)


@row()
def absolute_form_target():
    accepted(request(line='GET http://example.org/_test/echo HTTP/1.1'))
    accepted(request(line='GET HTTPS://example.org:8443/_test/echo?a=b HTTP/1.1'))
    refused(request(line='GET ftp://example.org/_test/echo HTTP/1.1'), 400)
    refused(request(line='GET _test/echo HTTP/1.1'), 400)
    refused(b'GET http://example.org/_test/echo HTTP/1.1\r\n\r\n', 400)


@row()
def methods():
    refused(request(line='CONNECT example.org:443 HTTP/1.1'), 501)
    answer = refused(request(line='TRACE /_test/echo HTTP/1.1'), 405)
    check('GET' in answer.headers['allow'], 'a 405 without Allow')
    refused(request(line='BREW /_test/echo HTTP/1.1'), 501)
    refused(request(line='get /_test/echo HTTP/1.1'), 501)
    accepted(request(line='OPTIONS * HTTP/1.1'), status=204)
    refused(request(line='GET * HTTP/1.1'), 400)
    for name in ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']:
        accepted(request('Content-Length: 2\r\n', f'{name} /_test/echo HTTP/1.1', b'ab'), b'ab')


@row('echo')
def known_method_that_is_not_allowed():
    with SERVER.connect() as c:
        c.send(post('Content-Length: 0\r\n', path='/_test/get-only'))
        answer = c.response()
        check(answer.status == 405 and answer.headers['allow'] == 'GET', 'no 405 with Allow')


@row()
def head_has_no_body():
    with SERVER.connect() as c:
        c.send(request('Content-Length: 5\r\n', 'HEAD /_test/echo HTTP/1.1', b'hello') + request())
        answer = c.response('HEAD')
        check(answer.headers['content-length'] == '5', 'HEAD: not the length of the body')
        check(c.response().status == 200, 'HEAD was answered with a body')


@row()
def versions():
    refused(b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505, 400)
    for version in ['HTTP/2.0', 'HTTP/9.9', 'HTTP/1.2', 'HTTP/0.9']:
        refused(request(line=f'GET /_test/echo {version}'), 505, 400)


@row()
def tls_hello_on_a_plain_port():
    hello = bytes.fromhex('16030100c8010000c40303') + os.urandom(120)
    with SERVER.connect() as c:
        c.send(hello)
        with contextlib.suppress(ConnectionResetError):
            c.is_closed()


@row()
def http_1_0():
    with SERVER.connect() as c:
        c.send(b'GET /_test/echo HTTP/1.0\r\n\r\n')
        check(c.response().headers['connection'] == 'close', 'HTTP/1.0 is kept open')
        c.is_closed()
    with SERVER.connect() as c:
        for _ in range(2):
            c.send(b'GET /_test/echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
            check(c.response().headers['connection'] == 'keep-alive', 'HTTP/1.0: keep-alive is not said')


@row()
def connection_close():
    with SERVER.connect() as c:
        c.send(request('Connection: close\r\n') + SMUGGLED)
        check(c.response().headers['connection'] == 'close', 'no Connection: close')
        c.is_closed()


@row()
def request_ids():
    def id_of(sent):
        return accepted(request(f'X-Request-Id: {sent}\r\n')).headers['x-request-id']
    check(id_of('client-1.A_z') == 'client-1.A_z', 'a sane id is not taken')
    check(id_of('x' * 64) == 'x' * 64, 'a sane id is not taken')
    for bad in ['x' * 65, 'a b', '<script>', '', '\xc3\xb8']:
        check(re.fullmatch(r'[A-Za-z0-9._-]{1,64}', id_of(bad)), 'an id that is not sane came back')


# ------------------------------------------------------------------------------------------------ delivery

@row()
def pipelining_keeps_the_order():
    count = 200
    with SERVER.connect() as c:
        c.send(b''.join(post(f'Content-Length: {len(str(i))}\r\n', str(i).encode()) for i in range(count)))
        for i in range(count):
            check(c.response().body == str(i).encode(), f'answer {i} is out of order')


@row('echo')
def pipelining_keeps_the_order_of_deferred_answers():
    count = 120
    with SERVER.connect() as c:
        c.send(b''.join(post(f'Content-Length: {len(str(i))}\r\nX-Request-Id: r{i}\r\n', str(i).encode(),
                             '/_test/deferred' if i % 3 else '/_test/echo') for i in range(count)))
        for i in range(count):
            answer = c.response()
            check(answer.body == str(i).encode(), f'answer {i} is out of order')
            check(answer.headers['x-request-id'] == f'r{i}', f'answer {i} has the id of another')
    with SERVER.connect() as c:  # an error waits for its place, too
        c.send(post('Content-Length: 1\r\n', b'a', '/_test/deferred') + b'bad\r\n\r\n')
        check(c.response().body == b'a', 'the deferred answer is lost')
        check(c.response().status == 400, 'the error is lost')
        c.is_closed()
    with SERVER.connect() as c:  # the peer has said all it has to say
        c.send(post('Content-Length: 1\r\n', b'a', '/_test/deferred') * 3)
        c.s.shutdown(socket.SHUT_WR)
        for _ in range(3):
            check(c.response().body == b'a', 'a half-closed peer gets no answer')
        c.is_closed()


@row()
def pipelining_stops_reading_what_is_not_taken():
    body = b'y' * 60000
    one = post(f'Content-Length: {len(body)}\r\n', body)
    with SERVER.connect(receive_buffer=8192) as c:
        c.s.settimeout(0.5)
        sent = 0
        try:
            while sent < 64 << 20:
                sent += c.s.send(one)
        except TimeoutError:
            pass
        check(sent < 64 << 20, 'the server reads on though nothing is taken')
        c.s.settimeout(10)
        for _ in range(20):
            check(c.response().body == body, 'an answer is wrong after the stop')


@row()
def byte_by_byte():
    raw = (request() + b'\r\n' + post('Content-Length: 5\r\n', b'hello') +
           chunked(b'3;x=y\r\nfoo\r\n3\r\nbar\r\n0\r\nT: t\r\n\r\n') + request())
    with SERVER.connect() as c:
        for i in range(len(raw)):
            c.send(raw[i:i + 1])
        check([c.response().body for _ in range(4)] == [b'', b'hello', b'foobar', b''], 'cut into bytes it is read wrong')


@row()
def continue_is_sent_when_it_is_due():
    with SERVER.connect() as c:
        c.send(post('Expect: 100-continue\r\nContent-Length: 5\r\n'))
        check(c.response().status == 100, 'no 100')
        c.send(b'hello')
        check(c.response().body == b'hello', 'no answer after the 100')
        c.send(post('Expect: 100-continue\r\nContent-Length: 5\r\n', b'hello'))
        check(c.response().status == 200, 'a 100 though the body had come')
        c.send(request('Expect: 100-continue\r\n'))
        check(c.response().status == 200, 'a 100 though there is no body')


@row()
def an_error_answer_survives_unread_input():
    for _ in range(20):
        with SERVER.connect() as c:
            c.send(b'GET / HTTP/1.1\r\n\r\n' + b'z' * 50000)
            check(c.response().status == 400, 'no answer')
            c.is_closed()


@row('echo')
def an_exception_of_a_handler():
    with SERVER.connect() as c:
        c.send(request(line='GET /_test/throw HTTP/1.1'))
        answer = c.response()
        check(answer.status == 500 and answer.headers['connection'] == 'close', 'no 500')
        c.is_closed()


@row('limited')
def out_of_descriptors():
    if LIMITED.is_sanitized():
        return  # UBSan probes memory by way of a pipe, and calls it bad when there are no descriptors for one
    held = [LIMITED.connect() for _ in range(80)]  # far more than it may have
    time.sleep(0.1)
    used = LIMITED.cpu_s()
    time.sleep(0.5)
    check(LIMITED.cpu_s() - used < 0.2, 'the accept loop spins')
    for c in held:
        c.s.close()
    with LIMITED.connect() as c:
        c.send(request())
        check(c.response().status == 200, 'no connection after the descriptors came back')


# ------------------------------------------------------------------------------------------------ memory

@contextlib.contextmanager
def flat_memory():
    accepted(post(f'Content-Length: {1 << 20}\r\n', b'x' * (1 << 20)), b'x' * (1 << 20))  # warm
    before = SERVER.kib('VmRSS')
    yield
    grown = SERVER.kib('VmRSS') - before
    check(grown <= 1024 or SERVER.is_sanitized(), f'the server grew by {grown} KiB')


def pour(c, data, times):
    """Sends until done or refused; the server may stop reading."""
    with contextlib.suppress(OSError):
        for _ in range(times):
            c.send(data)


@row('pid')
def memory_24_mb_of_chunk_extensions():
    with flat_memory(), SERVER.connect() as c:
        c.send(chunked(b''))
        pour(c, (b'1;' + b'e' * 250 + b'\r\na\r\n') * 100, 960)
        c.send(b'0\r\n\r\n')
        check(c.response().body == b'a' * 96000, 'the body is wrong')
    with flat_memory(), SERVER.connect() as c:
        c.send(chunked(b'1;'))
        pour(c, b'e' * 65536, 366)


@row('pid')
def memory_24_mb_of_trailers():
    with flat_memory(), SERVER.connect() as c:
        c.send(chunked(b'0\r\n'))
        pour(c, b'Trailer: ' + b't' * 1000 + b'\r\n', 24000)


@row('pid')
def memory_10000_headers():
    with flat_memory(), SERVER.connect() as c:
        c.send(b'GET / HTTP/1.1\r\nHost: x\r\n')
        pour(c, b'Name: value\r\n' * 100, 100)


@row('pid')
def memory_1_gb_of_chunks():
    with flat_memory(), SERVER.connect() as c:
        c.send(chunked(b''))
        pour(c, b'8000\r\n' + b'x' * 0x8000 + b'\r\n', 32768)


# ------------------------------------------------------------------------------------------------ deadlines

def timed(function):
    start = time.monotonic()
    function()
    return time.monotonic() - start


@row('quick')
def header_that_takes_too_long():
    with QUICK.connect() as c:
        c.send(b'GET / HTTP/1.1\r\nHost')
        check(c.response().status == 408, 'no 408')
        c.is_closed()
    with QUICK.connect() as c:  # nothing at all
        check(timed(c.is_closed) < 3, 'a silent connection stays')
    with QUICK.connect() as c:  # a byte now and then doesn't help
        start = time.monotonic()
        with contextlib.suppress(OSError):
            for byte in (b'GET /' + b'a' * 100):
                c.send(bytes([byte]))
                time.sleep(0.05)
        check(time.monotonic() - start < 3, 'dripping keeps the connection')


@row('quick')
def body_that_comes_too_slowly():
    with QUICK.connect() as c:
        c.send(post('Content-Length: 5\r\n', b'he'))
        check(c.response().status == 408, 'no 408')
        c.is_closed()
    with QUICK.connect() as c:  # fast enough, but too long in all
        start = time.monotonic()
        with contextlib.suppress(OSError):
            c.send(post('Content-Length: 1000000\r\n'))
            while time.monotonic() - start < 5:
                c.send(b'x' * 500)
                time.sleep(0.05)
        check(1.0 < time.monotonic() - start < 4, 'a body may go on for ever')
    with QUICK.connect() as c:  # slow, but not too slow
        c.send(post('Content-Length: 4000\r\n'))
        for _ in range(8):
            c.send(b'x' * 500)
            time.sleep(0.05)
        check(c.response().status == 200, 'a body in time is refused')


@row('quick')
def idle_connection():
    with QUICK.connect() as c:
        c.send(request())
        check(c.response().status == 200, 'no answer')
        check(timed(c.is_closed) < 4, 'an idle connection stays')


@row('quick')
def stalled_write():
    body = b'w' * (1 << 20)
    one = post(f'Content-Length: {len(body)}\r\n', body)
    with QUICK.connect(receive_buffer=8192) as c:
        c.s.settimeout(0.3)
        with contextlib.suppress(TimeoutError):
            for _ in range(64):
                c.send(one)
        time.sleep(1.5)
        c.s.settimeout(5)
        got = 0
        try:
            while data := c.s.recv(1 << 20):
                got += len(data)
        except ConnectionResetError:
            return
        check(False, f'a stalled connection was not reset ({got} bytes came)')


@row('quick')
def lingering_is_bounded():
    with QUICK.connect() as c:
        c.send(b'bad\r\n\r\n')
        c.response()
        c.is_closed()
        start = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - start < 5:
                c.send(b'more')
                time.sleep(0.05)
        check(time.monotonic() - start < 3, 'the server reads on for ever')


# ------------------------------------------------------------------------------------------------ WebSocket

def frame(first, payload=b'', mask=b'\x12\xfe\x00\x9a', form=None):
    size = len(payload)
    form = form or (7 if size < 126 else 16 if size < 65536 else 64)
    bit = 0x80 if mask else 0
    head = bytes([first, bit | {7: size, 16: 126, 64: 127}[form]])
    head += {7: b'', 16: struct.pack('>H', size & 0xffff), 64: struct.pack('>Q', size)}[form]
    if not mask:
        return head + payload
    wide = (mask * (size // 4 + 1))[:size]
    return head + mask + (int.from_bytes(payload) ^ int.from_bytes(wide)).to_bytes(size)


def close_frame(code, reason=b''):
    return frame(0x88, struct.pack('>H', code) + reason)


KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
HANDSHAKE = {'Connection': 'Upgrade', 'Upgrade': 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': KEY}


def handshake(path='/_test/ws', name='GET', **changes):
    fields = HANDSHAKE | {k.replace('_', '-'): v for k, v in changes.items()}
    return request(''.join(f'{k}: {v}\r\n' for k, v in fields.items() if v is not None), f'{name} {path} HTTP/1.1')


class Socket(Client):
    def __init__(self, path='/_test/ws', follow=b'', server=None, receive_buffer=None, **changes):
        super().__init__((server or SERVER).connect(receive_buffer).s)
        self.send(handshake(path, **changes) + follow)
        self.answer = self.response()
        check(self.answer.status == 101, f'no 101 but {self.answer.status}')
        expected = base64.b64encode(hashlib.sha1((KEY + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest())
        check(self.answer.headers['sec-websocket-accept'] == expected.decode(), 'Sec-WebSocket-Accept is wrong')
        check('sec-websocket-extensions' not in self.answer.headers, 'an extension was accepted')

    def frame(self):
        first, second = self.take(2)
        check(second < 128, 'a masked frame from the server')
        size = second
        if second >= 126:
            size = int.from_bytes(self.take(2 if second == 126 else 8))
        return first, self.take(size)

    def closes_with(self, code, what=''):
        while (got := self.frame())[0] != 0x88:
            pass
        have = int.from_bytes(got[1][:2])
        check(have == code, f'{what}: closed with {have}, not {code}')
        self.is_closed()


def ws_fails(raw, code, path='/_test/ws'):
    with Socket(path) as s:
        s.send(raw)
        s.closes_with(code, repr(raw[:40]))


def ws_echoes(raw, first, payload):
    with Socket() as s:
        s.send(raw)
        got = s.frame()
        check(got == (first, payload), f'{raw[:40]!r}: {got[0]:#x} {got[1][:40]!r}')


@row()
def ws_handshake_refusals():
    def status(**changes):
        with SERVER.connect() as c:
            c.send(handshake(**changes))
            return c.response()
    for key in ['', 'short', KEY + '=', None]:
        check(status(Sec_WebSocket_Key=key).status == 400, f'key {key}')
    for version in ['8', '14', None]:
        answer = status(Sec_WebSocket_Version=version)
        check(answer.status in (426, 400), f'version {version}')
        check(answer.status == 400 or answer.headers['sec-websocket-version'] == '13', 'a 426 without the version')
    check(status(name='POST').status == 400, 'POST')
    check(status(Upgrade=None).status in (400, 426), 'no Upgrade')
    check(status(Origin='http://evil.example').status == 403, 'a foreign Origin')
    with SERVER.connect() as c:
        c.send(handshake(Content_Length='3') + b'abc')
        check(c.response().status == 400, 'a handshake with a body')


@row()
def ws_bytes_after_the_upgrade_are_not_lost():
    with Socket(follow=frame(0x81, b'early') + frame(0x82, b'bird')) as s:
        check(s.frame() == (0x81, b'early') and s.frame() == (0x82, b'bird'), 'early frames are lost')


@row('echo')
def ws_upgrade_after_a_deferral():
    with Socket('/_test/ws-later', follow=frame(0x81, b'early'), Sec_WebSocket_Protocol='other, qtable.v1') as s:
        check(s.answer.headers['sec-websocket-protocol'] == 'qtable.v1', 'no subprotocol')
        check(s.frame() == (0x81, b'early'), 'early frames are lost')


@row()
def ws_permessage_deflate_is_declined():
    with Socket(Sec_WebSocket_Extensions='permessage-deflate; client_max_window_bits') as s:
        s.send(frame(0xc1, b'\x00'))
        s.closes_with(1002)


@row()
def ws_echo():
    ws_echoes(frame(0x81, b''), 0x81, b'')
    for size in [1, 125, 126, 65535, 65536, 1 << 20]:
        ws_echoes(frame(0x82, bytes(range(256)) * (size // 256 + 1)), 0x82, bytes(range(256)) * (size // 256 + 1))
    ws_echoes(frame(0x01, b'a') + frame(0x00, b'b') + frame(0x80, b'c'), 0x81, b'abc')
    ws_echoes(frame(0x01, b'a') + frame(0x89, b'ping') + frame(0x80, b'c'), 0x8a, b'ping')


@row()
def ws_17_mib():
    ws_echoes(frame(0x82, b'\xa5' * (17 << 20)), 0x82, b'\xa5' * (17 << 20))


@row()
def ws_byte_by_byte():
    with Socket() as s:
        for byte in frame(0x01, b'one ') + frame(0x89, b'p') + frame(0x80, 'tø'.encode()):
            s.send(bytes([byte]))
        check(s.frame() == (0x8a, b'p') and s.frame() == (0x81, 'one tø'.encode()), 'cut into bytes it is read wrong')


@row()
def ws_unmasked():
    ws_fails(frame(0x81, b'hello', mask=None), 1002)


@row()
def ws_reserved_bits_and_opcodes():
    for first in [0xc1, 0xa1, 0x91, 0x83, 0x87, 0x8b, 0x8f]:
        ws_fails(frame(first, b'x'), 1002)


@row()
def ws_bad_control_frames():
    ws_fails(frame(0x09, b'cut'), 1002)
    ws_fails(frame(0x89, b'x' * 126), 1002)
    ws_fails(frame(0x80, b'x'), 1002)
    ws_fails(frame(0x01, b'x') + frame(0x81, b'y'), 1002)


@row()
def ws_bad_close_codes():
    for code in [0, 999, 1004, 1005, 1006, 1015, 2999, 5000]:
        ws_fails(close_frame(code), 1002)
    ws_fails(frame(0x88, b'x'), 1002)
    ws_fails(close_frame(1000, b'\xff'), 1007)


@row()
def ws_lengths_that_are_not_minimal():
    ws_fails(frame(0x81, b'hello', form=16), 1002)
    ws_fails(frame(0x81, b'hello', form=64), 1002)
    ws_fails(b'\x81\xff\x80' + b'\0' * 11, 1002)


@row()
def ws_invalid_utf8():
    for text in [b'\xff', b'\xc0\xaf', b'\xed\xa0\x80', b'cut \xc3']:
        ws_fails(frame(0x81, text), 1007)
    ws_fails(frame(0x01, b'\xc3') + frame(0x80, b'x'), 1007)
    ws_echoes(frame(0x01, b'\xc3') + frame(0x80, b'\xb8'), 0x81, b'\xc3\xb8')


@row('echo')
def ws_too_big_and_binary():
    ws_fails(frame(0x81, b'x' * 4097), 1009, '/_test/ws-strict')
    ws_fails(frame(0x01, b'x' * 4000) + frame(0x80, b'x' * 97), 1009, '/_test/ws-strict')
    ws_fails(frame(0x82, b'x'), 1003, '/_test/ws-strict')


@row()
def ws_too_big_for_any():
    ws_fails(b'\x82\xff' + struct.pack('>Q', 1 << 30) + b'mask', 1009)


@row('echo')
def ws_floods():
    ws_fails(frame(0x81, b'x') * 250, 1008, '/_test/ws-strict')
    ws_fails(frame(0x89) * 250, 1008, '/_test/ws-strict')
    ws_fails(frame(0x01) + frame(0x00) * 250, 1008, '/_test/ws-strict')


@row()
def ws_close_handshake():
    for code in [1000, 1001, 3000, 4999]:
        with Socket() as s:
            s.send(close_frame(code, b'bye'))
            s.closes_with(code)
    with Socket() as s:
        s.send(frame(0x88))
        check(s.frame() == (0x88, b''), 'an empty close is not answered by one')
        s.is_closed()


@row('echo')
def ws_slow_reader():
    with Socket('/_test/ws-push', receive_buffer=16384) as s:
        s.send(frame(0x81, b'go'))
        time.sleep(0.2)
        while (got := s.frame())[0] != 0x88:
            check(got == (0x81, b'p' * 4096), 'a frame is broken')
        check(int.from_bytes(got[1][:2]) == 4408, 'a slow reader is not cut off with 4408')


@row('quick')
def ws_slow_reader_that_never_reads():
    with Socket('/_test/ws-push', server=QUICK, receive_buffer=16384) as s:
        s.send(frame(0x81, b'go'))
        time.sleep(1.5)
        try:
            while s.fill():
                s.buffer = b''
        except ConnectionResetError:
            return
        check(False, 'no reset though the close could not be sent')


@row('quick')
def ws_missing_pongs():
    with Socket('/_test/ws-strict', server=QUICK) as s:
        start = time.monotonic()
        try:
            while True:
                check(s.frame() == (0x89, b''), 'not a ping')
        except (ConnectionResetError, AssertionError) as gone:
            check('ended after 0 of 2' in str(gone) or isinstance(gone, ConnectionResetError), str(gone))
        check(time.monotonic() - start < 5, 'a dead peer stays')
    with Socket('/_test/ws-strict', server=QUICK) as s:
        for _ in range(8):
            check(s.frame() == (0x89, b''), 'not a ping')
            s.send(frame(0x8a))


# ------------------------------------------------------------------------------------------------ TLS

def tls_socket(**options):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for name, value in options.items():
        setattr(context, name, value)
    context.set_alpn_protocols(['h2', 'http/1.1'])
    return context.wrap_socket(TLS.connect().s, server_hostname='localhost')


@row('tls')
def tls_requests():
    body = os.urandom(1 << 20)
    with Client(tls_socket()) as c:
        check(c.s.selected_alpn_protocol() == 'http/1.1', 'ALPN did not select http/1.1')
        c.send(request() * 20)
        for _ in range(20):
            check(c.response().status == 200, 'a pipelined answer is wrong')
        for _ in range(3):
            c.send(post(f'Content-Length: {len(body)}\r\n', body))
            check(c.response().body == body, 'a large answer is wrong')
        c.send(b'bad\r\n\r\n')
        check(c.response().status == 400, 'no 400')
        c.is_closed()


@row('tls')
def tls_websocket():
    payload = os.urandom(1 << 20)
    with Client(tls_socket()) as c:
        c.send(handshake() + frame(0x81, b'early'))
        check(c.response().status == 101, 'no 101')
        s = Socket.__new__(Socket)
        s.s, s.buffer = c.s, c.buffer
        check(s.frame() == (0x81, b'early'), 'an early frame is lost')
        s.send(frame(0x82, payload))
        check(s.frame() == (0x82, payload), 'the echo is wrong')
        s.send(close_frame(1000))
        s.closes_with(1000)


@row('tls')
def tls_is_1_2_or_newer():
    check(tls_socket(maximum_version=ssl.TLSVersion.TLSv1_2).version() == 'TLSv1.2', 'no TLS 1.2')
    check(tls_socket().version() == 'TLSv1.3', 'no TLS 1.3')


@row('tls')
def http_on_a_tls_port():
    with TLS.connect() as c:
        c.send(request())
        with contextlib.suppress(ConnectionResetError):
            while c.fill():
                check(b'HTTP' not in c.buffer, 'plain HTTP was answered on the TLS port')


# ------------------------------------------------------------------------------------------------ draining (last)

@row('drain')
def drain():
    idle, busy, socket_ = QUICK.connect(), QUICK.connect(), Socket('/_test/ws', server=QUICK)
    busy.send(post('Content-Length: 5\r\n', b'he'))
    idle.send(request())
    idle.response()
    time.sleep(0.05)
    os.kill(QUICK.pid, signal.SIGTERM)
    idle.is_closed()
    busy.send(b'llo')
    answer = busy.response()
    check(answer.status == 200 and answer.body == b'hello', 'a running request is not finished')
    check(answer.headers['connection'] == 'close', 'no Connection: close while draining')
    busy.is_closed()
    for c in (idle, busy):
        c.s.close()
    first, payload = socket_.frame()
    check(first == 0x88 and int.from_bytes(payload[:2]) == 1012, 'a socket is not closed with 1012')
    socket_.send(close_frame(1012))
    socket_.is_closed()


# ------------------------------------------------------------------------------------------------ running

def start(command, descriptors=None):
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=limit if descriptors else None)
    port = int(re.search(r'listening on (\d+)', process.stdout.readline()).group(1))
    return process, Server('127.0.0.1', port, process.pid)


def run(names, have):
    failed = 0
    for name, function, needs in ROWS:
        if names not in name or (needs and needs not in have):
            continue
        began = time.monotonic()
        try:
            function()
            outcome = 'ok'
        except Exception as error:  # a row that fails says so, and the next one runs
            outcome = f'FAILED: {type(error).__name__}: {error}'
            failed += 1
        print(f'{name:60} {time.monotonic() - began:6.2f} s  {outcome}', flush=True)
    return failed


def make_certificate(folder):
    """True when there is an openssl to make one with."""
    command = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days',
               '2', '-subj', '/CN=localhost', '-keyout', folder + '/key.pem', '-out', folder + '/certificate.pem']
    try:
        return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        return False


def main():
    global SERVER, QUICK, TLS, LIMITED
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--server', help='path of the echo server')
    parser.add_argument('--base-url', help='host:port of a running server')
    parser.add_argument('--pid', type=int, help='with --base-url: its process, for the rows about memory')
    parser.add_argument('--only', default='', help='part of the names of the rows to run')
    arguments = parser.parse_args()
    if arguments.base_url:
        host, port = arguments.base_url.removeprefix('http://').rstrip('/').rsplit(':', 1)
        SERVER = Server(host.strip('[]'), int(port), arguments.pid)
        return run(arguments.only, {'pid'} if arguments.pid else set())
    have = {'echo', 'pid', 'quick', 'drain', 'limited'}
    quick_options = ['--header-timeout-ms', '400', '--body-grace-ms', '400', '--body-timeout-ms', '1500',
                     '--idle-timeout-ms', '700', '--write-stall-timeout-ms', '500', '--ping-interval-ms', '200',
                     '--close-timeout-ms', '500']
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        process, SERVER = start([arguments.server, '--cores', '2'])
        running.callback(process.kill)
        quick, QUICK = start([arguments.server, '--cores', '1', *quick_options])
        running.callback(quick.kill)
        limited, LIMITED = start([arguments.server, '--cores', '1'], descriptors=40)
        running.callback(limited.kill)
        servers = [process, quick, limited]
        if make_certificate(folder):
            have.add('tls')
            tls, TLS = start([arguments.server, '--cores', '1', '--tls-certificate', folder + '/certificate.pem',
                              '--tls-key', folder + '/key.pem'])
            running.callback(tls.kill)
            servers.append(tls)
        else:
            print('no openssl: the rows about TLS are left out')
        failed = run(arguments.only, have)
        for each in servers:  # each drains and ends well, also when it was told before
            each.terminate()
            if each.wait(15) != 0:
                print(f'a server ended with {each.returncode}')
                failed += 1
        return failed


if __name__ == '__main__':
    sys.exit(1 if main() else 0)
