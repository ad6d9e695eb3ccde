import type {ServiceInput} from './ecs.ts';
import type {Report} from './note.ts';

interface Option {
  readonly field: string;
  /** With this value nothing is asked for, and nothing is to be said. */
  readonly off: unknown;
  readonly reason: string;
  readonly message: string;
}

const options: readonly Option[] = [
  {
    field: 'enableExecuteCommand',
    off: false,
    reason: 'ExecuteCommandIgnored',
    message: 'Whoever may create pods/exec in the namespace may use kubectl exec, with or without it; the API server writes the audit log.',
  },
  {
    field: 'enableECSManagedTags',
    off: false,
    reason: 'ManagedTagsIgnored',
    message: 'Pods have labels for the service, its deployment and the family instead.',
  },
];

/** Switches of a service that turn something on in ECS alone. */
export function reportOptions(service: ServiceInput, report: Report): void {
  for (const {field, off, reason, message} of options) {
    const value = service[field];
    if (value === undefined || value === off) continue;
    report({path: `service.${field}`, level: 'ignored', reason, message});
  }
}
