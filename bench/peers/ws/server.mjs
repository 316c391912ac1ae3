// A fan-out on node's ws, as an application writes it: for each event, `send` to every open client. For each line on
// standard input it sends the messages of a file, one a line, in the order given; "done" is the answer.
// Usage: node server.mjs PORT MESSAGES [MESSAGES …]
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { WebSocket, WebSocketServer } from 'ws';

const [port, ...files] = process.argv.slice(2);
const messages = files.map((file) => readFileSync(file, 'utf8').split('\n').filter((line) => line !== ''));
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(port), perMessageDeflate: false, backlog: 4096 });

const tellAll = (message) => {
  // Once to bytes, not once a client.
  const bytes = Buffer.from(message);
  for (const client of server.clients) {
    if (client.readyState === WebSocket.OPEN) client.send(bytes, { binary: false });
  }
};

const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  for (const message of messages[Number(line)] ?? []) tellAll(message);
  console.log('done');
});
input.on('close', () => process.exit(0));
