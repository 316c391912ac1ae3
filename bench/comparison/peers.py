"""The programs that QTable is compared with, started on ports of their own: each has `port` and `cpu_s()`."""
import http.client
import os
import re
import shutil
import socket
import subprocess

from . import postgres
from .machine import Child, Failure, Talker, accepts, free_port, own_cpu_s, tree_cpu_s
from .server import TOKEN_KEY, Client


class Peer:
    def __init__(self, child, port):
        self.child, self.port = child, port
        try:
            child.wait_for(lambda: accepts(port), 20, f'port {port} answers')
        except BaseException:
            child.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.stop()

    @property
    def url(self):
        return f'http://127.0.0.1:{self.port}'

    def cpu_s(self):
        return tree_cpu_s(self.child.pid)


class Floor(Peer):
    """`bench/floor`: a raw epoll loop that sends the bytes of `answer`, whatever is asked."""

    def __init__(self, bench, answer, threads=1, prefix=()):
        file = bench.folder / f'answer.{len(answer)}.http'
        file.write_bytes(answer)
        port = free_port()
        super().__init__(Child('floor', [*prefix, bench.program('floor'), '--port', port, '--threads', threads, '--file',
                                         file], bench.log_file('floor')), port)


NGINX_PIECE = 3000  # nginx takes no longer word than 4,096 bytes
NGINX_OWN_HEADERS = ('server', 'date', 'content-type', 'content-length', 'connection', 'keep-alive')
NGINX_CONFIGURATION = '''
daemon off;
user root;
pid {folder}/nginx.pid;
error_log stderr error;
worker_processes {threads};
worker_rlimit_nofile 20000;
events {{ worker_connections 8000; }}
http {{
  access_log off;
  server_tokens off;
  keepalive_requests 1000000000;
  keepalive_timeout 1d;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} reuseport backlog=4096;
    default_type {content_type};
    location / {{
{headers}
{pieces}
      return 200 "{names}";
    }}
  }}
}}
'''


def nginx_quoted(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


def nginx_configuration(answer, port, threads, folder):
    """`return 200` with the body of an answer, and with those of its headers that nginx doesn't make itself."""
    head, _, body = answer.partition(b'\r\n\r\n')
    text = body.decode()
    if '$' in text:
        raise Failure('nginx would take a $ in the answer for a variable')
    fields = dict(line.split(': ', 1) for line in head.decode().split('\r\n')[1:])
    fields = {name.lower(): value for name, value in fields.items()}
    cut = [text[i:i + NGINX_PIECE] for i in range(0, len(text), NGINX_PIECE)]
    return NGINX_CONFIGURATION.format(
        folder=folder, port=port, threads=threads, content_type=fields.get('content-type', 'text/plain').split(';')[0],
        headers='\n'.join(f'      add_header {name} {nginx_quoted(value)};' for name, value in fields.items()
                          if name not in NGINX_OWN_HEADERS),
        pieces='\n'.join(f'      set $piece{i} {nginx_quoted(piece)};' for i, piece in enumerate(cut)),
        names=''.join(f'${{piece{i}}}' for i in range(len(cut))))


class Nginx(Peer):
    def __init__(self, bench, answer, threads=1):
        port = free_port()
        file = bench.folder / 'nginx.conf'
        file.write_text(nginx_configuration(answer, port, threads, bench.folder))
        super().__init__(Child('nginx', ['nginx', '-p', bench.folder, '-c', file], bench.log_file('nginx')), port)


class Redis(Peer):
    """With the places under 12-digit names, as `redis-benchmark -r` draws them."""

    def __init__(self, bench, places):
        port = free_port()
        super().__init__(Child('redis', ['redis-server', '--port', port, '--bind', '127.0.0.1', '--save', '',
                                         '--appendonly', 'no', '--dir', bench.folder], bench.log_file('redis')), port)
        self.count = len(places)
        with socket.create_connection(('127.0.0.1', port), 30) as wire:
            for start in range(0, len(places), 1000):
                words = ['GEOADD', 'places']
                for number, (latitude, longitude) in enumerate(places[start:start + 1000], start):
                    words += [str(longitude), str(latitude), f'{number:012d}']
                wire.sendall((f'*{len(words)}\r\n' + ''.join(f'${len(word)}\r\n{word}\r\n' for word in words)).encode())
                answer = wire.recv(100)
                if not answer.startswith(b':'):
                    raise Failure(f'redis: {answer!r}')

    def cpu_s(self):
        return own_cpu_s(self.child.pid)

    def search(self, count, radius_km, limit, connections=64):
        """`count` searches around places drawn at random."""
        done = subprocess.run(['redis-benchmark', '-p', str(self.port), '-c', str(connections), '-n', str(count), '-r',
                               str(self.count), '--csv', 'GEOSEARCH', 'places', 'FROMMEMBER', '__rand_int__',
                               'BYRADIUS', str(radius_km), 'km', 'ASC', 'COUNT', str(limit), 'WITHDIST'],
                              capture_output=True, text=True)
        if done.returncode != 0 or not re.search(r'^"GEOSEARCH', done.stdout, re.M):
            raise Failure(f'redis-benchmark: {done.stdout[-500:]} {done.stderr[-500:]}')


class FloorWebSocket(Peer):
    """`bench/floor_websocket`: writes the ready-made frames of a file to every socket."""

    def __init__(self, bench, frames):
        port = free_port()
        files = []
        for number, each in enumerate(frames):
            files += ['--file', bench.folder / f'frames.{number}']
            files[-1].write_bytes(each)
        super().__init__(Talker('floor_websocket', [bench.program('floor_websocket'), '--port', port, *files],
                                bench.log_file('floor_websocket')), port)

    def tell(self, which):
        self.child.ask(str(which))


class NodeWs(Peer):
    """node's `ws` with the application of bench/peers/ws; `messages`: lists of texts."""

    def __init__(self, bench, messages):
        port = free_port()
        folder = bench.folder / 'ws'
        shutil.copytree(bench.root / 'bench/peers/ws', folder, dirs_exist_ok=True)
        done = subprocess.run(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], cwd=folder,
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f'npm ci: {done.stderr.strip()[-500:]}')
        files = []
        for number, each in enumerate(messages):
            files.append(folder / f'messages.{number}')
            files[-1].write_text('\n'.join(each) + '\n')
        super().__init__(Talker('node ws', ['node', folder / 'server.mjs', port, *files], bench.log_file('node')), port)

    def tell(self, which):
        self.child.ask(str(which))


