"""Stands between the program and its PostgreSQL and is the network on a bad day.

It follows the protocol, so it knows which answer belongs to which segment and when a commit has happened. Plans are armed for the
next commits of the writing connections; weather (delay, stall, single bytes, nobody answers) holds for all connections, for a while.
"""
import collections, contextlib, socket, struct, threading, time

import protocol

LISTEN_BACKLOG, SLICED_BYTES_MAX, TICK_S = 64, 3000, 0.01
WRITER, DOORBELL = 'qtable-journal-', 'qtable doorbell'


class Plan:
    """What happens to one commit. `kind`:
    cut: it is committed, the answer is not delivered (`part`: how much of it is, 0 ≤ part < 1); hold: the answer comes `after_s` late;
    lose: the request is not delivered; late: the program is cut off first, the Sync is delivered `after_s` later;
    refuse: error `code` instead of the request; fail: error `code` from PostgreSQL itself at the end of the segment."""

    def __init__(self, kind, after_s=0.0, part=0.0, code='', severity='ERROR', constraint=''):
        self.kind, self.after_s, self.part = kind, after_s, part
        self.code, self.severity, self.constraint = code, severity, constraint

    def __repr__(self):
        more = [f'{self.after_s:.2f} s'] if self.after_s else []
        more += [f'{self.severity} {self.code}'] if self.code else []
        return ' '.join([self.kind, *more])


class Weather:
    """Until when (monotonic) what holds."""

    def __init__(self):
        self.delay_until = self.stall_until = self.slice_until = self.refuse_until = self.deaf_until = 0.0
        self.delay_s, self.refuse_code = 0.0, ''

    def clear(self):
        self.__init__()


class Orders:
    """What is to happen to commits, whichever node makes them, and what was done. `counts`: `cut_commits`, `sqlstate 40001`, …"""

    def __init__(self):
        self.plans, self.counts, self.lock = collections.deque(), collections.Counter(), threading.Lock()
        self.cut_every_s, self.next_cut, self.next_part = 0.0, 0.0, lambda: 0.0

    def count(self, what):
        with self.lock:
            self.counts[what] += 1

    def arm(self, plan):
        with self.lock:
            self.plans.append(plan)

    def disarm(self):
        with self.lock:
            self.plans.clear()

    def cut_steadily(self, every_s, next_part):
        """From now on the answer to a commit is cut so often; 0 = no more."""
        self.cut_every_s, self.next_part = every_s, next_part
        self.next_cut = time.monotonic() + every_s

    def next_plan(self):
        with self.lock:
            if self.plans:
                return self.plans.popleft()
            now = time.monotonic()
            if self.cut_every_s and now >= self.next_cut:
                self.next_cut = now + self.cut_every_s
                return Plan('cut', part=self.next_part())
        return None


class Proxy:
    """Listens on `port`, by itself a free one. `backend_path`: PostgreSQL's socket."""

    def __init__(self, backend_path, orders, weather, address=('127.0.0.1', 0)):
        self.backend_path, self.orders, self.weather = backend_path, orders, weather
        self.links, self.lock, self.is_over = set(), threading.Lock(), False
        self.listener = socket.create_server(address, backlog=LISTEN_BACKLOG)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def close(self):
        self.is_over = True
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.weather.clear()
        for link in self.all_links():
            link.end()

    def accept(self):
        while not self.is_over:
            try:
                client, _ = self.listener.accept()
            except OSError:
                if self.is_over:
                    return
                time.sleep(TICK_S)
                continue
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link = Link(self, client)
            with self.lock:
                self.links.add(link)
            threading.Thread(target=link.run, daemon=True).start()

    def all_links(self):
        with self.lock:
            return list(self.links)

    def reset(self, linger_s=0.0, chosen=lambda link: True):
        """Resets connections; their backends notice it only so much later."""
        links = [link for link in self.all_links() if chosen(link)]
        for link in links:
            link.reset(linger_s)
        return len(links)


