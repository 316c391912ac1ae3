"""`qtable-load`: how it is run and what its report says."""
import dataclasses
import json
import re
import subprocess
import threading

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
    cpu_us: float = 0.0  # a request, of whom run() was to watch
    ok: int = 0
    refused: int = 0  # 429 and 503
    refused_p50_s: float = 0.0
    refused_p99_s: float = 0.0


_SECOND = re.compile(r'\d+ s (\(warming up\))?\s+([\d,]+) a second')


class Watch:
    """CPU time while requests flow: from the end of the warm-up to the last line of progress, so that making accounts
    and looking bookings up afterwards don't count."""

    def __init__(self, cpu_s):
        self.cpu_s, self.first, self.last, self.requests = cpu_s, None, None, 0

    def line(self, text):
        if not (found := _SECOND.match(text)):
            return
        if found.group(1) or self.first is None:
            self.first = self.cpu_s()
            return
        self.last = self.cpu_s()
        self.requests += int(found.group(2).replace(',', ''))

    def cpu_us(self):
        if not self.requests:
            raise Failure('qtable-load told of no second that could be watched')
        return (self.last - self.first) / self.requests * 1e6


def parse(text):
    told = json.loads(text)
    if told.get('schema') != SCHEMA:
        raise Failure(f'a report of qtable-load has the schema {told.get("schema")!r}, not {SCHEMA}')
    total = told['total']
    refused = next((each['delay'] for each in told['delays'] if each['name'] == 'until a 429 or 503'), None) or {
        'count': 0, 'p50_ns': 0, 'p99_ns': 0}
    return Report(told['rate_achieved'], total['latency']['p50_ns'] / 1e9, total['latency']['p99_ns'] / 1e9,
                  total['requests'], total['errors'], tuple(told['notes']), told['client']['is_bottleneck'], ok=total['ok'],
                  refused=refused['count'], refused_p50_s=refused['p50_ns'] / 1e9, refused_p99_s=refused['p99_ns'] / 1e9)


def run(bench, url, scenario, seconds, near, rate=None, connections=64, cpu_s=None, options=(),
        may_refuse=False, name='load'):
    """A closed loop without a rate, else an open one. `cpu_s`: the clock of those whose CPU time is wanted; `name`: of
    its own among runs side by side."""
    program = bench.build / 'qtable-load'
    if not program.exists():
        raise Failure('there is no qtable-load in this build')
    out = bench.folder / f'{name}.json'
    out.unlink(missing_ok=True)
    command = [program, 'run', '--target', url, '--scenario', scenario, '--duration', seconds, '--connections', connections,
               '--near', near, '--json', out, '--progress', *options, *(['--rate', f'{rate:.1f}'] if rate else ['--closed'])]
    watch, told = Watch(cpu_s) if cpu_s else None, []
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True) as running:
        limit = threading.Timer(seconds + 180, running.kill)
        limit.start()
        for line in running.stderr:
            told.append(line)
            if watch:
                watch.line(line)
        limit.cancel()
    if not out.exists() or out.stat().st_size == 0:
        raise Failure(f'qtable-load {scenario}: {"".join(told).strip()[-400:]}')
    report = parse(out.read_text())
    if watch:
        report = dataclasses.replace(report, cpu_us=watch.cpu_us())
    if report.requests == 0 or (not may_refuse and report.errors > report.requests / 100):
        raise Failure(f'qtable-load {scenario}: {report.errors} of {report.requests} requests failed')
    return report
