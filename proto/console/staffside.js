// The restaurant's side, beside the customer's: today's book and what the staff socket tells, live.
import { all, sessions } from './api.js';
import { badge, empty, failure, h, loading, longDate, people, show, words } from './dom.js';
import { eventLine } from './events.js';
import { house } from './house.js';

const SHOWN_EVENTS = 8, PAUSE_MS = 120;

export function staffSide(view) {
  let book = null, problem = null, wait, wanted = null, round = 0;

  async function read() {
    if (!house.id) return draw();
    const mine = ++round;
    try {
      const { items } = await all(`/restaurants/${house.id}/customer-reservations?status=confirmed`, { as: 'staff' }, 200);
      if (mine !== round) return undefined;
      book = items.sort((a, b) => a.starts_at.localeCompare(b.starts_at));
      problem = null;
    } catch (failed) {
      if (mine === round) problem = failed;
    }
    return draw();
  }

  function draw() {
    if (!sessions.get('staff')) {
      return show(view, h('div', { class: 'card' }, h('h2', null, 'Staff side'),
        empty('Nobody is logged in', 'Log in as staff to see the booking arrive on the other side of the counter.', h('a', { class: 'button', href: '#/floor' }, 'Staff log-in'))));
    }
    if (wanted && !house.places.some((each) => each.id === wanted)) {
      return show(view, h('div', { class: 'card' }, h('h2', null, 'Staff side'), empty('Another house', 'You don\'t work at the restaurant that the customer looks at.')));
    }
    const state = house.stream?.state;
    return show(view,
      h('div', { class: 'card' }, h('div', { class: 'row between' }, h('h2', null, house.name), h('span', { class: `live ${state}` }, h('span', { class: 'dot', 'aria-hidden': 'true' }), state)),
        h('h3', null, 'Coming parties'),
        problem ? failure(problem, read) : !book ? loading(4) : book.length === 0 ? empty('The book is empty', 'What the customer books appears here.')
          : h('ul', { class: 'book' }, book.slice(0, 12).map((each) => h('li', { 'data-id': each.id },
            h('b', null, each.time), h('span', null, longDate(each.date)), h('span', null, `${each.customer_name ?? 'Guest'}, ${people(each.party_size)}`),
            badge(each.status, words(each.status))))),
        h('p', null, h('a', { href: '#/floor' }, 'Open the floor'))),
      h('div', { class: 'card flush' }, h('h3', { class: 'padded' }, 'Events'),
        h('ol', { class: 'ticker short', 'aria-label': 'Events of the restaurant' }, house.events.length > 0 ? house.events.slice(0, SHOWN_EVENTS).map(eventLine)
          : h('li', null, empty('Quiet so far')))));
  }

  const forget = house.onChange((kind) => {
    draw();
    if (kind === 'chosen') book = null;
    if (kind !== 'event' && kind !== 'resync' && kind !== 'chosen') return;
    clearTimeout(wait);
    wait = setTimeout(read, PAUSE_MS);
  });
  draw();
  read();
  return {
    follow(id) {
      wanted = id;
      if (house.places.some((each) => each.id === id) && house.id !== id) house.choose(id);
      else draw();
    },
    close() { round += 1; clearTimeout(wait); forget(); },
  };
}
