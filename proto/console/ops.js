// The server's own figures: /metrics, read every two seconds, as rates between two readings.
import { ask } from './api.js';
import { badge, empty, failure, h, loading, ms, show, svg } from './dom.js';
import { histograms, parseMetrics, perCore, quantile, total } from './prometheus.js';

const EVERY_MS = 2000, KEPT = 60;
const CORE_RATES = [
  ['qtable_searches_total', 'Searches'], ['qtable_availability_answers_total', 'Availability'], ['qtable_commands_total', 'Commands'],
  ['qtable_batches_total', 'Commits'], ['qtable_websocket_frames_sent_total', 'Frames'], ['qtable_mailbox_messages_total', 'Messages'], ['qtable_loop_turns_total', 'Turns'],
];
const CORE_GAUGES = [
  ['qtable_commands_waiting', 'Waiting'], ['qtable_connections_open', 'Connections'], ['qtable_websocket_connections', 'Sockets'], ['qtable_restaurants', 'Restaurants'],
];
const LATENCY = 'qtable_http_request_duration_seconds';

const number = (value) => (Number.isFinite(value) ? value.toLocaleString('en-GB', { maximumFractionDigits: value < 10 ? 1 : 0 }) : '–');
const seconds = (value) => (Number.isFinite(value) ? ms(value * 1000) : '–');

function spark(values, label) {
  const top = Math.max(1, ...values), width = 240, height = 48;
  const room = Math.max(values.length, KEPT / 4);
  const points = values.map((value, i) => `${(width * (room - values.length + i)) / (room - 1)},${height - 2 - (value / top) * (height - 6)}`);
  return svg('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    points.length > 1 && svg('polygon', { points: `${points[0].split(',')[0]},${height} ${points.join(' ')} ${width},${height}` }),
    points.length > 1 && svg('polyline', { points: points.join(' ') }));
}

