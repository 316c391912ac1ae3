// Who has a table for this party, this day, at this time, near here? The map and the list show the same answers.
import { all, ask } from './api.js';
import { addDays, button, clock, distance, empty, failure, field, h, loading, ms, select, shape, show, today } from './dom.js';
import { CityMap } from './map.js';
import { Stream } from './stream.js';

const CENTRE = [56.85, 10.75], WINDOW_MIN = 90, FEW = 2, FIRST = 12, PAUSE_MS = 150;
const STATES = { free: 'Free at that time', few: `Last ${FEW} tables or fewer`, other: 'Free near that time', full: 'Full or closed' };
const TIMES = Array.from({ length: 48 }, (_, i) => `${String(i >> 1).padStart(2, '0')}:${i % 2 ? '30' : '00'}`);

// Kept while the tab lives, so that a look at another view loses nothing.
const question = { party: 2, date: null, time: '19:30', radius: 3, centre: CENTRE, isOnlyFree: true, q: '' };
const known = new Map();

function stateOf(slots, time) {
  if (!slots?.length) return 'full';
  const exact = slots.find((each) => each.time === time);
  if (!exact) return 'other';
  return exact.available_tables <= FEW ? 'few' : 'free';
}

const around = () => `lat=${question.centre[0].toFixed(6)}&lon=${question.centre[1].toFixed(6)}&radius=${question.radius}` +
  (question.q ? `&q=${encodeURIComponent(question.q)}` : '');
const seat = () => `&date=${question.date}&time=${question.time}&party_size=${question.party}&window=${WINDOW_MIN}`;
const bookingLink = (place, time) => `#/customer?${new URLSearchParams({ place: place.id, date: question.date, party: question.party, ...(time && { time }) })}`;

