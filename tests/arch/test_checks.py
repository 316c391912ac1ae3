#!/usr/bin/env python3
"""Runs the checks of tools/check on the tree, which must pass, and on planted bad files, which must not."""
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / 'tools' / 'check'))

import coro_shapes  # noqa: E402
import layers  # noqa: E402
import migrations  # noqa: E402
import style  # noqa: E402

GOOD_COMMENT = '// What it is.\n// Any thread.\n#pragma once\n'


class planted(unittest.TestCase):
    """A test with a small tree of its own."""

    def problems(self, check, files, **options):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding='utf-8')
            return [f'{path}:{line}: {what}' for path, line, what in check(folder, **options)]

    def assert_clean(self, check, files, **options):
        self.assertEqual(self.problems(check, files, **options), [])

    def assert_one(self, check, files, words, **options):
        found = self.problems(check, files, **options)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])


class the_tree(unittest.TestCase):
    def assert_passes(self, check):
        problems = [f'{path}:{line}: {what}' for path, line, what in check(ROOT)]
        self.assertFalse(problems, '\n' + '\n'.join(problems))

    def test_layers(self):
        self.assert_passes(layers.check)

    def test_coro_shapes(self):
        self.assert_passes(coro_shapes.check)

    def test_style(self):
        self.assert_passes(style.check)

    def test_migrations(self):
        self.assert_passes(migrations.check)


class migrations_can_fail(planted):
    def tree(self, sql):
        before = {f'storage/migrations/000{n}_x.sql': 'drop table old;\n' for n in range(1, 5)}
        return {**before, 'storage/migrations/0005_next.sql': sql}

    def test_what_adds_passes(self):
        self.assert_clean(migrations.check, self.tree(
            'create table notes (id uuid primary key, text text not null, check (text <> \'\'));\n'
            'alter table guests add column mood text;\nalter table guests add column visits integer not null default 0;\n'
            'create index notes_text_idx on notes (text); -- drop table x\n'
            'alter table guests add constraint c check (visits >= 0) not valid;\n'))

    def test_what_takes_away_or_changes(self):
        for sql in ('drop table guests;', 'alter table guests drop column phone;', 'alter table guests rename column a to b;',
                    'alter table guests alter column notes type varchar(10);', 'alter table guests alter column a set not null;',
                    'alter table guests add column mood text not null;', 'delete from guests;',
                    'alter table guests add constraint c unique (phone);'):
            self.assert_one(migrations.check, self.tree(sql), 'not additive')
        self.assert_clean(migrations.check, self.tree('-- not additive: nothing has read it since 1.4\ndrop table guests;'))

    def test_numbers(self):
        files = self.tree('')
        del files['storage/migrations/0004_x.sql']
        self.assert_one(migrations.check, files, 'no gap')


