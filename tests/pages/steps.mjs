// The steps of the walk, in order; each throws at the first thing that is wrong.
import { check, SCHEMES, SIZES, until, Visitor } from './harness.mjs';

const OWNER = 'owner@demo.test', PLACE = 'The Test Galley';
const FAILED_LOAD = /Failed to load resource|WebSocket connection to .* failed/;

// A house of its own in the middle of the demo city, open day and night, so that the walk works at any hour.
export async function makeWorld(program) {
  const { items } = await program.api('GET', '/_dev/accounts');
  check(items[0].email === OWNER, 'the demo has an account');
  const { access_token: token } = await program.api('POST', '/auth/login', { body: items[0] });
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const place = await program.api('POST', '/restaurants', {
    token, status: 201, body: {
      name: PLACE, latitude: 56.85, longitude: 10.75, timezone: 'Europe/Copenhagen', is_public: true, cuisine_type: 'danish', price_range: '$$',
      address: 'Molen 1, Havnestad Gammelkaj', ...Object.fromEntries(days.map((day) => [`hours_${day}`, '00:00-24:00'])),
    },
  });
  const root = `/restaurants/${place.id}`, shapes = ['round', 'square', 'rectangle', 'bar'];
  await program.api('PATCH', `${root}/booking-rules`, { token, body: { slot_interval_minutes: 15, min_notice_minutes: 0, turn_times: [{ up_to_party: 100, minutes: 60 }] } });
  await program.api('POST', `${root}/tables/bulk`, {
    token, body: {
      tables: Array.from({ length: 12 }, (_, i) => ({
        label: `T${i + 1}`, capacity: [2, 4, 6, 2][i % 4], section: ['Window', 'Main', 'Main', 'Bar'][i % 4], x: 10 + 14 * (i % 4), y: 10 + 14 * Math.floor(i / 4), shape: shapes[i % 4],
      })),
    },
  });
  return { token, root, id: place.id };
}

const tableNamed = (page, label) => page.locator(`.plan .table[aria-label^="${label} "]`);

async function asStaff({ browser, program, world }, view, size = 'wide', scheme = 'light') {
  const staff = await Visitor.open(browser, program.base, size, scheme);
  await staff.context.addInitScript((id) => sessionStorage.setItem('qtable.house', id), world.id);
  await staff.goto('floor');
  await staff.logIn();
  if (view !== 'floor') await staff.goto(view);
  return staff;
}

async function asCustomer({ browser, program }, size = 'narrow', scheme = 'light') {
  const customer = await Visitor.open(browser, program.base, size, scheme);
  await customer.goto('customer');
  return customer;
}

// Find the house, be made a guest, and hold the first time that is left today.
async function holdFirst(customer) {
  const { page } = customer;
  await page.getByRole('searchbox', { name: 'Restaurant' }).fill(PLACE);
  await page.locator('.choices .line', { hasText: PLACE }).first().click();
  const guest = page.getByRole('button', { name: 'Make me a guest' });
  if (await guest.isVisible()) await guest.click();
  await page.waitForSelector('#customer-live.live');
  const first = page.locator('.times .slot:not(:disabled)').first();
  const time = (await first.textContent()).slice(0, 5);
  await first.click();
  await page.getByText('held for you').waitFor();
  return time;
}

const marks = (visitor) => visitor.page.evaluate(() => { globalThis.isSamePage = true; });
const isSame = (visitor) => visitor.page.evaluate(() => globalThis.isSamePage === true);

// ---- the steps

async function problems({ program, browser }) {
  const { components } = await program.api('GET', '/openapi.json');
  for (const each of components.schemas.ErrorCode.enum) {
    const page = await program.api('GET', `/problems/${each}`);
    for (const part of [each, 'What it means', 'Why it comes', 'What to do']) check(page.includes(part), `/problems/${each} says "${part}"`);
  }
  await program.api('GET', '/problems/no_such_code', { status: 404 });
  const refused = await program.api('GET', '/public/restaurants?lat=91&lon=0', { status: 422 });
  check((await program.api('GET', refused.type)).includes('Invalid input'), 'the type of a problem leads to its page');
  for (const size of Object.keys(SIZES)) {
    for (const scheme of SCHEMES) {
      const visitor = await Visitor.open(browser, program.base, size, scheme);
      for (const [name, path] of [['problems', '/problems'], ['problem', '/problems/slot_unavailable']]) {
        await visitor.page.goto(program.base + path);
        await visitor.judge(name);
      }
      await visitor.close();
    }
  }
}

