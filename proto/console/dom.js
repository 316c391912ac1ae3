// Elements, small shared parts, and how times are shown. Everything is made with nodes: no text becomes markup.

const SVG = 'http://www.w3.org/2000/svg';

function fill(made, properties, content) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked' || name === 'selected') made[name] = value;
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...content.flat(3).filter((each) => each !== undefined && each !== null && each !== false));
  return made;
}

export const h = (name, properties, ...content) => fill(document.createElement(name), properties, content);
export const svg = (name, properties, ...content) => fill(document.createElementNS(SVG, name), properties, content);

// Changes only what is different, so that the focus and the scrolling of a list survive its refresh.
export function show(parent, ...content) {
  const active = document.activeElement;
  const key = parent.contains(active) ? active.dataset?.key : undefined;
  parent.replaceChildren(...content.flat(3).filter(Boolean));
  if (key) parent.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

const ICONS = {
  city: 'M12 21s7-6.1 7-11a7 7 0 1 0-14 0c0 4.900 7 11 7 11Zm0-8.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z',
  floor: 'M4 4h7v7H4zM15 5.500h5v5h-5zM4 15h5v5H4zM14.500 17.500a3 3 0 1 0 6 0 3 3 0 0 0-6 0Z',
  events: 'M3 12h4l3-8 4 16 3-8h4',
  customer: 'M8 2.500h8a2 2 0 0 1 2 2v15a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2v-15a2 2 0 0 1 2-2Zm2.500 16h3',
  ops: 'M4 20V10M10 20V4M16 20v-7M21 20H3',
  mail: 'M3 6.500A1.500 1.500 0 0 1 4.500 5h15A1.500 1.500 0 0 1 21 6.500v11a1.500 1.500 0 0 1-1.500 1.500h-15A1.500 1.500 0 0 1 3 17.500zM3.500 7l8.500 6 8.500-6',
};

export function icon(name) {
  return svg('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svg('path', { d: ICONS[name] }));
}

export function button(text, onclick, { kind = '', ...more } = {}) {
  return h('button', { type: 'button', class: `button ${kind}`, onclick, ...more }, text);
}

let fields = 0;
export function field(label, control, { hint, wide } = {}) {
  control.id ||= `field-${++fields}`;
  return h('div', { class: wide ? 'field wide' : 'field' }, h('label', { for: control.id }, label), control,
    hint && h('p', { class: 'hint' }, hint));
}

export function select(options, value, onchange, more = {}) {
  return h('select', { onchange, ...more }, options.map(([key, text]) =>
    h('option', { value: key, selected: String(key) === String(value) }, text)));
}

// A state is told by a colour, a shape and a word: never by one of them alone.
const SHAPES = {
  disc: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Z', ring: 'M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13Zm0 3.500a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z',
  diamond: 'M8 .8 15.200 8 8 15.200.8 8Z', square: 'M2.500 2.500h11v11h-11Z', triangle: 'M8 1.500 15 14H1Z',
  cross: 'M3.200 1.200 8 6l4.800-4.800 2 2L10 8l4.800 4.800-2 2L8 10l-4.800 4.800-2-2L6 8 1.200 3.200Z', dash: 'M1.500 6.200h13v3.600h-13Z',
  tick: 'M6.200 13.400 1 8.200l2.100-2.100 3.100 3.100L12.900 2.500 15 4.600Z',
};
const SHAPE_OF = {
  free: 'disc', few: 'diamond', other: 'triangle', full: 'cross', available: 'ring', reserved: 'diamond', occupied: 'square', dirty: 'triangle',
  out_of_service: 'cross', confirmed: 'diamond', seated: 'square', completed: 'tick', cancelled: 'cross', no_show: 'cross', waiting: 'ring',
  notified: 'triangle', left: 'dash', held: 'ring', none: 'dash', live: 'disc',
};
export const shapePath = (state) => SHAPES[SHAPE_OF[state] ?? 'disc'];
export const shape = (state) => svg('svg', { class: `shape ${state}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: shapePath(state) }));
export const badge = (state, text) => h('span', { class: `badge ${state}` }, shape(state), text);

// What stands where there is nothing to show yet, or any more.
export function loading(lines = 4, text = 'Loading …') {
  return h('div', { class: 'skeleton' }, h('p', { class: 'hidden' }, text),
    Array.from({ length: lines }, () => h('span', { class: 'bar', 'aria-hidden': 'true' })));
}

export function empty(title, detail, ...actions) {
  return h('div', { class: 'state empty' }, h('p', { class: 'title' }, title), detail && h('p', null, detail), actions);
}

export function failure(problem, retry) {
  return h('div', { class: 'state error', role: 'alert' }, h('p', { class: 'title' }, problem.title ?? 'That did not work'),
    h('p', null, problem.detail ?? String(problem.message ?? problem)),
    (problem.errors ?? []).map((each) => h('p', { class: 'mono' }, `${each.pointer}: ${each.detail}`)),
    h('p', { class: 'row' }, retry && button('Try again', retry),
      problem.code && problem.type && h('a', { href: problem.type, target: '_blank', rel: 'noopener' }, `About ${problem.code}`)));
}

// Read out to who doesn't see it, shown to who does.
let hide;
export function say(text, kind = 'info') {
  const place = document.getElementById('said');
  place.textContent = text;
  place.className = `toast ${kind}`;
  clearTimeout(hide);
  hide = setTimeout(() => { place.className = 'hidden'; }, 5000);
}

// ---- times and numbers

const inZone = new Map();
function formatter(timezone, options) {
  const key = timezone + JSON.stringify(options);
  if (!inZone.has(key)) inZone.set(key, new Intl.DateTimeFormat('en-GB', { timeZone: timezone, ...options }));
  return inZone.get(key);
}

export const clock = (instant, timezone) =>
  formatter(timezone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(instant));

export const distance = (km) => km < 1 ? `${Math.round(km * 1000)} m` : `${km.toFixed(1)} km`;
export const clockWithSeconds = (instant) => new Date(instant).toLocaleTimeString('en-GB', { hourCycle: 'h23' });

export function today(timezone = 'Europe/Copenhagen', now = Date.now()) {
  const part = Object.fromEntries(formatter(timezone, { year: 'numeric', month: '2-digit', day: '2-digit' })
    .formatToParts(now).map((each) => [each.type, each.value]));
  return `${part.year}-${part.month}-${part.day}`;
}

export const addDays = (date, days) => new Date(Date.parse(`${date}T12:00Z`) + days * 86400e3).toISOString().slice(0, 10);

export const longDate = (date) =>
  formatter('UTC', { weekday: 'short', day: 'numeric', month: 'short' }).format(new Date(`${date}T12:00Z`));

export const people = (count) => (count === 1 ? '1 person' : `${count} people`);
export const ms = (value) => (value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`);
export const words = (text) => text.replaceAll('_', ' ');
