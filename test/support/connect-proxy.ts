import {once} from 'node:events';
import {createServer} from 'node:http';
import {connect} from 'node:net';
import type {AddressInfo, Socket} from 'node:net';

/** An HTTP proxy on loopback that only knows CONNECT. */
export async function startProxy() {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (request, near, head) => {
    const target = request.url ?? '';
    targets.push(target);
    const [host = '', port] = target.split(':');
    const far = connect(Number(port), host, () => {
      near.write('HTTP/1.1 200 OK\r\n\r\n');
      far.write(head);
      near.pipe(far).pipe(near);
    });
    sockets.add(far);
    for (const each of [near, far]) each.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    targets,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
