#!/usr/bin/env python3
"""What the comparison reads out of reports, and how it makes a table of it."""
import contextlib
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / 'bench'))

from comparison import cli, figures, load, machine, peers, restaurants, rows, scaling, websocket, wrk  # noqa: E402
from comparison.figures import Line, at_least, at_most  # noqa: E402

WRK_REPORT = '''Running 2s test @ http://127.0.0.1:9000/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   812.29us  103.00us   3.93ms   92.00%
    Req/Sec    78.92k     2.05k   81.79k    70.00%
  Latency Distribution
     50%  800.00us
     75%    0.90ms
     90%    1.02ms
     99%    1.25ms
  157014 requests in 2.10s, 22.31MB read
  Non-2xx or 3xx responses: 12
Requests/sec:  74768.57
Transfer/sec:     10.62MB
'''


class reports(unittest.TestCase):
    def test_wrk(self):
        report = wrk.parse(WRK_REPORT)
        self.assertEqual((report.requests, report.not_2xx, report.errors), (157014, 12, 0))
        self.assertAlmostEqual(report.rate, 157014 / 2.1)
        self.assertAlmostEqual(report.p50_s, 0.0008)
        self.assertAlmostEqual(report.p99_s, 0.00125)

    def test_wrk_errors(self):
        text = WRK_REPORT.replace('  Non-2xx', '  Socket errors: connect 1, read 2, write 0, timeout 4\n  Non-2xx')
        self.assertEqual(wrk.parse(text).errors, 7)

    def test_wrk_that_says_nothing(self):
        with self.assertRaises(machine.Failure):
            wrk.parse('unable to connect to 127.0.0.1:1 Connection refused\n')

    def test_qtable_load(self):
        latency = {'count': 3, 'p50_ns': 2_000_000, 'p99_ns': 9_000_000}
        told = {'schema': 'qtable-load/1', 'rate_achieved': 123.4, 'notes': ['no sockets'], 'client': {'is_bottleneck': True},
                'total': {'requests': 300, 'ok': 297, 'errors': 2, 'latency': latency},
                'delays': [{'name': 'until a 429 or 503', 'delay': {'count': 2, 'p50_ns': 1_000_000, 'p99_ns': 3_000_000}}]}
        report = load.parse(json.dumps(told))
        self.assertEqual((report.rate, report.p50_s, report.p99_s, report.errors), (123.4, 0.002, 0.009, 2))
        self.assertTrue(report.is_client_limit)
        self.assertEqual((report.ok, report.refused, report.refused_p50_s, report.refused_p99_s), (297, 2, 0.001, 0.003))
        self.assertEqual(load.parse(json.dumps({**told, 'delays': []})).refused, 0)
        with self.assertRaises(machine.Failure):
            load.parse(json.dumps({**told, 'schema': 'qtable-load/2'}))

    def test_stat_of_a_process_with_an_awkward_name(self):
        fields = machine.stat_fields('17 (a) b (c) S 1 17 17 0 -1 4 1 0 0 0 250 50 7 3 20 0 1 0')
        self.assertEqual((fields[0], fields[1], int(fields[11]) + int(fields[12])), ('S', '1', 300))

    def test_cpu_time_counts_what_was_started_and_has_ended(self):
        burn = 'import time\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass'
        shell = subprocess.Popen(['sh', '-c', f'{sys.executable} -c "{burn}"; sleep 30'])
        try:
            machine.wait_for(lambda: machine.tree_cpu_s(shell.pid) >= 0.19 and len(machine.tree_pids(shell.pid)) == 2,
                             30, 'the child burns its time')
            self.assertLess(machine.own_cpu_s(shell.pid), 0.19)
        finally:
            for pid in machine.tree_pids(shell.pid):
                os.kill(pid, 9)
            shell.wait()

    def test_frames(self):
        short, long = b'\x81\x03abc', b'\x81\x7e\x01\x00' + b'x' * 256
        self.assertEqual(websocket.frame_size(short + long), len(short))
        self.assertEqual(websocket.frame_size(long), len(long))
        self.assertEqual([websocket.frame_size(long[:n]) for n in (0, 1, 3, 200)], [0, 0, 0, 0])
        self.assertEqual(websocket.payload(long), b'x' * 256)


