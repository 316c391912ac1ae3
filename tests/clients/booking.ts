// A booking by a client whose types come from the published document: it doesn't compile when the document says something else
// than this program needs, and doesn't run when the server answers something else than the document says.
import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

type Reservation = components['schemas']['Reservation'];

const [base, token, restaurant, date] = process.argv.slice(2);
if (!base || !token || !restaurant || !date) throw new Error('usage: booking BASE TOKEN RESTAURANT DATE');
const client = createClient<paths>({ baseUrl: base });
const headers = { Authorization: `Bearer ${token}` };

function good<T>(what: string, answer: { data?: T; error?: unknown; response: Response }, status: number): T {
  if (answer.response.status !== status || answer.data === undefined)
    throw new Error(`${what}: ${answer.response.status} ${JSON.stringify(answer.error)}`);
  return answer.data;
}

const near = good('search', await client.GET('/public/restaurants', { params: { query: { lat: 55.68, lon: 12.57, radius: 5 } } }), 200);
if (!('items' in near)) throw new Error('search: a list was asked for');
if (!near.items.some((each) => each.id === restaurant)) throw new Error('search: it is not there');

const day = good('availability', await client.GET('/public/restaurants/{restaurant_id}/availability', {
  params: { path: { restaurant_id: restaurant }, query: { date, party_size: 2 } },
}), 200);
if (!('slots' in day)) throw new Error('availability: one day was asked for');
const slot = day.slots.find((each) => each.is_available);
if (slot === undefined) throw new Error('availability: nothing is free');

const book = () => client.POST('/customer/reservations', {
  params: { header: { 'Idempotency-Key': 'generated client' } },
  headers,
  body: { restaurant_id: restaurant, date, time: slot.time, party_size: 2 },
});
const made: Reservation = good('booking', await book(), 201);
const again: Reservation = good('the same booking', await book(), 201);
if (again.id !== made.id || again.confirmation_code !== made.confirmation_code) throw new Error('a key is one request');

const refused = await client.POST('/customer/reservations', {
  headers,
  body: { restaurant_id: restaurant, date, time: slot.time, party_size: 2 },
});
if (refused.response.status !== 409 || refused.error?.code !== 'already_booked')
  throw new Error(`twice: ${refused.response.status} ${JSON.stringify(refused.error)}`);

const ended: Reservation = good('cancelling', await client.DELETE('/customer/reservations/{reservation_id}', {
  params: { path: { reservation_id: made.id } },
  headers,
}), 200);
console.log(`booked ${slot.time}, cancelled: ${ended.status}`);
