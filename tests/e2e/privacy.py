"""Who may read what the server leaves behind: files of the data directory, its log, its database's log, metrics, answers to
bad input, the process list. A day of life with marked secrets; then none of them is found where it doesn't belong.
"""
import contextlib, os, pathlib, re, stat, subprocess, unittest

from client import UpgradeRefused, wait_for
from two_houses import TwoHouses
from world import day

# Each of them appears nowhere by chance.
MARKS = {'password': 'Mark-pass-7Qw1', 'new password': 'Mark-next-7Qw2', 'address': 'mark-mail-7qw3@example.test',
         'first name': 'Markfirst7Qw4', 'last name': 'Marklast7Qw5', 'phone': '+45 70 71 72 73', 'wish': 'mark wish 7Qw6',
         'note': 'mark note 7Qw7', 'review': 'mark review 7Qw8', 'guest': 'Markguest7Qw9'}


def others_may_read(path):
    """Whether an account that owns nothing here can get at it."""
    for folder in path.parents:
        if not folder.stat().st_mode & stat.S_IXOTH:
            return False
        if folder == pathlib.Path('/tmp'):
            break
    return bool(path.stat().st_mode & stat.S_IROTH)


class Privacy(TwoHouses):
    @classmethod
    def setUpClass(cls):
        before = os.umask(0)  # the server makes no use of what the one who starts it has set
        try:
            super().setUpClass()
            cls.secrets = dict(MARKS)
            cls.a_day()
        finally:
            os.umask(before)

    @classmethod
    def a_day(cls):
        """Everything that is secret comes by, in the right places and in wrong ones."""
        http, secrets = cls.http, cls.secrets
        account = {'email': MARKS['address'], 'password': MARKS['password']}
        assert http.post('/customer/register', {**account, 'first_name': MARKS['first name'], 'last_name': MARKS['last name'],
                                                'phone': MARKS['phone']}, 'the-key').status == 201
        secrets['verification'] = cls.server.mailed_token(MARKS['address'])
        assert http.post('/customer/verify-email', {'token': secrets['verification']}).status == 200
        tokens = http.post('/customer/login', account).json
        secrets['access'], secrets['refresh'] = tokens['access_token'], tokens['refresh_token']
        with cls.server.client(tokens['access_token']) as client:
            place = cls.a['restaurant_id']
            booked = client.post('/customer/reservations', {'restaurant_id': place, 'date': day(9), 'time': '18:00',
                                                            'party_size': 2, 'special_requests': MARKS['wish']})
            assert booked.status == 201, booked
            client.put(f'/customer/reservations/{booked.json["id"]}', {'special_requests': MARKS['wish'] + '!'})
            assert client.post('/customer/waitlist', {'restaurant_id': place, 'party_size': 2,
                                                      'notes': MARKS['note']}).status == 201
            with cls.server.socket('/ws/customer', tokens['access_token'], as_subprotocol=True) as s:
                s.next()
            client.patch('/customer/me', {'password': MARKS['new password'], 'current_password': MARKS['password']})
        owner = cls.clients['owner']
        owner.post(f'/restaurants/{place}/guests', {'name': MARKS['guest'], 'party_size': 2, 'phone': MARKS['phone'],
                                                    'notes': MARKS['note']})
        assert http.post('/customer/forgot-password', {'email': MARKS['address']}).status == 202
        letters = lambda: [each for each in cls.server.mails(MARKS['address']) if each['Subject'] == 'Set a new password']
        text = wait_for(letters, 10, 'the letter')[-1].get_body(('plain',)).get_content()
        secrets['reset'] = re.search(r'^token:\s*(\S+)', text, re.M).group(1)
        secrets['token key'] = (cls.server.data_dir / 'token.key').read_text().strip()
        cls.answers = list(cls.mistakes(account))

    @classmethod
    def mistakes(cls, account):
        """What goes wrong with secrets in it. Yields the answers, which mustn't repeat any."""
        http, secrets = cls.http, cls.secrets
        yield http.post('/customer/login', account)
        yield http.post('/customer/login', {**account, 'passwort': MARKS['password']})
        yield http.post('/customer/login', {'email': [MARKS['address']], 'password': {MARKS['password']: 1}})
        yield http.post('/customer/login', f'{{"email":"{MARKS["address"]}","password":"{MARKS["password"]}'.encode())
        yield http.post('/customer/register', {**account, 'first_name': MARKS['first name'], 'last_name': MARKS['last name']})
        yield http.post('/customer/register', {**account, 'email': MARKS['address'] + ' ',
                                               'first_name': MARKS['first name'] + '\0'})
        yield http.post('/customer/reset-password', {'token': secrets['reset'], 'password': 'short'})
        yield http.post('/customer/refresh', {'refresh_token': secrets['refresh']})
        yield http.get(f'/customer/me?access_token={secrets["access"]}')
        yield http.get(f'/customer/reservations?email={MARKS["address"]}', token=cls.token('ada'))
        yield http.get(f'/customer/{secrets["access"]}')
        yield http.get('/customer/me', token=secrets['access'])
        yield http.get('/customer/me', headers={'Authorization': f'Basic {MARKS["password"]}'})
        yield http.post('/customer/holds', {'restaurant_id': MARKS['wish'], 'date': MARKS['note'], 'time': MARKS['phone'],
                                            'party_size': MARKS['guest']}, token=cls.token('ada'))
        yield http.request('DELETE', '/customer/me', {'password': MARKS['password']}, token=cls.token('ada'))
        try:
            cls.server.socket(f'/ws/customer?token={secrets["access"]}')
        except UpgradeRefused as refused:
            yield refused.answer

    def assert_clean(self, where, text):
        found = [name for name, secret in self.secrets.items() if secret in text]
        self.assertEqual(found, [], where)

    def test_answers_repeat_no_secret(self):
        self.assertGreater(len(self.answers), 12)
        for answer in self.answers:
            self.assertGreaterEqual(answer.status, 400, answer)
            self.assert_clean(answer, answer.body.decode() + answer.headers.as_string())

    def test_logs_and_metrics_hold_no_secret(self):
        self.assertIn('listening', self.server.log())
        self.assert_clean('log', self.server.log())
        self.assert_clean('metrics', self.http.get('/metrics').body.decode())
        database = (self.server.data_dir / 'postgres/log').read_text(errors='replace')
        self.assertIn('ready to accept connections', database)
        self.assert_clean('log of the database', database)

    def test_the_database_keeps_no_password_and_no_token(self):
        """Hashes of them only; what a thief of the tables holds opens nothing."""
        command = ['pg_dump', '-h', self.server.data_dir / 'postgres/run', '-U', 'qtable', '-d', 'qtable', '--inserts']
        dump = subprocess.run(command, capture_output=True, text=True, timeout=30)
        self.assertEqual(dump.returncode, 0, dump.stderr)
        self.assertIn(MARKS['wish'], dump.stdout, 'the dump is one')
        letters = re.sub(r"(?m)^INSERT INTO public\.(mail|outbox)\w* .*$", '', dump.stdout)
        for name in ('password', 'new password', 'access', 'refresh', 'verification', 'reset', 'token key'):
            self.assertNotIn(self.secrets[name], letters, name)
        hashes = self.server.sql("select distinct split_part(password_hash, '$', 2) || ' ' || split_part(password_hash, '$', 4) "
                                 "from customers where password_hash <> ''")
        self.assertEqual(hashes, 'argon2id m=19456,t=2,p=1')

    def test_letters_that_were_sent_keep_no_token(self):
        """In the outbox a token stands until its letter is sent, no longer."""
        tables = self.server.sql("select tablename from pg_tables where schemaname = 'public' "
                                 "and tablename ~ 'mail|outbox'").split()
        self.assertTrue(tables)
        for name in ('verification', 'reset'):
            for table in tables:
                count = f"select count(*) from {table} x where position('{self.secrets[name]}' in x::text) > 0"
                wait_for(lambda: self.server.sql(count) == '0', 10, f'{name} gone from {table}')

    def test_files_that_others_may_read(self):
        """Whatever the umask: others may see that it runs, and nothing more; and may write nothing."""
        readable, writable = set(), set()
        for path in [self.server.data_dir, *self.server.data_dir.rglob('*')]:
            mode = path.lstat().st_mode
            if mode & (stat.S_IWOTH | stat.S_IWGRP) and not stat.S_ISSOCK(mode) and not stat.S_ISLNK(mode):
                writable.add(str(path.relative_to(self.server.data_dir)))
            if stat.S_ISREG(mode) and others_may_read(path):
                readable.add(str(path.relative_to(self.server.data_dir)))
        self.assertLessEqual(readable, {'lock'})
        self.assertEqual(writable, set())
        modes = {'token.key': 0o600, **dict.fromkeys(('mail', 'postgres', 'postgres/data', 'postgres/run'), 0o700),
                 '.': 0o711 if os.geteuid() == 0 else 0o700}
        for name, mode in modes.items():
            self.assertEqual(stat.S_IMODE((self.server.data_dir / name).stat().st_mode), mode, name)

    def test_processes(self):
        """The database never runs as root, listens on no port, and no command line shows a secret."""
        database, inodes, looked_at = self.server.database_processes(), set(), 0
        for pid in (*database, self.server.process.pid):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # workers of the database come and go
                folder = pathlib.Path(f'/proc/{pid}')
                self.assert_clean(pid, (folder / 'cmdline').read_bytes().decode())
                if pid != self.server.process.pid:
                    owners = re.search(r'^Uid:\s+(.*)$', (folder / 'status').read_text(), re.M).group(1).split()
                    self.assertNotIn('0', owners, pid)
                    inodes |= {os.readlink(each) for each in (folder / 'fd').iterdir() if each.is_symlink()}
                looked_at += 1
        self.assertGreater(looked_at, 4)
        for family in ('tcp', 'tcp6'):
            for line in pathlib.Path(f'/proc/net/{family}').read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == '0A':
                    self.assertNotIn(f'socket:[{fields[9]}]', inodes, 'the database listens on a port')

    def test_secrets_are_not_cached(self):
        for target, body in (('/customer/login', {'email': 'ada@example.test', 'password': 'correct horse battery'}),
                             ('/customer/refresh', {'refresh_token': self.people['bo']['refresh_token']})):
            answer = self.http.post(target, body)
            self.assertEqual((answer.status, answer.header('Cache-Control')), (200, 'no-store'), answer)


if __name__ == '__main__':
    unittest.main()
