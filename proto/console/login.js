// Log-in forms over the API's own log-ins. Under `qtable dev` the demo's account is one press away.
import { ask, logIn, newKey } from './api.js';
import { button, failure, field, h, show } from './dom.js';

function form(title, lead, fields, submit, ...more) {
  const problem = h('div');
  const send = h('button', { class: 'button primary', type: 'submit' }, title);
  const made = h('form', {
    class: 'card login', novalidate: true, onsubmit: async (event) => {
      event.preventDefault();
      send.disabled = true;
      show(problem);
      try {
        await submit(new FormData(made));
      } catch (failed) {
        show(problem, failure(failed));
      }
      send.disabled = false;
    },
  }, lead, fields, problem, h('p', { class: 'row' }, send, more));
  return made;
}

const credentials = () => [
  field('E-mail', h('input', { name: 'email', type: 'email', autocomplete: 'username', required: true })),
  field('Password', h('input', { name: 'password', type: 'password', autocomplete: 'current-password', required: true })),
];

export function staffLogin(settings, view) {
  const demo = h('div', { class: 'demo' });
  const made = form('Log in', [h('h1', null, 'Staff log-in'), h('p', { class: 'muted' }, `${view} is for the staff of a restaurant.`)],
    credentials(), (given) => logIn('staff', given.get('email'), given.get('password')));
  if (settings.is_dev) {
    ask('GET', '/_dev/accounts').then(({ data }) => show(demo, data.items.map((each) => [
      h('p', { class: 'muted' }, `The demo's owner has every restaurant of Havnestad.`),
      button(`Use ${each.email}`, () => {
        made.elements.email.value = each.email;
        made.elements.password.value = each.password;
        made.requestSubmit();
      }, { kind: 'wide' })]))).catch(() => {});
  }
  return h('div', { class: 'narrow' }, made, demo);
}

const GIVEN = ['Ada', 'Bo', 'Chandra', 'Dora', 'Emil', 'Freja', 'Gro', 'Hugo'], FAMILY = ['Berg', 'Dahl', 'Friis', 'Holm', 'Lund', 'Ravn'];
const one = (list) => list[Math.floor(Math.random() * list.length)];

// An account of its own for who only wants to look: made over POST /customer/register as any other.
async function tryAsGuest() {
  const first = one(GIVEN), last = one(FAMILY);
  const email = `${first}.${last}.${newKey().slice(0, 8)}@guest.example`.toLowerCase(), password = newKey();
  await ask('POST', '/customer/register', { body: { email, password, first_name: first, last_name: last }, key: newKey() });
  await logIn('customer', email, password);
}

export function customerLogin() {
  const problem = h('div');
  return h('div', { class: 'note' }, h('p', null, 'Holding and booking need an account.'),
    button('Make me a guest', (event) => {
      event.target.disabled = true;
      tryAsGuest().catch((failed) => show(problem, failure(failed))).finally(() => { event.target.disabled = false; });
    }, { kind: 'primary', 'data-key': 'guest' }),
    h('details', null, h('summary', null, 'Log in with an account'), form('Log in', null, credentials(),
      (given) => logIn('customer', given.get('email'), given.get('password')))), problem);
}
