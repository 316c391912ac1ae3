// The frame around the views: navigation by the hash, who is logged in, the restaurant that staff look at.
import { consoleSettings, logOut, sessions } from './api.js';
import { badge, button, failure, h, icon, select, show } from './dom.js';
import { house } from './house.js';
import { staffLogin } from './login.js';
import { city } from './city.js';
import { floor } from './floor.js';
import { events } from './events.js';
import { customer } from './customer.js';
import { ops } from './ops.js';
import { mail } from './mail.js';

const VIEWS = {
  city: { title: 'City', open: city, isPublic: true },
  floor: { title: 'Floor', open: floor, needsHouse: true },
  events: { title: 'Events', open: events, needsHouse: true },
  customer: { title: 'Customer', open: customer, isPublic: true },
  ops: { title: 'Ops', open: ops },
  mail: { title: 'Mail', open: mail, isOfDev: true },
};
const LIVE = {
  live: 'live', connecting: 'connecting', resuming: 'resuming', waiting: 'disconnected', dropped: 'dropped', refused: 'log-in ended',
};

const view = document.getElementById('view');
let settings = { is_dev: false };
let close = () => {};

const current = () => {
  const name = location.hash.replace(/^#\/?/, '').split('?')[0];
  return VIEWS[name] && (settings.is_dev || !VIEWS[name].isOfDev) ? name : 'city';
};

function drawNavigation() {
  const chosen = current();
  show(document.getElementById('views'), Object.entries(VIEWS)
    .filter(([, each]) => settings.is_dev || !each.isOfDev)
    .map(([name, each]) => h('a', { href: `#/${name}`, 'aria-current': name === chosen ? 'page' : null, 'data-key': name },
      icon(name), h('span', null, each.title))));
}

function housePicker() {
  if (house.places.length === 0) return null;
  return h('div', { class: 'house' },
    select(house.places.map((each) => [each.id, each.name]), house.id, (event) => house.choose(event.target.value), { 'data-key': 'house', 'aria-label': 'Restaurant' }));
}

function drawTop() {
  const staff = sessions.get('staff')?.staff;
  const state = house.stream?.state;
  show(document.getElementById('top'),
    h('a', { class: 'brand', href: '#/city' }, h('span', { class: 'logo', 'aria-hidden': 'true' }), 'QTable'),
    staff && housePicker(),
    h('span', { class: 'spring' }),
    staff && state && h('span', { class: `live ${state}`, id: 'live' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), LIVE[state]),
    staff && h('span', { class: 'who' }, staff.email),
    staff && button('Log out', () => logOut('staff'), { kind: 'quiet', 'data-key': 'logout' }),
    !staff && h('span', { class: 'who' }, badge('none', 'not logged in')));
}

function openView() {
  const name = current();
  const what = VIEWS[name];
  close();
  close = () => {};
  document.title = `${what.title} · QTable console`;
  document.body.dataset.view = name;
  drawNavigation();
  const again = () => openView();
  if (!what.isPublic && !sessions.get('staff')) return show(view, staffLogin(settings, what.title));
  if (what.needsHouse && house.problem) return show(view, failure(house.problem, () => house.load()));
  close = what.open(view, { settings, again }) ?? (() => {});
  return undefined;
}

let staffBefore = sessions.get('staff')?.staff?.id;
sessions.onChange((side) => {
  if (side !== 'staff') return;
  const now = sessions.get('staff')?.staff?.id;
  if (now === staffBefore) return;
  staffBefore = now;
  house.load().then(openView);
});
house.onChange(drawTop);
addEventListener('hashchange', () => {
  openView();
  view.focus({ preventScroll: true });
  scrollTo(0, 0);
});

try {
  settings = await consoleSettings();
} catch (problem) {
  show(view, failure(problem, () => location.reload()));
}
drawTop();
drawNavigation();
await house.load();
openView();
