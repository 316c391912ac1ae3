#!/usr/bin/env python3
"""Drives the real program as people and scripts do. QTABLE_BINARY names it; needs Debian's PostgreSQL, nothing else.

Every server gets a data directory of its own under a temporary folder and a free port, and is gone when its test ends.
"""
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import unittest

from cli_harness import (BINARY, LATITUDE, LONGITUDE, claims_of, clean_environment, counts, feature, run, servers_on, wait_until,
                         with_folder, write_geojson)

KEY = 'k' * 43
COMMANDS = ['dev', 'serve', 'migrate', 'migrate up', 'migrate status', 'migrate verify', 'migrate plan', 'seed', 'import', 'token',
            'token mint', 'healthcheck', 'openapi', 'asyncapi', 'version']


class without_a_server(with_folder):
    def test_help_ends_with_two_examples(self):
        for command in ['', *COMMANDS]:
            with self.subTest(command):
                lines = self.assert_done(run(*command.split(), '--help')).rstrip().splitlines()
                self.assertEqual(lines[-3], 'Examples:')
                self.assertTrue(all('qtable' in line for line in lines[-2:]), lines[-2:])

    def test_wrong_command_lines(self):
        import_flags = ['--timezone', 'Europe/Copenhagen', '--owner', 'a@b.example', '--data-dir', self.data_dir]
        mint = ['token', 'mint', '--data-dir', self.data_dir]
        for arguments, words in [
                ([], 'command'), (['nonsense'], 'nonsense'), (['migrate'], 'migrate --help'), (['dev', '--nonsense'], '--nonsense'),
                (['dev', 'stray'], 'stray'), (['dev', '--port'], '--port'), (['dev', '--port', '70000'], '0 to 65535'),
                (['dev', '--threads', 'many'], '--threads'), (['serve', '--token-key', KEY, '--database', 'x', '--address', 'here'], '--address'), (['dev', '--database', 'x'], '--database'),
                (['serve', '--token-key', KEY], '--database'), (['serve', '--token-key', KEY, '--tls-key', 'x'], '--tls-certificate'),
                (['seed'], '--data-dir'), (['seed', '--restaurants', '0', '--data-dir', self.data_dir], '--restaurants'),
                (['seed', '--data-dir', 'a', '--database', 'b'], 'exclude'), (['seed', '--owner', 'me', '--data-dir', 'a'], '--owner'),
                (['import', *import_flags], 'FILE'), (['import', 'none.geojson', *import_flags], 'none.geojson'),
                (['import', 'city.pdf', *import_flags], '.geojson, .json, .csv'),
                (['import', 'a.csv', '--timezone', 'Mars/Olympus', *import_flags[2:]], 'Mars/Olympus'),
                (['import', 'a.csv', '--tables', 'some', *import_flags], '--tables'),
                ([*mint, '--role', 'king', '--email', 'a@b.example'], 'king'), ([*mint, '--role', 'staff'], '--email'),
                ([*mint, '--role', 'staff', '--email', 'nobody'], '--email'),
                (['token', 'mint', '--role', 'staff', '--email', 'a@b.example', '--database', 'host=/none'], '/none'),
                *((['dev', '--data-dir', self.data_dir, '--partition', wrong], '--partition: must be I/N')
                  for wrong in ('0/0', '3/2', 'abc', '1', '1/2/3', '1/1025')),
                (['healthcheck', '--url', 'ftp://127.0.0.1'], '--url')]:
            with self.subTest(' '.join(map(str, arguments))):
                self.assert_refused(run(*arguments), 2, words)
        self.assertFalse(self.data_dir.exists(), 'a wrong command line makes nothing')

    def test_environment_is_checked_like_flags(self):
        self.assert_refused(run('serve', PORT='eighty'), 2, 'PORT: must be a whole number')
        self.assert_refused(run('serve', '--token-key', KEY, '--database', 'x', QTABLE_NODES_PARTITION='3/2'), 2, 'must be I/N')
        self.assertIn('partition = "2/3"  # QTABLE_NODES_PARTITION', run('config', 'print', QTABLE_NODES_PARTITION='2/3').stdout)
        self.assert_refused(run('serve', QTABLE_HTTP_IDLE_TIMEOUT_MS='-5'), 2, 'QTABLE_HTTP_IDLE_TIMEOUT_MS')
        self.assert_refused(run('serve', QTABLE_AUTH_TOKEN_KEY_FILE='/nowhere/key'), 2, '/nowhere/key')

    def test_serve_wants_a_token_key_and_shows_a_fresh_one(self):
        fresh = set()
        for short in ('', 'short'):
            done = run('serve', '--database', 'host=/none', QTABLE_AUTH_TOKEN_KEY=short)
            self.assert_refused(done, 2, 'QTABLE_AUTH_TOKEN_KEY')
            fresh.add(done.stderr.split()[-1])
        self.assertEqual(len(fresh), 2)
        for key in fresh:
            done = run('serve', '--port', '0', '--database', 'host=/none', '--database-wait-ms', '1', QTABLE_AUTH_TOKEN_KEY=key)
            self.assertEqual(done.returncode, 3, done.stderr)

    def test_serve_waits_for_the_database_and_says_so(self):
        done = run('serve', '--port', '0', '--token-key', KEY, '--log-format', 'text', '--database-wait-ms', '2500', DATABASE_URL=f'host={self.folder} dbname=x')
        self.assertEqual(done.returncode, 3)
        *waiting, last = done.stderr.splitlines()
        self.assertIn(len(waiting), (2, 3), done.stderr)
        self.assertTrue(all(line.startswith('waiting for the database: ') for line in waiting), done.stderr)
        self.assertEqual(last, "qtable: the database didn't answer within 2500 ms")

    def test_serve_stops_while_it_waits(self):
        with subprocess.Popen([BINARY, 'serve', '--port', '0', '--log-format', 'text', '--token-key', KEY, '--database', f'host={self.folder}'], text=True,
                              stderr=subprocess.PIPE, env=clean_environment()) as process:
            process.stderr.readline()
            process.terminate()
            self.assertEqual(process.wait(5), 0)

    def test_documents_and_version(self):
        self.assertIn('/public/restaurants', json.loads(self.assert_done(run('openapi')))['paths'])
        self.assertIn('asyncapi', json.loads(self.assert_done(run('asyncapi'))))
        self.assertRegex(self.assert_done(run('version')), r'^qtable \d+\.\d+\.\d+ \(commit \S+\)\n$')
        self.assertRegex(self.assert_done(run('--version')), r'^qtable \d+\.\d+\.\d+\n$')

    def test_healthcheck(self):
        with socket.create_server(('127.0.0.1', 0)) as server:
            url = f'http://127.0.0.1:{server.getsockname()[1]}'
            for answer, code in ((b'HTTP/1.1 200 OK\r\n\r\n', 0), (b'HTTP/1.1 503 No\r\n\r\n', 1), (b'+PONG and more of it\r\n', 1)):
                def serve(reply=answer):
                    connection, _ = server.accept()
                    with connection:
                        self.request = connection.recv(4096)
                        connection.sendall(reply)
                thread = threading.Thread(target=serve)
                thread.start()
                done = run('healthcheck', '--url', url)
                thread.join()
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertTrue(self.request.startswith(b'GET /healthz HTTP/1.1\r\n'))
        self.assert_refused(run('healthcheck', '--url', url), 1, 'refused')

    def test_a_directory_that_cannot_be(self):
        (self.folder / 'file').write_text('')
        for arguments in (['dev', '--port', '0'], ['seed'], ['token', 'mint', '--role', 'staff', '--email', 'a@b.example']):
            self.assert_refused(run(*arguments, '--data-dir', self.folder / 'file' / 'var'), 2, str(self.folder / 'file'))

    def test_broken_source_is_refused_whole(self):
        broken = self.folder / 'broken.geojson'
        broken.write_text('{"type":"FeatureCollection","features":[\n{"type"]}\n')
        self.assert_refused(self.import_file(broken), 3, 'line 2')
        self.assertFalse(self.data_dir.exists())


