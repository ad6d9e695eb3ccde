import test from 'ava';
import {walksCheck, watchesCheck} from '../../src/engine/checks.ts';

test('a walk that hangs for a quarter of an hour is reason for a new process', (t) => {
  let longestSeconds = 900;
  const {check} = walksCheck(() => [{name: 'repository', longestSeconds}]);
  t.is(check(), undefined);
  longestSeconds = 901;
  t.is(check(), 'a repository has been in hand for 901 seconds');
});

test('a source that fell silent is, but only while others are heard', (t) => {
  const ages: Record<string, number | undefined> = {a: 30, b: 299, c: undefined};
  const {check} = watchesCheck(() =>
    Object.entries(ages).map(([source, age]) => ({source, ...(age !== undefined && {contactAgeSeconds: age})})),
  );
  t.is(check(), undefined);
  ages['b'] = 301;
  t.is(check(), 'the API server has not been heard of for b in 301 seconds');
  ages['a'] = 310;
  t.is(check(), undefined);
});
