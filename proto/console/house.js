// The restaurant that staff look at, with its one socket for all views and the events that came.
import { ask, sessions } from './api.js';
import { Stream } from './stream.js';

const KEPT_EVENTS = 400, SHOWN_PAST = 40;
const CHOSEN = 'qtable.house';

class House {
  places = [];
  id = null;
  stream = null;
  problem = null;
  events = []; // the newest first
  #listeners = new Set();

  onChange(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(kind, value) {
    this.#listeners.forEach((each) => each(kind, value));
  }

  get name() {
    return this.places.find((each) => each.id === this.id)?.name ?? '';
  }

  async load() {
    this.problem = null;
    if (!sessions.get('staff')) {
      this.places = [];
      return this.#follow(null);
    }
    try {
      const { data } = await ask('GET', '/auth/me', { as: 'staff' });
      this.places = data.restaurants;
      const kept = sessionStorage.getItem(CHOSEN);
      this.#follow((this.places.find((each) => each.id === kept) ?? this.places[0])?.id ?? null);
    } catch (problem) {
      this.problem = problem;
      this.#tell('problem');
    }
    return undefined;
  }

  choose(id) {
    sessionStorage.setItem(CHOSEN, id);
    this.#follow(id);
  }

  #follow(id) {
    if (id === this.id && this.stream && this.stream.state !== 'refused') return this.#tell('places');
    this.stream?.close();
    this.id = id;
    this.events = [];
    this.stream = id ? new Stream(`/ws/restaurants/${id}`, 'staff', SHOWN_PAST) : null;
    this.stream?.listen((kind, value) => {
      if (kind === 'event') this.#keep(value);
      if (kind === 'recovered') this.#keep({ type: 'recovered', at: new Date().toISOString(), data: value });
      if (kind === 'resync' || kind === 'hole') this.#keep({ type: kind, at: new Date().toISOString(), data: value ?? {} });
      this.#tell(kind, value);
    });
    return this.#tell('chosen');
  }

  #keep(event) {
    this.events.unshift(event);
    this.events.length = Math.min(this.events.length, KEPT_EVENTS);
  }
}

export const house = new House();
