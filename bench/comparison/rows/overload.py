"""Three times what one core can answer, in an open loop: how much of it is answered still, how soon who gets in and who
doesn't hears of it, what becomes of those who book meanwhile, and how soon all is as before.
"""
import datetime
import threading

from .. import load
from ..figures import Line, at_least, at_most
from .row import Row
from .rush import place_of

TIMES = 3
LOW = 0.1             # of the peak: nobody waits for anybody
CONNECTIONS = 3_000   # as many people: with few of them the queue would be in front of the server
SECONDS, LOW_SECONDS = 8, 6
BOOKINGS = 25         # a second, beside it
AFTER = 'p99 in the first 6 s after, ms'

LINES = [
    Line('overload-goodput', f'searches answered a second at {TIMES} × the peak', 'the peak', at_least(0.9),
         lambda of: of['answered at 3 ×, per s'] / of['peak, per s']),
    Line('overload-p99', 'p99 of the searches that were answered', f'p99 at {LOW:.0%} of the peak', at_most(5),
         lambda of: of['p99 at 3 ×, ms'] / of['p99 at 10%, ms']),
    Line('overload-refused', 'p99 until a refusal, ms', '', at_most(50, ' ms'), lambda of: of['refused p99, ms']),
    Line('overload-bookings', 'bookings beside it that got an answer', 'all of them', at_least(0.99),
         lambda of: of['bookings answered'] / of['bookings']),
    Line('overload-after', 'p99 of searches right afterwards', f'p99 at {LOW:.0%} before', at_most(1.5),
         lambda of: of[AFTER] / of['p99 at 10%, ms']),
]


def search_of(place):
    latitude, longitude = place.split(',')
    day = (datetime.date.today() + datetime.timedelta(days=7)).isoformat()
    return (f'/public/restaurants?lat={latitude}&lon={longitude}&radius=25&limit=100&date={day}&time=19:30'
            '&party_size=4')


def overload(bench):
    with bench.scratch('city') as database, bench.server(database, threads=1) as server:
        near = place_of(bench, database)
        path = ['--path', search_of(near)]

        def searches(seconds, rate=None, connections=64):
            return load.run(bench, server.url, 'search', seconds, near, rate, connections, options=path, may_refuse=True)
        searches(2)
        for _ in bench.rounds(3):
            bench.postgres.quieten()
            peak = searches(SECONDS).rate
            before = searches(LOW_SECONDS, LOW * peak, 256)
            beside = []
            booking = threading.Thread(target=lambda: beside.append(load.run(
                bench, server.url, 'book', SECONDS, near, BOOKINGS, 64, may_refuse=True, name='beside')))
            booking.start()
            flood = searches(SECONDS + 6, TIMES * peak, CONNECTIONS)
            booking.join()
            after = searches(LOW_SECONDS, LOW * peak, 256)
            yield {'peak, per s': peak, 'asked at 3 ×, per s': TIMES * peak, 'answered at 3 ×, per s': flood.ok / (SECONDS + 6),
                   'p99 at 10%, ms': before.p99_s * 1e3, 'p50 at 3 ×, ms': flood.p50_s * 1e3,
                   'p99 at 3 ×, ms': flood.p99_s * 1e3, 'refused, per s': flood.refused / (SECONDS + 6),
                   'refused p50, ms': flood.refused_p50_s * 1e3, 'refused p99, ms': flood.refused_p99_s * 1e3,
                   'bookings': beside[0].requests, 'bookings answered': beside[0].requests - beside[0].errors,
                   'bookings p99, ms': beside[0].p99_s * 1e3, AFTER: after.p99_s * 1e3}
            for each in flood.notes:
                bench.note(each)


ROWS = [Row('overload', overload, LINES, 'requests/s, ms', ('qtable', 'qtable-load'), is_short=False)]
