import type {Theme} from './behaviour.ts';
import {environment} from './environment.ts';
import {exits} from './exits.ts';
import {health} from './health.ts';
import {images} from './images.ts';
import {isolation} from './isolation.ts';
import {network} from './network.ts';
import {ordering} from './ordering.ts';
import {processes} from './process.ts';
import {resources} from './resources.ts';
import {secrets} from './secrets.ts';
import {security} from './security.ts';
import {services} from './services.ts';
import {stopping} from './stopping.ts';
import {tasks} from './tasks.ts';
import {volumes} from './volumes.ts';

/** The table, in the order of the page. */
export const themes: readonly Theme[] = [
  ordering,
  exits,
  health,
  stopping,
  processes,
  environment,
  secrets,
  security,
  resources,
  isolation,
  network,
  volumes,
  images,
  services,
  tasks,
];
