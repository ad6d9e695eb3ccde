import {buildAll} from './tools.ts';

/** `node test/cluster/build.ts [set…]`: builds what is missing in the cache folder. */
const names = process.argv.slice(2);
await buildAll(names.length > 0 ? names : undefined);
