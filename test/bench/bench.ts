import {parseArgs} from 'node:util';
import {measureRepositories} from './repositories.ts';

/**
 * `make bench`: what the operator costs, beside a baseline in the same run. Times depend on the machine and are for ratios only;
 * calls do not.
 */
const {values} = parseArgs({options: {repositories: {type: 'string', default: '300'}}});
const rows = await measureRepositories(Number(values.repositories));
console.table(rows);
