"""Restaurants within 3 km, the 20 nearest: against PostGIS, against Redis, with a table wanted, and as their number grows."""
import json
import random
import re
import subprocess
import tempfile

from .. import postgres, restaurants, worlds, wrk
from ..bench import cpu_us_per_request
from ..figures import Line, at_least, at_most
from ..machine import Failure, cpu_of
from ..peers import Redis
from .availability import day_of_measuring
from .row import Row

RADIUS_KM, LIMIT = 3, 20
CENTRES = 8192
CENTRES_OF_PGBENCH = 128  # one expression has to hold them
PATH = 'GET /public/restaurants, 3 km, 20 nearest of 100,000'

LINES = [
    Line('search-postgis', PATH, 'PostGIS, GiST on geography, prepared', at_least(60),
         lambda of: of['postgis'] / of['qtable']),
    Line('search-postgis-nearest', 'the same', 'PostGIS, its index walked by distance (<->)', None,
         lambda of: of['postgis by <->'] / of['qtable']),
    Line('search-redis', PATH, 'Redis GEOSEARCH', at_least(6), lambda of: of['redis'] / of['qtable']),
    Line('search-table', PATH + ', a table for 4 at 19:30', 'the same without', at_most(1.5),
         lambda of: of['qtable with a table'] / of['qtable']),
]

# As an application writes it; worlds.py has the index.
POSTGIS_SEARCH = f'''
select id, name, description, cuisine_type, price_range, phone, website, address, timezone, rating, review_count,
    ST_X(geom), ST_Y(geom), ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography) as away
from restaurants
where is_public and ST_DWithin(geom::geography, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography, {RADIUS_KM * 1000})
order by away limit {LIMIT};
'''
# Nearest first out of the index: few write it so, it costs a fifth.
POSTGIS_NEAREST = POSTGIS_SEARCH.replace(
    'order by away', 'order by geom::geography <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography')


def centres(count):
    """Where restaurants are, as every side draws them."""
    return random.Random(11).choices(restaurants.places(worlds.CITY), k=count)


def targets(more=''):
    return [f'/public/restaurants?lat={latitude}&lon={longitude}&radius={RADIUS_KM}&limit={LIMIT}{more}'
            for latitude, longitude in centres(CENTRES)]


def pgbench_script(query):
    """A centre drawn from a list, and the search there."""
    drawn = centres(CENTRES_OF_PGBENCH)

    def choice(which):
        return ' '.join(f'when :i = {i} then {at[which]}' for i, at in enumerate(drawn))

    return (f'\\set i random(0, {len(drawn) - 1})\n\\set lat case {choice(0)} end\n\\set lon case {choice(1)} end\n'
            + ' '.join(query.split()) + '\n')


class PostGis:
    def __init__(self, bench, database):
        self.bench, self.database = bench, database

    def cpu_s(self):
        return self.bench.postgres.cpu_s()

    def search(self, seconds, query=POSTGIS_SEARCH):
        """pgbench's report, as far as it matters: how many."""
        script = self.bench.folder / 'search.pgbench'
        script.write_text(pgbench_script(query))
        out = self.bench.postgres.run(postgres.programs() / 'pgbench', '-n', '-M', 'prepared', '-c', 8, '-j', 1, '-T',
                                      seconds, '-f', script, database=self.database)
        done = re.search(r'number of transactions actually processed: (\d+)', out)
        failed = re.search(r'number of failed transactions: (\d+)', out)
        if not done or (failed and int(failed.group(1))):
            raise Failure(f'pgbench: {out[-500:]}')
        return int(done.group(1))


def cpu_us(side, load):
    with cpu_of(side.cpu_s) as spent:
        count = load()
    return spent() / count * 1e6


def redis_round(redis, seconds):
    """As many searches as take about that long; a first short go tells how many those are."""
    with cpu_of(redis.cpu_s) as spent:
        redis.search(2000, RADIUS_KM, LIMIT)
    count = int(2000 / max(spent(), 0.02) * seconds)
    return cpu_us(redis, lambda: redis.search(count, RADIUS_KM, LIMIT) or count)


def check_plans(bench, database):
    for query in (POSTGIS_SEARCH, POSTGIS_NEAREST):
        plan = bench.postgres.sql(database, 'explain ' + query.replace(':lon', '10.0').replace(':lat', '50.0'))
        if 'Index Cond' not in plan:
            raise Failure(f'PostGIS searches without its index:\n{plan}')


def search(bench):
    city = bench.world('city')
    plain = wrk.in_turn(targets())
    with_table = wrk.in_turn(targets(f'&date={day_of_measuring()}&time=19:30&party_size=4'))
    postgis = PostGis(bench, bench.world('postgis'))
    check_plans(bench, postgis.database)
    with Redis(bench, restaurants.places(worlds.CITY)) as redis, bench.server(city) as server:
        bench.note(f'{average_hits(server):.1f} restaurants an answer')

        def of_server(script):
            return cpu_us_per_request(server, lambda: wrk.run(server.url, bench.seconds, script=script))

        for _ in bench.rounds():
            yield {'qtable': of_server(plain), 'qtable with a table': of_server(with_table),
                   'postgis': cpu_us(postgis, lambda: postgis.search(bench.seconds)),
                   'postgis by <->': cpu_us(postgis, lambda: postgis.search(bench.seconds, POSTGIS_NEAREST)),
                   'redis': redis_round(redis, bench.seconds)}


def average_hits(server, count=200):
    with server.client() as client:
        return sum(len(client.get(target)['items']) for target in targets()[:count]) / count


# ---- in process

GROWTH = [
    Line('search-growth', 'a radius search in process, 20 hits', '10,000 → 1,000,000 restaurants', at_most(2),
         lambda of: of['1,000,000'] / of['10,000']),
]
FILTER = '^nearest_20_within/(10000|1000000)/{radius}$'
GROWTH_RADIUS_KM = 10  # 20 hits everywhere; within 3 km there are fewer among 10,000


def search_growth(bench):
    # One program for all rounds: it takes long to lay out a million restaurants.
    with tempfile.NamedTemporaryFile(suffix='.json') as out:
        done = subprocess.run([bench.program('bench_search'), '--benchmark_filter=' + FILTER.format(radius=GROWTH_RADIUS_KM),
                               f'--benchmark_repetitions={bench.round_count}', '--benchmark_min_time=0.3',
                               '--benchmark_enable_random_interleaving=true', f'--benchmark_out={out.name}',
                               '--benchmark_out_format=json'], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f'bench_search: {done.stderr[-500:]}')
        report = json.load(open(out.name))
    runs = [run for run in report['benchmarks'] if run['run_type'] == 'iteration']
    for number in range(bench.round_count):
        here = {run['name'].split('/')[1]: run for run in runs if run['repetition_index'] == number}
        if number == 0:
            bench.note(', '.join(f'{int(count):,}: {run["hits"]:.1f} hits a search' for count, run in here.items()))
        yield {'10,000': here['10000']['cpu_time'], '1,000,000': here['1000000']['cpu_time']}


ROWS = [
    Row('search', search, LINES, 'µs of CPU a search', ('qtable',),
        ('wrk', 'redis-server', 'redis-tools', 'postgresql-15-postgis-3')),
    Row('search-growth', search_growth, GROWTH, 'ns of CPU a search', ('bench_search',)),
]
