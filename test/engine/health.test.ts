import test, {type ExecutionContext} from 'ava';
import {Registry} from 'prom-client';
import {request} from 'undici';
import {type HealthOptions, type HealthServer, serveHealth} from '../../src/engine/health.ts';

async function ask(port: number, path: string, method: 'GET' | 'POST' | 'HEAD' = 'GET'): Promise<string> {
  const {statusCode, body} = await request(`http://127.0.0.1:${port}${path}`, {method});
  return `${statusCode} ${await body.text()}`.trim();
}

function options(rest: Partial<HealthOptions> = {}): HealthOptions {
  return {address: '127.0.0.1', port: 0, live: [{name: 'ping', check: () => undefined}], ready: [], registry: new Registry(), ...rest};
}

async function serve(t: ExecutionContext, given: HealthOptions): Promise<HealthServer> {
  const server = await serveHealth(given);
  t.teardown(() => server.close());
  return server;
}

test('answers ok, or names what is wrong', async (t) => {
  let wrong: string | undefined = 'not synced yet';
  const server = await serve(
    t,
    options({
      ready: [
        {name: 'caches', check: () => wrong},
        {name: 'certificate', check: () => undefined},
      ],
    }),
  );
  t.is(await ask(server.port, '/healthz'), '200 ok');
  t.is(await ask(server.port, '/readyz'), '500 [-]caches failed: not synced yet\n[+]certificate ok\nreadyz check failed');
  t.is(await ask(server.port, '/readyz/certificate'), '200 ok');
  wrong = undefined;
  t.is(await ask(server.port, '/readyz'), '200 ok');
  t.is(await ask(server.port, '/readyz?verbose'), '200 [+]caches ok\n[+]certificate ok\nreadyz check passed');
  t.is(await ask(server.port, '/readyz', 'HEAD'), '200');
});

test('a check that throws is a check that fails', async (t) => {
  const server = await serve(
    t,
    options({
      live: [
        {
          name: 'broken',
          check() {
            throw new Error('no idea');
          },
        },
      ],
    }),
  );
  t.is(await ask(server.port, '/healthz'), '500 [-]broken failed: no idea\nhealthz check failed');
});

test('nothing else is there, and nothing can be sent', async (t) => {
  const server = await serve(t, options());
  t.is(await ask(server.port, '/'), '404 not found');
  t.is(await ask(server.port, '/healthz/nothing'), '404 not found');
  t.is(await ask(server.port, '/healthz', 'POST'), '405 method not allowed');
});

test('a port that is taken is an error at the start', async (t) => {
  const server = await serve(t, options());
  await t.throwsAsync(serveHealth(options({port: server.port})), {code: 'EADDRINUSE'});
});
