import {buildAll} from './cluster/tools.ts';
import {installNode} from './cluster/install-node.ts';
import {pythonBin} from './cloud/python.ts';

/** `make setup`: what the tests and the demo need and the machine lacks. Quick where it is all there. */
await installNode();
await pythonBin();
await buildAll();
