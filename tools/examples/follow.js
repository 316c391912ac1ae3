// Follows a stream of QTable in a browser and goes on after every interruption without a hole.
//
//   import { follow } from './follow.js';
//   const stop = follow('wss://api.example/ws/restaurants/ID', { token, onMessage, onResync, onState });
//
// `onMessage(message)`: each event once, in order. `onResync()`: more was missed than can be told; read everything again
// by HTTP. `onState('open' | 'lost' | 'ended')`. Returns a function that ends it.

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const FINAL = new Set([4401, 1008]);  // the token is over; the server won't have us

export function follow(url, { token, onMessage, onResync = () => {}, onState = () => {} }) {
  let socket;
  let place = null;  // { epoch, seq } of the last message
  let pauseMs = FIRST_PAUSE_MS;
  let timer;
  let isEnded = false;

  function connect() {
    const target = new URL(url);
    if (place) {
      target.searchParams.set('epoch', place.epoch);
      target.searchParams.set('since_seq', place.seq);
    }
    // A browser can't set headers on a WebSocket: the token comes as a subprotocol.
    socket = new WebSocket(target, token ? ['qtable.v1', `bearer.${token}`] : []);
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.epoch !== undefined && message.seq !== undefined) place = { epoch: message.epoch, seq: message.seq };
      if (message.type === 'hello') {
        pauseMs = FIRST_PAUSE_MS;
        onState('open');
      } else if (message.type === 'going_away') {
        // The server is about to stop: the close follows, and we connect again.
      } else if (message.type === 'resync_required') {
        onResync();
      } else {
        onMessage(message);
      }
    };
    socket.onclose = ({ code }) => {
      if (isEnded || FINAL.has(code)) return onState('ended');
      onState('lost');
      // Not all of them at the same moment after a restart.
      timer = setTimeout(connect, pauseMs * (0.5 + Math.random()));
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      return undefined;
    };
  }

  connect();
  return () => {
    isEnded = true;
    clearTimeout(timer);
    socket.close(1000);
  };
}