// Swagger UI on our own document, an answer got through it, and our pages beside it. What is inside Swagger UI isn't ours to judge.
async function docs({ program, browser }) {
  const { channels } = await program.api('GET', '/asyncapi.json');
  const { paths } = await program.api('GET', '/openapi.json');
  for (const [size, scheme] of [['wide', 'light'], ['narrow', 'dark']]) {
    const visitor = await Visitor.open(browser, program.base, size, scheme);
    const { page } = visitor;
    await page.goto(`${program.base}/docs`);
    await page.waitForSelector('.swagger-ui .opblock');
    const shown = await page.locator('.swagger-ui .opblock').count();
    const wanted = Object.values(paths).flatMap((each) => Object.values(each)).filter((each) => each.operationId).length;
    check(shown === wanted, `${shown} of ${wanted} operations are shown`);
    await visitor.judge('docs', { isFull: false, notOurs: '#swagger-ui' });
    const version = page.locator('.opblock', { has: page.locator('[data-path="/version"]') });
    await version.locator('.opblock-summary-control').click();
    await version.getByRole('button', { name: 'Try it out' }).click();
    await version.getByRole('button', { name: 'Execute' }).click();
    await version.locator('.live-responses-table').getByText('"qtable"').waitFor();
    await visitor.judge('docs-tried', { isFull: false, notOurs: '#swagger-ui' });

    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await page.waitForSelector('#operations details');
    const told = await page.locator('#operations section').evaluateAll((all) => all.map((each) => [each.querySelector('code').textContent,
      [...each.querySelectorAll('summary code')].map((name) => name.textContent)]));
    const said = Object.values(channels).map((each) => [each.address, Object.keys(each.messages)]);
    check(JSON.stringify(told) === JSON.stringify(said), `the events are those of the document: ${JSON.stringify(told)}`);
    await visitor.judge('events');
    await page.goto(`${program.base}/docs/page.html`);
    await page.waitForSelector('#operations details');
    await visitor.judge('own-docs', { isFull: false });
    await visitor.close();
  }
}

async function files({ program }) {
  const page = await fetch(`${program.base}/console`);
  check(/default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'/.test(page.headers.get('Content-Security-Policy')), 'the policy is strict');
  const text = await page.text();
  for (const [, path] of text.matchAll(/(?:href|src)="(\/console\/[^"]+)"/g)) {
    const file = await fetch(program.base + path);
    check(file.status === 200 && /^text\/(css|javascript)/.test(file.headers.get('Content-Type')), path);
    const again = await fetch(program.base + path, { headers: { 'If-None-Match': file.headers.get('ETag') } });
    check(again.status === 304, `${path} is known by its tag`);
  }
  await program.api('GET', '/console/nothing.js', { status: 404 });
  await program.api('GET', '/_dev/nothing', { status: 404 });
}

async function keyboard({ browser, program }) {
  const visitor = await Visitor.open(browser, program.base);
  const { page } = visitor;
  await visitor.goto('city');
  await page.keyboard.press('Tab');
  check(await page.evaluate(() => document.activeElement.className) === 'skip', 'the first stop skips the navigation');
  await page.keyboard.press('Enter');
  check(await page.evaluate(() => document.activeElement.id) === 'view', 'it leads to the content');
  const stops = new Set();
  for (let i = 0; i < 30; i += 1) {
    await page.keyboard.press('Tab');
    stops.add(await page.evaluate(() => document.activeElement.tagName));
  }
  for (const tag of ['SELECT', 'INPUT', 'BUTTON', 'A']) check(stops.has(tag), `Tab reaches ${tag}`);
  await visitor.close();
}

