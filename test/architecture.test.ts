import {globSync, readFileSync} from 'node:fs';
import test from 'ava';
import {violations} from './architecture/check.ts';

const files = globSync('src/**/*', {withFileTypes: true})
  .filter((entry) => entry.isFile())
  .map((entry) => `${entry.parentPath}/${entry.name}`.replace(/^.*?src\//, ''));

test('every file of src/ keeps the rule of its room', (t) => {
  t.true(files.length > 20, `only ${files.length} files were found: is the test looking in the right place?`);
  t.deepEqual(
    files.flatMap((path) => violations(path, readFileSync(`src/${path}`, 'utf8'))),
    [],
  );
});

test('files are short: half of them have at most 100 lines', (t) => {
  const lines = files.map((path) => readFileSync(`src/${path}`, 'utf8').split('\n').length).toSorted((a, b) => a - b);
  const median = lines[Math.floor(lines.length / 2)] ?? 0;
  t.true(median <= 100, `the median is ${median}`);
});

const plan = 'kinds/lighthouse/plan.ts';

// The checker itself: what it must catch.
const caught: Readonly<Record<string, readonly [path: string, source: string, why: RegExp]>> = {
  'a kind that imports another kind': [plan, "import {x} from '../repository/plan.ts';", /imports kinds\/repository\/plan\.ts/],
  'even its types': [plan, "import type {X} from '../repository/schema.ts';", /imports kinds\/repository\/schema\.ts \(types\)/],
  'a plan that opens a door': [plan, "import {Ecr} from '../../aws/ecr.ts';", /imports aws\/ecr\.ts/],
  'a plan that calls what applies': [plan, "import {apply} from './apply.ts';", /imports kinds\/lighthouse\/apply\.ts/],
  'a plan that exports from a door': [plan, "export {Ecr} from '../../aws/ecr.ts';", /imports aws\/ecr\.ts/],
  'an import over several lines': [plan, "import {\n  a,\n  b as c,\n} from '../../kube/client.ts';", /imports kube\/client\.ts/],
  'a dynamic import': [plan, "const a = await import('../../kube/client.ts');", /imports kube\/client\.ts/],
  'an import for its effect': ['schema/a.ts', "import '../engine/log.ts';", /imports engine\/log\.ts/],
  'a package in a pure room': ['schema/a.ts', "import {readFile} from 'node:fs/promises';", /the package node:fs\/promises/],
  'the SDK outside its door': ['engine/a.ts', "import {ECRClient} from '@aws-sdk/client-ecr';", /the package @aws-sdk\/client-ecr/],
  'the engine that knows a kind': ['engine/a.ts', "import {kinds} from '../kinds/registry.ts';", /imports kinds\/registry\.ts/],
  'a door that knows the engine': ['kube/a.ts', "import {Workqueue} from '../engine/workqueue.ts';", /imports engine\/workqueue\.ts/],
  'one door that opens another': ['kube/a.ts', "import {Ecr} from '../aws/ecr.ts';", /imports aws\/ecr\.ts/],
  'the contract with more than types of a door': ['kinds/doors.ts', "import {Aws} from '../aws/aws.ts';", /imports aws\/aws\.ts/],
  'a file of no room': ['stray/a.ts', '', /no room/],
  'a name in capitals': ['schema/LabelSelector.ts', '', /kebab-case/],
  'a name that says nothing': ['schema/string-utils.ts', '', /named for nothing/],
  'a file that is too long': ['schema/a.ts', 'a;\n'.repeat(301), /has 301 lines/],
  'the clock': ['schema/a.ts', 'const now = Date.now();', /names Date\.now/],
  'the clock by construction': ['schema/a.ts', 'const now = new Date();', /names new Date\(\)/],
  'the clock without brackets': ['schema/a.ts', 'const now = new Date;', /names new Date\(\)/],
  chance: [plan, 'const id = Math.random();', /names Math\.random/],
  'chance of another sort': [plan, 'const id = randomUUID();', /names randomness/],
  'the process': [plan, "const region = process.env['AWS_REGION'];", /names process/],
  'a door that reads the environment': ['aws/a.ts', "const region = process.env['AWS_REGION'];", /names process/],
  'the network': ['translate/a.ts', "void fetch('http://x');", /names fetch/],
  'a timer': [plan, 'setTimeout(run, 3);', /names timers/],
};

for (const [name, [path, source, why]] of Object.entries(caught)) {
  test(`the checker catches ${name}`, (t) => {
    t.regex(violations(path, source).join('\n'), why);
  });
}

// … and what it must let pass.
const fine: Readonly<Record<string, readonly [path: string, source: string]>> = {
  'a plan that reads its own schema and the contract': [
    plan,
    "import type {Plan} from '../kind.ts';\nimport {Spec} from './schema.ts';\nimport type {Ecr} from '../../aws/ecr.ts';\nimport type {Observed} from './observe.ts';",
  ],
  'an apply that opens doors': ['kinds/lighthouse/apply.ts', "import {KubeError} from '../../kube/errors.ts';\nsetTimeout(run, 1);"],
  'a date of an argument': [plan, 'const at = new Date(now.getTime() + 1000);'],
  'words in comments and strings': [
    plan,
    "// Date.now() is not for us\n/* import {x} from '../repository/plan.ts' */\nconst why = 'process';",
  ],
  'members and fields of those names': [plan, 'const a = {process: 1};\nconst b = a.process;\nvoid door.fetch(b);'],
  'main, which reads the environment': ['main.ts', "const region = process.env['AWS_REGION'];"],
  'a file of 300 lines': ['schema/a.ts', 'a;\n'.repeat(300)],
};

for (const [name, [path, source]] of Object.entries(fine)) {
  test(`the checker lets pass ${name}`, (t) => {
    t.deepEqual(violations(path, source), []);
  });
}
