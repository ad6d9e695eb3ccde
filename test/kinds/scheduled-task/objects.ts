import {plan} from '../../../src/kinds/scheduled-task/plan.ts';
import type {ScheduledTaskSpec, ScheduledTaskStatus} from '../../../src/kinds/scheduled-task/schema.ts';
import {status} from '../../../src/kinds/scheduled-task/status.ts';
import type {Outcome} from '../../../src/kinds/outcome.ts';
import type {KubeObject, Resource} from '../../../src/schema/object.ts';

export const created = '2026-11-24T12:00:00Z';

export function scheduledTask(spec: Partial<ScheduledTaskSpec> = {}, given?: ScheduledTaskStatus): Resource<ScheduledTaskSpec> {
  return {
    apiVersion: 'ecs.drayage.dev/v1alpha1',
    kind: 'ScheduledTask',
    metadata: {name: 'nightly', namespace: 'ns', uid: 'uid-1', creationTimestamp: created},
    spec: {
      scheduleExpression: 'cron(0 3 * * ? *)',
      scheduleExpressionTimezone: 'UTC',
      state: 'ENABLED',
      target: {taskDefinition: 'report'},
      successfulTasksHistoryLimit: 3,
      failedTasksHistoryLimit: 1,
      ...spec,
    },
    ...(given === undefined ? {} : {status: given}),
  };
}

/** A schedule, its Tasks and its status, walked as the engine walks them, with a clock that stands still in between. */
export class World {
  readonly tasks = new Map<string, KubeObject>();
  readonly made: string[] = [];
  status: ScheduledTaskStatus | undefined;
  spec: Partial<ScheduledTaskSpec>;

  constructor(spec: Partial<ScheduledTaskSpec>) {
    this.spec = spec;
  }

  get resource(): Resource<ScheduledTaskSpec> {
    return scheduledTask(this.spec, this.status);
  }

  /** One walk. With `dies` the process ends before it has written the status. */
  walk(now: Date, dies = false): Outcome {
    for (let round = 0; round < 3; round += 1) {
      const {steps, then} = plan(this.resource, {tasks: [...this.tasks.values()]}, now);
      for (const step of steps) this.#apply(step.is, step.task);
      if (steps.length > 0) continue;
      if (!dies) this.status = status(this.resource, {tasks: [...this.tasks.values()]}, then, now).fields;
      return then;
    }
    throw new Error('does not converge');
  }

  end(name: string, succeeded: boolean): void {
    const task = this.tasks.get(name);
    if (task === undefined) throw new Error(`no ${name}`);
    const conditions = [{type: 'Succeeded', status: succeeded ? 'True' : 'False'}];
    this.tasks.set(name, {...task, status: {lastStatus: 'STOPPED', createdAt: created, conditions}});
  }

  #apply(is: 'create' | 'delete', task: KubeObject): void {
    const {name} = task.metadata;
    if (is === 'delete') this.tasks.delete(name);
    else if (!this.tasks.has(name)) {
      this.tasks.set(name, task);
      this.made.push(String(task.metadata.annotations?.['ecs.drayage.dev/scheduled-at']));
    }
  }
}
