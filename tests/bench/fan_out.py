#!/usr/bin/env python3
"""The floor of a fan-out gives everybody the right frames, and the crowd counts what comes."""
import argparse
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / 'bench'))

from comparison import machine, peers, websocket  # noqa: E402

PROGRAMS = {}
ONE = b'\x81\x05first'
MANY = b'\x81\x06second' + b'\x81\x7e\x01\x00' + b'x' * 256
MANY_FRAMES = 2


class World:
    """As much of a `Bench` as peers need."""

    def __init__(self, folder):
        self.folder, self.count = pathlib.Path(folder), 0

    def program(self, name):
        return PROGRAMS[name]

    def log_file(self, name):
        self.count += 1
        return self.folder / f'{name}.{self.count}'


class fan_out(unittest.TestCase):
    def setUp(self):
        self.bench = World(self.enterContext(tempfile.TemporaryDirectory()))
        self.floor = self.enterContext(peers.FloorWebSocket(self.bench, [ONE, MANY]))

    def test_frames_reach_a_listener(self):
        with websocket.Listener(self.floor.port, '/') as listener:
            # The example of RFC 6455.
            self.assertIn(b'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=', listener.head)
            self.floor.tell(0)
            self.floor.tell(1)
            self.assertEqual([websocket.payload(each) for each in listener.texts(3)], [b'first', b'second', b'x' * 256])

    def test_a_listener_that_left_is_forgotten(self):
        with websocket.Listener(self.floor.port, '/') as stays:
            with websocket.Listener(self.floor.port, '/'):
                self.floor.tell(0)
            self.floor.tell(1)
            self.floor.tell(0)
            self.assertEqual([len(each) for each in stays.texts(4)], [len(ONE), 8, 260, len(ONE)])

    def test_the_crowd_counts(self):
        with peers.Crowd(self.bench, self.floor.port, '/', 200) as crowd:
            self.assertEqual(crowd.frames(), 0)
            self.floor.tell(0)
            crowd.wait_for(1)
            self.floor.tell(1)
            crowd.wait_for(MANY_FRAMES)
            self.assertEqual(crowd.ask('wait 0'), f'{200 * 3} {200 * (len(ONE) + len(MANY))}')

    def test_a_crowd_that_isn_t_let_in_says_so(self):
        with self.assertRaises(machine.Failure) as refused:
            peers.Crowd(self.bench, self.floor.port, '/', 1, is_plain=True).stop()
        self.assertIn('closed within its answer', str(refused.exception))

    def test_plain_connections(self):
        answer = self.bench.folder / 'answer'
        answer.write_bytes(b'HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n' + b'y' * 40000)
        port = machine.free_port()
        with machine.Child('floor', [PROGRAMS['floor'], '--port', port, '--file', answer],
                           self.bench.folder / 'log') as floor:
            floor.wait_for(lambda: peers.accepts(port), 10, 'it answers')
            with peers.Crowd(self.bench, port, '/', 50, is_plain=True) as crowd:
                self.assertEqual(crowd.ask('wait 0'), '0 0')


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--floor', required=True)
    parser.add_argument('--subscribers', required=True)
    given, rest = parser.parse_known_args()
    PROGRAMS['floor_websocket'], PROGRAMS['subscribers'] = given.floor, given.subscribers
    PROGRAMS['floor'] = pathlib.Path(given.floor).with_name('floor')
    unittest.main(argv=[sys.argv[0], *rest])
