// The customer's side as a phone shows it: find, choose a time, hold it, book it, and see what becomes of it. Beside it
// the staff's side of the same restaurant.
import { ask, logOut, newKey, sessions } from './api.js';
import { addDays, badge, button, distance, empty, failure, field, h, loading, longDate, ms, people, say, select, show, today, words } from './dom.js';
import { customerLogin } from './login.js';
import { staffSide } from './staffside.js';
import { Stream } from './stream.js';
import { visits } from './visits.js';

const NEAR = 'lat=56.85&lon=10.75&radius=20';
const PAUSE_MS = 150;

export function customer(view) {
  const given = new URLSearchParams(location.hash.split('?')[1] ?? '');
  const asked = { party: Number(given.get('party')) || 2, date: given.get('date') ?? today(), q: '' };
  const state = { step: 'find', place: null, found: null, slots: null, hold: null, key: null, attempt: null, problem: null, isBusy: false, time: null };
  let stream = null, wait, round = 0, side = null;

  const screen = h('div', { class: 'screen' });
  const head = h('div', { class: 'phone-head' });
  const own = visits(), login = customerLogin();
  const phone = h('section', { class: 'phone', 'aria-label': 'Customer' }, head, screen);
  const house = h('section', { class: 'beside', 'aria-label': 'The staff side of the same restaurant' });
  show(view, h('div', { class: 'both' }, h('h1', { class: 'hidden' }, 'Customer'), phone, house));

  // ---- what is asked

  async function run(work) {
    const mine = ++round;
    state.isBusy = true;
    state.problem = null;
    draw();
    try {
      await work(() => mine === round);
    } catch (problem) {
      if (mine === round) state.problem = problem;
    }
    if (mine !== round) return;
    state.isBusy = false;
    draw();
  }

  const find = () => run(async (isMine) => {
    const { data, time } = await ask('GET', `/public/restaurants?${NEAR}&limit=20${asked.q ? `&q=${encodeURIComponent(asked.q)}` : ''}`);
    if (isMine()) Object.assign(state, { found: data.items, time });
  });

  const slots = () => run(async (isMine) => {
    const { data, time } = await ask('GET', `/public/restaurants/${state.place.id}/availability?date=${asked.date}&party_size=${asked.party}`);
    if (isMine()) Object.assign(state, { slots: data.slots, time });
  });

  function choose(place) {
    clearTimeout(wait); // a search that is still due would overtake
    Object.assign(state, { place, step: 'slots', slots: null, hold: null, problem: null });
    side?.follow(place.id);
    slots();
  }

  const hold = (time) => run(async () => {
    const body = { restaurant_id: state.place.id, date: asked.date, time, party_size: asked.party };
    const { data } = await ask('POST', '/customer/holds', { as: 'customer', body, key: newKey() });
    Object.assign(state, { hold: data, step: 'hold', key: newKey(), attempt: null });
    screen.querySelector('h2')?.focus();
  });

  // The key is made with the hold and kept: however often this is sent, one reservation comes of it.
  const book = () => run(async () => {
    const body = { restaurant_id: state.place.id, date: state.hold.date, time: state.hold.time, party_size: state.hold.party_size, hold_id: state.hold.id };
    state.attempt = { body, key: state.key, count: (state.attempt?.count ?? 0) + 1 };
    const { data, isReplay, time } = await ask('POST', '/customer/reservations', { as: 'customer', body, key: state.key });
    Object.assign(state.attempt, { id: data.id, isReplay, time });
    own.put(data);
    state.step = 'mine';
    say(isReplay ? 'The same answer again: nothing was booked twice.' : `Booked: ${data.confirmation_code}`, 'good');
  });

  const release = () => run(async () => {
    await ask('DELETE', `/customer/holds/${state.hold.id}`, { as: 'customer' }).catch(() => {});
    Object.assign(state, { hold: null, step: 'slots' });
    const { data } = await ask('GET', `/public/restaurants/${state.place.id}/availability?date=${asked.date}&party_size=${asked.party}`);
    state.slots = data.slots;
  });

  const queue = () => run(async () => {
    const { data } = await ask('POST', '/customer/waitlist', { as: 'customer', body: { restaurant_id: state.place.id, party_size: asked.party }, key: newKey() });
    own.putGuest(data);
    state.step = 'mine';
  });

  // ---- what is shown

  const back = (step, text) => button(`‹ ${text}`, () => { Object.assign(state, { step, problem: null }); draw(); if (step === 'slots') slots(); }, { kind: 'quiet', 'data-key': 'back' });
  const ready = () => sessions.get('customer') !== null;

  function findScreen() {
    const items = state.found;
    return [
      h('h2', { tabindex: '-1' }, 'Where to?'),
      field('Restaurant', h('input', {
        type: 'search', value: asked.q, placeholder: 'Name', autocomplete: 'off', 'data-key': 'q',
        oninput: (event) => { asked.q = event.target.value.trim(); clearTimeout(wait); wait = setTimeout(find, PAUSE_MS); },
      })),
      !items ? loading(6) : items.length === 0 ? empty('Nobody of that name', 'Try a part of it.')
        : h('ul', { class: 'choices' }, items.map((each) => h('li', null, h('button', { type: 'button', class: 'line', onclick: () => choose(each), 'data-key': each.id },
          h('strong', null, each.name), h('span', { class: 'muted' }, `${each.cuisine_type ?? ''} · ${distance(each.distance_km)}`))))),
    ];
  }

  function slotsScreen() {
    const free = state.slots?.filter((each) => each.is_available) ?? [];
    const isToday = asked.date === today(state.place.timezone);
    return [
      back('find', 'Restaurants'), h('h2', { tabindex: '-1' }, state.place.name),
      h('p', { class: 'muted' }, [state.place.cuisine_type, state.place.address].filter(Boolean).join(' · ')),
      h('div', { class: 'ask two' },
        field('Date', h('input', { type: 'date', value: asked.date, min: today(), max: addDays(today(), 365), 'data-key': 'date', onchange: (event) => { asked.date = event.target.value; slots(); } })),
        field('Party', select(Array.from({ length: 12 }, (_, i) => [i + 1, people(i + 1)]), asked.party, (event) => { asked.party = Number(event.target.value); slots(); }, { 'data-key': 'party' }))),
      !ready() && login,
      !state.slots ? loading(5)
        : state.slots.length === 0 ? empty('Closed that day', 'Choose another date.')
          : free.length === 0 ? empty('Nothing is free that day', reasonsOf(state.slots))
            : h('div', { class: 'times', role: 'group', 'aria-label': 'Free times' }, free.map((each) => button(each.time, () => hold(each.time), { kind: 'slot', 'data-key': each.time, 'aria-label': `Hold ${each.time}, ${each.available_tables} tables free`, disabled: !ready() }))),
      state.time && state.slots && h('p', { class: 'muted small' }, `${free.length} of ${state.slots.length} starts are free · ${ms(state.time.ms)}`),
      isToday && ready() && h('p', null, button('Wait in line now', queue, { kind: 'wide', 'data-key': 'queue' })),
    ];
  }

  function reasonsOf(list) {
    return `The house says: ${[...new Set(list.flatMap((each) => each.reasons))].map(words).join(', ')}.`;
  }

  function holdScreen() {
    const left = Math.max(0, Math.round((Date.parse(state.hold.expires_at) - Date.now()) / 1000));
    return [
      back('slots', 'Times'), h('h2', { tabindex: '-1' }, state.place.name),
      h('p', { class: 'big' }, `${longDate(state.hold.date)}, ${state.hold.time}`), h('p', null, people(state.hold.party_size)),
      left > 0 ? h('p', null, badge('held', 'held for you'), ' ', h('span', { class: 'mono', id: 'hold-left' }, `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`))
        : h('p', null, badge('cancelled', 'the hold is over')),
      h('p', { class: 'row' }, button(state.problem ? 'Try again, same key' : 'Book it', book, { kind: 'primary', disabled: state.isBusy, 'data-key': 'book' }),
        button('Give it back', release, { disabled: state.isBusy, 'data-key': 'release' })),
      h('p', { class: 'muted small mono' }, `Idempotency-Key: ${state.key}`),
    ];
  }

  function mineScreen() {
    return [
      back('find', 'Restaurants'), h('h2', { tabindex: '-1' }, 'My visits'),
      state.attempt?.id && h('div', { class: 'note' }, h('p', null, state.attempt.isReplay
        ? `Sent ${state.attempt.count} times: the stored answer came again, nothing was booked twice.`
        : `Durable in ${ms(state.attempt.time.ms)}. Lost the answer? Sending it again is safe.`),
      button('Send the same request again', book, { kind: 'small', disabled: state.isBusy, 'data-key': 'again' })),
      own.draw(),
    ];
  }

  function draw() {
    const screens = { find: findScreen, slots: slotsScreen, hold: holdScreen, mine: mineScreen };
    const who = sessions.get('customer')?.customer;
    show(head, h('strong', null, 'QTable'), h('span', { class: 'spring' }),
      who && h('span', { class: `live ${stream?.state ?? 'none'}`, id: 'customer-live' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), stream?.state ?? ''),
      who && button('My visits', () => { state.step = 'mine'; draw(); }, { kind: 'quiet', 'data-key': 'mine' }),
      who && button('Log out', () => logOut('customer'), { kind: 'quiet', 'data-key': 'out' }));
    screen.toggleAttribute('aria-busy', state.isBusy);
    show(screen,
      stream?.state === 'waiting' && h('p', { class: 'banner' }, 'The connection is gone; what you see may be old. It comes back by itself.'),
      screens[state.step](), state.problem && failure(state.problem, state.step === 'find' ? find : state.step === 'slots' ? slots : null),
      alternatives(), !who && state.step === 'mine' && login);
  }

  function alternatives() {
    const some = state.problem?.alternatives ?? [];
    return some.length > 0 && h('div', { class: 'times', role: 'group', 'aria-label': 'Other times' }, some.map((each) =>
      button(each.time, () => hold(each.time), { kind: 'slot', 'data-key': `other-${each.time}` })));
  }

  // ---- what is heard

  function hear(kind, event) {
    if (kind === 'resync') own.read().then(draw, draw);
    if (kind === 'event') {
      own.take(event);
      if (event.type === 'hold_expired' && state.hold?.id === event.data.id && state.step === 'hold') say('The hold is over.', 'bad');
      if (event.type === 'table_ready') say('Your table is ready: come now.', 'good');
    }
    draw();
  }

  function listen() {
    stream?.close();
    stream = null;
    own.clear();
    if (ready()) {
      stream = new Stream('/ws/customer', 'customer');
      stream.listen(hear);
      own.read().then(draw, draw);
    }
    draw();
  }

  const forget = sessions.onChange((which) => {
    if (which === 'customer' && (sessions.get('customer')?.customer?.id ?? null) !== (stream ? who : null)) { who = sessions.get('customer')?.customer?.id ?? null; listen(); }
  });
  let who = sessions.get('customer')?.customer?.id ?? null;
  own.onAct(draw);
  const timer = setInterval(() => {
    const place = document.getElementById('hold-left');
    if (!place || !state.hold) return;
    const left = Math.round((Date.parse(state.hold.expires_at) - Date.now()) / 1000);
    if (left <= 0) return draw();
    place.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    return undefined;
  }, 1000);
  side = staffSide(house);
  listen();
  if (given.get('place')) {
    run(async () => {
      const { data } = await ask('GET', `/public/restaurants/${given.get('place')}`);
      choose({ distance_km: 0, ...data });
    });
  } else {
    find();
  }
  return () => { round += 1; clearInterval(timer); clearTimeout(wait); stream?.close(); forget(); side.close(); };
}