export function city(view) {
  question.date ??= Number(clock(Date.now(), 'Europe/Copenhagen').slice(0, 2)) < 18 ? today() : addDays(today(), 1);
  let round = 0, found = [], problem = null, chosen = null, shown = FIRST, isAsking = true, stream = null, wait, told = '';
  const list = h('ol', { class: 'places', 'aria-label': 'Restaurants, the nearest first' });
  const facts = h('p', { class: 'facts-line', role: 'status' });
  const map = h('div', { class: 'map', role: 'region', 'aria-label': 'Map. Arrow keys move it, plus and minus zoom; the list has the same restaurants.' });
  const legend = h('ul', { class: 'legend', 'aria-label': 'Shapes on the map' });

  const changed = (name, read = String) => (event) => {
    question[name] = read(event.target.value);
    clearTimeout(wait);
    wait = setTimeout(() => search(name === 'radius'), PAUSE_MS);
  };

  const form = h('form', { class: 'ask', 'aria-label': 'Search', onsubmit: (event) => { event.preventDefault(); search(); } },
    field('Party', select(Array.from({ length: 12 }, (_, i) => [i + 1, i + 1]), question.party, changed('party', Number))),
    field('Date', h('input', { type: 'date', value: question.date, min: today(), required: true, onchange: changed('date') })),
    field('Time', select(TIMES.map((each) => [each, each]), question.time, changed('time'))),
    field('Within', select([[0.5, '500 m'], [1, '1 km'], [2, '2 km'], [3, '3 km'], [5, '5 km'], [10, '10 km']], question.radius, changed('radius', Number))),
    field('Name', h('input', { type: 'search', value: question.q, autocomplete: 'off', placeholder: 'any', oninput: changed('q', (text) => text.trim()) }), { wide: true }));

  const only = h('label', { class: 'check' }, h('input', {
    type: 'checkbox', checked: question.isOnlyFree, onchange: (event) => { question.isOnlyFree = event.target.checked; shown = FIRST; drawList(); },
  }), 'Only with a table');

  show(view, h('div', { class: 'city' },
    h('section', { class: 'side', 'aria-label': 'Search and results' }, h('h1', null, 'Havnestad'), form,
      h('div', { class: 'row between' }, facts, only), list),
    h('section', { class: 'chart', 'aria-label': 'City map' }, map, h('div', { class: 'under' }, legend,
      button('Search from the middle of the map', () => { question.centre = drawn.middle(); search(); }, { kind: 'small' })))));

  const drawn = new CityMap(map, {
    centre: question.centre, radius_km: question.radius,
    onCentre: (at) => { question.centre = at; search(); },
    onChoose: (id) => choose(id),
  });
  drawn.setPlaces([...known.values()]);

  function line(place) {
    const state = stateOf(place.slots, question.time);
    const slots = (place.slots ?? []).filter((each) => each.is_available)
      .sort((a, b) => Math.abs(minute(a.time) - minute(question.time)) - Math.abs(minute(b.time) - minute(question.time)))
      .slice(0, 4).sort((a, b) => a.starts_at.localeCompare(b.starts_at));
    return h('li', { class: place.id === chosen ? 'place chosen' : 'place', id: `place-${place.id}` },
      h('button', { type: 'button', class: 'name', onclick: () => choose(place.id, true), 'aria-pressed': String(place.id === chosen), 'data-key': place.id },
        shape(state), h('span', null, place.name), h('span', { class: 'hidden' }, `, ${STATES[state]}`)),
      h('span', { class: 'distance' }, distance(place.distance_km)),
      h('p', { class: 'muted' }, [place.cuisine_type, place.price_range, place.review_count ? `★ ${place.rating} (${place.review_count})` : 'no reviews yet']
        .filter(Boolean).join(' · ')),
      place.id === chosen && h('p', { class: 'about' }, place.description, h('br'), h('span', { class: 'muted' }, place.address)),
      slots.length > 0
        ? h('p', { class: 'slots' }, slots.map((each) => h('a', {
          class: each.time === question.time ? 'slot exact' : 'slot', href: bookingLink(place, each.time), 'data-key': `${place.id}-${each.time}`,
        }, h('span', { class: 'hidden' }, `Book ${place.name} at `), each.time,
        h('small', null, each.available_tables, h('span', { class: 'hidden' }, ' tables free')))))
        : h('p', { class: 'muted' }, h('a', { href: bookingLink(place) }, 'See its other times')));
  }
  const minute = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

  function drawList() {
    if (problem) return show(list, h('li', null, failure(problem, () => search())));
    if (isAsking && found.length === 0) return show(list, h('li', null, loading(8, 'Searching …')));
    const some = found.filter((each) => !question.isOnlyFree || each.slots || each.id === chosen);
    if (some.length === 0) {
      return show(list, h('li', null, empty(found.length ? `No table for ${question.party} around ${question.time}` : 'No restaurant in this circle',
        found.length ? 'Try another time or a smaller party, or look further.' : 'Move the circle, or make it wider.')));
    }
    return show(list, some.slice(0, shown).map(line),
      some.length > shown && h('li', { class: 'more' }, button(`Show more (${some.length - shown})`, () => { shown += 24; drawList(); }, { 'data-key': 'more' })));
  }

  function drawMap() {
    drawn.setPlaces([...known.values()]);
    const states = new Map(found.map((each) => [each.id, stateOf(each.slots, question.time)]));
    drawn.setDots(found, states);
    const count = (state) => [...states.values()].filter((each) => each === state).length;
    show(legend, Object.entries(STATES).map(([state, text]) => h('li', null, shape(state), `${text} `, h('b', null, count(state)))));
  }

  // The nearest with a table first, timed by itself; then all in the circle, for the dots.
  async function search(isFitted = false) {
    const mine = ++round;
    isAsking = true;
    shown = FIRST;
    list.setAttribute('aria-busy', 'true');
    drawn.setArea(question.centre, question.radius, isFitted);
    try {
      const first = await ask('GET', `/public/restaurants?${around()}${seat()}&limit=20`);
      if (mine !== round) return;
      const [seats, places] = await Promise.all([all(`/public/restaurants?${around()}${seat()}`), all(`/public/restaurants?${around()}`)]);
      if (mine !== round) return;
      const withTable = new Map(seats.items.map((each) => [each.id, each]));
      found = places.items.map((each) => withTable.get(each.id) ?? each);
      places.items.forEach((each) => known.set(each.id, each));
      problem = null;
      const { time } = first;
      told = `${seats.items.length} of ${found.length} have a table`;
      show(facts, told, h('span', { class: 'took', title: `Search of the nearest 20; ${time.source === 'server' ? 'told by the server' : 'from the request to the first byte of its answer, in this browser'}` },
        `${ms(time.ms)} ${time.source === 'server' ? 'in the server' : 'round trip'}`));
    } catch (failed) {
      if (mine !== round) return;
      problem = failed;
      found = [];
      show(facts);
    }
    isAsking = false;
    list.removeAttribute('aria-busy');
    drawList();
    drawMap();
  }

  // What is chosen is followed over its public socket: a booking anywhere changes the dot here.
  function choose(id, isFromList = false) {
    chosen = chosen === id && isFromList ? null : id;
    drawn.choose(chosen, isFromList);
    stream?.close();
    stream = chosen && new Stream(`/ws/public/restaurants/${chosen}`);
    stream?.listen((kind, event) => {
      if (kind !== 'resync' && !(kind === 'event' && event.type === 'availability_updated')) return;
      clearTimeout(wait);
      wait = setTimeout(() => search(), PAUSE_MS);
    });
    const place = found.findIndex((each) => each.id === chosen);
    if (!isFromList && place >= shown) shown = place + 1;
    drawList();
    if (!isFromList) document.getElementById(`place-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }

  drawList();
  search();
  return () => { round += 1; clearTimeout(wait); stream?.close(); drawn.close(); };
}
