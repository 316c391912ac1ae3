// The letters that `qtable dev` wrote instead of sending them.
import { ask } from './api.js';
import { button, empty, failure, h, loading, show } from './dom.js';

const EVERY_MS = 4000;

const utf8 = (bytes) => new TextDecoder().decode(Uint8Array.from(bytes));
const quoted = (text) => {
  const bytes = [];
  for (let i = 0; i < text.length; i += 1) {
    const code = /^=([0-9A-Fa-f]{2})/.exec(text.slice(i, i + 3));
    if (code) { bytes.push(parseInt(code[1], 16)); i += 2; } else bytes.push(...new TextEncoder().encode(text[i]));
  }
  return utf8(bytes);
};
const base64 = (text) => utf8([...atob(text.replace(/\s/g, ''))].map((each) => each.charCodeAt(0)));
const decodeWords = (text) => text.replace(/\?=\s+=\?/g, '?==?').replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, how, value) =>
  (how.toLowerCase() === 'b' ? base64(value) : quoted(value.replaceAll('_', ' '))));

export function parseLetter({ name, raw }) {
  const [, head, body] = /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(raw) ?? [null, raw, ''];
  const headers = {};
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const at = line.indexOf(':');
    if (at > 0) headers[line.slice(0, at).toLowerCase()] = decodeWords(line.slice(at + 1).trim());
  }
  const coding = (headers['content-transfer-encoding'] ?? '').toLowerCase();
  const text = coding === 'quoted-printable' ? quoted(body.replace(/=\r?\n/g, '')) : coding === 'base64' ? base64(body) : body;
  return { name, ...headers, text };
}

export function mail(view) {
  let letters = null, chosen = null, problem = null, seen = '';
  const list = h('ul', { class: 'letters', 'aria-label': 'Letters, the newest first' });
  const open = h('article', { class: 'card letter', 'aria-live': 'polite', tabindex: '-1' });

  function drawOpen() {
    const letter = letters?.find((each) => each.name === chosen);
    if (!letter) return show(open, empty('No letter is open', 'Choose one from the list.'));
    const token = /^token:\s*(\S+)/m.exec(letter.text)?.[1];
    return show(open, h('h2', null, letter.subject), h('dl', { class: 'facts' },
      ['from', 'to', 'date'].map((name) => h('div', null, h('dt', null, name), h('dd', null, letter[name])))),
    token && h('p', { class: 'row' }, button('Copy the token', () => navigator.clipboard?.writeText(token), { 'data-key': 'copy' })),
    h('pre', { tabindex: '0' }, letter.text));
  }

  function draw() {
    if (problem) return show(list, h('li', null, failure(problem, read)));
    if (!letters) return show(list, h('li', null, loading(5)));
    if (letters.length === 0) return show(list, h('li', null, empty('No letters yet', 'Registering a customer writes one.')));
    return show(list, letters.map((each) => h('li', null, h('button', {
      type: 'button', class: 'line', 'aria-pressed': String(each.name === chosen), 'data-key': each.name,
      onclick: () => { chosen = each.name; draw(); drawOpen(); open.scrollIntoView({ block: 'nearest' }); },
    }, h('strong', null, each.subject), h('span', null, each.to), h('time', null, new Date(each.date).toLocaleString('en-GB'))))));
  }

  async function read() {
    try {
      const { data } = await ask('GET', '/_dev/mails');
      problem = null;
      const now = data.items.map((each) => each.name).join();
      if (letters && now === seen) return undefined;
      seen = now;
      letters = data.items.map(parseLetter);
      chosen ??= letters[0]?.name ?? null;
      drawOpen();
    } catch (failed) {
      problem = failed.status === 404
        ? { title: 'Not told here', detail: 'Letters are shown to a browser on the machine that qtable dev runs on.' } : failed;
    }
    return draw();
  }

  show(view, h('div', { class: 'page' }, h('div', { class: 'head' }, h('h1', null, 'Mail'), h('p', { class: 'muted' }, 'Letters of this server stay here: none is sent.')),
    h('div', { class: 'split' }, h('section', { class: 'card flush', 'aria-label': 'Outbox' }, list), open)));
  draw();
  drawOpen();
  read();
  const timer = setInterval(read, EVERY_MS);
  return () => clearInterval(timer);
}
