import {readFileSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {Agent, request} from 'undici';
import test from 'ava';
import {parseAllDocuments} from 'yaml';
import type {KubeObject} from '../../src/schema/object.ts';
import {startCluster, type Cluster} from '../cluster/start.ts';

const folder = path.resolve(import.meta.dirname, '../translate');

let cluster: Cluster | undefined;

test.after.always(() => cluster?.stop());

test('the API server takes every Deployment of the golden translations, and knows all of their fields', async (t) => {
  cluster = await startCluster();
  const {server, adminToken, ca} = cluster;
  const agent = new Agent({connect: {ca}});
  const refused: string[] = [];
  let taken = 0;
  for (const {name} of readdirSync(folder, {withFileTypes: true}).filter((entry) => entry.isDirectory())) {
    const documents = parseAllDocuments(readFileSync(path.join(folder, name, 'manifests.yaml'), 'utf8'), {version: '1.1'});
    const manifests = documents
      .map((document) => document.toJS() as KubeObject | null)
      .filter((manifest) => manifest?.kind === 'Deployment');
    for (const manifest of manifests) {
      const answer = await request(`${server}/apis/apps/v1/namespaces/default/deployments?dryRun=All&fieldValidation=Strict`, {
        method: 'POST',
        dispatcher: agent,
        headers: {authorization: `Bearer ${adminToken}`, 'content-type': 'application/json'},
        body: JSON.stringify({...manifest, metadata: {...manifest?.metadata, namespace: 'default'}}),
      });
      const text = await answer.body.text();
      if (answer.statusCode === 201) taken += 1;
      else refused.push(`${name}: ${(JSON.parse(text) as {message: string}).message}`);
    }
  }
  await agent.close();
  t.log(`${taken} Deployments taken`);
  t.deepEqual(refused, []);
  t.true(taken > 5);
});
