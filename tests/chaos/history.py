"""What was asked and what was answered, by everybody, with the time on both sides. Times are seconds since the start, monotonic.

A reservation's body is kept once however often it is read: operations and events hold numbers into `bodies`.
"""
import json, threading, time

# What a reservation is, whoever reads it: staff are told more about the customer.
FIELDS = ('id', 'restaurant_id', 'customer_id', 'date', 'time', 'party_size', 'status', 'special_requests', 'table_id', 'table_ids',
          'created_at', 'updated_at', 'starts_at', 'ends_at', 'confirmation_code', 'checked_in_at', 'guest_id', 'version')


class Operation:
    """`kind`: book, move, cancel, seat, complete, clear, list_own, list_staff, read, availability. `status`: None = no answer came, so
    nobody knows. `target`: the reservation, for what is about one; else the restaurant. `refs`: the bodies in the answer. `sent`: the
    body of the request, or the filter of a list. `node`: which one was asked."""
    __slots__ = ('number', 'who', 'kind', 'target', 'sent', 'key', 'began', 'ended', 'status', 'code', 'refs', 'is_replay',
                 'is_degraded', 'extra', 'node')

    def __init__(self, number, who, kind, target, sent, key, began, node=0):
        self.number, self.who, self.kind, self.target, self.sent, self.key = number, who, kind, target, sent, key
        self.node = node
        self.began, self.ended, self.status, self.code, self.refs = began, None, None, '', []
        self.is_replay, self.is_degraded, self.extra = False, False, None

    @property
    def is_done(self):
        return self.status is not None and self.status < 300

    @property
    def is_refused(self):
        """Certainly nothing happened."""
        return self.code == 'ConnectionRefusedError' or (self.status is not None and 400 <= self.status < 500)

    def __str__(self):
        what = ' '.join(str(each) for each in (self.target, json.dumps(self.sent) if self.sent else '', self.key or '') if each)
        answer = 'no answer' if self.status is None else f'{self.status} {self.code}'.strip()
        replay = (' replayed' if self.is_replay else '') + (' degraded' if self.is_degraded else '')
        return (f'#{self.number} {self.began:.3f}–{self.ended if self.ended is None else round(self.ended, 3)} {self.who} {self.kind} '
                f'{what} → {answer}{replay} (node {self.node})')


class Session:
    """One connection to a stream. `resumed`: the (epoch, seq) that it asked to go on from; None when it began anew. `events`: (seq,
    type, what): what = a number into bodies for a reservation, else the data as text, and None where the
    log doesn't hold it. A resync_required has neither. `times`: when each of them came; `heard`: the last of these that has a seq.
    `node`: whose."""

    def __init__(self, resumed, began, node=0):
        self.resumed, self.began, self.joined, self.ended, self.node = resumed, began, None, None, node
        self.epoch, self.seq, self.events, self.times, self.heard = None, None, [], [], None

    @property
    def begins_anew(self):
        """What was missed isn't told."""
        return bool(self.events) and self.events[0][1] == 'resync_required'


class History:
    def __init__(self):
        self.began = time.monotonic()
        self.operations, self.bodies, self.streams, self.notes, self.complaints = [], [], {}, [], []
        self.known, self.lock = {}, threading.Lock()
        self.nodes, self.blind = 1, []  # (node, from, until): it could not, or could hardly, follow the database

    def now(self):
        return time.monotonic() - self.began

    def note(self, text):
        self.notes.append((self.now(), text))

    def complain(self, text):
        """What a client saw that no fault explains: an answer against the contract, a status that makes no sense."""
        self.complaints.append(f'{self.now():.3f} {text}')

    def begin(self, who, kind, target='', sent=None, key=None, node=0):
        with self.lock:
            made = Operation(len(self.operations), who, kind, target, sent, key, self.now(), node)
            self.operations.append(made)
        return made

    def see(self, body):
        """The number of a reservation's body."""
        kept = {name: body.get(name) for name in FIELDS}
        text = json.dumps(kept, sort_keys=True)
        with self.lock:
            ref = self.known.get(text)
            if ref is None:
                ref = self.known[text] = len(self.bodies)
                self.bodies.append(kept)
        return ref

    def stream(self, name, about):
        """The sessions of a stream: `about` says (kind, id) of staff, public or customer."""
        return self.streams.setdefault(name, (about, []))[1]

    def write(self, path):
        """For whoever looks for the reason of a finding; one JSON document a line."""
        with open(path, 'w', encoding='utf-8') as file:
            for ref, body in enumerate(self.bodies):
                file.write(json.dumps({'body': ref, **body}) + '\n')
            for each in self.operations:
                file.write(json.dumps({name: getattr(each, name) for name in Operation.__slots__}) + '\n')
            for name, (about, sessions) in self.streams.items():
                for session in sessions:
                    file.write(json.dumps({'stream': name, 'about': about, **vars(session)}) + '\n')
            for node, began, ended in self.blind:
                file.write(json.dumps({'blind': node, 'began': round(began, 3), 'ended': round(ended, 3)}) + '\n')
            for at, text in self.notes:
                file.write(json.dumps({'at': round(at, 3), 'note': text}) + '\n')
