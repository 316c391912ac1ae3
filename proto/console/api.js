// Asks the public API: JSON in and out, problems as values that are thrown, log-ins that are refreshed once when they
// have expired. Tokens live as long as the tab.

export class Problem extends Error {
  constructor(members) {
    super(members.detail ?? members.title);
    Object.assign(this, members);
  }
}

const sides = {
  staff: { refresh: '/auth/refresh', login: '/auth/login', key: 'qtable.staff' },
  customer: { refresh: '/customer/refresh', login: '/customer/login', key: 'qtable.customer' },
};
const listeners = new Set();

export const sessions = {
  get(side) {
    try {
      return JSON.parse(sessionStorage.getItem(sides[side].key));
    } catch {
      return null;
    }
  },
  set(side, session) {
    if (session) sessionStorage.setItem(sides[side].key, JSON.stringify(session));
    else sessionStorage.removeItem(sides[side].key);
    listeners.forEach((each) => each(side));
  },
  onChange(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

// From the request's first byte to the answer's first byte, as the browser measured it; what the server itself says
// about its time goes before that.
function timeOf(answer, url, began) {
  const told = /dur=([\d.]+)/.exec(answer.headers.get('Server-Timing') ?? '');
  if (told) return { ms: Number(told[1]), source: 'server' };
  const entry = performance.getEntriesByName(new URL(url, location).href, 'resource').at(-1);
  if (entry && entry.responseStart > 0 && entry.startTime >= began - 1) {
    return { ms: entry.responseStart - entry.requestStart, source: 'round trip' };
  }
  return { ms: performance.now() - began, source: 'round trip' };
}

performance.setResourceTimingBufferSize(2000);
performance.addEventListener('resourcetimingbufferfull', () => performance.clearResourceTimings());

async function send(method, path, { body, token, key, version, accept, signal } = {}) {
  const headers = {};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (token) headers.Authorization = `Bearer ${token}`;
  if (key) headers['Idempotency-Key'] = key;
  if (version) headers['If-Match'] = `"v${version}"`;
  if (accept) headers.Accept = accept;
  const began = performance.now();
  let answer, text;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal, cache: 'no-store' });
    text = await answer.text();
  } catch (failed) {
    if (failed.name === 'AbortError') throw failed;
    throw new Problem({ title: 'No answer', detail: 'The server is out of reach, or it stopped in the middle.', status: 0 });
  }
  const isJson = /json/.test(answer.headers.get('Content-Type') ?? '');
  const data = isJson && text ? JSON.parse(text) : text;
  if (!answer.ok) throw new Problem(isJson ? data : { title: `Status ${answer.status}`, detail: 'Not an answer of this API.', status: answer.status });
  return {
    data, status: answer.status, time: timeOf(answer, path, began),
    isReplay: answer.headers.get('Idempotent-Replayed') === 'true', isDegraded: answer.headers.has('QTable-Degraded'),
  };
}

// One refresh for all who meet the expired token at the same time.
const refreshing = {};
export function refresh(side) {
  refreshing[side] ??= (async () => {
    const session = sessions.get(side);
    try {
      const { data } = await send('POST', sides[side].refresh, { body: { refresh_token: session?.refresh_token ?? '-' } });
      sessions.set(side, { ...session, access_token: data.access_token, refresh_token: data.refresh_token });
    } catch (problem) {
      if (problem.status) sessions.set(side, null);
      throw problem;
    } finally {
      delete refreshing[side];
    }
  })();
  return refreshing[side];
}

export async function ask(method, path, { as, ...more } = {}) {
  if (!as) return send(method, path, more);
  const session = sessions.get(as);
  if (!session) throw new Problem({ title: 'Not logged in', detail: 'Log in first.', status: 401 });
  try {
    return await send(method, path, { ...more, token: session.access_token });
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    if (sessions.get(as)?.access_token === session.access_token) await refresh(as);
    return send(method, path, { ...more, token: sessions.get(as)?.access_token });
  }
}

export async function logIn(side, email, password) {
  const { data } = await send('POST', sides[side].login, { body: { email, password } });
  sessions.set(side, data);
  return data;
}

export async function logOut(side) {
  const session = sessions.get(side);
  sessions.set(side, null);
  const path = side === 'staff' ? '/auth/logout' : '/customer/logout';
  await send('POST', path, { token: session?.access_token, body: {} }).catch(() => {});
}

// Every page of a list, as far as `most` items.
export async function all(path, options = {}, most = 1000) {
  const items = [];
  const times = [];
  let cursor;
  do {
    const { data, time } = await ask('GET', `${path}${path.includes('?') ? '&' : '?'}limit=100${cursor ? `&cursor=${cursor}` : ''}`, options);
    items.push(...data.items);
    times.push(time);
    cursor = data.next_cursor;
  } while (cursor && items.length < most);
  return { items, times };
}

export const newKey = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

let settings;
export const consoleSettings = () => (settings ??= send('GET', '/console/settings.json').then(({ data }) => data));