export function ops(view) {
  const history = [], series = { requests: [], commands: [], frames: [] };
  let problem = null, isStopped = false, timer;
  const body = h('div', { class: 'ops' });
  show(view, h('div', { class: 'page' }, h('div', { class: 'head' }, h('h1', null, 'Ops'), h('p', { class: 'muted' }, 'From ', h('a', { href: '/metrics', target: '_blank', rel: 'noopener' }, '/metrics'), ', every two seconds.')), body));

  const rate = (name, fits) => {
    const [before, now] = history.slice(-2);
    return now && before ? Math.max(0, total(now.families, name, fits) - total(before.families, name, fits)) / ((now.at - before.at) / 1000) : NaN;
  };

  function tile(title, value, note, values) {
    return h('div', { class: 'card tile' }, h('h2', null, title), h('p', { class: 'figure' }, value), h('p', { class: 'muted small' }, note), values && spark(values, `${title}, the last two minutes`));
  }

  function latency() {
    const [before, now] = [history[0], history.at(-1)];
    const at = (q) => seconds(quantile(before.families, now.families, LATENCY, q));
    return tile('Latency', `p50 ${at(0.5)} · p99 ${at(0.99)}`, 'of all requests');
  }

  // From a command's submission to its commit, on average over what is shown.
  function persistLag() {
    const [before, now] = [history[0], history.at(-1)];
    const more = (name) => total(now.families, name) - total(before.families, name);
    const committed = more('qtable_persisted_commands_total');
    const batches = more('qtable_batches_total');
    return tile('Persist lag', committed > 0 ? seconds(more('qtable_persist_seconds_total') / committed) : 'nothing was written',
      batches > 0 ? `${number(more('qtable_batched_commands_total') / batches)} commands a commit` : 'from asked to durable');
  }

  function cores() {
    const [before, now] = history.slice(-2);
    const names = [...perCore(now.families, 'qtable_loop_turns_total').keys()];
    const per_s = (name, core) => (perCore(now.families, name).get(core) - perCore(before.families, name).get(core)) / ((now.at - before.at) / 1000);
    return h('div', { class: 'card wide' }, h('h2', { id: 'cores' }, 'Cores'), h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': 'cores' }, h('table', null,
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Core'), CORE_RATES.map(([, text]) => h('th', { scope: 'col' }, `${text} /s`)), CORE_GAUGES.map(([, text]) => h('th', { scope: 'col' }, text)), h('th', { scope: 'col' }, 'Database'))),
      h('tbody', null, names.map((core) => h('tr', null, h('th', { scope: 'row' }, core),
        CORE_RATES.map(([name]) => h('td', null, number(per_s(name, core)))),
        CORE_GAUGES.map(([name]) => h('td', null, number(perCore(now.families, name).get(core)))),
        h('td', null, perCore(now.families, 'qtable_database_up').get(core) ? badge('free', 'up') : badge('full', 'away'))))))));
  }

  function routes() {
    const [before, now] = history.slice(-2);
    const byRoute = (families) => {  // over the classes of their answers
      const sums = new Map();
      for (const { labels, value } of families.get('qtable_http_requests_total') ?? []) {
        const name = `${labels.method} ${labels.route}`;
        sums.set(name, (sums.get(name) ?? 0) + value);
      }
      return sums;
    };
    const old = byRoute(before.families);
    const lines = [...byRoute(now.families)].map(([name, value]) => (
      { name, per_s: (value - (old.get(name) ?? 0)) / ((now.at - before.at) / 1000), total: value })).filter((each) => each.total > 0).sort((a, b) => b.per_s - a.per_s || b.total - a.total).slice(0, 10);
    return h('div', { class: 'card wide' }, h('h2', { id: 'routes' }, 'Routes'), lines.length === 0 ? empty('No request yet') : h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': 'routes' }, h('table', null,
      h('thead', null, h('tr', null, ['Route', 'a second', 'in all'].map((text) => h('th', { scope: 'col' }, text)))),
      h('tbody', null, lines.map((each) => h('tr', null, h('th', { scope: 'row', class: 'mono' }, each.name), h('td', null, number(each.per_s)), h('td', null, number(each.total))))))));
  }

  function more() {
    const [before, now] = [history[0], history.at(-1)];
    const names = histograms(now.families);
    return names.length > 0 && h('div', { class: 'card wide' }, h('h2', { id: 'histograms' }, 'Histograms'), h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': 'histograms' }, h('table', null,
      h('thead', null, h('tr', null, ['Name', 'p50', 'p99'].map((text) => h('th', { scope: 'col' }, text)))),
      h('tbody', null, names.map((name) => h('tr', null, h('th', { scope: 'row', class: 'mono' }, name), [0.5, 0.99].map((q) => h('td', null, seconds(quantile(before.families, now.families, name, q))))))))));
  }

  function draw() {
    if (history.length < 2) return show(body, problem ? failure(problem, read) : loading(8, 'Two readings make a rate …'));
    const { families } = history.at(-1);
    return show(body, problem && h('div', { class: 'banner' }, `No answer since ${Math.round((Date.now() - history.at(-1).at) / 1000)} s; it is asked again.`),
      h('div', { class: 'tiles' },
        tile('Requests', `${number(series.requests.at(-1))} /s`, `${number(total(families, 'qtable_http_requests_total'))} in all; ${number(total(families, 'qtable_http_responses_total', ({ code }) => code === '5xx'))} answered 5xx`, series.requests),
        latency(), persistLag(),
        tile('Commands', `${number(series.commands.at(-1))} /s`, `${number(total(families, 'qtable_commands_waiting'))} waiting for their commit; ${number(total(families, 'qtable_commit_conflicts_total'))} conflicts`, series.commands),
        tile('Sockets', number(total(families, 'qtable_websocket_connections')), `${number(series.frames.at(-1))} frames /s; ${number(total(families, 'qtable_websocket_slow_consumers_total'))} slow readers cut off`, series.frames),
        tile('Reservations', number(total(families, 'qtable_reservations_total', ({ outcome }) => outcome === 'created')), `${number(total(families, 'qtable_reservations_total', ({ outcome }) => outcome === 'refused'))} refused, ${number(total(families, 'qtable_idempotent_replays_total'))} replays`)),
      cores(), routes(), more());
  }

  async function read() {
    clearTimeout(timer);
    try {
      const { data } = await ask('GET', '/metrics');
      problem = null;
      history.push({ at: Date.now(), families: parseMetrics(data) });
      if (history.length > KEPT) history.shift();
      for (const [name, from] of [['requests', 'qtable_http_requests_total'], ['commands', 'qtable_commands_total'], ['frames', 'qtable_websocket_frames_sent_total']]) {
        const value = rate(from);
        if (Number.isFinite(value)) series[name].push(value);
        if (series[name].length > KEPT) series[name].shift();
      }
    } catch (failed) {
      problem = failed;
    }
    if (isStopped) return;
    draw();
    timer = setTimeout(read, EVERY_MS);
  }

  draw();
  read().then(() => { if (!isStopped && history.length === 1) { clearTimeout(timer); timer = setTimeout(read, 700); } });
  return () => { isStopped = true; clearTimeout(timer); };
}
