// What is chosen on the floor, and what can be done with it as things stand.
import { badge, button, clock, empty, failure, field, h, people, show, words } from './dom.js';

const GRACE_MS = 10 * 60e3;

const nameOf = (evening, one) => one.customer_name ?? evening.customers[one.customer_id]?.name ?? 'Guest';
const facts = (...pairs) => h('dl', { class: 'facts' }, pairs.filter(([, value]) => value !== null && value !== undefined && value !== '')
  .map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))));

function seatForm(table, actions) {
  return h('form', {
    class: 'ask three', 'aria-label': `Seat a walk-in at ${table.label}`, onsubmit: (event) => {
      event.preventDefault();
      const { name, size } = event.target.elements;
      actions.walkIn(name.value.trim() || 'Walk-in', Number(size.value), table.id);
    },
  }, field('Walk-in', h('input', { name: 'name', maxlength: 200, value: '', autocomplete: 'off', 'data-key': 'walk-name', placeholder: 'Name' })),
  field('Party', h('input', { name: 'size', type: 'number', min: 1, max: 40, value: String(Math.max(table.min_party, Math.min(2, table.capacity))), 'data-key': 'walk-size' })),
  h('button', { class: 'button primary', type: 'submit', 'data-key': 'walk-seat' }, 'Seat here'));
}

function tableParts(evening, table, actions) {
  const fits = (size) => size <= table.capacity;
  const due = evening.reservations.filter((each) => each.status === 'confirmed' && fits(each.party_size) && Date.parse(each.starts_at) < Date.now() + 2 * 3600e3);
  const queue = evening.guests.filter((each) => (each.status === 'waiting' || each.status === 'notified') && fits(each.party_size));
  const next = table.next_reservation;
  return [
    h('div', { class: 'row between' }, h('h2', null, `Table ${table.label}`), badge(table.status, words(table.status))),
    facts(['Seats', `${table.min_party}–${table.capacity}`], ['Section', table.section], ['Guest', table.guest && `${table.guest.name}, ${people(table.guest.party_size)}`],
      ['Seated', table.guest?.seated_at && clock(table.guest.seated_at, evening.timezone)], ['Until about', table.expected_until && clock(table.expected_until, evening.timezone)],
      ['Next', next && `${next.time} ${nameOf(evening, next)}, ${people(next.party_size)}`]),
    table.status === 'available' && [seatForm(table, actions),
      due.length + queue.length > 0 && h('h3', null, 'Or seat here'),
      h('ul', { class: 'choices' },
        due.slice(0, 4).map((each) => h('li', null, button(`${each.time} ${nameOf(evening, each)}, ${people(each.party_size)}`, () => actions.seatReservation(each, table.id), { kind: 'wide', 'data-key': `due-${each.id}` }))),
        queue.slice(0, 4).map((each) => h('li', null, button(`${each.name}, ${people(each.party_size)} (waits)`, () => actions.seatGuest(each, table.id), { kind: 'wide', 'data-key': `queue-${each.id}` }))))],
    h('p', { class: 'row' },
      table.status === 'occupied' && table.guest && button('The party has left', () => (table.guest.reservation_id ? actions.completeReservation({ id: table.guest.reservation_id }) : actions.completeGuest(table.guest)), { kind: 'primary', 'data-key': 'left' }),
      (table.status === 'dirty' || table.status === 'occupied') && button(table.status === 'dirty' ? 'Clear' : 'Left and cleared', () => actions.clear(table), { kind: table.status === 'dirty' ? 'primary' : '', 'data-key': 'clear' }),
      table.status === 'available' && button('Out of service', () => actions.setStatus(table, 'out_of_service'), { kind: 'small', 'data-key': 'out' }),
      table.status === 'available' && button('Keep for somebody', () => actions.setStatus(table, 'reserved'), { kind: 'small', 'data-key': 'keep' }),
      (table.status === 'out_of_service' || table.status === 'reserved') && button('Make available', () => actions.setStatus(table, 'available'), { kind: 'primary', 'data-key': 'back' })),
  ];
}

