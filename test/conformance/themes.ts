import type {Theme} from './behaviour.ts';
import {environment} from './environment.ts';
import {exits} from './exits.ts';
import {ordering} from './ordering.ts';

/** The table, in the order of the page. */
export const themes: readonly Theme[] = [ordering, exits, environment];