class layers_can_fail(planted):
    def include(self, file, line):
        return {file: f'// a\n{line}\n'}

    def test_allowed_includes_pass(self):
        self.assert_clean(layers.check, {
            'core/engine/a.cpp': '#include "core/base/ids.hpp"\n#include "core/engine/b.hpp"\n#include <vector>\n'
                                 '#include <boost/unordered/unordered_flat_map.hpp>\n',
            'geo/a.cpp': '#include "core/model/a.hpp"\n#include "geo/a.hpp"\n#include <boost/geometry.hpp>\n',
            'net/api/a.cpp': '#include "net/http/a.hpp"\n#include "proto/a.hpp"\n#include <sodium.h>\n'
                             '#include <openssl/ssl.h>\n#include <sys/socket.h>\n',
            'storage/store/a.cpp': '#include "storage/zone/a.hpp"\n#include <libpq-fe.h>\n#include <date/tz.h>\n',
            'tools/qtable/a.cpp': '#include "storage/pg/a.hpp"\n#include <iostream>\n#include <anything/else.h>\n',
            'tests/unit/a.cpp': '#include "tools/a.hpp"\n#include "tests/unit/b.hpp"\n',
            'loadtest/a.cpp': '#include "core/base/a.hpp"\n#include "proto/a.hpp"\n',
            'somewhere/else.cpp': '#include "../up.hpp"\n'})

    def test_each_wrong_direction_fails(self):
        for file, header in [('core/base/a.hpp', 'geo/a.hpp'), ('geo/a.hpp', 'proto/a.hpp'), ('proto/a.hpp', 'net/http/a.hpp'),
                             ('storage/pg/a.hpp', 'net/rt/a.hpp'), ('net/http/a.cpp', 'storage/pg/a.hpp'),
                             ('net/http/a.cpp', 'tools/a.hpp'), ('tools/a.cpp', 'tests/a.hpp'),
                             ('loadtest/a.cpp', 'net/http/a.hpp'), ('loadtest/a.cpp', 'core/engine/a.hpp'),
                             ('bench/a.cpp', 'tests/a.hpp')]:
            with self.subTest(file=file, header=header):
                self.assert_one(layers.check, self.include(file, f'#include "{header}"'), f'{file}:2: ')

    def test_each_wrong_order_inside_a_folder_fails(self):
        for file, header in [('core/base/a.hpp', 'core/model/a.hpp'), ('core/model/a.hpp', 'core/timer/a.hpp'),
                             ('core/inventory/a.hpp', 'core/engine/a.hpp'), ('core/event/a.hpp', 'core/waitlist/a.hpp'),
                             ('net/rt/a.hpp', 'net/io/a.hpp'), ('net/http/a.hpp', 'net/ws/a.hpp'),
                             ('net/api/a.hpp', 'net/server/a.hpp'), ('storage/pg/a.hpp', 'storage/zone/a.hpp'),
                             ('storage/zone/a.hpp', 'storage/store/a.hpp'), ('storage/migrations/a.hpp', 'storage/store/a.hpp'),
                             ('core/base/a.hpp', 'core/a.hpp')]:
            with self.subTest(file=file, header=header):
                self.assert_one(layers.check, self.include(file, f'#include "{header}"'), 'may not include')

    def test_a_sub_folder_without_a_place_fails(self):
        self.assert_one(layers.check, {'core/helpers/a.hpp': '\n'}, 'has no place')
        self.assert_one(layers.check, {'net/a.hpp': '\n'}, 'has no place')

    def test_outside_headers_fail(self):
        for file, header in [('core/base/a.hpp', 'boost/asio.hpp'), ('core/base/a.hpp', 'unistd.h'),
                             ('core/base/a.hpp', 'boost/json.hpp'), ('geo/a.cpp', 'boost/json.hpp'),
                             ('proto/a.cpp', 'boost/asio/post.hpp'), ('storage/pg/a.cpp', 'boost/beast.hpp'),
                             ('storage/pg/a.cpp', 'openssl/ssl.h'), ('net/io/a.cpp', 'libpq-fe.h')]:
            with self.subTest(file=file, header=header):
                self.assert_one(layers.check, self.include(file, f'#include <{header}>'), f'may not include <{header}>')

    def test_banned_standard_headers_fail_in_core_only(self):
        for header in ['thread', 'mutex', 'iostream', 'fstream', 'random', 'future', 'condition_variable']:
            self.assert_one(layers.check, self.include('core/base/a.cpp', f'#include <{header}>'), header)
            self.assert_clean(layers.check, self.include('net/rt/a.cpp', f'#include <{header}>'))

    def test_clocks_and_chance_fail_in_core_only(self):
        for code in ['auto t = std::chrono::system_clock::now();', 'using clock = std::chrono::steady_clock;', 'int x = rand();',
                     'srand(1);', 'int y = std::rand();', 'std::random_device d;', 'auto s = std::time(nullptr);']:
            with self.subTest(code=code):
                self.assert_one(layers.check, self.include('core/base/a.cpp', code), 'no clock and no chance')
                self.assert_clean(layers.check, self.include('net/rt/a.cpp', code))
        for code in ['// no steady_clock here', 'const char* s = "rand()";', 'operand(1);', 'random.rand(3);']:
            self.assert_clean(layers.check, self.include('core/base/a.cpp', code))

    def test_the_form_of_an_include_fails(self):
        self.assert_one(layers.check, self.include('core/base/a.hpp', '#include "../model/a.hpp"'), 'relative')
        self.assert_one(layers.check, self.include('core/base/a.hpp', '#include "ids.hpp"'), 'top-level')
        self.assert_one(layers.check, self.include('geo/a.hpp', '#include <core/base/ids.hpp>'), 'wants quotes')
        self.assert_one(layers.check, self.include('geo/a.hpp', '  #  include "net/rt/a.hpp"'), 'may not')
        self.assert_clean(layers.check, self.include('geo/a.hpp', '// #include "net/rt/a.hpp"'))

    def test_boost_geometry_in_a_header_or_its_tree_twice_fails(self):
        line = '#include <boost/geometry/index/rtree.hpp>\n'
        self.assert_one(layers.check, {'geo/a.hpp': '#include <boost/geometry/geometries/point.hpp>\n'}, 'a header of geo')
        self.assert_one(layers.check, {'geo/a.cpp': line, 'geo/b.cpp': line}, 'only one .cpp')
        self.assert_clean(layers.check, {'geo/a.cpp': line, 'geo/b.cpp': '#include <boost/geometry/srs/spheroid.hpp>\n'})


