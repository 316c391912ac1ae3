"""The real `qtable serve` on a database, and a small HTTP client for setting things up through it."""
import http.client
import json
import os
import re
import socket
import subprocess

from .machine import Child, Failure, anonymous_bytes, own_cpu_s

TOKEN_KEY = 'a key for measuring only, with more than 32 bytes'
BOOT_S = 300
# Nothing of a round may end by itself.
SETTINGS = ['--port', '0', '--loopback-exempt', '--idle-timeout-ms', '86400000', '--access-token-s', '86400',
            '--drain-grace-ms', '0', '--drain-timeout-ms', '2000', '--drain-socket-jitter-ms', '0']


class Server:
    def __init__(self, binary, conninfo, log, threads=1, prefix=(), options=()):
        self.binary, self.conninfo = binary, conninfo
        environment = {**os.environ, 'QTABLE_AUTH_TOKEN_KEY': TOKEN_KEY}
        self.child = Child('qtable', [*prefix, binary, 'serve', '--database', conninfo, '--threads', threads, *SETTINGS, *options],
                           log, env=environment)
        try:
            found = self.child.wait_for_line(r'listening on http://127\.0\.0\.1:(\d+)', BOOT_S)
        except BaseException:
            self.stop()
            raise
        self.port = int(found.group(1))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.child.stop()

    @property
    def url(self):
        return f'http://127.0.0.1:{self.port}'

    def cpu_s(self):
        return own_cpu_s(self.child.pid)

    def memory(self):
        return anonymous_bytes(self.child.pid)

    def client(self, token=None):
        return Client(self.port, token)

    def mint(self, role, email):
        """A token of an account, which is made when it isn't there."""
        return mint(self.binary, self.conninfo, role, email)


def mint(binary, conninfo, role, email):
    done = subprocess.run([binary, 'token', 'mint', '--role', role, '--email', email, '--ttl-s', '86400', '--database',
                           conninfo], capture_output=True, text=True,
                          env={**os.environ, 'QTABLE_AUTH_TOKEN_KEY': TOKEN_KEY})
    if done.returncode != 0:
        raise Failure(f'qtable token mint: {done.stderr.strip()}')
    return re.search(r'eyJ[\w-]+\.[\w-]+\.[\w-]+', done.stdout).group(0)


class Client:
    """One kept connection. Any status that isn't expected is a failure."""

    def __init__(self, port, token=None):
        self.token = token
        self.connection = http.client.HTTPConnection('127.0.0.1', port, timeout=30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def call(self, method, target, body=None, expected=(200, 201)):
        headers = {'Authorization': f'Bearer {self.token}'} if self.token else {}
        if body is not None:
            headers['Content-Type'] = 'application/json'
        self.connection.request(method, target, None if body is None else json.dumps(body), headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status not in expected:
            raise Failure(f'{method} {target}: {answer.status} {text[:300]!r}')
        return json.loads(text)

    def get(self, target):
        return self.call('GET', target)

    def post(self, target, body, expected=(200, 201)):
        return self.call('POST', target, body, expected)


def raw_exchange(port, target, headers=()):
    """A whole answer as it stands on the wire, and what was sent for it."""
    asked = '\r\n'.join([f'GET {target} HTTP/1.1', f'Host: 127.0.0.1:{port}', *headers, '', '']).encode()
    with socket.create_connection(('127.0.0.1', port), 10) as wire:
        wire.sendall(asked)
        got = b''
        while True:
            piece = wire.recv(65536)
            if not piece:
                raise Failure(f'{target}: closed within its answer')
            got += piece
            head, found, body = got.partition(b'\r\n\r\n')
            length = re.search(rb'(?i)\r\ncontent-length: *(\d+)', head)
            if found and len(body) >= (int(length.group(1)) if length else 0):
                return got, asked
