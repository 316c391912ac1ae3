"""Whether a distributed PostgreSQL could send each of storage's statements to the restaurants that it is about: in PostgreSQL's own plan
every table of restaurants is read by `restaurant_id = ` a parameter, one of an array of ids, or another table that is read so.
What can't be is listed, with its reason. Triggers aren't looked into; all of them join by restaurant_id.
"""
import json, re, subprocess, unittest

from server import ROOT, Server
from statements import read_statements

BY_CUSTOMER = "a customer's own, over all restaurants: a question to every shard, or a copy by customer"
OF_STAFF = 'of one person, over all restaurants: where somebody works, an invitation by its token'
ERASURE = 'ends an account: once, over all restaurants'
# Not sent to one shard, and needn't be.
EXCEPTIONS = {
    'boot_loader.cpp: select id from restaurants where deleted': 'the start: every restaurant, of all parts',
    'bulk_writer.cpp: select id, name, is_public, description,': 'import: who is there already, by the source',
    'log_positions': 'the safety net: where all logs stand, a portion a second',
    'purge_invitations': 'retention, by age alone',
    'list_of_customer': BY_CUSTOMER, 'restaurant_of': BY_CUSTOMER, 'record_of_customer': BY_CUSTOMER, 'guest_of_customer': BY_CUSTOMER,
    'open_guests_of': BY_CUSTOMER, 'restaurants_of_customer': BY_CUSTOMER, 'held_reviews': BY_CUSTOMER, 'held_guests': BY_CUSTOMER,
    'memberships_of': OF_STAFF, 'invitation_by_token': OF_STAFF, 'accept_invitation': OF_STAFF,
    'empty_events': ERASURE, 'empty_guests': ERASURE, 'empty_reservations': ERASURE, 'empty_reviews': ERASURE,
}
KEY = r'\(?(\w+)\.(\w+)\)?(?:::\w+)?'
JOINED = re.compile(rf'{KEY} = {KEY}')
GIVEN = re.compile(rf'{KEY} = (?:ANY \()?\(?\$\d+\)?(?:::[\w\[\]]+)?\)?')


def conjuncts(text):
    """What must all hold: of `((a = b) AND ((c = d) OR (e = f)))` the first alone counts, the other comes whole."""
    depth, is_wrapped, parts, begin = 0, text.startswith('('), [], 0
    for at, letter in enumerate(text):
        depth += (letter == '(') - (letter == ')')
        is_wrapped = is_wrapped and (depth > 0 or at == len(text) - 1)
        if depth == 0 and text.startswith(' AND ', at):
            parts.append(text[begin:at])
            begin = at + len(' AND ')
    if is_wrapped:
        return conjuncts(text[1:-1])
    return [each for part in [*parts, text[begin:]] for each in conjuncts(part)] if parts else [text]


def nodes_of(plan):
    yield plan
    # Of alternatives no one has to hold: the scan above them says what does.
    for child in plan.get('Plans', []) if plan['Node Type'] != 'BitmapOr' else []:
        yield from nodes_of(child)


def unrouted(plan, tables):
    """The scans of these tables that nothing ties to given restaurants. `tables`: name → its column of the restaurant's id."""
    nodes = list(nodes_of(plan))
    names = {each['Alias']: each.get('Relation Name') for each in nodes if 'Alias' in each and each['Node Type'] != 'ModifyTable'}
    of_restaurants = {alias: table for alias, table in names.items() if table in tables}
    conditions = [part for each in nodes for name, text in each.items()
                  if re.search('Cond|Filter', name) and isinstance(text, str) for part in conjuncts(text)]
    given = [found.groups() for each in conditions if (found := GIVEN.fullmatch(each))]
    joined = [found.groups() for each in conditions if (found := JOINED.fullmatch(each))]
    # What isn't a table (ids of an array, what another part of the statement found) is where it begins.
    routed = {alias for alias, table in names.items() if table is None}

    def is_key(alias, column):
        return alias in routed or alias in of_restaurants and column == tables[of_restaurants[alias]]
    routed |= {alias for alias, column in given if alias in of_restaurants and is_key(alias, column)}
    grows = True
    while grows:
        grows = False
        for one, column, other, there in joined:
            if is_key(one, column) and is_key(other, there) and (one in routed) != (other in routed):
                routed |= {one, other}
                grows = True
    return sorted(f'{table} as {alias}' for alias, table in of_restaurants.items() if alias not in routed)


