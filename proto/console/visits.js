// A customer's reservations and places in line, as read once and then told by the socket.
import { all, ask } from './api.js';
import { badge, button, empty, failure, h, loading, longDate, people, today, words } from './dom.js';

const NAMES = new Map();
async function nameOf(id) {
  if (!NAMES.has(id)) {
    NAMES.set(id, ask('GET', `/public/restaurants/${id}`).then(({ data }) => data.name, () => 'A restaurant'));
  }
  return NAMES.get(id);
}

export function visits() {
  let reservations = null, guests = [], problem = null, onAct = () => {};
  const names = new Map();

  async function name(id) {
    if (names.has(id)) return;
    names.set(id, '…');
    names.set(id, await nameOf(id));
    onAct();
  }

  function put(one) {
    reservations = [one, ...(reservations ?? []).filter((each) => each.id !== one.id)]
      .sort((a, b) => b.starts_at.localeCompare(a.starts_at));
    name(one.restaurant_id);
  }
  function putGuest(one) {
    guests = [one, ...guests.filter((each) => each.id !== one.id)];
    name(one.restaurant_id);
  }

  async function act(method, path, body) {
    problem = null;
    try {
      const { data } = await ask(method, path, { as: 'customer', body });
      if (data?.confirmation_code) put(data);
      else if (data?.status) putGuest(data);
    } catch (failed) {
      problem = failed;
    }
    onAct();
  }

  const says = (one) => [
    one.checked_in_at && 'you are there', one.running_late_minutes && `${one.running_late_minutes} min late`,
    one.late_flagged_at && one.status === 'confirmed' && 'the house expects you',
  ].filter(Boolean).join(', ');

  function visit(one) {
    const path = `/customer/reservations/${one.id}`;
    const isToday = one.date === today();
    return h('li', { class: 'visit', 'data-id': one.id },
      h('p', { class: 'row between' }, h('strong', null, names.get(one.restaurant_id)), badge(one.status, words(one.status))),
      h('p', null, `${longDate(one.date)}, ${one.time} · ${people(one.party_size)}`),
      h('p', { class: 'muted' }, h('span', { class: 'mono' }, one.confirmation_code), says(one) && ` · ${says(one)}`),
      one.status === 'confirmed' && h('p', { class: 'row' },
        isToday && !one.checked_in_at && button('I am here', () => act('POST', `${path}/check-in`, {}), { kind: 'small', 'data-key': `in-${one.id}` }),
        isToday && !one.checked_in_at && !one.running_late_minutes && button('10 minutes late', () => act('POST', `${path}/running-late`, { minutes: 10 }), { kind: 'small', 'data-key': `late-${one.id}` }),
        button('Cancel', () => act('DELETE', path), { kind: 'small danger', 'data-key': `cancel-${one.id}` })));
  }

  function inLine(one) {
    const isIn = one.status === 'waiting' || one.status === 'notified';
    return h('li', { class: 'visit', 'data-id': one.id },
      h('p', { class: 'row between' }, h('strong', null, names.get(one.restaurant_id)), badge(one.status, one.status === 'notified' ? 'your table is ready' : words(one.status))),
      isIn && h('p', null, `Number ${one.position ?? '–'} in line · ${people(one.party_size)}`),
      isIn && h('p', { class: 'big' }, one.wait ? `${one.wait.p10_minutes}–${one.wait.p90_minutes} min` : 'no honest estimate'),
      isIn && button('Leave the line', () => act('DELETE', `/customer/waitlist/${one.id}`), { kind: 'small', 'data-key': `leave-${one.id}` }));
  }

  return {
    put, putGuest,
    onAct: (listener) => { onAct = listener; },
    clear() { reservations = null; guests = []; problem = null; },
    async read() {
      const [mine, line] = await Promise.all([all('/customer/reservations', { as: 'customer' }, 100), ask('GET', '/customer/waitlist', { as: 'customer' })]);
      reservations = [];
      mine.items.forEach(put);
      (line.data.items ?? []).forEach(putGuest);
    },
    take({ data }) {
      if (data?.confirmation_code) put(data);
      else if (data?.source) putGuest(data);
    },
    draw() {
      if (!reservations) return loading(4);
      if (reservations.length + guests.length === 0) return empty('No visits yet', 'Choose a restaurant and a time.');
      const made = h('ul', { class: 'visits', 'aria-live': 'polite' }, guests.map(inLine), reservations.map(visit));
      return problem ? h('div', null, failure(problem), made) : made;
    },
  };
}
