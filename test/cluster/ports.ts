import {createServer, type Server} from 'node:net';

// Below the kernel's ephemeral ports and Kubernetes's node ports, so that neither an outgoing connection nor a Service takes one
// between the look and the use, nor while an API server is being restarted.
const [first, last] = [20_000, 29_999];

/** Loopback TCP ports that are free now, all different. Nothing holds them: whoever uses them must be ready for a clash. */
export async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  try {
    while (held.length < count) {
      const server = await listen(first + Math.floor(Math.random() * (last - first + 1)));
      if (server !== undefined) held.push(server);
    }
    return held.map((server) => (server.address() as {port: number}).port);
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
