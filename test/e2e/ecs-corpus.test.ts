import {existsSync} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {Agent, request} from 'undici';
import test from 'ava';
import {translate} from '../../src/translate/translate.ts';
import {startCluster, type Cluster} from '../cluster/start.ts';
import {collectionOf} from '../support/server-side-apply.ts';

const corpus = process.env['DRAYAGE_CORPUS'] ?? path.resolve(import.meta.dirname, '../../../shared/corpus');
const folder = path.join(corpus, 'task-definitions');
const reason = existsSync(folder) ? undefined : `no ${folder}; set DRAYAGE_CORPUS to a folder that has task-definitions/*.json`;
const run = reason === undefined ? test : test.skip;

let cluster: Cluster | undefined;

test.after.always(() => cluster?.stop());

run(`the API server takes what every real task definition becomes${reason === undefined ? '' : ` (skipped: ${reason})`}`, async (t) => {
  cluster = await startCluster();
  const agent = new Agent({connections: 8, connect: {ca: cluster.ca}});
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  const started = performance.now();
  const refused: string[] = [];
  const warned: string[] = [];
  let taken = 0;
  let untranslated = 0;
  const left = [...files];
  const worker = async (server: string, token: string): Promise<void> => {
    for (let file = left.pop(); file !== undefined; file = left.pop()) {
      const json = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as unknown;
      const {manifests} = translate(json, {desiredCount: 2}, {name: 'web', namespace: 'default', revision: 1});
      if (manifests.length === 0) untranslated += 1;
      for (const manifest of manifests) {
        const url = `${server}${collectionOf(manifest)}?dryRun=All&fieldValidation=Strict`;
        const answer = await request(url, {
          method: 'POST',
          dispatcher: agent,
          headers: {authorization: `Bearer ${token}`, 'content-type': 'application/json'},
          body: JSON.stringify(manifest),
        });
        const text = await answer.body.text();
        const warning = answer.headers['warning'];
        if (answer.statusCode === 201) taken += 1;
        else refused.push(`${file}: ${(JSON.parse(text) as {message: string}).message}`);
        if (warning !== undefined) warned.push(`${file}: ${String(warning)}`);
      }
    }
  };
  const {server, adminToken} = cluster;
  await Promise.all(Array.from({length: 8}, () => worker(server, adminToken)));
  await agent.close();
  t.log(`${files.length} files: ${taken} objects taken, ${untranslated} not translated, in ${Math.round(performance.now() - started)} ms`);
  for (const warning of warned.slice(0, 20)) t.log(warning);
  t.deepEqual(refused, []);
  t.deepEqual(warned, []);
  t.true(taken > files.length / 4, `only ${taken} of ${files.length} were translated`);
});
