#!/usr/bin/env python3
"""Asks PostGIS what qtable_geo has answered: usage postgis_oracle.py POSTGIS_ORACLE_CASES.

The program writes its searches and distances as CSV; a throw-away PostgreSQL (pg_virtualenv) repeats them with
ST_DWithin and ST_Distance on geography. The sets must be the same and distances within 1 mm + 1e-9 of the distance.
What lies within that of a search's edge is left out. At the end the answers are falsified, to see that it would show.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

SCHEMA = r"""
CREATE EXTENSION postgis;
CREATE TABLE points (id int PRIMARY KEY, lat float8, lon float8);
CREATE TABLE queries (id int PRIMARY KEY, lat float8, lon float8, radius_m float8);
CREATE TABLE hits (query int, point int, distance_m float8, PRIMARY KEY (query, point));
CREATE TABLE pairs (id int PRIMARY KEY, a_lat float8, a_lon float8, b_lat float8, b_lon float8, distance_m float8);
\copy points FROM 'points.csv' CSV
\copy queries FROM 'queries.csv' CSV
\copy hits FROM 'hits.csv' CSV
\copy pairs FROM 'pairs.csv' CSV
CREATE FUNCTION place(lat float8, lon float8) RETURNS geography IMMUTABLE LANGUAGE sql
  RETURN ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography;
CREATE FUNCTION tolerance(distance_m float8) RETURNS float8 IMMUTABLE LANGUAGE sql RETURN 0.001 + 1e-9 * distance_m;
CREATE TABLE expected AS
  SELECT q.id AS query, p.id AS point, q.radius_m, d.exact_m, ST_DWithin(q.at, p.at, q.radius_m) AS inside
  FROM (SELECT *, place(lat, lon) AS at FROM queries) q, (SELECT *, place(lat, lon) AS at FROM points) p,
       LATERAL (SELECT ST_Distance(q.at, p.at) AS exact_m) d;
CREATE VIEW compared AS
  SELECT query, point, inside, exact_m, distance_m,
         abs(exact_m - radius_m) <= tolerance(radius_m) AS at_edge
  FROM expected FULL JOIN hits USING (query, point);
CREATE VIEW wrong AS
  SELECT 'search' AS what, query AS id, point, exact_m AS postgis_m, distance_m AS qtable_m FROM compared
  WHERE inside IS NULL OR (inside <> (distance_m IS NOT NULL) AND NOT at_edge)
     OR abs(exact_m - distance_m) > tolerance(exact_m)
  UNION ALL
  SELECT 'pair', id, NULL, exact_m, distance_m
  FROM (SELECT *, ST_Distance(place(a_lat, a_lon), place(b_lat, b_lon)) AS exact_m FROM pairs) p
  WHERE NOT abs(exact_m - distance_m) <= tolerance(exact_m);
"""

REPORT = r"""
SELECT 'wrong: ' || w FROM wrong w LIMIT 10;
SELECT 'worst difference in m: ' || max(abs(exact_m - distance_m)) || ' over ' || count(distance_m) || ' hits' FROM compared;
"""
COUNTS = "SELECT (SELECT count(*) FROM wrong), (SELECT count(*) FROM hits), (SELECT count(*) FROM pairs)"

# Three lies: a hit left out, a hit that is none, and distances off by 2 mm and more.
FALSIFY = r"""
DELETE FROM hits WHERE (query, point) = (SELECT query, point FROM compared WHERE inside AND NOT at_edge LIMIT 1);
INSERT INTO hits SELECT query, point, exact_m FROM compared WHERE NOT inside AND NOT at_edge LIMIT 1;
UPDATE pairs SET distance_m = distance_m + 0.002 + 2e-9 * distance_m WHERE id = 0;
"""
LIES = 3


def psql(script, folder):
    done = subprocess.run(['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-F', ',', '-f', '-', 'postgres'], input=script,
                          cwd=folder, text=True, stdout=subprocess.PIPE, check=True)
    return done.stdout.strip()


def counts(folder):
    return [int(n) for n in psql(COUNTS, folder).split(',')]


def compare(program):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([program, folder], check=True)
        psql(SCHEMA, folder)
        print(psql(REPORT, folder))
        wrong, hits, pairs = counts(folder)
        print(f'{hits} hits and {pairs} pairs compared, {wrong} wrong')
        if wrong != 0 or hits < 10_000 or pairs < 10_000:
            return 'FAILED: PostGIS disagrees, or there was too little to compare'
        psql(FALSIFY, folder)
        seen = counts(folder)[0]
        if seen != LIES:
            return f'FAILED: of {LIES} falsified answers the comparison saw {seen}'
    return 0


def main():
    if len(sys.argv) == 3 and sys.argv[1] == '--inside':
        return compare(sys.argv[2])
    if len(sys.argv) != 2:
        return __doc__
    program = os.path.abspath(sys.argv[1])
    inside = [sys.executable, os.path.abspath(__file__), '--inside', program]
    return subprocess.run(['pg_virtualenv', '-t', '-o', 'fsync=off', *inside]).returncode


if __name__ == '__main__':
    sys.exit(main())
