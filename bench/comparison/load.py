"""`qtable-load`: how it is run and what its report says."""
import dataclasses
import json
import subprocess

from .machine import Failure

SCHEMA = 'qtable-load/1'


@dataclasses.dataclass(frozen=True)
class Report:
    rate: float       # answered a second
    p50_s: float
    p99_s: float
    requests: int
    errors: int
    notes: tuple
    is_client_limit: bool


def parse(text):
    told = json.loads(text)
    if told.get('schema') != SCHEMA:
        raise Failure(f'a report of qtable-load has the schema {told.get("schema")!r}, not {SCHEMA}')
    total = told['total']
    return Report(told['rate_achieved'], total['latency']['p50_ns'] / 1e9, total['latency']['p99_ns'] / 1e9,
                  total['requests'], total['errors'], tuple(told['notes']), told['client']['is_bottleneck'])


def run(bench, url, scenario, seconds, near, rate=None, connections=64):
    """A closed loop without a rate, else an open one."""
    program = bench.build / 'qtable-load'
    if not program.exists():
        raise Failure('there is no qtable-load in this build')
    out = bench.folder / 'load.json'
    out.unlink(missing_ok=True)
    command = [program, 'run', '--target', url, '--scenario', scenario, '--duration', seconds, '--connections', connections,
               '--near', near, '--json', out, *(['--rate', f'{rate:.1f}'] if rate else ['--closed'])]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=seconds + 180)
    if not out.exists() or out.stat().st_size == 0:
        raise Failure(f'qtable-load {scenario}: {done.stderr.strip()[-400:] or done.stdout.strip()[-400:]}')
    report = parse(out.read_text())
    if report.requests == 0 or report.errors > report.requests / 100:
        raise Failure(f'qtable-load {scenario}: {report.errors} of {report.requests} requests failed')
    return report