class Crowd(Talker):
    """`bench/subscribers`: that many connections to one target, which read."""

    def __init__(self, bench, port, target, connections, is_plain=False):
        super().__init__('subscribers', [bench.program('subscribers'), '--port', port, '--target', target,
                                         '--connections', connections, *(['--plain', 1] if is_plain else [])],
                         bench.log_file('subscribers'))
        try:
            self.read_line(120)
        except BaseException:
            self.stop()
            raise
        self.connections, self.expected = connections, 0

    def frames(self):
        """How many came until now."""
        return int(self.ask('wait 0').split()[0])

    def wait_for(self, count, timeout_s=30):
        """`count` more frames at each."""
        self.expected += count * self.connections
        self.ask(f'wait {self.expected}', timeout_s)


PYTHON = '/usr/bin/python3'  # whose packages are Debian's


class FastApi(Peer):
    """The application of bench/peers/fastapi under uvicorn, a worker a core."""

    def __init__(self, bench, database, pool=16, **environment):
        port = free_port()
        folder = bench.folder / 'fastapi'
        shutil.copytree(bench.root / 'bench/peers/fastapi', folder, dirs_exist_ok=True)
        environment = {**os.environ, **environment, 'TOKEN_KEY': TOKEN_KEY, 'POOL': str(pool),
                       'DATABASE': f'postgresql://{postgres.USER}@/{database}?host={bench.postgres.socket_dir}'}
        super().__init__(Child('FastAPI', [PYTHON, '-m', 'uvicorn', 'app:app', '--host', '127.0.0.1', '--port', port,
                                           '--workers', os.cpu_count(), '--loop', 'uvloop', '--http', 'httptools',
                                           '--no-access-log', '--log-level', 'warning', '--timeout-keep-alive', 86400],
                               bench.log_file('fastapi'),
                               cwd=folder, env=environment), port)
        try:
            # The parent listens before its workers are there.
            self.child.wait_for(self.answers, 30, 'a search is answered')
        except BaseException:
            self.child.stop()
            raise

    def answers(self):
        try:
            with Client(self.port) as client:
                return bool(client.get('/public/restaurants?lat=0&lon=0'))
        except (OSError, http.client.HTTPException):
            return False
