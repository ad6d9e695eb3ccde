import test from 'ava';
import * as fc from 'fast-check';
import {attach, attachedBy, detach, type Attachments} from '../../../src/kinds/pull-secret/image-pull-secrets.ts';

const none: Attachments = {imagePullSecrets: []};

test('our entry is put behind those of others, and taken out again', (t) => {
  const before: Attachments = {imagePullSecrets: [{name: 'docker-hub'}]};
  const attached = attach(before, 'team', 'ecr-pull');
  t.deepEqual(attached.imagePullSecrets, [{name: 'docker-hub'}, {name: 'ecr-pull'}]);
  t.is(attachedBy('team', attached.annotation), 'ecr-pull');
  t.deepEqual(detach(attached, 'team'), {...before, annotation: undefined});
});

test('an entry that a user wrote stays when we go', (t) => {
  const before: Attachments = {imagePullSecrets: [{name: 'ecr-pull'}]};
  const attached = attach(before, 'team', 'ecr-pull');
  t.deepEqual(attached, {...before, annotation: undefined});
  t.deepEqual(detach(attached, 'team').imagePullSecrets, before.imagePullSecrets);
});

test('another secret name takes the place of the old one in one write', (t) => {
  const renamed = attach(attach(none, 'team', 'old'), 'team', 'new');
  t.deepEqual(renamed, {imagePullSecrets: [{name: 'new'}], annotation: 'team=new'});
});

test('an entry that two ClusterPullSecrets attached stays until both are gone', (t) => {
  const both = attach({...none, annotation: 'other=ecr-pull', imagePullSecrets: [{name: 'ecr-pull'}]}, 'team', 'ecr-pull');
  const one = detach(both, 'other');
  t.deepEqual(one, {annotation: 'team=ecr-pull', imagePullSecrets: [{name: 'ecr-pull'}]});
  t.deepEqual(detach(one, 'team').imagePullSecrets, []);
});

test('an entry that someone removed is put back', (t) => {
  const attached = attach({...none, annotation: 'team=ecr-pull'}, 'team', 'ecr-pull');
  t.deepEqual(attached.imagePullSecrets, [{name: 'ecr-pull'}]);
});

test('whatever several owners do, entries of others keep their place and order', (t) => {
  const foreign = ['docker-hub', 'quay', 'ghcr'];
  const act = fc.record({
    owner: fc.constantFrom('a', 'b', 'c'),
    secret: fc.constantFrom('ecr-pull', 'ecr-2', undefined),
  });
  fc.assert(
    fc.property(fc.shuffledSubarray(foreign), fc.array(act, {maxLength: 12}), (theirs, acts) => {
      let now: Attachments = {imagePullSecrets: theirs.map((name) => ({name}))};
      for (const {owner, secret} of acts) {
        now = secret === undefined ? detach(now, owner) : attach(now, owner, secret);
        if (secret !== undefined) t.true(now.imagePullSecrets.some(({name}) => name === secret));
      }
      t.deepEqual(
        now.imagePullSecrets.map(({name}) => name).filter((name) => foreign.includes(name)),
        theirs,
      );
      for (const owner of ['a', 'b', 'c']) now = detach(now, owner);
      t.deepEqual(
        now.imagePullSecrets.map(({name}) => name),
        theirs,
      );
      t.is(now.annotation, undefined);
    }),
  );
});
