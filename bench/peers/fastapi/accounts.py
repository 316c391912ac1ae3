"""Passwords and access tokens: scrypt from the standard library, and a JWT of the same kind as QTable's."""
import base64
import hashlib
import hmac
import json
import os
import time

LIFETIME_S = 24 * 3600
HEADER = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').rstrip(b'=')


def hash_password(password, salt=None):
    salt = salt or os.urandom(16)
    return salt + hashlib.scrypt(password.encode(), salt=salt, n=2**12, r=8, p=1)


def is_password(password, stored):
    return hmac.compare_digest(stored, hash_password(password, stored[:16]))


def _encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=')


def _decoded(text):
    return base64.urlsafe_b64decode(text + b'=' * (-len(text) % 4))


class Tokens:
    def __init__(self, key):
        self.mac = hmac.new(key.encode(), digestmod=hashlib.sha256)

    def sign(self, text):
        mac = self.mac.copy()
        mac.update(text)
        return _encoded(mac.digest())

    def mint(self, customer):
        now = int(time.time())
        claims = _encoded(json.dumps({'iss': 'fastapi', 'aud': 'customer', 'sub': customer, 'iat': now,
                                      'exp': now + LIFETIME_S}, separators=(',', ':')).encode())
        signed = HEADER + b'.' + claims
        return (signed + b'.' + self.sign(signed)).decode()

    def customer_of(self, authorization):
        """The customer that a request comes from; None without a valid token."""
        kind, _, token = (authorization or '').partition(' ')
        signed, _, signature = token.encode().rpartition(b'.')
        header, _, claims = signed.partition(b'.')
        if kind.lower() != 'bearer' or header != HEADER or not hmac.compare_digest(signature, self.sign(signed)):
            return None
        told = json.loads(_decoded(claims))
        return told['sub'] if told['exp'] > time.time() and told['aud'] == 'customer' else None
