#!/usr/bin/env python3
"""Follows a stream of QTable and goes on after every interruption without a hole: python3 follow.py URL [TOKEN]

    python3 follow.py http://127.0.0.1:8080/ws/public/restaurants/ID
    python3 follow.py http://127.0.0.1:8080/ws/restaurants/ID "$STAFF_TOKEN"
"""
import base64, json, os, socket, ssl, struct, sys, time, urllib.parse

SILENCE_S = 60  # the server asks every 20 s whether anybody is there


def connect(url, token, place):
    target = url.path + (f'?epoch={place[0]}&since_seq={place[1]}' if place else '')
    plain = socket.create_connection((url.hostname, url.port or (443 if url.scheme == 'https' else 80)), SILENCE_S)
    link = ssl.create_default_context().wrap_socket(plain, server_hostname=url.hostname) if url.scheme == 'https' else plain
    lines = [f'GET {target} HTTP/1.1', f'Host: {url.netloc}', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13',
             'Sec-WebSocket-Key: ' + base64.b64encode(os.urandom(16)).decode()]
    link.sendall('\r\n'.join(lines + ([f'Authorization: Bearer {token}'] if token else []) + ['', '']).encode())
    reader = link.makefile('rb')
    status = reader.readline().split()[1]
    while reader.readline() not in (b'\r\n', b''):
        pass
    if status in (b'401', b'403', b'404'):
        sys.exit(f'refused: {status.decode()}')
    if status != b'101':
        raise ConnectionError(status.decode())
    return link, reader


def exactly(reader, size):
    data = reader.read(size)
    if len(data) < size:
        raise ConnectionError('the connection ended')
    return data


def messages(link, reader):
    while True:
        opcode, size = exactly(reader, 2)
        if size > 125:
            size, = struct.unpack('!H' if size == 126 else '!Q', exactly(reader, 2 if size == 126 else 8))
        payload = exactly(reader, size)
        if opcode == 0x81:
            yield json.loads(payload)
        elif opcode == 0x89:  # "are you there?": the same back, masked with zeros
            link.sendall(bytes([0x8a, 0x80 | size]) + bytes(4) + payload)
        elif opcode == 0x88:
            raise ConnectionError(f'closed with {int.from_bytes(payload[:2], "big")}')


def follow(url, token):
    place, pause_s = None, 0.5
    while True:
        try:
            for message in messages(*connect(url, token, place)):
                if 'epoch' in message and 'seq' in message:
                    place = (message['epoch'], message['seq'])  # where to go on
                pause_s = 0.5
                yield message  # resync_required: read everything again by HTTP
        except OSError as lost:
            print(f'lost: {lost}; again in {pause_s:.1f} s', file=sys.stderr, flush=True)
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, 15)


if __name__ == '__main__':
    if len(sys.argv) not in (2, 3) or not sys.argv[1].startswith('http'):
        sys.exit(__doc__)
    for each in follow(urllib.parse.urlsplit(sys.argv[1]), sys.argv[2] if len(sys.argv) == 3 else None):
        print(json.dumps(each), flush=True)
