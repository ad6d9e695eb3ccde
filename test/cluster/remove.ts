import {removeHome} from './home.ts';

/** `node remove.ts DIRECTORY`: stops the cluster in this directory and removes it. */
await removeHome(process.argv[2] ?? '');
