import {existsSync} from 'node:fs';
import {mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {pythonBin} from './python.ts';

async function withEnv<T>(variables: Readonly<Record<string, string>>, run: () => Promise<T>): Promise<T> {
  const before = {...process.env};
  Object.assign(process.env, variables);
  try {
    return await run();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

test.serial('a Python that is too old or missing is named, with what to do, and leaves nothing half made', async (t) => {
  const cache = await mkdtemp(join(tmpdir(), 'drayage-python-'));
  for (const python of ['false', join(cache, 'no-such-python')]) {
    const message = new RegExp(`${python}.*Python 3.11 or newer is needed.*DRAYAGE_PYTHON`);
    await withEnv({DRAYAGE_CACHE: cache, DRAYAGE_PYTHON: python}, () => t.throwsAsync(pythonBin(), {message}));
  }
  t.deepEqual(await readdir(cache), []);
  await rm(cache, {recursive: true});
});

test.serial('what is installed is used again', async (t) => {
  const bin = await pythonBin();
  t.true(existsSync(join(bin, 'moto_server')));
  t.true(existsSync(join(bin, 'ministack')));
  const started = performance.now();
  t.is(await pythonBin(), bin);
  t.true(performance.now() - started < 1000);
});
