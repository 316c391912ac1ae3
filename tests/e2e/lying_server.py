"""A small HTTP server with just the public and the customers' endpoints, for the load generator to be tried on: it can
tell the truth, give one table twice, or lose what it confirmed. No staff, no sockets, no pages. Standard library only.
"""
import datetime, http.server, json, re, threading, urllib.parse

PLACE = '01900000-0000-7000-8000-00000000000a'
TABLE = '01900000-0000-7000-8000-0000000000aa'
TIMES = ['18:00', '18:30', '19:00', '19:30', '20:00', '20:30']
TURN = datetime.timedelta(minutes=90)


class Answering(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    wbufsize = -1  # head and body in one packet

    def log_message(self, *_):
        pass

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        self.wfile.flush()

    def customer(self):
        return self.headers.get('Authorization', '').removeprefix('Bearer ')

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path == '/public/restaurants':
            self.answer(200, {'items': [{'id': PLACE, 'name': 'One table', 'latitude': 56.85, 'longitude': 10.75}],
                              'next_cursor': None})
        elif re.fullmatch(f'/public/restaurants/{PLACE}/availability', url.path):
            slots = [{'time': time, 'available_tables': 1, 'is_available': True} for time in TIMES]
            self.answer(200, {'restaurant_id': PLACE, 'date': query['date'], 'slots': slots})
        elif url.path == '/customer/reservations':
            self.answer(200, {'items': self.server.reservations_of(self.customer()), 'next_cursor': None})
        else:
            self.answer(404, {'code': 'not_found'})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get('Content-Length', 0))) or b'{}')
        if self.path == '/customer/register':
            self.answer(201, {'id': body['email']})
        elif self.path == '/customer/login':
            self.answer(200, {'access_token': f'{body["email"].replace(".", "-")}.a.b', 'expires_in': 3600})
        elif self.path == '/customer/reservations':
            self.answer(*self.server.book(self.customer(), body))
        else:
            self.answer(404, {'code': 'not_found'})

    def do_DELETE(self):
        self.answer(*self.server.cancel(self.path.rsplit('/', 1)[1]))


class LyingServer(http.server.ThreadingHTTPServer):
    """`lie`: '' tells the truth, 'twice' gives every table twice, 'lost' forgets every third confirmation, 'altered'
    stores another time than it confirmed. On a port of its own, `with` it runs."""
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, lie=''):
        super().__init__(('127.0.0.1', 0), Answering)
        self.lie, self.lock, self.stored, self.made = lie, threading.Lock(), {}, 0
        self.url = f'http://127.0.0.1:{self.server_address[1]}'

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.thread.join()
        self.server_close()

    def is_taken(self, date, starts_at):
        at = datetime.datetime.fromisoformat
        return sum(each['date'] == date and each['status'] == 'confirmed' and abs(at(each['starts_at']) - starts_at) < TURN
                   for each in self.stored.values()) >= (2 if self.lie == 'twice' else 1)

    def book(self, customer, body):
        starts_at = datetime.datetime.fromisoformat(f'{body["date"]}T{body["time"]}:00+00:00')
        with self.lock:
            if self.is_taken(body['date'], starts_at):
                return 409, {'code': 'slot_unavailable'}
            self.made += 1
            reservation = {'id': f'01900000-0000-7000-8000-{self.made:012x}', 'restaurant_id': PLACE, 'customer_id': customer,
                           'date': body['date'], 'time': body['time'], 'party_size': body['party_size'],
                           'status': 'confirmed', 'special_requests': body.get('special_requests'),
                           'table_ids': [TABLE], 'starts_at': starts_at.isoformat(),
                           'ends_at': (starts_at + TURN).isoformat()}
            kept = dict(reservation)
            if self.lie == 'altered':
                kept['time'] = '12:00'
            if self.lie != 'lost' or self.made % 3:
                self.stored[reservation['id']] = kept
            return 201, reservation

    def cancel(self, reservation_id):
        with self.lock:
            found = self.stored.get(reservation_id)
            if found is None:
                return 404, {'code': 'not_found'}
            found['status'] = 'cancelled'
            return 200, found

    def reservations_of(self, customer):
        with self.lock:
            return [each for each in self.stored.values() if each['customer_id'] == customer]
