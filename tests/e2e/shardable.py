"""The schema as a distributed PostgreSQL needs it: everything of a restaurant is found by its restaurant_id first. Read from the
catalogue of a real database, not from the files; and a table that isn't so is found.
"""
import unittest

from server import Server

# Of a person, whoever it meets: replicated, or sharded by the person.
OF_PEOPLE = {'customers', 'staff'}
KEYS = '''select c.relname, i.relname, a.attname, x.indisprimary from pg_index x join pg_class c on c.oid = x.indrelid
    join pg_class i on i.oid = x.indexrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0]
    where c.relnamespace = 'public'::regnamespace and (x.indisunique or x.indisexclusion)'''
REFERENCES = '''select c.relname, f.conname, r.relname, a.attname, b.attname from pg_constraint f join pg_class c on c.oid = f.conrelid
    join pg_class r on r.oid = f.confrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = f.conkey[1]
    join pg_attribute b on b.attrelid = r.oid and b.attnum = f.confkey[1] where f.contype = 'f' and c.relnamespace = 'public'::regnamespace'''


class Shardable(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server('--no-fsync'))
        cls.server.start()

    def rows(self, query):
        return [line.split('|') for line in self.server.sql(query.replace('\n', ' ')).splitlines()]

    def of_restaurants(self):
        return {name for name, in self.rows("select table_name from information_schema.columns where table_schema = 'public' "
                                            "and column_name = 'restaurant_id' and is_nullable = 'NO'")}

    def problems(self):
        tables, found = self.of_restaurants(), []
        for table, index, first, _ in self.rows(KEYS):
            if table in tables and first != 'restaurant_id':
                found.append(f'{table}: {index} begins with {first}')
        keyed = {table for table, _, _, is_primary in self.rows(KEYS) if is_primary == 't'}
        found += [f'{table}: no primary key' for table in tables - keyed]
        for table, name, to, first, there in self.rows(REFERENCES):
            if table not in tables or to in OF_PEOPLE:
                continue
            if first != 'restaurant_id' or there != ('id' if to == 'restaurants' else 'restaurant_id'):
                found.append(f'{table}: {name} refers to {to} by {first} and not by restaurant_id first')
        return found

    def test_the_schema(self):
        self.assertGreater(len(self.of_restaurants()), 8)
        self.assertEqual(self.problems(), [])

    def test_what_is_not_so_is_found(self):
        self.server.sql('create table notes (id uuid primary key, restaurant_id uuid not null references restaurants (id), '
                        'table_id uuid, guest_id uuid)')
        self.assertEqual(self.problems(), ['notes: notes_pkey begins with id'])
        self.server.sql('alter table notes drop constraint notes_pkey, add primary key (restaurant_id, id); '
                        'create unique index on notes (guest_id, restaurant_id)')
        self.assertEqual(len(self.problems()), 1)
        self.server.sql('drop table notes; create table notes (restaurant_id uuid not null, at tstzrange, '
                        'exclude using gist (at with &&, restaurant_id with =))')
        self.assertEqual(len(self.problems()), 2, 'an exclusion that begins elsewhere, and no primary key')
        self.server.sql('drop table notes')


if __name__ == '__main__':
    unittest.main()