async function city({ browser, program }) {
  const visitor = await Visitor.open(browser, program.base);
  const { page } = visitor;
  await page.addInitScript(() => {
    globalThis.shifted = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((each) => { if (!each.hadRecentInput) globalThis.shifted += each.value; })).observe({ type: 'layout-shift', buffered: true });
  });
  await visitor.goto('city');
  await page.waitForSelector('.place .slot');
  check(await page.locator('.place .name').first().textContent().then((text) => text.includes(PLACE)), 'the nearest stands first');
  check(/^[\d.]+ ms/.test(await page.locator('.took').textContent()), 'the time of the search is told');
  const dots = await page.locator('.dot').count();
  const told = (await page.locator('.legend b').allTextContents()).map(Number);
  check(dots > 300 && told.reduce((sum, each) => sum + each) === dots, `each of ${dots} restaurants has a dot, the legend counts ${told}`);
  check(await page.evaluate(() => globalThis.shifted) < 0.1, `the layout shifts by ${await page.evaluate(() => globalThis.shifted)}`);
  await page.getByLabel('Party').selectOption('9');
  await until(async () => Number(await page.locator('.legend b').last().textContent()) > told.at(-1), 'more are full for nine');
  await page.getByLabel('Within').selectOption('1');
  await until(async () => await page.locator('.dot').count() < dots, 'a smaller circle has fewer dots');
  await page.getByRole('checkbox').uncheck();
  await page.locator('.place .name').nth(1).click();
  await page.waitForSelector('.place.chosen .about');
  await page.getByLabel('Name').fill('no such name');
  await page.getByText('No restaurant in this circle').waitFor();
  await visitor.judge('city-empty', { isFull: false });
  await page.getByLabel('Name').fill('');
  await page.getByLabel('Party').selectOption('2');
  await page.locator('.place .slot').first().click();
  await page.waitForSelector('.phone .times');
  await visitor.close();
}

async function logInIsAsked({ browser, program }) {
  const visitor = await Visitor.open(browser, program.base);
  const { page } = visitor;
  for (const view of ['floor', 'events', 'ops', 'mail']) {
    await visitor.goto(view);
    await page.getByRole('heading', { name: 'Staff log-in' }).waitFor();
  }
  await visitor.tolerating(FAILED_LOAD, async () => {
    await page.getByLabel('E-mail').fill(OWNER);
    await page.getByLabel('Password').fill('not this one');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('Invalid credentials').waitFor();
  });
  await visitor.judge('login-refused', { isFull: false });
  await visitor.logIn();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Staff log-in' }).waitFor();
  await visitor.close();
}

// What a customer books on a phone is on the floor and among the events at once, without a reload; and the other way round.
async function bothSides(all) {
  const floor = await asStaff(all, 'floor');
  const events = await asStaff(all, 'events');
  const customer = await asCustomer(all);
  await marks(floor);
  await marks(events);
  const time = await holdFirst(customer);
  await customer.judge('customer-hold');
  await customer.page.getByRole('button', { name: 'Book it' }).click();
  await customer.page.locator('.visit .badge.confirmed').waitFor();
  await floor.page.locator(`.lane .bar[aria-label^="${time}"]`).waitFor();
  await events.page.locator('.event .type', { hasText: 'customer reservation received' }).first().waitFor();

  await customer.page.getByRole('button', { name: 'Send the same request again' }).click();
  await customer.page.getByText('the stored answer came again').waitFor();
  check(await floor.page.locator(`.lane .bar[aria-label^="${time}"]`).count() === 1, 'one key, one booking');

  // By keyboard: the reservation, its seat; then the customer's phone says so.
  await floor.page.locator(`.lane .bar[aria-label^="${time}"]`).focus();
  await floor.page.keyboard.press('Enter');
  await floor.page.locator('.panel').getByRole('button', { name: 'Seat', exact: true }).press('Enter');
  await customer.page.locator('.visit .badge.seated').waitFor();
  const taken = floor.page.locator('.plan .table.occupied');
  await taken.waitFor();
  const label = (await taken.getAttribute('aria-label')).split(' ')[0];
  await taken.focus();
  await floor.page.keyboard.press('Enter');
  await floor.judge('floor-table');
  await floor.page.locator('.panel').getByRole('button', { name: 'The party has left' }).click();
  await customer.page.locator('.visit .badge.completed').waitFor();
  await floor.page.locator('.plan .table.dirty').waitFor();
  await floor.page.locator('.panel').getByRole('button', { name: 'Clear', exact: true }).click();
  await until(async () => (await tableNamed(floor.page, label).getAttribute('class')).includes('available'), `${label} is clear`);
  check(await isSame(floor) && await isSame(events), 'nothing was loaded again');
  for (const each of [customer, floor, events]) await each.close();
}