class Routed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server('--no-fsync'))
        cls.server.start()
        named = cls.server.sql("select table_name from information_schema.columns where table_schema = 'public' "
                               "and column_name = 'restaurant_id' and is_nullable = 'NO'").split()
        cls.tables = {**dict.fromkeys(named, 'restaurant_id'), 'restaurants': 'id'}
        cls.statements = {name: sql for name, sql in read_statements(ROOT / 'storage').items() if 'schema_migrations' not in sql}

    def plans(self, statements):
        """As they are planned for any values."""
        script = ['set plan_cache_mode = force_generic_plan; set enable_seqscan = off;']
        for i, sql in enumerate(statements.values()):
            count = max((int(number) for number in re.findall(r'\$(\d+)', sql)), default=0)
            values = f'({", ".join(["null"] * count)})' if count else ''
            script += [f'prepare s{i} as {sql};', f'explain (verbose, format json) execute s{i}{values};', "select '--';"]
        folder = self.server.data_dir / 'postgres'
        where = folder / 'socket_dir'
        where = where.read_text().strip() if where.exists() else folder / 'run'
        done = subprocess.run(['psql', '-h', where, '-U', 'qtable', '-d', 'qtable', '-XAtq', '-v', 'ON_ERROR_STOP=1'], timeout=60,
                              input='\n'.join(script), capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return {name: json.loads(text)[0]['Plan'] for name, text in zip(statements, done.stdout.split('--\n'))}

    def problems(self, statements):
        return {name: found for name, plan in self.plans(statements).items() if (found := unrouted(plan, self.tables))}

    def test_the_statements(self):
        self.assertGreater(len(self.statements), 100)
        for known in ('insert_events', 'upsert_reservations', 'take_tables', 'image_reservations', 'find_marker', 'list_of_restaurant'):
            self.assertIn(known, self.statements)
        found = self.problems(self.statements)
        self.assertEqual({name: tables for name, tables in found.items() if name not in EXCEPTIONS}, {})
        self.assertEqual(set(EXCEPTIONS) - set(found), set(), 'exceptions that are none')

    def test_what_is_not_so_is_found(self):
        ids = 'unnest($1::uuid[], $2::uuid[]) as t(restaurant_id, id)'
        planted = {
            'by another key': 'select * from guests where id = $1',
            'of an array of others': f'update guests g set notes = $3 from {ids} where g.id = t.id',
            'a join across': 'select 1 from guests g join customer_reservations r on r.id = g.reservation_id where g.restaurant_id = $1',
            'inside': 'select (select count(*) from restaurant_events e where e.subject_id = g.id) from guests g where restaurant_id = $1',
            'all': 'select max(seq) from restaurant_events',
            'the wrong column': f'delete from guests g using {ids} where g.id = t.restaurant_id',
            'or another': 'select * from guests where restaurant_id = $1 or id = $2',
            'if given': 'select * from guests where ($1::uuid is null or restaurant_id = $1) and id = $2',
            'not equal': 'select * from guests where restaurant_id > $1 and id = $2',
        }
        found = self.problems(planted)
        self.assertEqual(set(found), set(planted))
        self.assertEqual(found['a join across'], ['customer_reservations as r'])
        good = {
            'given': 'select * from guests where restaurant_id = $1 and id = $2',
            'any of': 'select * from guests where restaurant_id = any($1::uuid[])',
            'an array': f'update guests g set notes = $3 from {ids} where g.restaurant_id = t.restaurant_id and g.id = t.id',
            'joined': 'select 1 from guests g join restaurants r on r.id = g.restaurant_id where r.id = $1',
        }
        self.assertEqual(self.problems(good), {})

    def test_a_statement_of_a_source_is_found(self):
        folder = self.server.folder / 'planted'
        folder.mkdir()
        (folder / 'some.hpp').write_text('#define QTABLE_SOME "id, " \\\n    "name"\n#define QTABLE_WHERE(what) "where " what " = $1"\n')
        (folder / 'some.cpp').write_text('constexpr statement find_some{"find_some", "select " QTABLE_SOME\n  " from guests " '
                                         'QTABLE_WHERE("id")};  // "select 1"\n')
        found = read_statements(folder)
        self.assertEqual(found, {'find_some': 'select id, name from guests where id = $1'})
        self.assertEqual(self.problems(found), {'find_some': ['guests as guests']})


if __name__ == '__main__':
    unittest.main()
