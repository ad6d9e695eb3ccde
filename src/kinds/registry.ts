import {clusterPullSecret, pullSecret} from './pull-secret/index.ts';
import {cluster} from './cluster/index.ts';
import {registry} from './ecr-registry/index.ts';
import type {Kind} from './kind.ts';
import {pullThroughCache} from './pull-through-cache/index.ts';
import {publicRepository} from './public-repository/index.ts';
import {replicationBackfill} from './replication-backfill/index.ts';
import {repository} from './repository/index.ts';
import {repositoryTemplate} from './repository-template/index.ts';
import {scheduledTask} from './scheduled-task/index.ts';
import {service} from './service/index.ts';
import {task} from './task/index.ts';
import {taskDefinition} from './task-definition/index.ts';

/** Every kind that the operator keeps: one line each. */
export const kinds: readonly Kind[] = [
  registry,
  repository,
  repositoryTemplate,
  pullThroughCache,
  publicRepository,
  replicationBackfill,
  clusterPullSecret,
  pullSecret,
  cluster,
  taskDefinition,
  service,
  task,
  scheduledTask,
];
