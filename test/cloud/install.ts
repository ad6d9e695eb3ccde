import {pythonBin} from './python.ts';

/** Prepares the AWS stand-ins ahead of the first test: `node test/cloud/install.ts`. */
await pythonBin();