function reservationParts(evening, one, actions, move) {
  const labels = one.table_ids.map((id) => evening.tables.find((each) => each.id === id)?.label ?? '?').join(' + ');
  const isToday = one.date === evening.date;
  const isPast = Date.parse(one.starts_at) + GRACE_MS < Date.now();
  return [
    h('div', { class: 'row between' }, h('h2', null, nameOf(evening, one)), badge(one.status, words(one.status))),
    facts(['When', `${one.date}, ${one.time}–${clock(one.ends_at, evening.timezone)}`], ['Party', people(one.party_size)], ['Table', labels || 'none yet'], ['Code', one.confirmation_code],
      ['There since', one.checked_in_at && clock(one.checked_in_at, evening.timezone)], ['Late by', one.running_late_minutes && `${one.running_late_minutes} min`], ['Wishes', one.special_requests]),
    move ? h('div', { class: 'note' }, h('p', null, 'Choose the new table on the plan.'), button('Stay here', actions.endMove, { 'data-key': 'stay' }))
      : h('p', { class: 'row' },
        one.status === 'confirmed' && isToday && button('Seat', () => actions.seatReservation(one), { kind: 'primary', 'data-key': 'seat' }),
        one.status === 'confirmed' && button('Move', () => actions.startMove(one), { 'data-key': 'move' }),
        one.status === 'confirmed' && isToday && button('No-show', () => actions.noShow(one), { kind: isPast ? '' : 'small', 'data-key': 'no-show' }),
        one.status === 'confirmed' && button('Cancel', () => actions.cancelReservation(one), { kind: 'danger small', 'data-key': 'cancel' }),
        one.status === 'seated' && button('The party has left', () => actions.completeReservation(one), { kind: 'primary', 'data-key': 'left' }),
        one.status === 'no_show' && button('They came after all', () => actions.undoNoShow(one), { kind: 'primary', 'data-key': 'undo' })),
  ];
}

function guestParts(guest, actions) {
  return [
    h('div', { class: 'row between' }, h('h2', null, guest.name), badge(guest.status, words(guest.status))),
    facts(['Party', people(guest.party_size)], ['Number', guest.position], ['Told', guest.quoted_minutes !== null && `${guest.quoted_minutes} min`],
      ['Estimate', guest.wait && `${guest.wait.p50_minutes} min (${guest.wait.p10_minutes}–${guest.wait.p90_minutes})`], ['Telephone', guest.phone], ['Notes', guest.notes]),
    h('p', { class: 'row' }, button('Seat', () => actions.seatGuest(guest), { kind: 'primary', 'data-key': 'guest-seat' }),
      guest.status === 'waiting' && button('Table is ready', () => actions.notify(guest), { 'data-key': 'guest-notify' }),
      button('Left', () => actions.left(guest), { kind: 'small', 'data-key': 'guest-left' }),
      guest.status === 'notified' && button('No-show', () => actions.absent(guest), { kind: 'small', 'data-key': 'guest-absent' })),
  ];
}

export function drawSelection(place, { evening, chosen, move, refusal, others, actions }) {
  const find = { table: evening?.tables, reservation: [...(others ?? []), ...(evening?.reservations ?? [])], guest: evening?.guests };
  const one = chosen && find[chosen.kind]?.find((each) => each.id === chosen.id);
  const parts = !one ? empty('Nothing is chosen', 'Choose a table, a reservation or a party in line to see what can be done.')
    : chosen.kind === 'table' ? tableParts(evening, one, actions)
      : chosen.kind === 'reservation' ? reservationParts(evening, one, actions, move) : guestParts(one, actions);
  // What is being typed stays.
  const typed = [...place.querySelectorAll('input')].map((each) => [each.dataset.key, each.value]);
  const isSame = place.dataset.of === `${chosen?.kind} ${chosen?.id}`;
  place.dataset.of = `${chosen?.kind} ${chosen?.id}`;
  show(place, parts, refusal && failure(refusal));
  for (const [key, value] of isSame ? typed : []) {
    const again = place.querySelector(`input[data-key="${key}"]`);
    if (again) again.value = value;
  }
}
