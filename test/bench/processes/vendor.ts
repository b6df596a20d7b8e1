/** A vendor in a process of its own that answers 200 at once, and counts the inputs that callers say they sent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let inputCount = 0;

const server = createServer((incoming, outgoing) => {
  if (incoming.method === 'GET') {
    outgoing.end(String(inputCount));
    return;
  }
  incoming.on('end', () => {
    inputCount += Number(incoming.headers['x-inputs'] ?? 0);
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': 2 }).end('{}');
  });
  incoming.resume();
});

process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` });
});
