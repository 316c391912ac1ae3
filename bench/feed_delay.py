#!/usr/bin/env python3
"""How long after its answer a booking made at one node is heard at another: the customer's clock from the 201 to the event on a staff
socket of the second node, 64 houses with a socket each.

Load: eight connections as fast as they can through the first node (the most that this machine with these clients does), then shares of
that at given moments (`--loads`), whether or not the answers before have come. Who books and who listens are processes of their own.
A delay below zero (heard before the answer was read) counts as zero.
"""
import argparse, json, multiprocessing, pathlib, re, selectors, sys, tempfile, threading, time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / 'bench'))
from comparison.websocket import Listener, frame_size, payload
from nodes import CUSTOMERS, HEARD_S, Kept, Run, booking_request

SETTLED_S = 2.0


def listen(port, token, targets, ready, stop, into):
    """Puts {reservation: when it was heard} when told to stop."""
    heard, watch = {}, selectors.DefaultSelector()
    for target in targets:
        listener = Listener(port, target, token)
        listener.wire.setblocking(False)
        watch.register(listener.wire, selectors.EVENT_READ, listener)
    ready.set()
    while not stop.is_set():
        for key, _ in watch.select(0.1):
            listener = key.data
            listener.fill()
            now = time.monotonic()
            while size := frame_size(listener.buffer):
                frame, listener.buffer = listener.buffer[:size], listener.buffer[size:]
                for found in re.findall(rb'"type":"customer_reservation_received".*?"id":"([0-9a-f-]{36})"', payload(frame)):
                    heard.setdefault(found.decode(), now)
    into.put(heard)


class Booker:
    def __init__(self, port, customer):
        self.link, self.customer, self.answered, self.refused = Kept(port), customer, {}, 0

    def book(self):
        status = self.link.ask(booking_request(self.customer.token, *self.customer.wishes.pop()))
        if status == 201:
            self.answered[re.search(rb'"id":"([0-9a-f-]{36})"', self.link.body).group(1).decode()] = time.monotonic()
        else:
            self.refused += 1

    def as_fast_as_it_goes(self, until):
        while time.monotonic() < until:
            self.book()

    def paced(self, begin, until, every_s):
        at = begin
        while at < until:
            time.sleep(max(0.0, at - time.monotonic()))
            self.book()
            at += every_s


def all_of(bookers, what):
    threads = [threading.Thread(target=what, args=(number, each)) for number, each in enumerate(bookers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def measure(run, nodes, seconds, per_s):
    ready, stop, into = multiprocessing.Event(), multiprocessing.Event(), multiprocessing.Queue()
    targets = [f'/ws/restaurants/{place}' for place in run.places]
    ear = multiprocessing.Process(target=listen, args=(nodes[1].port, run.owner_token, targets, ready, stop, into))
    ear.start()
    try:
        if not ready.wait(30):
            raise SystemExit('the sockets did not open')
        bookers = [Booker(nodes[0].port, customer) for customer in run.customers]
        begin = time.monotonic() + 0.1
        until = begin + seconds
        if per_s is None:
            all_of(bookers, lambda number, each: each.as_fast_as_it_goes(until))
        else:
            every_s = len(bookers) / per_s
            all_of(bookers, lambda number, each: each.paced(begin + number * every_s / len(bookers), until, every_s))
        took = time.monotonic() - begin
        time.sleep(SETTLED_S)
        stop.set()
        heard = into.get(timeout=30)
    finally:
        stop.set()
        ear.join()
    answered = {id: at for each in bookers for id, at in each.answered.items()}
    delays = sorted(max(0.0, heard[id] - at) * 1e3 for id, at in answered.items() if id in heard)
    return {'per_s': len(answered) / took, 'delays': delays, 'unheard': len(answered) - len(delays), 'refused': sum(each.refused for each in bookers)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--binary', default=ROOT / 'build/release/qtable')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--seconds', type=float, default=5, help='of each load and round')
    parser.add_argument('--loads', type=float, nargs='*', default=[0.7, 0.1], help='shares of the most')
    options = parser.parse_args()
    print('| load | bookings/s | p50, ms | p99, ms | longest, ms | not heard | not 201 |\n|---|---|---|---|---|---|---|')
    with tempfile.TemporaryDirectory(prefix='qtable-feed-') as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        run = Run(folder, options)
        with run.postgres:
            for _ in range(options.rounds):
                run.make_world()
                nodes = [run.start(), run.start()]
                try:
                    time.sleep(HEARD_S)
                    measure(run, nodes, 1, None)  # warm
                    most = None
                    for load in [None, *options.loads]:
                        got = measure(run, nodes, options.seconds, most and most * load)
                        most = most or got['per_s']
                        delays = got['delays'] or [float('nan')]
                        print(f'| {"most" if load is None else f"{load:.0%}"} | {got["per_s"]:,.0f} | {delays[len(delays) // 2]:.1f} '
                              f'| {delays[len(delays) * 99 // 100]:.1f} | {delays[-1]:.1f} | {got["unheard"]} | {got["refused"]} |', flush=True)
                finally:
                    for node in nodes:
                        node.stop()
                run.drop_world()


if __name__ == '__main__':
    main()