class Link:
    """One connection of the program with its backend: a thread each way."""

    def __init__(self, proxy, client):
        self.proxy, self.client, self.backend = proxy, client, None
        self.statements, self.pending, self.lock = {}, collections.deque(), threading.Lock()
        self.application, self.is_closed, self.is_cut = '', False, False

    @property
    def is_writer(self):
        return self.application.startswith(WRITER)

    @property
    def is_doorbell(self):
        return self.application == DOORBELL

    # ---- from the program

    def run(self):
        try:
            if self.greet():
                threading.Thread(target=self.down, daemon=True).start()
                self.up()
        except (OSError, ValueError, struct.error):
            pass
        finally:
            self.end()

    def greet(self):
        weather = self.proxy.weather
        while True:
            packet = self.read_packet()
            code = struct.unpack_from('!I', packet)[0]
            if code not in (protocol.SSL_REQUEST, protocol.GSS_REQUEST):
                break
            self.client.sendall(b'N')
        if time.monotonic() < weather.refuse_until:
            if weather.refuse_code:
                self.client.sendall(protocol.error(weather.refuse_code, 'refused by the proxy', 'FATAL'))
                self.proxy.orders.count(f'sqlstate {weather.refuse_code}')
            return False
        self.backend = socket.socket(socket.AF_UNIX)
        self.backend.connect(self.proxy.backend_path)
        self.backend.sendall(struct.pack('!I', len(packet) + 4) + packet)
        if code == protocol.CANCEL_REQUEST:
            return False
        self.application = protocol.startup_parameters(packet).get('application_name', '')
        return True

    def read_packet(self):
        head = self.read_exactly(4)
        size = struct.unpack('!I', head)[0]
        if not 8 <= size <= protocol.STARTUP_BYTES_MAX:
            raise ValueError(f'a start-up packet of {size} bytes')
        return self.read_exactly(size - 4)

    def read_exactly(self, size):
        data = b''
        while len(data) < size:
            more = self.client.recv(size - len(data))
            if not more:
                raise OSError('ended')
            data += more
        return data

    def up(self):
        stream, held = protocol.Stream(), []
        while data := self.client.recv(65536):
            for each in stream.feed(data):
                held.append(each)
                kind = each[0]
                if kind in (protocol.SYNC, protocol.QUERY):
                    self.segment(protocol.Segment(held, self.statements))
                    held = []
                elif kind in (protocol.FLUSH, protocol.TERMINATE) or kind in protocol.COPY:
                    self.send(self.backend, b''.join(whole for _, whole in held))
                    held = []

    def segment(self, segment):
        plan = segment.plan = self.proxy.orders.next_plan() if self.is_writer and segment.writes else None
        kind = plan.kind if plan is not None else ''
        if kind in ('lose', 'refuse', 'late') and self.pending:
            kind = segment.plan = None  # answers are due before it
        if kind == 'lose':
            self.proxy.orders.count('lost_requests')
            return self.reset()
        if kind == 'refuse':
            return self.refuse(plan)
        with self.lock:
            self.pending.append(segment)
        if kind == 'late':
            self.is_cut = True
            self.send(self.backend, segment.without_sync)
            self.reset_client()
            self.proxy.orders.count('late_syncs')
            time.sleep(plan.after_s)
            self.backend.sendall(segment.messages[-1][1])
            return time.sleep(1.0)  # for the answer to be counted
        if kind == 'fail':
            return self.send(self.backend, segment.without_sync + protocol.failing_statement(plan.code, 'planned') +
                             segment.messages[-1][1])
        return self.send(self.backend, segment.data)

    def refuse(self, plan):
        self.proxy.orders.count(f'sqlstate {plan.code}')
        answer = protocol.error(plan.code, 'planned', plan.severity, plan.constraint)
        if plan.severity == 'FATAL':
            self.client.sendall(answer)
            return self.end()
        return self.send(self.client, answer + protocol.ready())

    # ---- from PostgreSQL

    def down(self):
        stream, is_greeted = protocol.Stream(), False
        try:
            while data := self.backend.recv(65536):
                out = []
                for kind, whole in stream.feed(data):
                    if not is_greeted or kind in b'NAS' or not self.pending:
                        is_greeted = is_greeted or kind == protocol.READY
                        out.append(whole)
                    else:
                        self.answer(kind, whole, out)
                if out and not self.is_cut:
                    self.send(self.client, b''.join(out))
        except (OSError, ValueError, struct.error):
            pass
        finally:
            self.end()

    def answer(self, kind, whole, out):
        segment = self.pending[0]
        if segment.plan is None:
            out.append(whole)
        else:
            segment.answer.append((kind, whole))
        if kind != protocol.READY:
            return
        with self.lock:
            self.pending.popleft()
        if segment.plan is not None:
            self.planned_answer(segment, out)

    def planned_answer(self, segment, out):
        plan, answer = segment.plan, segment.answer
        failed = [whole for kind, whole in answer if kind == protocol.ERROR]
        if plan.kind == 'fail':
            if failed and protocol.error_code(failed[0]) == plan.code:
                self.proxy.orders.count(f'sqlstate {plan.code}')
            return out.append(b''.join(without_extra(answer, segment)))
        data = b''.join(whole for _, whole in answer)
        if plan.kind == 'late':
            return None if failed else self.proxy.orders.count('cut_commits')
        if failed:  # PostgreSQL refused it: nothing to cut
            return out.append(data)
        if plan.kind == 'cut':
            self.proxy.orders.count('cut_commits')
            self.is_cut = True
            with contextlib.suppress(OSError):
                self.client.sendall(data[:int(len(data) * plan.part)])
            return self.reset()
        self.wait_until(time.monotonic() + plan.after_s)
        self.proxy.orders.count('cut_commits' if self.is_closed else 'held_answers')
        return out.append(data)

    # ---- both ways

    def send(self, to, data):
        weather = self.proxy.weather
        if time.monotonic() < weather.stall_until:
            self.wait_until(weather.stall_until)
        if self.is_doorbell and time.monotonic() < weather.deaf_until:
            self.wait_until(weather.deaf_until)
        if time.monotonic() < weather.delay_until:
            time.sleep(weather.delay_s)
        if time.monotonic() < weather.slice_until:
            for at in range(min(len(data), SLICED_BYTES_MAX)):
                to.sendall(data[at:at + 1])
            data = data[SLICED_BYTES_MAX:]
        if data:
            to.sendall(data)

    def wait_until(self, end):
        """Or until the program hangs up."""
        while not self.is_closed and time.monotonic() < end:
            time.sleep(TICK_S)

    def reset_client(self):
        with contextlib.suppress(OSError):
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        close(self.client)

    def reset(self, linger_s=0.0):
        self.is_closed = True
        self.reset_client()
        if linger_s > 0:
            timer = threading.Timer(linger_s, self.end)
            timer.daemon = True
            timer.start()
        else:
            self.end()

    def end(self):
        self.is_closed = True
        close(self.client)
        close(self.backend)
        with self.proxy.lock:
            self.proxy.links.discard(self)


def close(endpoint):
    """Wakes whoever reads from it as well."""
    if endpoint is not None:
        with contextlib.suppress(OSError):
            endpoint.shutdown(socket.SHUT_RDWR)
        endpoint.close()


def without_extra(answer, segment):
    """The answer without what our own failing statement was answered with before it failed."""
    parses = binds = 0
    for kind, whole in answer:
        parses += kind == b'1'
        binds += kind == b'2'
        if (kind == b'1' and parses > segment.parses) or (kind == b'2' and binds > segment.binds):
            continue
        yield whole
