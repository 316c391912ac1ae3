"""Databases with restaurants, made once a run, or once a cache. A copy is what rows write to."""
import subprocess
import time

from . import restaurants
from .machine import Failure

# Goes up when what is made here changes: a cache's older ones are made anew. 1 where nothing else is said.
FORMS = {'stack': 2, 'stack_town': 2}
OWNER = 'owner@compare.test'
TOWN, CITY = 1_000, 100_000


def qtable(bench, *arguments, database):
    command = [bench.program('qtable'), *arguments, '--database', bench.postgres.conninfo(database)]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f'{" ".join(map(str, arguments))}: {done.stderr.strip()[-1500:]}')
    return done.stdout


def make_restaurants(bench, database, count):
    qtable(bench, 'migrate', 'up', database=database)
    file = bench.folder / f'{count}.csv'
    restaurants.write_csv(file, count)
    begun = time.monotonic()
    qtable(bench, 'import', file, '--timezone', restaurants.TIMEZONE, '--tables', 'auto', '--owner', OWNER,
           database=database)
    bench.say(f'  qtable import of {count:,} restaurants took {time.monotonic() - begun:.1f} s')
    file.unlink()
    bench.postgres.sql(database, 'vacuum analyze')


def make_stack(bench, database, of):
    """The same restaurants, as the usual stack keeps them: with PostGIS."""
    source = prepared(bench, of)
    bench.postgres.run('psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', bench.root / 'bench/peers/fastapi/schema.sql',
                       database=database)
    for query, table in STACK_ROWS:
        bench.postgres.copy(source, query, database, table)
    bench.postgres.run('psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', bench.root / 'bench/peers/fastapi/indexes.sql',
                       database=database)
    bench.postgres.sql(database, 'vacuum analyze')


# As the search of an application would have it, but with an index that serves its query: one on the geometry would not.
POSTGIS_SCHEMA = '''
create extension postgis;
create table restaurants (id uuid primary key, name text, is_public boolean, description text, cuisine_type text,
    price_range smallint, phone text, website text, address text, timezone text, rating float8, review_count integer,
    geom geometry(Point, 4326));
'''
POSTGIS_ROWS = '''select id, name, is_public, description, cuisine_type, price_range, phone, website, address, timezone,
    rating, review_count, 'SRID=4326;POINT(' || longitude || ' ' || latitude || ')' from restaurants'''


def make_postgis(bench, database):
    bench.postgres.sql(database, POSTGIS_SCHEMA)
    bench.postgres.copy(prepared(bench, 'city'), POSTGIS_ROWS, database, 'restaurants')
    bench.postgres.sql(database, 'create index on restaurants using gist ((geom::geography))')
    bench.postgres.sql(database, 'vacuum analyze')


HOURS = ', '.join(f'hours_{day}' for day in restaurants.DAYS)
STACK_ROWS = [
    ('select id, name, is_public, description, cuisine_type, price_range, latitude, longitude, phone, website, address,'
     f' timezone, {HOURS}, slot_interval_min, turn_up_to_party, turn_min, buffer_after_min, min_notice_min, window_days,'
     ' max_party, rating, review_count, version from restaurants where deleted_at is null',
     'restaurants (id, name, is_public, description, cuisine_type, price_range, latitude, longitude, phone, website,'
     f' address, timezone, {HOURS}, slot_interval_min, turn_up_to_party, turn_min, buffer_after_min, min_notice_min,'
     ' window_days, max_party, rating, review_count, version)'),
    ('select restaurant_id, id, label, capacity, min_party from restaurant_tables where deleted_at is null',
     'restaurant_tables (restaurant_id, id, label, capacity, min_party)'),
]

MAKERS = {
    'town': lambda bench, database: make_restaurants(bench, database, TOWN),
    'city': lambda bench, database: make_restaurants(bench, database, CITY),
    'postgis': make_postgis,
    'stack': lambda bench, database: make_stack(bench, database, 'city'),
    'stack_town': lambda bench, database: make_stack(bench, database, 'town'),
}


OF_QTABLE = ('town', 'city')


def prepared(bench, name):
    """The database's name. It gets it when it is whole, so that an interrupted one is never taken."""
    form = FORMS.get(name, 1)
    database = f'{name}_{form}'
    if not bench.postgres.has_database(database):
        bench.say(f'  making the database {name}')
        for older in range(1, form):
            bench.postgres.drop(f'{name}_{older}')
        bench.postgres.create('unfinished_' + name)
        MAKERS[name](bench, 'unfinished_' + name)
        bench.postgres.rename('unfinished_' + name, database)
        bench.postgres.quieten()
    elif name in OF_QTABLE and database not in bench.up_to_date:
        qtable(bench, 'migrate', 'up', database=database)
    bench.up_to_date.add(database)
    return database
