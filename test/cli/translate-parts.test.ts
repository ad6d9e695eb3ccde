import test from 'ava';
import * as fc from 'fast-check';
import {needNotes} from '../../src/cli/translate/need-notes.ts';
import {notesTable} from '../../src/cli/translate/notes-table.ts';

const note = {path: 'containerDefinitions[0].image', level: 'approximated', reason: 'ImageTagNotPinned'} as const;
const answers = [
  {
    where: 'a.json',
    name: 'a',
    manifests: [],
    notes: [{...note, message: 'The tag is looked up each time a pod starts; ECS looks it up once.'}],
  },
  {
    where: 'b.json',
    manifests: [],
    notes: [
      {path: 'cpu', level: 'ignored', reason: 'X', message: 'short'},
      {path: '', level: 'refused', reason: 'Y', message: 'the whole'},
    ],
  },
] as const;

test('notes stand in columns that are aligned over all files, what is refused first', (t) => {
  t.is(
    notesTable(answers),
    `  PATH                           LEVEL         REASON             MESSAGE
a.json (a)
  containerDefinitions[0].image  approximated  ImageTagNotPinned  The tag is looked up each time a pod starts; ECS looks it up once.
b.json
  -                              refused       Y                  the whole
  cpu                            ignored       X                  short
`,
  );
});

test('in a terminal the messages are wrapped beside the columns, or below them where there is little room', (t) => {
  t.is(
    notesTable(answers.slice(0, 1), 110),
    `  PATH                           LEVEL         REASON             MESSAGE
a.json (a)
  containerDefinitions[0].image  approximated  ImageTagNotPinned  The tag is looked up each time a pod starts;
                                                                  ECS looks it up once.
`,
  );
  t.is(
    notesTable(answers.slice(0, 1), 60),
    `  PATH  LEVEL  REASON
      MESSAGE
a.json (a)
  containerDefinitions[0].image  approximated  ImageTagNotPinned
      The tag is looked up each time a pod starts; ECS looks
      it up once.
`,
  );
});

test('no word of a message is lost at any width', (t) => {
  const message = fc.array(fc.stringMatching(/^[a-z.]{1,30}$/), {minLength: 1, maxLength: 30}).map((words) => words.join(' '));
  fc.assert(
    fc.property(message, fc.integer({min: 20, max: 200}), (text, columns) => {
      const table = notesTable([{where: 'a', manifests: [], notes: [{...note, message: text}]}], columns);
      t.true(table.replace(/\s+/g, ' ').includes(text));
    }),
  );
});

test('nothing to say is no table', (t) => {
  t.is(notesTable([{where: 'a', name: 'a', manifests: [], notes: []}]), '');
});

test('what would be fetched from AWS is said for each value, with where it goes', (t) => {
  const path = 'containerDefinitions[0].secrets[0].valueFrom';
  const secretId = 'arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf';
  const notes = needNotes([
    {
      is: 'values',
      name: 'web-secrets',
      values: {
        A: {path, what: 'it', source: {is: 'SecretsManager', secretId, jsonKey: 'password', versionStage: 'AWSCURRENT'}},
        B: {path, what: 'it', source: {is: 'ParameterStore', name: '/shop/b'}},
      },
    },
    {is: 'files', name: 'web-env', files: [{path, what: 'it', source: {is: 'S3', bucket: 'b', key: 'prod.env', partition: 'aws'}}]},
    {is: 'registry', name: 'web-pull', host: 'ghcr.io', value: {path, what: 'it', source: {is: 'SecretsManager', secretId: 'ghcr'}}},
  ]);
  t.true(notes.every(({level}) => level === 'needed'));
  t.deepEqual(
    notes.map(({reason, message}) => `${reason}: ${message}`),
    [
      `FromSecretsManager: The operator fetches ${secretId} (its member password, stage AWSCURRENT) from Secrets Manager into the key A of the Secret web-secrets.`,
      'FromParameterStore: The operator fetches /shop/b from Parameter Store into the key B of the Secret web-secrets.',
      'FromS3: The operator fetches s3://b/prod.env into the Secret web-env, a key for each line NAME=VALUE.',
      'FromSecretsManager: The operator fetches ghcr from Secrets Manager into the pull secret web-pull for ghcr.io.',
    ],
  );
});