class table(unittest.TestCase):
    LINES = [Line('a', 'fast | faster', 'peer', at_least(2), lambda of: of['peer'] / of['ours']),
             Line('b', 'small', '–', at_most(1, ' KiB'), lambda of: of['ours'])]
    ROUNDS = [{'ours': 2.0, 'peer': 6.0}, {'ours': 1.0, 'peer': 9.0}, {'ours': 4.0, 'peer': 6.0}]

    def measured(self):
        return [figures.measured(line, self.ROUNDS) for line in self.LINES]

    def test_medians_are_of_the_rounds_ratios(self):
        first, second = self.measured()
        self.assertEqual((first.ratio.median, first.ratio.low, first.ratio.high), (3.0, 1.5, 9.0))
        self.assertEqual(first.mark, '✓')
        self.assertEqual((second.ratio.median, second.mark), (2.0, '✗'))
        self.assertEqual(first.figures['peer'].median, 6.0)

    def test_markdown(self):
        failed = figures.Measured(self.LINES[0], failure='failed: no peer')
        text = figures.markdown([*self.measured(), failed], 'Title', 'About.')
        self.assertIn('| fast \\| faster | peer | 3 | 1.50–9 | ≥ 2 | ✓ |', text)
        self.assertIn('| small | – | 2 KiB | 1–4 KiB | ≤ 1 KiB | ✗ |', text)
        self.assertIn('| failed: no peer |  | ≥ 2 | – |', text)
        self.assertEqual(text.count('ours 2'), 1)  # once for both lines

    def test_json_of_a_failure(self):
        told = figures.as_json([figures.Measured(self.LINES[0], failure='failed')], 'about')
        self.assertIsNone(told['lines'][0]['is_met'])
        self.assertEqual(told['lines'][0]['failure'], 'failed')

    def test_numbers(self):
        self.assertEqual([figures.number(value) for value in (0, 0.123, 5, 12.34, 123.4, 12345.6)],
                         ['0', '0.12', '5', '12.3', '123', '12,346'])


class model(unittest.TestCase):
    def test_what_was_measured_grows(self):
        line = Line('availability-floor', 'path', 'floor', at_least(1), lambda of: 1)
        sizes = Line('memory-websocket', 'path', '–', at_most(2, ' KiB'), lambda of: 1)
        text = scaling.markdown([figures.measured(line, [{'floor': 8.0, 'qtable': 10.0}]),
                                 figures.measured(sizes, [{'websocket': 1.048576}])])
        # 16 × 0.7 ÷ 10 µs
        self.assertIn('| `GET …/availability` | 10 µs | 1,100,000 | 4,500,000 |', text)
        self.assertIn('| idle WebSocket, of the program | 1.05 KiB | 1 GiB |', text)
        self.assertNotIn('search', text)
        self.assertEqual(scaling.markdown([figures.Measured(line, failure='failed')]), '')

    def test_it_names_figures_that_rows_have(self):
        keys = {line.key for row in rows.ALL for line in row.lines}
        self.assertEqual({line for _, line, _ in scaling.RATES + scaling.SIZES} - keys, set())


class parts(unittest.TestCase):
    def test_places_are_the_same_everywhere_and_clustered(self):
        places = restaurants.places(2000)
        self.assertEqual(places, restaurants.places(2000))
        self.assertEqual(len({(round(latitude), round(longitude)) for latitude, longitude in places}) < 200, True)
        self.assertTrue(all(abs(latitude) <= 90 and abs(longitude) <= 180 for latitude, longitude in places))

    def test_nginx_gets_the_body_in_words_that_it_takes(self):
        body = '{"a":"' + 'x' * 7000 + '\\"}'
        answer = f'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Own: 1\r\nContent-Length: 9\r\n\r\n{body}'
        made = peers.nginx_configuration(answer.encode(), 80, 1, '/tmp')
        pieces = re.findall(r'set \$piece\d "(.*)";', made)
        self.assertEqual(''.join(pieces).replace('\\"', '"').replace('\\\\', '\\'), body)
        self.assertLess(max(map(len, pieces)), 4096)
        self.assertIn('add_header x-own "1";', made)
        self.assertNotIn('add_header content-length', made)
        with self.assertRaises(machine.Failure):
            peers.nginx_configuration(b'HTTP/1.1 200 OK\r\n\r\n$', 80, 1, '/tmp')

    def test_rows_have_names_of_their_own(self):
        keys = [line.key for row in rows.ALL for line in row.lines]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertEqual([row.name for row in rows.chosen(['search-redis', 'search'])], ['search'])
        with self.assertRaises(KeyError):
            rows.chosen(['no-such-row'])

    def test_wrong_flags_are_told(self):
        for wrong in (['--only', 'nothing'], ['--rounds', '0'], ['--what']):
            told = io.StringIO()
            with self.assertRaises(SystemExit) as end, contextlib.redirect_stderr(told):
                cli.parsed(wrong)
            self.assertEqual(end.exception.code, 2)
            self.assertIn(wrong[0], told.getvalue())

    def test_a_child_ends_with_its_block(self):
        with tempfile.TemporaryDirectory() as folder:
            with machine.Child('sleeper', ['sh', '-c', 'echo here; sleep 100 & wait'], f'{folder}/log') as child:
                child.wait_for_line('here', 10)
                pids = machine.wait_for(lambda: len(machine.tree_pids(child.pid)) == 2 and machine.tree_pids(child.pid),
                                        10, 'its own child')
            machine.wait_for(lambda: all(gone(pid) for pid in pids), 10, 'both are gone')
            with machine.Child('failing', ['false'], f'{folder}/log') as child:
                with self.assertRaises(machine.Failure):
                    child.wait_for(lambda: time.sleep(0.01), 10, 'anything')


def gone(pid):
    fields = machine.stat_of(pid)
    return fields is None or fields[0] == 'Z'


if __name__ == '__main__':
    unittest.main()
