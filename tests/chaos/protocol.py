"""PostgreSQL's protocol, version 3, as far as somebody in the middle has to know it: where messages begin and end, which
statements a segment runs, and what an error looks like.
"""
import re, struct

SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST = 80877103, 80877104, 80877102
STARTUP_BYTES_MAX, MESSAGE_BYTES_MAX = 10_000, 1 << 30
WRITES = re.compile(r'\b(insert\s+into|update\s+\w+\s+(\w+\s+)?set|delete\s+from)\b', re.I)

# What a client sends that ends a portion of work, or that must not wait for one.
SYNC, QUERY, FLUSH, TERMINATE, COPY = b'S', b'Q', b'H', b'X', b'dcf'
READY, ERROR = b'Z', b'E'


class Stream:
    """Cuts a byte stream into messages."""

    def __init__(self):
        self.buffer = bytearray()

    def feed(self, data):
        """The whole messages that are there now, as (type, bytes with the header)."""
        self.buffer += data
        found, at = [], 0
        while len(self.buffer) - at >= 5:
            size = struct.unpack_from('!I', self.buffer, at + 1)[0]
            if not 4 <= size <= MESSAGE_BYTES_MAX:
                raise ValueError(f'a message of {size} bytes')
            if len(self.buffer) - at < size + 1:
                break
            found.append((bytes(self.buffer[at:at + 1]), bytes(self.buffer[at:at + size + 1])))
            at += size + 1
        del self.buffer[:at]
        return found


def message(kind, payload=b''):
    return kind + struct.pack('!I', len(payload) + 4) + payload


def text_at(payload, at):
    end = payload.index(b'\0', at)
    return payload[at:end].decode(errors='replace'), end + 1


def startup_parameters(packet):
    """Of a StartupMessage without its length."""
    words = packet[4:].split(b'\0')
    return {name.decode(): value.decode() for name, value in zip(words[::2], words[1::2]) if name}


def parsed(whole):
    """(statement's name, its SQL) of a Parse."""
    name, at = text_at(whole, 5)
    return name, text_at(whole, at)[0]


def bound(whole):
    """The statement's name of a Bind."""
    _, at = text_at(whole, 5)
    return text_at(whole, at)[0]


def error(code, said, severity='ERROR', constraint=''):
    fields = [(b'S', severity), (b'V', severity), (b'C', code), (b'M', said)]
    if constraint:
        fields.append((b'n', constraint))
    return message(ERROR, b''.join(kind + text.encode() + b'\0' for kind, text in fields) + b'\0')


def error_code(whole):
    for field in whole[5:].split(b'\0'):
        if field[:1] == b'C':
            return field[1:].decode()
    return ''


def ready():
    return message(READY, b'I')


def failing_statement(code, said):
    """Parse, bind and execute something that fails with that code, so that the whole segment is rolled back for real."""
    quoted = said.replace("'", "''")
    sql = f"do $chaos$ begin raise exception '{quoted}' using errcode = '{code}'; end $chaos$"
    return (message(b'P', b'\0' + sql.encode() + b'\0' + struct.pack('!H', 0)) +
            message(b'B', b'\0\0' + struct.pack('!HHH', 0, 0, 0)) + message(b'E', b'\0' + struct.pack('!I', 0)))


class Segment:
    """What a client sent up to a Sync, or a simple query: PostgreSQL answers it with one ReadyForQuery."""

    def __init__(self, messages, statements):
        """`statements`: name → SQL of the session, which this segment adds to."""
        self.messages, self.parses, self.binds, self.sql = messages, 0, 0, []
        for kind, whole in messages:
            if kind == b'P':
                name, sql = parsed(whole)
                statements[name] = sql
                self.parses += 1
            elif kind == b'B':
                self.binds += 1
                self.sql.append(statements.get(bound(whole), ''))
            elif kind == QUERY:
                self.sql.append(text_at(whole, 5)[0])
        self.last = messages[-1][0]
        self.plan, self.answer = None, []

    @property
    def writes(self):
        return self.last == SYNC and any(WRITES.search(sql) for sql in self.sql)

    @property
    def data(self):
        return b''.join(whole for _, whole in self.messages)

    @property
    def without_sync(self):
        return b''.join(whole for _, whole in self.messages[:-1])
