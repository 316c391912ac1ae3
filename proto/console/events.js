// What happens at the restaurant, as its socket tells it; and what a broken connection does to it: nothing is lost.
import { badge, button, clockWithSeconds, empty, field, h, ms, select, show, words } from './dom.js';
import { house } from './house.js';

const SHOWN = 120, RESUME_AFTER_S = 30;
const GROUPS = {
  all: ['Everything', () => true],
  reservations: ['Reservations', (type) => type.startsWith('customer_')],
  guests: ['Guests', (type) => type.startsWith('guest_')],
  tables: ['Tables', (type) => type.startsWith('table_')],
  availability: ['Availability', (type) => type === 'availability_updated'],
  settings: ['Settings', (type) => type === 'settings_changed'],
};
const OF_CONNECTION = new Set(['recovered', 'resync', 'hole']);

export function summary({ type, data }) {
  if (type === 'recovered') {
    if (data.resync) return 'The log had moved too far: everything was read again.';
    return `Back after ${ms(data.took_ms)}: resumed after seq ${data.from}, ${data.missed} missed events came in order.`;
  }
  if (type === 'resync') return 'What was missed is no longer held: the views read the state again.';
  if (type === 'hole') return `A hole between ${data.from} and ${data.to}.`;
  if (data.deleted) return `${data.id} is gone`;
  if (type.startsWith('customer_')) return `${data.date} ${data.time}, party of ${data.party_size}, ${words(data.status)} (${data.confirmation_code})`;
  if (type.startsWith('guest_')) return `${data.name ?? 'guest'}, party of ${data.party_size ?? '?'}, ${words(data.status ?? 'gone')}`;
  if (type === 'table_updated') return `${data.label ?? 'table'} ${words(data.status ?? 'gone')}`;
  if (type === 'availability_updated') return data.date ? `${data.date}: ${data.slots.length} new values` : 'every day may have changed';
  if (type === 'settings_changed') return data.name ?? 'settings';
  return '';
}

export function eventLine(event) {
  const kind = OF_CONNECTION.has(event.type) ? 'connection' : event.type.split('_')[0];
  return h('li', { class: `event ${kind}${event.isMissed ? ' missed' : ''}` },
    h('span', { class: 'seq' }, event.seq ?? '·'), h('time', { datetime: event.at }, clockWithSeconds(event.at)),
    h('span', { class: 'type' }, words(event.type)), event.isMissed && badge('reserved', 'caught up'),
    h('span', { class: 'text' }, summary(event)));
}

export function events(view) {
  let group = 'all', text = '', resumeAt = 0;
  const list = h('ol', { class: 'ticker', 'aria-label': 'Events, the newest first', tabindex: '0' });
  const link = h('section', { class: 'card link', 'aria-label': 'Connection' });
  const count = h('p', { class: 'muted', role: 'status' });

  const fits = (event) => (OF_CONNECTION.has(event.type) || GROUPS[group][1](event.type)) &&
    (!text || `${event.type} ${summary(event)}`.toLowerCase().includes(text));

  function drawList() {
    const some = house.events.filter(fits);
    count.textContent = `${some.length} of ${house.events.length} events`;
    show(list, some.length > 0 ? some.slice(0, SHOWN).map(eventLine)
      : h('li', null, house.events.length > 0 ? empty('Nothing fits the filter')
        : empty('Quiet so far', 'Book a table in Customer, or seat somebody in Floor: it appears here at once.', h('a', { class: 'button', href: '#/customer' }, 'Go to Customer'))));
  }

  function drawLink() {
    const { stream } = house;
    const state = stream?.state ?? 'none';
    const left = Math.max(0, Math.ceil((resumeAt - Date.now()) / 1000));
    show(link,
      h('dl', { class: 'facts' },
        h('div', null, h('dt', null, 'Connection'), h('dd', { 'data-state': state, id: 'link-state' }, words(state))),
        h('div', null, h('dt', null, 'epoch'), h('dd', { class: 'mono' }, stream?.epoch ?? '–')),
        h('div', null, h('dt', null, 'seq'), h('dd', { class: 'mono', id: 'link-seq' }, stream?.seq ?? '–'))),
      h('p', { class: 'row' },
        state === 'dropped'
          ? button(`Resume now${left ? ` (by itself in ${left} s)` : ''}`, resume, { kind: 'primary', 'data-key': 'drop' })
          : button('Drop the connection', drop, { disabled: state !== 'live', 'data-key': 'drop' }),
        h('span', { class: 'muted' }, state === 'dropped'
          ? `What happens now is missed. Then: ?epoch=${stream.epoch}&since_seq=${stream.seq}`
          : state === 'live' && stream.recovery ? summary({ type: 'recovered', data: stream.recovery })
            : 'Cut it, let something happen, and see it come back in order.')));
  }

  function drop() {
    house.stream.drop();
    resumeAt = Date.now() + RESUME_AFTER_S * 1000;
    drawLink();
  }
  function resume() {
    resumeAt = 0;
    house.stream?.resume();
  }
  const timer = setInterval(() => {
    if (house.stream?.state !== 'dropped') return;
    if (resumeAt && Date.now() >= resumeAt) resume();
    drawLink();
  }, 500);

  const filter = h('input', { type: 'search', autocomplete: 'off', oninput: (event) => { text = event.target.value.toLowerCase(); drawList(); } });
  show(view, h('div', { class: 'page' },
    h('div', { class: 'head' }, h('h1', null, 'Events'), count), link,
    h('div', { class: 'filters' },
      field('Kind', select(Object.entries(GROUPS).map(([key, [name]]) => [key, name]), group, (event) => { group = event.target.value; drawList(); })),
      field('Filter', filter)),
    h('div', { class: 'card flush' }, list)));
  const draw = () => { drawLink(); drawList(); };
  draw();
  const forget = house.onChange(draw);
  return () => { clearInterval(timer); forget(); if (house.stream?.state === 'dropped') resume(); };
}
