/** One port before several copies of a server: each connection goes to the next copy. node balance.mjs PORT COPY... */
import { connect, createServer } from 'node:net';
import { argv } from 'node:process';

const [port, ...copies] = argv.slice(2).map(Number);
let next = 0;
createServer((client) => {
  const server = connect(copies[next++ % copies.length], '127.0.0.1');
  client.pipe(server).pipe(client);
  client.once('error', () => server.destroy());
  server.once('error', () => client.destroy());
}).listen(port, '127.0.0.1');
