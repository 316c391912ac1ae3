#!/usr/bin/env python3
"""Whether qtable-load and wrk agree: the same closed loop on one availability URL of a running server, in turns.

Usage: cross_check.py URL_OF_SERVER [--rounds N] [--seconds S] [--connections N] [--load PATH]

Prints requests a second of each round, the medians, the median of the rounds' ratios, and what a request cost each client
in CPU time. Exit status 1 when that ratio is off by more than 15 %. For figures, on a quiet machine: this is no test.
Start the server with --threads 1 where client and server share two cores: it has to be what limits both clients, or the one
that costs less gets further.
"""
import argparse, datetime, json, os, pathlib, re, resource, statistics, subprocess, sys, tempfile, urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
BOUND = 0.15


def a_restaurant(server):
    for near in ('lat=56.85&lon=10.75', 'lat=55.68&lon=12.57'):
        with urllib.request.urlopen(f'{server}/public/restaurants?{near}&radius=100&limit=1') as answer:
            items = json.load(answer)['items']
        if items:
            return items[0]['id']
    sys.exit(f'cross_check.py: no restaurant found at {server}')


def cpu_s(run):
    """What `run` returns, and the CPU time of the processes that it waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return result, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run_wrk(url, options):
    out = subprocess.run(['wrk', '-t1', f'-c{options.connections}', f'-d{options.seconds}s', url], check=True,
                         capture_output=True, text=True).stdout
    refused = re.search(r'Non-2xx or 3xx responses: (\d+)', out)
    if refused:
        sys.exit(f'cross_check.py: {refused.group(0)}')
    requests = int(re.search(r'(\d+) requests in', out).group(1))
    return float(re.search(r'Requests/sec:\s*([\d.]+)', out).group(1)), requests


def run_load(server, path, options):
    with tempfile.NamedTemporaryFile(suffix='.json') as file:
        done = subprocess.run([options.load, 'run', '--target', server, '--scenario', 'availability', '--path', path,
                               '--closed', '--connections', str(options.connections), '--duration', str(options.seconds),
                               '--warmup', '0', '--quiet', '--json', file.name], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f'cross_check.py: qtable-load ended with {done.returncode}: {done.stdout}{done.stderr}')
        report = json.load(file)
    return report['rate_achieved'], report['total']['requests']


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('server')
    parser.add_argument('--rounds', type=int, default=7)
    parser.add_argument('--seconds', type=int, default=4)
    parser.add_argument('--connections', type=int, default=64)
    parser.add_argument('--load', default=os.environ.get('QTABLE_LOAD_BINARY') or ROOT / 'build/release/qtable-load')
    options = parser.parse_args()
    server = options.server.rstrip('/')
    day = datetime.date.today() + datetime.timedelta(days=7)
    path = f'/public/restaurants/{a_restaurant(server)}/availability?date={day}&party_size=2'
    rates, costs = {'wrk': [], 'qtable-load': []}, {'wrk': [], 'qtable-load': []}
    for number in range(options.rounds):
        turns = {'wrk': lambda: run_wrk(server + path, options), 'qtable-load': lambda: run_load(server, path, options)}
        # Who goes first changes, so that a machine that gets slower is nobody's disadvantage.
        for name in sorted(turns, reverse=number % 2 == 0):
            (rate, requests), cpu = cpu_s(turns[name])
            rates[name].append(rate)
            costs[name].append(cpu / requests * 1e6)
            print(f'round {number + 1}  {name:<12} {rate:10,.0f}/s  {costs[name][-1]:6.2f} µs of client CPU a request')
    # Of each round, whose two are neighbours in time: what else the machine does weighs on both.
    ratio = statistics.median(a / b for a, b in zip(rates['qtable-load'], rates['wrk']))
    for name in rates:
        print(f'median   {name:<12} {statistics.median(rates[name]):10,.0f}/s  {statistics.median(costs[name]):6.2f} µs')
    print(f'qtable-load / wrk: {ratio:.3f} (agree within {BOUND:.0%}: {"yes" if abs(ratio - 1) <= BOUND else "NO"})')
    return 0 if abs(ratio - 1) <= BOUND else 1


if __name__ == '__main__':
    sys.exit(main())
