import test from 'ava';
import type {RecordedPull} from '../../cloud/gateway/pulls.ts';
import {judge, type Held} from './judge.ts';

const at = (seconds: number): string => new Date(seconds * 1000).toISOString();
const tokens = [
  {fingerprint: 'one', issuedAt: at(0), expiresAt: at(60)},
  {fingerprint: 'two', issuedAt: at(100), expiresAt: at(160)},
  {fingerprint: 'lost', issuedAt: at(0), expiresAt: at(1000)},
];
const held = (namespace: string, fingerprint: string, from: number): Held => ({namespace, fingerprint, from: from * 1000});
const both = [held('a', 'one', 1), held('b', 'one', 1), held('a', 'two', 101)];

function pull(namespace: string, time: number, token: RecordedPull['token'], fingerprint?: string, status = 200): RecordedPull {
  const shown = fingerprint === undefined ? {} : {fingerprint};
  return {time: at(time), method: 'HEAD', kind: 'manifests', repositoryName: `soak/${namespace}`, status, token, ...shown};
}

const namespaceOf = (name: string) => /^soak\/(.+)$/.exec(name)?.[1];
const refused = (namespace: string, time: number) => pull(namespace, time, 'expired', 'one', 403);
const none = (namespace: string, time: number) => pull(namespace, time, 'none', undefined, 401);
const shows = (time: number) => pull('a', time, 'valid', 'one');

const failures = [30, 40, 50].flatMap((time) => ['a', 'new'].map((namespace) => ({namespace, time: (time + 2) * 1000})));

function judged(...pulls: readonly RecordedPull[]): ReturnType<typeof judge> {
  return judge({pulls, tokens, held: both, failures, namespaceOf, grace: 2000});
}

test('a refusal is told by where a valid token was at that moment', (t) => {
  const {refusals, asked} = judged(refused('a', 70), refused('a', 102), refused('a', 110), refused('b', 110), refused('a', 161));
  t.is(asked, 5);
  t.deepEqual(
    refusals.map(({validToken}) => validToken),
    ['nowhere', 'nowhere', 'here', 'elsewhere', 'nowhere'],
    'a token that no Secret ever held counts for nothing, and one that is just being written not yet',
  );
});

test('a pull that never shows a token is told from one that is asked to', (t) => {
  t.deepEqual(judged(none('a', 30), shows(30.01)).refusals, []);
  t.deepEqual(judged(none('a', 30), none('a', 30.01), shows(30.02), shows(30.03)).refusals, [], 'two at once');
  t.deepEqual(judged(none('b', 30)).refusals, [], 'no pull has failed: it was asked again later');
  const {refusals} = judged(none('a', 30), none('a', 30.01), none('new', 40), none('new', 50), shows(50.1));
  t.deepEqual(
    refusals.map((one) => [one.namespace, one.time / 1000, one.token, one.validToken]),
    [
      ['a', 30, 'none', 'here'],
      ['new', 40, 'none', 'not yet here'],
      ['new', 50, 'none', 'not yet here'],
    ],
    'the mirror and its server are one pull',
  );
});

test('a valid token that gets no answer is strange, and requests of others do not count', (t) => {
  const broken = pull('a', 30, 'valid', 'one', 502);
  const other = {...broken, repositoryName: 'other'};
  const verdict = judged(broken, other, pull('a', 31, 'valid', 'one'));
  t.deepEqual(verdict.strange, [broken]);
  t.is(verdict.asked, 2);
});

test('how old a copy the kubelet showed counts from the next token of the same namespace', (t) => {
  t.is(judged(pull('a', 50, 'valid', 'one'), pull('b', 150, 'expired', 'one', 403)).stalest, 0);
  t.is(judged(pull('a', 101.5, 'expired', 'one', 403), pull('a', 120, 'valid', 'two')).stalest, 500);
});

test('an answer that takes seconds is one, and a question that nobody asks again is not moved to where a pod has failed', (t) => {
  t.deepEqual(judged(none('a', 30), none('a', 31), shows(31.1), shows(33.5)).refusals, [], 'the first is slow');
  t.deepEqual(judged(none('a', 21), none('a', 25), shows(25.1), none('a', 29), shows(29.1), none('a', 31), shows(31.1)).refusals, []);
});
