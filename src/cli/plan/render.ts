import {yamlText} from '../../generate/text.ts';
import {plural} from '../plural.ts';
import type {ObjectPlan} from './object-plan.ts';
import {type Report, standing, type Summary, summarize} from './summary.ts';

/** For a person: what is to be done or to be known, and at the end the sum. Objects that are as they should be are only counted. */
export function asText(report: Report): string {
  const {plans, faults, notes} = report;
  const blocks = [
    ...faults.map(({where, message}) => `! ${where}: ${message}\n`),
    ...plans.filter((plan) => plan.steps.length > 0 || standing(plan) === 'needsPerson' || standing(plan) === 'failed').map(block),
    ...plans.filter((plan) => plan.steps.length === 0 && plan.then?.is === 'waiting').map(block),
    ...localBlock(plans),
    ...notes.map((note) => `Note: ${note}\n`),
  ];
  return `${blocks.map((text) => `${text}\n`).join('')}${sumText(summarize(report))}\n`;
}

function block(plan: ObjectPlan): string {
  const {kind, namespace, name, where, steps, then} = plan;
  const width = Math.max(0, ...steps.map(({call}) => call.length));
  const lines = [
    `${kind} ${namespace === undefined ? name : `${namespace}/${name}`} (${where})`,
    ...steps.map(({call, why}) => `  ${signOf(call)} ${call.padEnd(width)}  ${why}`),
  ];
  if (then?.is === 'waiting') lines.push(`  … ${then.reason}: ${then.message}; what follows is known only then`);
  if (then?.is === 'stalled' || then?.is === 'failed') lines.push(`  ! ${then.reason}: ${then.message}`);
  return `${lines.join('\n')}\n`;
}

/** As in a diff: something comes, goes, or changes. */
export function signOf(call: string): '+' | '-' | '~' {
  if (/^(?:Create|Register|Start)/.test(call)) return '+';
  return /^(?:Delete|Deregister|BatchDelete)/.test(call) ? '-' : '~';
}

function localBlock(plans: readonly ObjectPlan[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const plan of plans) if (standing(plan) === 'local') counts.set(plan.kind, (counts.get(plan.kind) ?? 0) + 1);
  if (counts.size === 0) return [];
  const all = [...counts].map(([kind, count]) => plural(count, kind)).join(', ');
  return [`Only in the cluster, nothing to set in AWS: ${all}\n`];
}

function sumText({calls, changed, inSync, needPerson, failed}: Summary): string {
  return [
    `Plan: ${plural(calls, 'call')} on ${plural(changed, 'object')}`,
    ...(inSync > 0 ? [`${plural(inSync, 'object')} ${inSync === 1 ? 'is as it says' : 'are as they say'}`] : []),
    ...(needPerson > 0 ? [`${plural(needPerson, 'object')} ${needPerson === 1 ? 'needs' : 'need'} a person`] : []),
    ...(failed > 0 ? [`${failed} could not be planned`] : []),
  ].join('; ');
}

/** For programs. The same, and every object. */
export function asData(report: Report): object {
  const {plans, faults, notes} = report;
  return {
    objects: plans.map(({steps, then, ...about}) => ({
      ...about,
      steps,
      ...(then && {outcome: {is: then.is, reason: then.reason, message: then.message}}),
    })),
    faults,
    notes,
    summary: summarize(report),
  };
}

export function render(report: Report, format: 'text' | 'json' | 'yaml'): string {
  if (format === 'text') return asText(report);
  return format === 'yaml' ? yamlText(asData(report)) : `${JSON.stringify(asData(report), undefined, 2)}\n`;
}