class coro_shapes_can_fail(planted):
    def body(self, code):
        return {'net/a.cpp': 'task f() {\n    int x = 0;\n    ' + code + '\n}\n'}

    def test_the_house_rule_passes(self):
        for code in ['auto r = co_await read(socket, buffer);', 'co_await write(x);', 'co_return co_await g(x);',
                     'auto r = co_await run([&] { return x; });', 'auto r = co_await run([this, &x] { return x; });',
                     'if (x) { auto r = co_await g(); }', '// auto r = co_await g({1});', 'auto s = "co_await {";',
                     'auto l = [&]() -> task { co_await g(); };', 'for (;;) { co_await g(); }']:
            with self.subTest(code=code):
                self.assert_clean(coro_shapes.check, self.body(code))

    def test_each_bad_shape_fails(self):
        for code, shape in [('auto r = co_await run([x] { return x; });', 'by-value captures'),
                            ('auto r = co_await run([&y, x = 1]() mutable { return x; });', 'by-value captures'),
                            ('auto r = co_await send(message{1, 2});', 'braced temporary'),
                            ('auto r = co_await send({1, 2});', 'braced temporary'),
                            ('auto r = x ? co_await a() : 0;', 'conditional operator'),
                            ('pair p{co_await a(), 1};', 'braced initialiser'),
                            ('auto v = vector<int>{1, co_await a()};', 'braced initialiser'),
                            ('if (co_await a()) { g(); }', 'condition of if'),
                            ('while (!co_await a(x)) {}', 'condition of if'),
                            ('switch (co_await a()) { default: break; }', 'condition of if')]:
            with self.subTest(code=code):
                self.assert_one(coro_shapes.check, self.body(code), 'net/a.cpp:3: ')
                self.assert_one(coro_shapes.check, self.body(code), shape)


class style_can_fail(planted):
    def setUp(self):
        super().setUp()
        # The exceptions of the real tree don't stand in the planted ones.
        patched = mock.patch.dict(style.LONG_FILES, clear=True)
        patched.start()
        self.addCleanup(patched.stop)

    def check_only(self, files, words):
        self.assert_one(style.check, files, words, readme_folders=[])

    def clean(self, files):
        self.assert_clean(style.check, files, readme_folders=[])

    def test_good_files_pass(self):
        self.clean({'core/a.hpp': GOOD_COMMENT, 'core/a.cpp': 'int x;\n' * 400, 'core/README.md': 'x\n' * 40,
                    'README.md': 'x\n' * 100, 'net/build/a.cpp': 'x\n' * 500, 'node_modules/x/a.js': 'TO' 'DO\n'})

    def test_long_files_fail(self):
        for name in ['core/a.cpp', 'tools/check/a.py', 'net/assets/a.js']:
            self.check_only({name: 'x\n' * 401}, '401 lines')
        self.check_only({'core/a.hpp': GOOD_COMMENT + '\n' * 400}, '403 lines')

    def test_the_list_of_long_files_fails_when_it_is_stale(self):
        style.LONG_FILES['core/long.cpp'] = 'one table'
        try:
            self.clean({'core/long.cpp': 'x\n' * 401})
            self.check_only({'core/long.cpp': 'x\n'}, 'is short')
            self.check_only({'core/other.cpp': 'x\n'}, 'is gone')
        finally:
            del style.LONG_FILES['core/long.cpp']

    def test_banned_words_fail(self):
        for word in style.BANNED_WORDS:
            for name in ['core/a.cpp', 'docs/a.md', 'storage/migrations/1.sql', 'CMakeLists.txt']:
                with self.subTest(word=word, name=name):
                    self.check_only({name: f'a\n// {word}1\n' if word.endswith('#') else f'a\n// {word} b\n'}, f'{name}:2: "{word}"')
        self.check_only({'docs/a.md': 'Place' 'holder text\n'}, 'real thing')

    def test_words_that_only_look_alike_pass(self):
        self.clean({'core/a.cpp': '// XX' 'XX-XX' 'XX, mkdtemp("aXX' 'XX' 'XX"), todos, fixmes\n',
                    'net/a.html': '<input place' 'holder="x">\n', 'net/a.css': '::place' 'holder {}\n'})

    def test_headers_without_guard_or_comment_fail(self):
        self.check_only({'core/a.hpp': '// What it is.\n// Any thread.\nint x;\n'}, 'no #pragma once')
        self.check_only({'core/a.hpp': '#pragma once\n'}, 'begins with what it is')
        self.check_only({'net/http/a.hpp': '#pragma once\n// Late.\n'}, 'begins with what it is')
        self.check_only({'tests/unit/a.hpp': '// Any.\n// Thing.\n'}, 'no #pragma once')

    def test_readmes_fail(self):
        self.assert_one(style.check, {'core/a.cpp': 'x\n'}, 'no README.md', readme_folders=['core'])
        self.check_only({'core/model/README.md': 'x\n' * 41}, '41 lines')
        everything = self.problems(style.check, {'a.cpp': 'x\n'})
        self.assertEqual(len(everything), len(style.README_FOLDERS))


if __name__ == '__main__':
    unittest.main()
