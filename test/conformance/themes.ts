import type {Theme} from './behaviour.ts';
import {environment} from './environment.ts';
import {exits} from './exits.ts';
import {health} from './health.ts';
import {ordering} from './ordering.ts';
import {processes} from './process.ts';
import {security} from './security.ts';
import {stopping} from './stopping.ts';

/** The table, in the order of the page. */
export const themes: readonly Theme[] = [ordering, exits, health, stopping, processes, environment, security];
