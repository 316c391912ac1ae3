"""The command line of `bench/compare`."""
import argparse
import contextlib
import datetime
import json
import os
import pathlib
import platform
import signal
import subprocess
import sys
import time
import traceback

from . import figures, machine, packages, rows, scaling
from .bench import Bench, ROOT, say
from .machine import Failure

EXAMPLES = '''
examples:
  bench/compare                                   every row, in full
  bench/compare --short                           the rows that fit into three minutes
  bench/compare --only availability,search        two rows
  bench/compare --only availability-nginx --rounds 9
  bench/compare --cache /var/tmp/qtable-compare --markdown bench/RESULTS.md --json /tmp/figures.json
  bench/compare --list
'''


def parsed(arguments):
    parser = argparse.ArgumentParser(
        prog='bench/compare', formatter_class=argparse.RawDescriptionHelpFormatter, epilog=EXAMPLES,
        description='Measures QTable beside its peers on this machine, in turns, and prints what their ratios are.')
    parser.add_argument('--short', action='store_true', help='shorter rounds, and only the rows that are quick')
    parser.add_argument('--only', metavar='ROW,…', help='rows, or keys of their lines')
    parser.add_argument('--rounds', type=int, metavar='N', help='rounds of each row [5]')
    parser.add_argument('--markdown', metavar='FILE', help='write the table there, too')
    parser.add_argument('--json', metavar='FILE', help='write the figures there')
    parser.add_argument('--cache', metavar='DIR', help='keep the prepared databases there; PostgreSQL\'s user must reach it')
    parser.add_argument('--build', metavar='DIR', default=ROOT / 'build/release', help='the build to measure [build/release]')
    parser.add_argument('--no-build', action='store_true', help='install and build nothing')
    parser.add_argument('--list', action='store_true', help='what there is to measure')
    given = parser.parse_args(arguments)
    if given.rounds is not None and given.rounds < 1:
        parser.error('--rounds: at least 1')
    try:
        given.rows = rows.chosen(given.only.split(',')) if given.only else [
            row for row in rows.ALL if row.is_short or not given.short]
    except KeyError as unknown:
        parser.error(f'--only: there is no row {unknown}; see --list')
    return given


def listing():
    for row in rows.ALL:
        print(f'{row.name}{"" if row.is_short else "   (not in --short)"}')
        for line in row.lines:
            print(f'    {line.key:26}  {line.path}; against {line.against}: {line.target or "for information"}')


def build(given):
    targets = sorted({target for row in given.rows for target in row.targets})
    say(f'building {" ".join(targets)}')
    if not (pathlib.Path(given.build) / 'build.ninja').exists() or pathlib.Path(given.build) == ROOT / 'build/release':
        run_quietly('cmake', '--preset', 'release', '-DQTABLE_BENCH=ON', '-B', given.build, cwd=ROOT)
    known = subprocess.run(['ninja', '-C', given.build, '-t', 'targets', 'all'], capture_output=True, text=True).stdout
    known = {line.split(':')[0] for line in known.splitlines()}
    # A row whose program isn't in this tree says so itself.
    run_quietly('cmake', '--build', given.build, '--target', *[target for target in targets if target in known])


def run_quietly(*command, **more):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          **more)
    if done.returncode != 0:
        raise Failure(f'{" ".join(map(str, command))}\n{done.stdout[-3000:]}')


def measure(bench, row):
    """The row's lines with what they came to. What goes wrong ends this row alone."""
    say(f'{row.name}')
    bench.notes = []
    try:
        with contextlib.closing(row.run(bench)) as rounds:
            measured = list(rounds)
        return [figures.measured(line, measured, [f'in {row.unit}', *bench.notes]) for line in row.lines]
    except (Failure, OSError, ValueError, subprocess.SubprocessError) as failed:
        say(f'{row.name} failed: {failed}')
        if not isinstance(failed, Failure):
            traceback.print_exc()
        first = str(failed).strip().splitlines()[0][:120] if str(failed).strip() else repr(failed)
        return [figures.Measured(line, failure=f'failed: {first}') for line in row.lines]


def about(given):
    commit = subprocess.run(['git', 'rev-parse', '--short', 'HEAD'], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    memory_gib = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30
    return (f'{"Short form" if given.short else "Full form"}, {datetime.date.today()}, commit {commit or "unknown"}, '
            f'{os.cpu_count()} cores, {memory_gib:.0f} GiB, Linux {platform.release()}; load average at the end '
            f'{os.getloadavg()[0]:.1f}. Each side in turns within a round; medians of the rounds.')


def warn_when_busy():
    busy = os.getloadavg()[0]
    if busy > os.cpu_count() / 2:
        say(f'the load average is {busy:.1f}: ratios of CPU time hold, rates and latencies are worth little')


def stop_on_signals():
    def stop(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)  # also where a shell told its background jobs to ignore it
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)


def main(arguments=None):
    given = parsed(arguments)
    if given.list:
        listing()
        return 0
    stop_on_signals()
    machine.allow_descriptors()
    results, begun = [], time.monotonic()
    try:
        if not given.no_build:
            packages.install({package for row in given.rows for package in row.packages})
            build(given)
        warn_when_busy()
        with Bench(given.build, given.short, given.rounds, given.cache) as bench:
            for row in given.rows:
                results += measure(bench, row)
    except Failure as failed:
        print(f'bench/compare: {failed}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print('bench/compare: stopped; what it started is gone', file=sys.stderr)
        return 130
    told = about(given)
    say(f'{time.monotonic() - begun:.0f} s in all')
    print(figures.text_table(results))
    print()
    for key, text in figures.figure_lines(results):
        print(f'{key}: {text}')
    if given.markdown:
        pathlib.Path(given.markdown).write_text(
            figures.markdown(results, 'QTable beside its peers', told) + scaling.markdown(results))
    if given.json:
        pathlib.Path(given.json).write_text(json.dumps(figures.as_json(results, told), indent=1, ensure_ascii=False))
    return 0 if all(of.ratio is not None for of in results) else 1