async function service(all) {
  const floor = await asStaff(all, 'floor');
  const { page } = floor;
  const panel = page.locator('.panel');
  // Walk-in at a chosen table; the arrows lead from table to table.
  await tableNamed(page, 'T1').focus();
  await page.keyboard.press('ArrowRight');
  check((await page.evaluate(() => document.activeElement.getAttribute('aria-label'))).startsWith('T2 '), 'the arrow leads to the next table');
  await page.keyboard.press('Enter');
  await panel.getByRole('textbox', { name: 'Walk-in' }).fill('Grethe');
  await panel.getByRole('spinbutton', { name: 'Party' }).fill('3');
  await panel.getByRole('button', { name: 'Seat here' }).click();
  await page.locator('.plan .table.occupied[aria-label*="Grethe"]').waitFor();
  // Two that wait, with estimates.
  for (const name of ['Ivar', 'Jonna']) {
    await page.locator('.line-card').getByRole('textbox', { name: 'Name' }).fill(name);
    await page.getByRole('button', { name: 'Put in line' }).click();
    await page.locator('.guests .guest', { hasText: name }).waitFor();
  }
  check(/min|no estimate/.test(await page.locator('.guest .estimate').first().textContent()), 'the wait is estimated');
  await page.locator('.guests .guest', { hasText: 'Ivar' }).locator('.line').click();
  await panel.getByRole('button', { name: 'Table is ready' }).click();
  await page.locator('.guest .badge.notified').waitFor();
  // A booking that is moved, doesn't come, and comes after all.
  const customer = await asCustomer(all);
  const time = await holdFirst(customer);
  await customer.page.getByRole('button', { name: 'Book it' }).click();
  const bar = page.locator(`.lane .bar.confirmed[aria-label^="${time}"]`);
  await bar.click();
  await panel.getByRole('button', { name: 'Move' }).click();
  await tableNamed(page, 'T12').click();
  await page.getByRole('group', { name: 'Table T12' }).locator('.bar.confirmed').waitFor();
  await panel.getByRole('button', { name: 'No-show' }).click();
  await customer.page.locator('.visit .badge.no_show').waitFor();
  await page.getByRole('button', { name: 'They came after all' }).click();
  await customer.page.locator('.visit .badge.confirmed').waitFor();
  await customer.page.getByRole('button', { name: 'I am here' }).click();
  await panel.getByText('There since').waitFor();
  await customer.judge('customer-visits');
  await floor.judge('floor-service');
  await customer.close();
  await floor.close();
}

