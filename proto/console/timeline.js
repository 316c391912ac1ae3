// The book of a day along the hours: a row for each table that has a party, one for those without a table yet.
import { clock, empty, h, shape, words } from './dom.js';

const HOUR_MS = 3600e3;
const IS_OPEN = new Set(['confirmed', 'seated']);

function bar(one, name, from, span, chosen, pick) {
  const made = h('button', {
    type: 'button', class: `bar ${one.status}${chosen?.kind === 'reservation' && chosen.id === one.id ? ' chosen' : ''}`, 'data-key': `bar-${one.id}`, 'data-id': one.id,
    'aria-label': `${one.time} ${name} · ${one.party_size}, ${words(one.status)}`, onclick: () => pick({ kind: 'reservation', id: one.id }),
  }, shape(one.status), h('span', null, `${one.time} ${name} · ${one.party_size}`));
  const starts = Date.parse(one.starts_at), ends = Date.parse(one.ends_at);
  made.style.left = `${100 * (starts - from) / span}%`;
  made.style.width = `${100 * (ends - starts) / span}%`;
  return made;
}

export function drawTimeline(evening, reservations, date, chosen, pick) {
  const name = (one) => one.customer_name ?? evening.customers[one.customer_id]?.name ?? 'Guest';
  const open = reservations.filter((each) => IS_OPEN.has(each.status));
  const closed = reservations.filter((each) => !IS_OPEN.has(each.status));
  if (reservations.length === 0) return empty('The book is empty', date === evening.date ? 'What customers book for today appears here.' : 'Nobody has booked for that day.');
  const isToday = date === evening.date;
  const moments = open.flatMap((each) => [Date.parse(each.starts_at), Date.parse(each.ends_at)]);
  if (isToday) moments.push(Date.now());
  const from = Math.floor((Math.min(...moments) - HOUR_MS / 4) / HOUR_MS) * HOUR_MS;
  const until = Math.max(Math.ceil(Math.max(...moments) / HOUR_MS) * HOUR_MS, from + 4 * HOUR_MS), span = until - from;
  const hours = Array.from({ length: Math.round(span / HOUR_MS) }, (_, i) => from + i * HOUR_MS);

  const rows = new Map();
  const labels = new Map(evening.tables.map((each) => [each.id, each.label]));
  for (const one of open) {
    for (const table of one.table_ids.length > 0 ? one.table_ids : [null]) rows.set(table, [...(rows.get(table) ?? []), one]);
  }
  const ordered = [...rows].sort(([a], [b]) => (labels.get(a) ?? '').localeCompare(labels.get(b) ?? '', 'en', { numeric: true }));
  const track = h('div', { class: 'tracks' });
  track.style.minWidth = `${Math.max(560, hours.length * 72)}px`;
  track.append(h('div', { class: 'hours', 'aria-hidden': 'true' }, hours.map((each) => {
    const made = h('span', null, clock(each, evening.timezone));
    made.style.left = `${100 * (each - from) / span}%`;
    return made;
  })), ...ordered.map(([table, some]) => {
    const lane = h('div', { class: 'lane' }, some.map((one) => bar(one, name(one), from, span, chosen, pick)));
    lane.style.backgroundSize = `${100 / hours.length}% 100%`;
    return h('div', { class: 'track', role: 'group', 'aria-label': table ? `Table ${labels.get(table) ?? '?'}` : 'Without a table' },
      h('span', { class: 'table-label', 'aria-hidden': 'true' }, table ? labels.get(table) ?? '?' : '–'), lane);
  }));
  if (isToday) {
    const now = h('span', { class: 'now', 'aria-hidden': 'true' });
    now.style.left = `calc(3rem + (100% - 3rem) * ${(Date.now() - from) / span})`;
    track.append(now);
  }
  return [open.length > 0 && h('div', { class: 'scroll timeline', tabindex: '0', role: 'region', 'aria-label': 'Reservations along the hours' }, track),
    closed.length > 0 && h('div', { class: 'closed' }, h('h3', null, 'No longer expected'), h('ul', { class: 'chips' }, closed.map((one) => h('li', null, h('button', {
      type: 'button', class: `chip ${one.status}`, 'data-key': `bar-${one.id}`, onclick: () => pick({ kind: 'reservation', id: one.id }),
    }, shape(one.status), `${one.time} ${name(one)} · ${one.party_size}, ${words(one.status)}`)))))];
}
