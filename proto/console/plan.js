// The floor plan as SVG: each table where it stands, with its form, its state as a colour and a shape, and who sits there.
// One stop for the keyboard; the arrows go to the next table that way.
import { clock, shapePath, svg, words } from './dom.js';

const SIZE = { round: [10, 10], square: [9, 9], rectangle: [12.500, 8], bar: [9, 7] };
const EDGE = 8, UNIT_PX = 11;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class FloorPlan {
  #last = null; #tables = []; #group;

  constructor({ onChoose }) {
    this.onChoose = onChoose;
  }

  focus() {
    this.#group?.querySelector('[tabindex="0"]')?.focus();
  }

  #describe(table, timezone) {
    const parts = [`${table.label} ${this.#under(table)}`, `table for ${table.capacity}`, table.section, words(table.status)];
    if (table.guest) parts.push(`party of ${table.guest.party_size}`);
    if (table.expected_until) parts.push(`until about ${clock(table.expected_until, timezone)}`);
    if (table.next_reservation) parts.push(`reserved from ${table.next_reservation.time}`);
    return parts.filter(Boolean).join(', ');
  }

  #under(table) {
    if (table.guest) return `${table.guest.name.split(' ')[0].slice(0, 8)} ${table.guest.party_size}`;
    if (table.next_reservation) return `${table.next_reservation.time} · ${table.next_reservation.party_size}`;
    return table.status === 'out_of_service' ? 'out' : `${table.capacity} seats`;
  }

  #form(table, [width, height]) {
    if (table.shape === 'round') return svg('circle', { class: 'body', r: width / 2 });
    return svg('rect', { class: 'body', x: -width / 2, y: -height / 2, width, height, rx: table.shape === 'bar' ? 3 : 1.2 });
  }

  #table(table, timezone, { isChosen, isStop, isTarget }) {
    const size = SIZE[table.shape] ?? SIZE.square;
    const made = svg('g', {
      class: `table ${table.status}${isChosen ? ' chosen' : ''}${isTarget ? ' target' : ''}`, transform: `translate(${table.x} ${table.y})`, role: 'button',
      tabindex: isStop ? 0 : -1, 'aria-pressed': String(isChosen), 'aria-label': this.#describe(table, timezone), 'data-key': `table-${table.id}`, 'data-id': table.id,
      onclick: () => this.onChoose(table.id), onkeydown: (event) => this.#key(event, table), onfocus: () => this.#stop(table.id),
    },
    svg('rect', { class: 'halo', x: -size[0] / 2 - 1, y: -size[1] / 2 - 1, width: size[0] + 2, height: size[1] + 2, rx: table.shape === 'round' ? 6 : 2 }),
    this.#form(table, size),
    svg('g', { class: 'pin', transform: `translate(${size[0] * 0.38} ${-size[1] * 0.38})`, 'aria-hidden': 'true' }, svg('circle', { r: 1.400 }),
      svg('path', { d: shapePath(table.status), transform: 'translate(-.800 -.800) scale(.1)' })),
    svg('text', { class: 'label', y: 0.2 }, table.label), ' ',
    svg('text', { class: 'under', y: 2.500 }, this.#under(table)));
    return made;
  }

  #stop(id) {
    this.#last = id;
    for (const each of this.#group.querySelectorAll('.table')) each.setAttribute('tabindex', each.dataset.id === id ? 0 : -1);
  }

  #key(event, table) {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      return this.onChoose(table.id);
    }
    const way = ARROWS[event.key];
    if (!way) return undefined;
    event.preventDefault();
    // Ahead counts once, aside twice: the nearest one that lies that way.
    const rest = this.#tables.map((each) => {
      const dx = each.x - table.x, dy = each.y - table.y;
      const ahead = dx * way[0] + dy * way[1], aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
      return { id: each.id, ahead, far: ahead + 2 * aside };
    }).filter((each) => each.ahead > 0.1).sort((a, b) => a.far - b.far);
    if (rest.length > 0) this.#group.querySelector(`[data-id="${rest[0].id}"]`).focus();
    return undefined;
  }

  // Sections as zones behind their tables.
  #zones() {
    const sections = new Map();
    for (const each of this.#tables) if (each.section) sections.set(each.section, [...(sections.get(each.section) ?? []), each]);
    const boxes = [...sections].map(([name, inside]) => ({
      name, left: Math.min(...inside.map((each) => each.x)) - 7, right: Math.max(...inside.map((each) => each.x)) + 7,
      top: Math.min(...inside.map((each) => each.y)) - 8.600, bottom: Math.max(...inside.map((each) => each.y)) + 6.200,
    }));
    const meets = (a, b) => a !== b && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    return boxes.map((each) => (boxes.some((other) => meets(each, other)) ? null : svg('g', { class: 'zone', 'aria-hidden': 'true' },
      svg('rect', { x: each.left + 0.3, y: each.top, width: each.right - each.left - 0.6, height: each.bottom - each.top, rx: 2 }),
      svg('text', { x: each.left + 1.400, y: each.top + 2.100 }, each.name))));
  }

  draw(place, evening, chosen, isMoving) {
    this.#tables = evening.tables;
    const xs = this.#tables.map((each) => each.x), ys = this.#tables.map((each) => each.y);
    const left = Math.min(...xs) - EDGE, top = Math.min(...ys) - EDGE - 1, width = Math.max(...xs) - left + EDGE, height = Math.max(...ys) - top + EDGE - 1;
    const stop = this.#tables.some((each) => each.id === this.#last) ? this.#last : chosen ?? this.#tables[0].id;
    const hadFocus = place.contains(document.activeElement);
    this.#group = svg('svg', { class: 'plan', viewBox: `${left} ${top} ${width} ${height}`, role: 'group', 'aria-label': isMoving ? 'Floor plan: choose the new table' : 'Floor plan: arrow keys go from table to table' },
      this.#zones(), this.#tables.map((each) => this.#table(each, evening.timezone, {
        isChosen: each.id === chosen, isStop: each.id === stop, isTarget: isMoving && each.status === 'available',
      })));
    this.#group.style.maxWidth = `${Math.round(width * UNIT_PX)}px`;
    place.replaceChildren(this.#group);
    if (hadFocus) this.focus();
  }
}