class on_a_data_directory(with_folder):
    def test_dev_with_the_demo_city(self):
        server = self.dev()
        self.assertEqual(len(server.search(radius=20)), 400)
        self.assertTrue(server.lines[0].startswith('listening on http://127.0.0.1:'))
        wait_until(lambda: 'Ctrl-C' in server.errors(), 5, 'the banner')
        for part in ('/public/restaurants?', '/availability?date=', '/customer/register', '/customer/login', 'token mint'):
            self.assertIn(part, server.errors())
        self.assertEqual(run('healthcheck', '--url', f'http://127.0.0.1:{server.port}').returncode, 0)

        self.assert_refused(run('dev', '--port', '0', '--data-dir', self.data_dir), 2, f'process {server.process.pid}')

        second = run('dev', '--port', server.port, '--data-dir', self.folder / 'other', '--no-demo', '--no-fsync')
        self.assert_refused(second, 2, f'port {server.port}')
        self.assert_refused(run('serve', '--port', server.port, '--token-key', KEY, '--database', 'x'), 2, f'port {server.port}')
        self.assertEqual(servers_on(self.folder / 'other'), [])

        self.assertEqual(server.stop(signal.SIGINT), 0)
        self.assertEqual(len(server.lines), 1, 'one line on stdout')
        self.assertEqual(servers_on(self.data_dir), [], 'PostgreSQL is stopped too')

    def test_survives_kill_9(self):
        self.assert_done(run('seed', '--restaurants', 5, '--data-dir', self.data_dir))
        first = self.dev('--no-demo')
        before = first.search()
        self.assertEqual(len(before), 5)
        first.stop(signal.SIGKILL)
        again = self.dev('--no-demo')
        self.assertEqual({name: item['id'] for name, item in again.search().items()},
                         {name: item['id'] for name, item in before.items()})
        self.assertEqual(again.stop(), 0)
        self.assertEqual(servers_on(self.data_dir), [])

    def test_an_interrupted_demo_is_finished(self):
        self.assert_done(run('seed', '--restaurants', 5, '--data-dir', self.data_dir))
        (self.data_dir / 'demo.unfinished').write_text('')
        server = self.dev()
        self.assertEqual(len(server.search(radius=20)), 400)
        self.assertFalse((self.data_dir / 'demo.unfinished').exists())

    def test_import(self):
        city = self.folder / 'city.geojson'
        write_geojson(city,
                      feature(1, 'Mole Eins', opening_hours='Mo-Su 11:00-23:00', cuisine='Fish', phone='+45 00 11 22 33'),
                      feature(2, 'Mole Zwei', opening_hours='sunrise-sunset'),
                      feature(3, 'Mole Drei'),
                      {'type': 'Feature', 'id': 'node/4', 'properties': {'amenity': 'restaurant'},
                       'geometry': {'type': 'Point', 'coordinates': [LONGITUDE, LATITUDE]}})
        report = self.folder / 'report.txt'
        done = self.import_file(city, '--report', report)
        first = {'read': 4, 'inserted': 3, 'updated': 0, 'unchanged': 0, 'skipped': 1, 'without hours': 2}
        self.assertEqual(counts(self.assert_done(done)), first)
        for text in (done.stderr, report.read_text(encoding='utf-8')):
            self.assertRegex(text, r'line 3: Mole Zwei: opening_hours "sunrise-sunset": imported without hours: .')
            self.assertRegex(text, r'line 5: .*skipped: .')
        again = first | {'inserted': 0, 'unchanged': 3}
        self.assertEqual(counts(self.assert_done(self.import_file(city))), again, 'a second time, stopped')

        server = self.dev('--no-demo')
        known = server.search()
        self.assertEqual(set(known), {'Mole Eins', 'Mole Zwei', 'Mole Drei'})
        self.assertEqual(known['Mole Eins']['hours_monday'], '11:00-23:00')
        self.assertEqual(known['Mole Zwei']['hours_monday'], '')
        self.assertEqual(counts(self.assert_done(self.import_file(city))), again, 'a third time, running')

        write_geojson(city, feature(1, 'Mole Eins', opening_hours='Mo-Su 12:00-23:00'), feature(5, 'Mole Fünf'))
        self.assertEqual(counts(self.assert_done(self.import_file(city))),
                         {'read': 2, 'inserted': 1, 'updated': 1, 'unchanged': 0, 'skipped': 0, 'without hours': 1})
        wait_until(lambda: 'Mole Fünf' in server.search(), 2, 'the new one is found')
        wait_until(lambda: server.search()['Mole Eins']['hours_monday'] == '12:00-23:00', 2, 'the changed one is served')
        found = server.search()
        self.assertEqual(len(found), 4, 'no duplicates')
        self.assertEqual({name: found[name]['id'] for name in known}, {name: item['id'] for name, item in known.items()})

        csv = self.folder / 'more.csv'
        csv.write_text('name,latitude,longitude,timezone,source_ref\n'
                       f'Sechs,{LATITUDE},{LONGITUDE},,x:6\nSieben,{LATITUDE},{LONGITUDE},Mars/Olympus,x:7\n', encoding='utf-8')
        done = self.import_file(csv)
        self.assertEqual(counts(self.assert_done(done))['skipped'], 1)
        self.assertIn('Mars/Olympus', done.stderr)
        wait_until(lambda: 'Sechs' in server.search(), 2, 'the one from CSV is found')

    def test_tokens(self):
        def mint(role, email, *flags):
            out = self.assert_done(run('token', 'mint', '--role', role, '--email', email, '--data-dir', self.data_dir, *flags))
            self.assertEqual(out.count('\n'), 1)
            return out.strip()

        city = self.folder / 'city.geojson'
        write_geojson(city, feature(1, 'Mole Eins', opening_hours='Mo-Su 11:00-23:00'))
        self.assert_done(self.import_file(city))
        stopped = mint('staff', 'ME@example.com', '--ttl-s', '600')
        self.assertEqual(os.stat(self.data_dir / 'token.key').st_mode & 0o777, 0o600)
        server = self.dev('--no-demo')
        running = mint('staff', 'me@example.com')
        self.assertEqual(claims_of(stopped)['sub'], claims_of(running)['sub'])
        self.assertEqual(claims_of(stopped)['exp'] - claims_of(stopped)['iat'], 600)
        restaurant = f"/restaurants/{server.search()['Mole Eins']['id']}"
        for token in (stopped, running):
            self.assertEqual(server.get(restaurant, token)[0], 200)
        self.assertEqual(server.get(restaurant, mint('staff', 'other@example.com'))[0], 404)

        customers = [mint('customer', 'ada@example.com') for _ in range(2)]
        self.assertEqual(*[claims_of(token)['sub'] for token in customers])
        for token in customers:
            self.assertEqual(server.get('/customer/reservations', token), (200, {'items': [], 'next_cursor': None}))
        self.assertEqual(server.get('/customer/reservations')[0], 401)

    def test_seed_is_the_same_everywhere(self):
        cities = []
        for name in ('one', 'two'):
            data_dir = self.folder / name
            flags = ['--seed', 3, '--restaurants', 30, '--data-dir', data_dir]
            self.assertEqual(counts(self.assert_done(run('seed', *flags))), {'inserted': 30, 'updated': 0, 'unchanged': 0})
            self.assertEqual(counts(self.assert_done(run('seed', *flags))), {'inserted': 0, 'updated': 0, 'unchanged': 30})
            server = self.dev('--no-demo', data_dir=data_dir)
            cities.append([{key: value for key, value in item.items() if key not in ('id', 'created_at', 'updated_at')}
                           for item in server.search(radius=20).values()])
            self.assertEqual(server.stop(), 0)
        key = json.dumps
        self.assertEqual(sorted(cities[0], key=key), sorted(cities[1], key=key))
        self.assertEqual(len(cities[0]), 30)

    def test_migrate_and_serve_on_a_database_elsewhere(self):
        verify = run('migrate', 'verify', '--data-dir', self.data_dir)
        self.assert_refused(verify, 3, 'behind')
        self.assertIn('would be applied', self.assert_done(run('migrate', 'plan', '--data-dir', self.data_dir)))
        self.assertIn('missing', self.assert_done(run('migrate', 'status', '--data-dir', self.data_dir)))
        self.assertIn('applied', self.assert_done(run('migrate', 'up', '--data-dir', self.data_dir)))
        self.assertIn('up to date', self.assert_done(run('migrate', 'up', '--data-dir', self.data_dir)))
        self.assert_done(run('migrate', 'verify', '--data-dir', self.data_dir))

        # The private server stands for one that somebody else runs.
        dev = self.dev('--no-demo')
        sockets = self.data_dir / 'postgres' / 'run'
        recorded = self.data_dir / 'postgres' / 'socket_dir'
        if recorded.exists():
            sockets = pathlib.Path(recorded.read_text().strip())
        server_url = f'host={sockets} port=5432 user=qtable'
        subprocess.run(['psql', '-qd', f'{server_url} dbname=postgres', '-c', 'create database empty'], check=True)
        url = f'{server_url} dbname=empty'
        self.assert_refused(run('serve', '--token-key', KEY, '--database', url, '--port', '0'), 3, '--migrate')
        self.assert_refused(run('seed', '--database', url), 3, 'behind')
        with subprocess.Popen([BINARY, 'serve', '--migrate', '--threads', '1', '--log-format', 'text'], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL,
                              env=clean_environment(DATABASE_URL=url, QTABLE_AUTH_TOKEN_KEY=KEY, PORT='0')) as process:
            try:
                line = process.stdout.readline()
                self.assertRegex(line, r'^listening on http://0\.0\.0\.0:\d+\n$')
                minted = run('token', 'mint', '--role', 'customer', '--email', 'ada@example.com', DATABASE_URL=url,
                             QTABLE_AUTH_TOKEN_KEY=KEY)
                dev.port = int(line.rsplit(':', 1)[1])
                self.assertEqual(dev.get('/customer/reservations', self.assert_done(minted).strip())[0], 200)
            finally:
                process.terminate()
            self.assertEqual(process.wait(40), 0)


if __name__ == '__main__':
    unittest.main(verbosity=2)
