// The evening of one restaurant: plan, timeline and line, read whole and again whenever its socket tells of a change.
import { all, ask, newKey } from './api.js';
import { badge, clock, empty, failure, field, h, loading, longDate, say, show, words } from './dom.js';
import { house } from './house.js';
import { FloorPlan } from './plan.js';
import { drawSelection } from './selection.js';
import { drawTimeline } from './timeline.js';
import { drawLine } from './line.js';

const PAUSE_MS = 120, REFRESH_MS = 30_000;
const TABLE_STATES = ['available', 'reserved', 'occupied', 'dirty', 'out_of_service'];
const TOLD = new Set(['event', 'resync', 'recovered', 'hole']);

export function floor(view) {
  let evening = null, problem = null, refusal = null, chosen = null, move = null, wait, round = 0, date = null, others = null;
  const plan = new FloorPlan({ onChoose: (id) => pick({ kind: 'table', id }) });
  const counts = h('ul', { class: 'legend', 'aria-label': 'Tables by state' });
  const stage = h('div', { class: 'stage' }, loading(6));
  const timeline = h('div', null, loading(2));
  const line = h('div', null, loading(3));
  const panel = h('section', { class: 'card panel', 'aria-label': 'What is chosen', tabindex: '-1' });
  const banner = h('div');
  const title = h('p', { class: 'muted' });

  show(view, h('div', { class: 'page floor' }, h('div', { class: 'head' }, h('h1', null, 'Floor'), title), banner,
    h('div', { class: 'floor-grid' },
      h('section', { class: 'card plan-card', 'aria-label': 'Floor plan' }, stage, counts), panel,
      h('section', { class: 'card line-card', 'aria-label': 'Waitlist' }, line),
      h('section', { class: 'card timeline-card', 'aria-label': 'Reservations' }, timeline))));

  const root = () => `/restaurants/${house.id}`;

  async function read() {
    if (!house.id) return drawAll();
    const mine = ++round;
    try {
      const { data } = await ask('GET', `${root()}/floor`, { as: 'staff' });
      const rest = date && date !== data.date ? await all(`${root()}/customer-reservations?date=${date}`, { as: 'staff' }, 300) : null;
      if (mine !== round) return undefined;
      evening = data;
      others = rest?.items ?? null;
      problem = null;
    } catch (failed) {
      if (mine !== round) return undefined;
      problem = failed;
    }
    return drawAll();
  }

  // One step of service; what the house refuses is said where the choice was made.
  async function act(method, path, body, { key, done } = {}) {
    refusal = null;
    try {
      const { data } = await ask(method, `${root()}${path}`, { as: 'staff', body, key });
      move = null;
      if (done) say(done, 'good');
      await read();
      return data;
    } catch (failed) {
      refusal = failed;
      drawPanel();
      return null;
    }
  }

  function pick(what) {
    refusal = null;
    if (move && what.kind === 'table') {
      const { reservation } = move;
      return act('POST', `/customer-reservations/${reservation.id}/assign`, { table_id: what.id }, { done: 'Moved' });
    }
    chosen = chosen && chosen.kind === what.kind && chosen.id === what.id ? null : what;
    drawAll();
    if (chosen) panel.scrollIntoView({ block: 'nearest' });
    return undefined;
  }

  const actions = {
    seatReservation: (one, table_id) => act('POST', `/customer-reservations/${one.id}/seat`, table_id ? { table_id } : {}, { done: 'Seated' }),
    completeReservation: (one) => act('POST', `/customer-reservations/${one.id}/complete`, {}, { done: 'Completed' }),
    noShow: (one) => act('POST', `/customer-reservations/${one.id}/no-show`, {}, { done: 'Marked as no-show' }),
    undoNoShow: (one) => act('PUT', `/customer-reservations/${one.id}`, { status: 'confirmed' }, { done: 'Taken back' }),
    cancelReservation: (one) => act('PUT', `/customer-reservations/${one.id}`, { status: 'cancelled' }, { done: 'Cancelled' }),
    startMove: (one) => { move = { reservation: one }; drawAll(); plan.focus(); },
    endMove: () => { move = null; drawAll(); },
    clear: (table) => act('PUT', `/tables/${table.id}/clear`, {}, { done: `${table.label} is clear` }),
    setStatus: (table, status) => act('PATCH', `/tables/${table.id}`, { status }),
    seatGuest: (guest, table_id) => act('POST', `/guests/${guest.id}/seat`, table_id ? { table_id } : {}, { done: `${guest.name} is seated` }),
    completeGuest: (guest) => act('POST', `/guests/${guest.id}/complete`, {}, { done: 'Completed' }),
    notify: (guest) => act('POST', `/guests/${guest.id}/notify`, {}, { done: `${guest.name} is told` }),
    left: (guest) => act('POST', `/guests/${guest.id}/leave`, {}),
    absent: (guest) => act('POST', `/guests/${guest.id}/no-show`, {}),
    async walkIn(name, party_size, table_id) {
      const guest = await act('POST', '/guests', { name, party_size }, { key: newKey() });
      if (guest) await actions.seatGuest(guest, table_id);
    },
    wait: (name, party_size) => act('POST', '/guests', { name, party_size, source: 'waitlist' }, { key: newKey(), done: `${name} waits` }),
    choose: pick,
  };

  function drawPanel() {
    drawSelection(panel, { evening, chosen, move, refusal, others, actions });
  }

  function drawTime() {
    const shown = date ?? evening.date;
    const picker = field('Date', h('input', {
      type: 'date', value: shown, 'data-key': 'timeline-date', onchange: (event) => { date = event.target.value || null; read(); },
    }));
    show(timeline, h('div', { class: 'row between' }, h('h2', null, shown === evening.date ? 'Reservations today' : `Reservations, ${longDate(shown)}`), picker),
      drawTimeline(evening, others ?? evening.reservations, shown, chosen, pick));
  }

  function drawAll() {
    const state = house.stream?.state;
    show(banner, state && state !== 'live' && state !== 'connecting' && h('p', { class: 'banner' },
      state === 'refused' ? 'The log-in has ended.' : 'Disconnected: what you see may be old. It catches up by itself.'));
    if (!house.id) return show(stage, empty('No restaurant yet', 'This account works nowhere. An owner may invite it, or it makes one with POST /restaurants.'));
    if (problem && !evening) {
      show(line);
      show(timeline);
      return show(stage, failure(problem, read));
    }
    if (!evening) return undefined;
    if (problem) banner.append(h('p', { class: 'banner' }, `${problem.title}: shown is what was read at ${clock(evening.at, evening.timezone)}.`));
    title.textContent = `${house.name}, ${longDate(evening.date)}`;
    if (evening.tables.length === 0) show(stage, empty('No tables', 'This house takes bookings from published slots only.'));
    else plan.draw(stage, evening, chosen?.kind === 'table' ? chosen.id : null, move !== null);
    show(counts, TABLE_STATES.map((each) => h('li', null, badge(each, words(each)), ' ', h('b', null, evening.tables.filter((table) => table.status === each).length))));
    drawPanel();
    drawLine(line, evening, chosen, actions);
    drawTime();
    return undefined;
  }

  const forget = house.onChange((kind) => {
    if (kind === 'chosen') {
      Object.assign(plan, { extent: null });
      evening = null; chosen = null; move = null; others = null; date = null;
      show(stage, loading(6));
    }
    if (kind === 'state') drawAll();
    if (kind !== 'chosen' && !TOLD.has(kind)) return;
    clearTimeout(wait);
    wait = setTimeout(read, PAUSE_MS);
  });
  const timer = setInterval(read, REFRESH_MS);
  drawPanel();
  read();
  return () => { round += 1; clearTimeout(wait); clearInterval(timer); forget(); };
}
