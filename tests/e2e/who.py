"""Who may do what: other tenants, forged and expired tokens, guessed passwords."""
import base64, hashlib, hmac, json, time, unittest

from client import Closed
from server import PASSWORD, Server
from world import UNKNOWN, WithRestaurants


def without_request_id(answer):
    return {name: value for name, value in answer.json.items() if name != 'request_id'}


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


class Forge:
    """Tokens as the server makes them, and as it must not take them. The key lies in the data directory."""

    def __init__(self, server, genuine):
        self.key = (server.data_dir / 'token.key').read_text().strip().encode()
        self.header, self.claims = (json.loads(base64.urlsafe_b64decode(part + '=='))
                                    for part in genuine.split('.')[:2])

    def signed(self, head, payload, digest=hashlib.sha256, key=None):
        text = f'{base64url(head)}.{base64url(payload)}'
        return f'{text}.{base64url(hmac.new(key or self.key, text.encode(), digest).digest())}'

    def token(self, header=None, key=None, digest=hashlib.sha256, without=(), **claims):
        wanted = {name: value for name, value in {**self.claims, **claims}.items() if name not in without}
        head = json.dumps({**self.header, **(header or {})}, separators=(',', ':')).encode()
        return self.signed(head, json.dumps(wanted, separators=(',', ':')).encode(), digest, key)


class Who(WithRestaurants):
    def test_other_tenants(self):
        """Unknown, no id at all, somebody else's: the same answer."""
        nothing = without_request_id(self.bo.delete(f'/customer/reservations/{UNKNOWN}'))
        for method, body in (('PUT', {'time': '20:00'}), ('DELETE', None)):
            for wanted in (self.booked['id'], UNKNOWN, 'nope', '%27%20or%201=1', self.booked['id'].upper() + 'x'):
                answer = self.bo.request(method, f'/customer/reservations/{wanted}', body)
                self.assertEqual((answer.status, without_request_id(answer)), (404, nothing), wanted)
        self.assertEqual(self.bo.get('/customer/reservations?status=confirmed').json['items'], [])
        other = self.staff['other']
        for rest in ('', '/tables', '/customer-reservations', f'/tables/{self.table}'):
            for place in (self.place, UNKNOWN, 'nope'):
                answer = other.get(f'/restaurants/{place}{rest}')
                self.assertEqual((answer.status, without_request_id(answer)), (404, nothing), (place, rest))
        for method, rest, body in (('GET', f'/tables/{self.table}', None),
                                   ('PATCH', f'/tables/{self.table}', {'capacity': 2}),
                                   ('DELETE', f'/tables/{self.table}', None),
                                   ('PUT', f'/availability/{self.slot}', {'is_available': False})):
            answer = other.request(method, f'/restaurants/{self.elsewhere}{rest}', body)
            self.assertEqual((answer.status, without_request_id(answer)), (404, nothing), rest)

    def test_forged_tokens(self):
        genuine = self.guests[0]
        forge, now = Forge(self.server, genuine), int(time.time())
        head, payload, signature = genuine.split('.')
        self.assertEqual(self.http.get('/customer/reservations', token=forge.token()).status, 200, 'the forge works')
        alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
        double = json.dumps(forge.claims)[:-1] + f',"sub":"{UNKNOWN}"}}'
        plain_head = json.dumps(forge.header, separators=(',', ':')).encode()
        tokens = {
            'expired': forge.token(exp=now - 1), 'not yet valid': forge.token(nbf=now + 600),
            'issuer': forge.token(iss='qtable2'), 'audience': forge.token(aud='admin'),
            'no audience': forge.token(without=['aud']), 'no expiry': forge.token(without=['exp']),
            'expiry as text': forge.token(exp=str(now + 600)), 'never': forge.token(exp=1e300),
            'no subject': forge.token(without=['sub']), 'subject': forge.token(sub='admin'),
            'nil': forge.token(sub='00000000-0000-0000-0000-000000000000'),
            'key': forge.token(key=b'x' * 32), 'empty key': forge.token(key=b'\0'),
            'RS256': forge.token(header={'alg': 'RS256'}),
            'HS512': forge.token(header={'alg': 'HS512'}, digest=hashlib.sha512),
            'kid': forge.token(header={'kid': '../../dev/null'}), 'jku': forge.token(header={'jku': 'http://x/'}),
            'jwk': forge.token(header={'jwk': {'kty': 'oct', 'k': 'eHg'}}),
            'crit': forge.token(header={'crit': ['exp']}),
            'cut': genuine[:-1], 'longer': genuine + 'A', 'no signature': f'{head}.{payload}.',
            'two parts': f'{head}.{payload}', 'four parts': genuine + '.x',
            'signature of another': f'{head}.{payload}.{self.guests[1].split(".")[2]}',
            'payload of another': f'{head}.{self.guests[1].split(".")[1]}.{signature}',
            'not canonical': genuine[:-1] + alphabet[alphabet.index(genuine[-1]) ^ 1], 'padding': genuine + '=',
            'duplicate claim': forge.signed(plain_head, double.encode()),
            'claims no object': forge.signed(plain_head, b'[]'), 'long': 'eyJ' + 'A' * 4000, 'empty parts': '..'}
        for alg in ('none', 'None', 'NONE', 'nOnE'):
            bare = json.dumps({'alg': alg, 'typ': 'JWT'}, separators=(',', ':')).encode()
            tokens[alg] = f'{base64url(bare)}.{payload}.'
            tokens[alg + ' signed'] = f'{base64url(bare)}.{payload}.{signature}'
        for name, token in tokens.items():
            with self.subTest(token=name):
                self.assert_refused(self.http.get('/customer/reservations', token=token), 401, 'unauthorized')
        for header in ('Bearer', 'Bearer ', f'Basic {genuine}', genuine, f'Bearer  {genuine} x', f'Token {genuine}'):
            with self.subTest(header=header[:8]):
                self.assert_refused(self.http.get('/customer/reservations', headers={'Authorization': header}), 401,
                                    'unauthorized')
        self.assertEqual(self.http.get('/customer/reservations', headers={'Authorization': f'bearer {genuine}'}).status,
                         200)

    def test_token_expires_on_an_open_socket(self):
        forge = Forge(self.server, self.guests[0])
        with self.server.socket('/ws/customer', forge.token(exp=int(time.time()) + 2)) as s:
            s.next()
            with self.assertRaises(Closed) as closed:
                s.next(6)
            self.assertEqual(closed.exception.code, 4401)


class Logins(unittest.TestCase):
    def test_failures_are_counted(self):
        with Server('--no-fsync', '--loopback-exempt=false') as server:
            server.start()
            with server.client() as client:
                for address in ('ada@example.test', 'nobody@example.test'):
                    if address.startswith('ada'):
                        client.post('/customer/register', {'email': address, 'password': PASSWORD, 'first_name': 'A',
                                                           'last_name': 'B'})
                    codes = [client.post('/customer/login', {'email': address, 'password': 'wrong one'}).status
                             for _ in range(7)]
                    self.assertEqual(codes, [401] * 5 + [429] * 2, address)
                locked = client.post('/customer/login', {'email': 'ada@example.test', 'password': PASSWORD})
                self.assertEqual(locked.status, 429)


if __name__ == '__main__':
    unittest.main()
