// Who waits, in order, each with what it was told and what is estimated now; and the form that puts a party in line.
import { badge, empty, field, h, people, show, words } from './dom.js';

const estimate = (guest) => {
  if (!guest.wait) return 'no estimate';
  return guest.wait.p10_minutes === guest.wait.p90_minutes ? `${guest.wait.p50_minutes} min` : `${guest.wait.p10_minutes}–${guest.wait.p90_minutes} min`;
};

function waiting(guest, chosen, actions) {
  const isChosen = chosen?.kind === 'guest' && chosen.id === guest.id;
  return h('li', { class: isChosen ? 'guest chosen' : 'guest', 'data-id': guest.id },
    h('button', { type: 'button', class: 'line', 'aria-pressed': String(isChosen), 'data-key': `guest-${guest.id}`, onclick: () => actions.choose({ kind: 'guest', id: guest.id }) },
      h('span', { class: 'position', 'aria-hidden': 'true' }, guest.position ?? '·'),
      h('span', { class: 'grow' }, h('strong', null, guest.name), h('small', null, `${people(guest.party_size)}, ${words(guest.source)}`)),
      h('span', { class: 'estimate' }, h('strong', null, estimate(guest)), h('small', null, guest.quoted_minutes === null ? 'not quoted' : `told ${guest.quoted_minutes} min`))),
    guest.status === 'notified' && badge('notified', 'told'));
}

export function drawLine(place, evening, chosen, actions) {
  const queue = evening.guests.filter((each) => each.status === 'waiting' || each.status === 'notified');
  const old = place.querySelector('form');
  const form = old ?? h('form', {
    class: 'ask three', 'aria-label': 'A party comes', onsubmit: (event) => {
      event.preventDefault();
      const { name, size } = event.target.elements;
      if (!name.value.trim()) return name.focus();
      actions.wait(name.value.trim(), Number(size.value));
      name.value = '';
      return undefined;
    },
  }, field('Name', h('input', { name: 'name', maxlength: 200, required: true, autocomplete: 'off', 'data-key': 'wait-name' })),
  field('Party', h('input', { name: 'size', type: 'number', min: 1, max: 40, value: '2', required: true, 'data-key': 'wait-size' })),
  h('button', { class: 'button', type: 'submit' }, 'Put in line'));
  // `actions` is the same object as long as the view lives: the form keeps it, and its text survives each refresh.
  const list = h('div', { class: 'waiting' }, queue.length > 0 ? h('ol', { class: 'guests' }, queue.map((each) => waiting(each, chosen, actions))) : empty('Nobody waits'));
  if (old) {
    show(place.querySelector('.waiting-list'), list);
    return;
  }
  show(place, h('h2', null, 'Waitlist'), h('div', { class: 'waiting-list' }, list), form);
}
