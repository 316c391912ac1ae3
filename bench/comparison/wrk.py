"""wrk, the closed-loop load: how it is run and what its report says."""
import dataclasses
import re
import subprocess
import tempfile

from .machine import Failure

_UNITS = {'us': 1e-6, 'ms': 1e-3, 's': 1.0, 'm': 60.0}


@dataclasses.dataclass(frozen=True)
class Report:
    requests: int
    seconds: float
    errors: int          # of the sockets
    not_2xx: int
    p50_s: float
    p99_s: float

    @property
    def rate(self):
        return self.requests / self.seconds


def seconds_of(text):
    value, unit = re.fullmatch(r'([\d.]+)(us|ms|s|m)', text).groups()
    return float(value) * _UNITS[unit]


def parse(text):
    done = re.search(r'(\d+) requests in ([\d.]+(?:us|ms|s|m))', text)
    if not done:
        raise Failure(f'wrk said nothing that can be read: {text[-500:]}')
    errors = re.search(r'Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)', text)
    refused = re.search(r'Non-2xx or 3xx responses: (\d+)', text)
    latency = dict(re.findall(r'^\s+(50|99)%\s+(\S+)$', text, re.M))
    return Report(int(done.group(1)), seconds_of(done.group(2)), sum(map(int, errors.groups())) if errors else 0,
                  int(refused.group(1)) if refused else 0, seconds_of(latency.get('50', '0s')),
                  seconds_of(latency.get('99', '0s')))


def run(url, seconds, connections=64, threads=1, script=None, arguments=(), may_refuse=False):
    """`script`: Lua text; `arguments` reach its init()."""
    with tempfile.NamedTemporaryFile('w', suffix='.lua') as file:
        command = ['wrk', f'-t{threads}', f'-c{connections}', f'-d{seconds}s', '--latency']
        if script is not None:
            file.write(script)
            file.flush()
            command += ['-s', file.name]
        done = subprocess.run([*command, url, *(['--', *map(str, arguments)] if arguments else [])],
                              capture_output=True, text=True, timeout=seconds + 60)
    if done.returncode != 0:
        raise Failure(f'wrk {url}: {done.stderr.strip() or done.stdout.strip()}')
    report = parse(done.stdout)
    if report.errors or report.requests == 0 or (report.not_2xx and not may_refuse):
        raise Failure(f'wrk {url}: {done.stdout.strip()[-600:]} {done.stderr.strip()[-600:]}')
    return report


def pipelined(depth):
    """The plain request, `depth` at a time."""
    return f'''
init = function(args)
  local one = wrk.format()
  local all = {{}}
  for i = 1, {depth} do all[i] = one end
  together = table.concat(all)
end
request = function() return together end
'''


def in_turn(targets):
    """Each target after the other, for ever; ready-made, so that Lua costs next to nothing."""
    listed = ',\n'.join(f'"{target}"' for target in targets)
    return f'''
local targets = {{{listed}}}
local requests, at = {{}}, 0
init = function(args)
  for i = 1, #targets do requests[i] = wrk.format("GET", targets[i]) end
end
request = function()
  at = at % #requests + 1
  return requests[at]
end
'''
