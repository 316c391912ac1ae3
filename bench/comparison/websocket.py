"""As much of a WebSocket client as it takes to see a server's frames as they stand on the wire."""
import socket

from .machine import Failure


class Listener:
    def __init__(self, port, target, token=None):
        self.wire = socket.create_connection(('127.0.0.1', port), 10)
        bearer = f'Authorization: Bearer {token}\r\n' if token else ''
        self.wire.sendall(f'GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\n'
                          f'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n{bearer}'
                          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'.encode())
        self.buffer = b''
        while b'\r\n\r\n' not in self.buffer:
            self.fill()
        self.head, _, self.buffer = self.buffer.partition(b'\r\n\r\n')
        if not self.head.startswith(b'HTTP/1.1 101 '):
            raise Failure(f'{target}: {self.head[:200]!r}')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.wire.close()

    def fill(self):
        piece = self.wire.recv(65536)
        if not piece:
            raise Failure('the server closed a WebSocket')
        self.buffer += piece

    def frame(self):
        """The next frame, head included."""
        while True:
            size = frame_size(self.buffer)
            if size:
                taken, self.buffer = self.buffer[:size], self.buffer[size:]
                return taken
            self.fill()

    def texts(self, count):
        """The next `count` text frames."""
        found = []
        while len(found) < count:
            frame = self.frame()
            if frame[0] & 0x0f == 1:
                found.append(frame)
        return found


def head_size(data):
    return 2 + {126: 2, 127: 8}.get(data[1] & 0x7f, 0)


def frame_size(data):
    """Of the first frame, which a server doesn't mask; 0: it isn't complete."""
    if len(data) < 2 or len(data) < head_size(data):
        return 0
    head = head_size(data)
    payload = int.from_bytes(data[2:head], 'big') if head > 2 else data[1] & 0x7f
    return head + payload if len(data) >= head + payload else 0


def payload(frame):
    return frame[head_size(frame):]
