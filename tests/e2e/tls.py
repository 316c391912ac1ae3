"""TLS on the program: versions, ciphers, and a certificate that is replaced while connections are open."""
import http.client, os, shutil, signal, socket, ssl, subprocess, unittest

from client import ANSWER_S, wait_for
from server import BINARY, Server


def make_certificate(folder, name):
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
                    '-subj', f'/CN={name}', '-addext', f'subjectAltName=DNS:{name}', '-keyout', folder / 'key.pem',
                    '-out', folder / 'certificate.pem'], check=True, capture_output=True)


class TlsServer(Server):
    """It says https, and is asked for its documents over it."""

    def start(self, timeout_s=30):
        self.log_path = self.folder / 'log.1'
        with open(self.log_path, 'wb') as log:
            self.process = subprocess.Popen([BINARY, 'dev', '--port', '0', '--data-dir', self.data_dir, '--no-demo', *self.options],
                                            stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        said = wait_for(lambda: 'listening on https://127.0.0.1:' in self.log() and self.log(), timeout_s, 'the server listens')
        self.port = int(said.split('listening on https://127.0.0.1:')[1].split()[0])
        return self


@unittest.skipUnless(shutil.which('openssl'), 'no openssl to make a certificate with')
class Tls(unittest.TestCase):
    def setUp(self):
        self.server = TlsServer('--no-fsync', '--threads', '2')
        self.enterContext(self.server)
        make_certificate(self.server.folder, 'first.test')
        self.server.options += ('--tls-certificate', self.server.folder / 'certificate.pem', '--tls-key', self.server.folder / 'key.pem')
        self.server.start()

    def connect(self, **options):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        for name, value in options.items():
            context.set_ciphers(value) if name == 'ciphers' else setattr(context, name, value)
        plain = socket.create_connection(('127.0.0.1', self.server.port), ANSWER_S)
        return context.wrap_socket(plain, server_hostname='first.test')

    def name(self, connection):
        text = subprocess.run(['openssl', 'x509', '-inform', 'der', '-noout', '-subject'], input=connection.getpeercert(True),
                              capture_output=True, check=True).stdout
        return text.decode().strip().split('=')[-1].strip()

    def ask(self, connection):
        connection.sendall(b'GET /version HTTP/1.1\r\nHost: x\r\n\r\n')
        answer = http.client.HTTPResponse(connection, method='GET')
        answer.begin()
        answer.read()
        return answer.status

    def test_healthcheck(self):
        """By the address of this machine whatever the certificate's name, also by the environment alone; elsewhere it is verified."""
        def probe(*arguments, **environment):
            return subprocess.run([BINARY, 'healthcheck', *arguments], capture_output=True, text=True, env={**os.environ, **environment})
        self.assertEqual(probe('--url', f'https://127.0.0.1:{self.server.port}').returncode, 0)
        by_itself = {'QTABLE_TLS_CERTIFICATE_FILE': 'certificate.pem', 'QTABLE_LISTEN_PORT': str(self.server.port)}
        self.assertEqual(probe(**by_itself).returncode, 0)
        for url in (f'https://a.localhost:{self.server.port}', f'http://127.0.0.1:{self.server.port}'):
            refused = probe('--url', url)
            self.assertEqual((refused.returncode, len(refused.stderr.splitlines())), (1, 1), refused)

    def test_versions_and_ciphers(self):
        with self.connect(maximum_version=ssl.TLSVersion.TLSv1_2) as old, self.connect() as new:
            self.assertEqual((old.version(), new.version()), ('TLSv1.2', 'TLSv1.3'))
            self.assertTrue(old.cipher()[0].startswith('ECDHE-'), old.cipher())
        for weak in ('AES128-SHA', 'ECDHE-ECDSA-AES128-SHA', 'AES256-GCM-SHA384', 'ECDHE-ECDSA-AES256-SHA384'):
            with self.assertRaises(ssl.SSLError, msg=weak):
                self.connect(maximum_version=ssl.TLSVersion.TLSv1_2, ciphers=weak + ':@SECLEVEL=0').close()

    def test_a_new_certificate(self):
        """Open connections keep theirs and are served on; a file that is bad changes nothing."""
        kept = [self.connect() for _ in range(8)]
        for each in kept:
            self.assertEqual(self.ask(each), 200)
        make_certificate(self.server.folder, 'second.test')
        with self.connect() as before:
            self.assertEqual(self.name(before), 'first.test', 'not before it is told')
        os.kill(self.server.process.pid, signal.SIGHUP)
        wait_for(lambda: 'the certificate was read again' in self.server.log(), ANSWER_S, 'it says so')
        for _ in range(8):
            with self.connect() as after:
                self.assertEqual(self.name(after), 'second.test')
                self.assertEqual(self.ask(after), 200)
        for each in kept:
            self.assertEqual(self.ask(each), 200)
            each.close()

        (self.server.folder / 'certificate.pem').write_text('no certificate')
        os.kill(self.server.process.pid, signal.SIGHUP)
        wait_for(lambda: 'stays as it was' in self.server.log(), ANSWER_S, 'it says what is wrong')
        with self.connect() as after:
            self.assertEqual(self.name(after), 'second.test')


class Plain(unittest.TestCase):
    def test_a_hangup_ends_nothing(self):
        with Server('--no-fsync') as server:
            server.start()
            os.kill(server.process.pid, signal.SIGHUP)
            wait_for(lambda: 'nothing to reload' in server.log(), ANSWER_S, 'it says so')
            with server.client() as client:
                self.assertEqual(client.get('/version').status, 200)


if __name__ == '__main__':
    unittest.main()
