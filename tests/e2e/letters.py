"""Letters over SMTP: taken once, tried again when the mail server can't, given up when it won't."""
import os, re, subprocess, unittest

from client import HttpClient, wait_for
from server import BINARY, PASSWORD, Server
from smtp_server import SmtpServer


class Letters(unittest.TestCase):
    """`qtable serve` with a mail server, on a database of its own beside a `dev` that lends its PostgreSQL."""

    def test_letters_over_smtp(self):
        with Server('--no-fsync') as lender, SmtpServer(['later', 'die', 'never']) as post:
            lender.start()
            folder = lender.data_dir / 'postgres'
            recorded = folder / 'socket_dir'
            where = recorded.read_text().strip() if recorded.exists() else folder / 'run'
            lender.sql('create database letters')
            url = f'host={where} port=5432 user=qtable dbname=letters'
            kept = {name: value for name, value in os.environ.items() if not name.startswith(('QTABLE_', 'PG'))}
            command = [BINARY, 'serve', '--migrate', '--port', '0', '--smtp-url', f'smtp://127.0.0.1:{post.port}',
                       '--smtp-insecure', '--mail-from', 'Café <mail@example.test>', '--loopback-exempt']
            environment = {**kept, 'DATABASE_URL': url, 'QTABLE_AUTH_TOKEN_KEY': 'k' * 43}
            with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  env=environment) as process:
                try:
                    port = next(int(line.rsplit(':', 1)[1]) for line in process.stdout if line.startswith('listening on'))
                    with HttpClient(port) as client:
                        self.walk(client, post, lambda text: self.sql(where, text))
                finally:
                    process.terminate()
                self.assertEqual(process.wait(25), 0)

    @staticmethod
    def sql(where, text):
        done = subprocess.run(['psql', '-h', where, '-U', 'qtable', '-d', 'letters', '-XAtqc', text],
                              capture_output=True, text=True, timeout=20)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def walk(self, client, post, sql):
        def register(name):
            made = client.post('/customer/register', {'email': f'{name}@example.test', 'password': PASSWORD,
                                                      'first_name': 'Zoë', 'last_name': 'B'})
            self.assertEqual(made.status, 201, made)

        def due_again():
            sql("update mail_outbox set due_at = now() - interval '1 s' where sent_at is null and failed_at is null")

        def tried(times):
            wait_for(lambda: len(post.tried) >= times, 20, f'{times} tries')
            wait_for(lambda: sql("select count(*) from mail_outbox where sent_at is null and failed_at is null "
                                 "and last_error = ''") == '0', 10, 'what became of it is written down')

        register('ada')
        tried(1)
        self.assertRegex(sql('select last_error from mail_outbox'), '^SMTP 451')
        sql("update mail_outbox set last_error = ''")
        due_again()
        tried(2)  # it died after the data: nobody said that the letter was taken
        sql("update mail_outbox set last_error = ''")
        due_again()
        tried(3)
        self.assertRegex(sql('select last_error from mail_outbox where failed_at is not null'), '^SMTP 550')
        self.assertEqual(post.taken, [])
        register('bo')
        wait_for(lambda: post.taken, 20, 'a letter is taken')
        wait_for(lambda: sql('select count(*) from mail_outbox where sent_at is not null') == '1', 10, 'marked')
        letter, = post.taken
        self.assertEqual((letter['To'], letter['From']), ('bo@example.test', 'Café <mail@example.test>'))
        self.assertIn('Zoë', letter.get_body(('plain',)).get_content())
        identities = {each['Message-ID'] for each in post.tried[:3]}
        self.assertEqual(len(identities), 1, 'the same message each time')
        self.assertTrue(identities.isdisjoint({letter['Message-ID']}))
        token = re.search(r'^token:\s*(\S+)', letter.get_body(('plain',)).get_content(), re.M).group(1)
        self.assertEqual(client.post('/customer/verify-email', {'token': token}).status, 200)


if __name__ == '__main__':
    unittest.main()
