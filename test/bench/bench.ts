import {parseArgs} from 'node:util';
import {measurePullSecrets} from './pull-secrets.ts';
import {measureRepositories} from './repositories.ts';
import type {Row} from './row.ts';

const usage = `Usage: node test/bench/bench.ts [flags]

What the operator costs, beside a baseline in the same run. Times depend on the machine and are for ratios only; calls do not.

  --only NAME        repositories or pull-secrets; default both, about six minutes
  --repositories N   objects in each round of the first (default 300)
  --namespaces N     namespaces of the second (default 5000)
  --cpu-profile DIR  write a profile of the operator there
`;

const {values} = parseArgs({
  options: {
    only: {type: 'string'},
    repositories: {type: 'string', default: '300'},
    namespaces: {type: 'string', default: '5000'},
    'cpu-profile': {type: 'string'},
    help: {type: 'boolean', default: false},
  },
});
const profile = values['cpu-profile'];
const started = Date.now();
const say = (text: string): void => console.error(`${((Date.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}`);

const benches: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  repositories: () => measureRepositories(Number(values.repositories)),
  'pull-secrets': () =>
    measurePullSecrets(Number(values.namespaces), {
      say,
      ...(profile !== undefined && {nodeFlags: ['--cpu-prof', `--cpu-prof-dir=${profile}`]}),
    }),
};

const chosen = values.only === undefined ? Object.keys(benches) : [values.only];
if (values.help || chosen.some((name) => benches[name] === undefined)) {
  console.log(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  const rows: Row[] = [];
  for (const name of chosen) {
    say(`measuring ${name}`);
    rows.push(...((await benches[name]?.()) ?? []));
  }
  console.table(rows);
}
