import {clusterPullSecret} from './cluster-pull-secret/index.ts';
import type {Kind} from './kind.ts';
import {service} from './service/index.ts';
import {taskDefinition} from './task-definition/index.ts';

/** Every kind that the operator keeps: one line each. */
export const kinds: readonly Kind[] = [clusterPullSecret, taskDefinition, service];
