// A socket that resumes: it keeps the epoch and the last seq, connects again by itself, asks for what it missed, and
// notices a hole. What it knows is told to its listeners as states and events.
import { refresh, sessions } from './api.js';

const FIRST_WAIT_MS = 400, LONGEST_WAIT_MS = 10_000;

export class Stream {
  #path; #side; #socket; #timer; #waited = 0; #past; #upTo = null; #isClosed = false;
  state = 'connecting'; // connecting, live, resuming, dropped, waiting, refused
  epoch = null;
  seq = null;
  recovery = null; // of the last interruption: {from, missed, resync, took_ms}
  #listeners = new Set();
  #missing = null;

  // `past`: so many events from before are asked for at the start, in the way in which missed ones are.
  constructor(path, side, past = 0) {
    this.#path = path;
    this.#side = side;
    this.#past = past;
    this.#connect();
  }

  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // As a network would: without a word, until `resume`.
  drop() {
    clearTimeout(this.#timer);
    this.#abandon();
    this.#missing = { from: this.seq, since: performance.now() };
    this.#become('dropped');
  }

  resume() {
    if (this.state === 'live' || this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  close() {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#abandon();
    this.#listeners.clear();
  }

  #tell(kind, value) {
    this.#listeners.forEach((each) => each(kind, value));
  }

  #become(state) {
    this.state = state;
    this.#tell('state', state);
  }

  #abandon() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
  }

  #connect() {
    const token = this.#side ? sessions.get(this.#side)?.access_token : undefined;
    if (this.#side && !token) return this.#become('refused');
    const resume = this.epoch !== null ? `?epoch=${this.epoch}&since_seq=${this.seq}` : '';
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}${this.#path}${resume}`,
      token ? ['qtable.v1', `bearer.${token}`] : ['qtable.v1']);
    this.#socket = socket;
    this.#become(this.#missing === null ? 'connecting' : 'resuming');
    socket.onmessage = ({ data }) => socket === this.#socket && this.#take(JSON.parse(data));
    socket.onclose = ({ code }) => socket === this.#socket && this.#ended(code);
  }

  #take(message) {
    if (message.type === 'going_away') return; // the close follows, and what it leads to
    if (message.type === 'hello') { this.#greeted(message); return; }
    if (message.type === 'resync_required') {
      this.#tell('resync');
      this.seq = this.#upTo;
      if (!this.#missing) return;
      this.recovery.resync = true;
      this.#recovered();
      return;
    }
    if (this.seq !== null && message.seq <= this.seq) return;
    if (this.seq !== null && message.seq > this.seq + 1) this.#tell('hole', { from: this.seq, to: message.seq });
    this.seq = message.seq;
    this.epoch = message.epoch;
    const isMissed = this.#missing !== null && message.seq <= this.#missing.until;
    if (isMissed) this.recovery.missed += 1;
    this.#tell('event', { ...message, isMissed });
    if (this.#missing && message.seq >= this.#missing.until) this.#recovered();
  }

  #greeted({ epoch, seq }) {
    this.#waited = 0;
    this.#upTo = seq;
    if (this.epoch === null && this.#past > 0 && seq > 0) {
      Object.assign(this, { epoch, seq: Math.max(0, seq - this.#past) });
      this.#abandon();
      this.#connect();
      return;
    }
    const isSame = this.epoch === epoch;
    if (this.epoch !== null && !isSame) this.#tell('resync');
    const from = this.seq;
    if (!isSame || this.seq === null) this.seq = seq;
    this.epoch = epoch;
    if (this.#missing) {
      this.recovery = { from: isSame ? from : null, missed: 0, resync: !isSame, since: this.#missing.since };
      this.#missing.until = seq;
    }
    this.#become('live');
    if (this.#missing && this.seq >= seq) this.#recovered();
  }

  #recovered() {
    this.recovery.took_ms = performance.now() - this.recovery.since;
    this.#missing = null;
    this.#tell('recovered', this.recovery);
  }

  async #ended(code) {
    this.#socket = null;
    if (this.#isClosed) return;
    this.#missing ??= { from: this.seq, since: performance.now() };
    this.#become('waiting');
    // A token that has expired is renewed first; so is one whose upgrade was refused, which browsers don't tell apart.
    if (this.#side && (code === 4401 || this.#waited >= 2 * FIRST_WAIT_MS)) {
      try {
        await refresh(this.#side);
      } catch (problem) {
        if (problem.status) return this.#become('refused');
      }
    }
    this.#waited = Math.min(LONGEST_WAIT_MS, this.#waited * 2 || FIRST_WAIT_MS);
    this.#timer = setTimeout(() => this.#connect(), this.#waited * (0.7 + 0.6 * Math.random()));
  }
}
