import test from 'ava';
import {commands} from '../../src/cli/commands.ts';
import {drayage} from './program.ts';

for (const argv of [[], ['help'], ['--help'], ['-h']]) {
  test(`drayage ${argv.join(' ')} lists every command`, async (t) => {
    const {code, out, err} = await drayage(argv);
    t.is(code, 0);
    t.is(err, '');
    for (const {name, summary} of commands) t.true(out.includes(`  ${name}`) && out.includes(summary), name);
  });
}

for (const {name} of commands) {
  test(`the usage of ${name} is one text, however it is asked for`, async (t) => {
    const {code, out, err} = await drayage(['help', name]);
    t.is(code, 0);
    t.is(err, '');
    t.true(out.startsWith(`Usage: drayage ${name} `));
    t.deepEqual(await drayage([name, '--help']), {code, out, err});
    t.deepEqual(await drayage([name, '--no-such-flag', '-h']), {code, out, err});
    const wide = out.split('\n').filter((line) => line.length > 120);
    t.deepEqual(wide, []);
  });

  test(`${name} with a flag that there is not is wrong usage`, async (t) => {
    const {code, out, err} = await drayage([name, '--no-such-flag']);
    t.is(code, 2);
    t.is(out, '');
    t.is(err, `drayage ${name}: Unknown option '--no-such-flag'\nRun 'drayage ${name} --help' for its flags.\n`);
  });
}

test('the version', async (t) => {
  for (const argv of [['version'], ['--version']]) t.deepEqual(await drayage(argv), {code: 0, out: 'drayage 1.2.3\n', err: ''});
});

test('a command that there is not is wrong usage', async (t) => {
  for (const argv of [['prune'], ['help', 'prune']]) {
    const {code, out, err} = await drayage(argv);
    t.is(code, 2);
    t.is(out, '');
    t.regex(err, /unknown command "prune"/);
  }
});

const wrong: readonly (readonly [argv: string, why: RegExp])[] = [
  ['operator --workers=many', /--workers: /],
  ['plan', /-f FILE is missing/],
  ['plan -f', /argument missing/],
  ['plan -f x -o table', /--output must be one of text, json, yaml, and is "table"/],
  ['plan -f x --no-cluster --context y', /contradicts/],
  ['plan x', /Unexpected argument 'x'/],
  ['import --kind Service', /these can: Registry, Repository/],
  ['import --external-id x', /needs --account-role/],
  ['import --namespace A/B', /no name of a namespace/],
  ['import --registry A_B', /no name of an object/],
  ['import --registry default --account-role arn:aws:iam::210987654321:role/x', /choose another name/],
];

for (const [argv, why] of wrong) {
  test(`drayage ${argv} is wrong usage`, async (t) => {
    const {code, out, err} = await drayage(argv.split(' '));
    t.is(code, 2);
    t.is(out, '');
    t.regex(err, why);
  });
}

test('what is aborted ends as shells expect of Ctrl-C', async (t) => {
  const environment = {AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_ENDPOINT_URL: 'http://127.0.0.1:9'};
  t.deepEqual(await drayage(['import'], {environment, signal: AbortSignal.abort()}), {code: 130, out: '', err: ''});
});

test('without credentials a person reads what a person can do', async (t) => {
  const {code, err} = await drayage(['import'], {environment: {AWS_REGION: 'us-east-1'}});
  t.is(code, 1);
  t.regex(err, /^drayage import: there are no AWS credentials: give --profile/);
  const region = await drayage(['import'], {environment: {AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b'}});
  t.is(region.code, 1);
  t.regex(region.err, /give --region/);
});