async function recovery(all) {
  const { program, world } = all;
  const events = await asStaff(all, 'events');
  const { page } = events;
  await page.getByRole('button', { name: 'Drop the connection' }).click();
  await page.locator('#link-state[data-state="dropped"]').waitFor();
  for (const name of ['Karla', 'Lauge', 'Mille']) {
    await program.api('POST', `${world.root}/guests`, { token: world.token, status: 201, body: { name, party_size: 2 } });
  }
  check(await page.locator('.event', { hasText: 'Mille' }).count() === 0, 'what happens meanwhile is missed');
  await page.getByRole('button', { name: /^Resume now/ }).click();
  await page.locator('.event.connection', { hasText: /[3-9] missed events came in order/ }).waitFor();
  for (const name of ['Karla', 'Lauge', 'Mille']) await page.locator('.event.missed', { hasText: name }).waitFor();
  const seqs = (await page.locator('.event:not(.connection) .seq').allTextContents()).map(Number);
  check(seqs.length > 5 && seqs.every((seq, i) => i === 0 || seq === seqs[i - 1] - 1), `no hole and no repeat: ${seqs}`);
  await page.getByRole('button', { name: 'Drop the connection' }).click();
  await page.locator('#link-state[data-state="dropped"]').waitFor();
  await events.judge('events-dropped', { isFull: false });
  await page.getByRole('button', { name: /^Resume now/ }).click();
  await page.locator('#link-state[data-state="live"]').waitFor();
  await page.getByLabel('Filter').fill('karla');
  await until(async () => (await page.locator('.event:not(.connection)').count()) === 1, 'the filter leaves one');
  await page.getByLabel('Filter').fill('');
  await page.getByLabel('Kind').selectOption('tables');
  await until(async () => (await page.locator('.event.guest').count()) === 0, 'only tables');

  // The server dies, and comes back: the page says so, and goes on by itself.
  await page.getByLabel('Kind').selectOption('all');
  await events.tolerating(FAILED_LOAD, async () => {
    await program.kill();
    await page.locator('#live.waiting').waitFor();
    await page.goto(`${program.base}/console#/floor`).catch(() => {});
    await page.locator('.banner', { hasText: 'Disconnected' }).waitFor();
    await events.judge('floor-disconnected', { isFull: false });
    await page.goto(`${program.base}/console#/city`).catch(() => {});
    await page.getByText('No answer').waitFor();
    await events.judge('city-error', { isFull: false });
    await program.dev();
    await page.locator('#live.live').waitFor({ timeout: 30_000 });
    await page.waitForTimeout(500);
  });
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.waitForSelector('.place .slot');
  await events.close();
}

// Every view in both sizes and schemes, with something in it.
async function views(all) {
  for (const size of Object.keys(SIZES)) {
    for (const scheme of SCHEMES) {
      const out = await Visitor.open(all.browser, all.program.base, size, scheme);
      await out.goto('floor');
      await out.page.getByRole('button', { name: /^Use owner/ }).waitFor();
      await out.judge('login', { isFull: false });
      await out.close();
      const staff = await asStaff(all, 'city', size, scheme);
      const { page } = staff;
      const ready = {
        city: '.place .slot', floor: '.plan .table', events: '.event', customer: '.phone .choices .line', ops: '.ops table', mail: '.letters .line',
      };
      for (const [view, sign] of Object.entries(ready)) {
        await staff.goto(view);
        await page.waitForSelector(sign);
        if (view === 'ops') await page.waitForFunction(() => document.querySelector('.spark polyline')?.points.length >= 4);
        if (view === 'customer' && size === 'wide') {
          await page.locator('.choices .line', { hasText: PLACE }).first().click();
          await page.waitForSelector('.times .slot');
        }
        await staff.judge(view, { isFull: size === 'narrow' });
      }
      if (scheme === 'light') {
        await page.route('**/public/restaurants?*', () => {});
        await staff.goto('events');
        await staff.goto('city');
        await page.waitForSelector('.places .skeleton');
        await staff.judge('city-loading', { isFull: false });
      }
      await staff.close();
    }
  }
}

async function production(all) {
  const { program, browser } = all;
  const off = await program.serve();
  for (const path of ['/console', '/console/main.js', '/console/settings.json', '/_dev/mails', '/_dev/accounts']) {
    check((await fetch(off.base + path)).status === 404, `${path} is not there in production`);
  }
  check((await fetch(`${off.base}/problems/past`)).status === 200, 'problems are told everywhere');
  await program.stop(off.running);
  const on = await program.serve('--console');
  check((await fetch(`${on.base}/_dev/mails`)).status === 404, 'letters are never shown in production');
  const visitor = await Visitor.open(browser, on.base);
  await visitor.goto('city');
  await visitor.page.waitForSelector('.place .slot');
  check(await visitor.page.locator('#views a').count() === 5, 'there is no Mail');
  await visitor.goto('floor');
  await visitor.page.getByRole('heading', { name: 'Staff log-in' }).waitFor();
  check(await visitor.page.getByRole('button', { name: /^Use / }).count() === 0, 'no account is offered');
  await visitor.close();
  await program.stop(on.running);
}

export const all = { problems, docs, files, keyboard, city, logInIsAsked, bothSides, service, recovery, views, production };
