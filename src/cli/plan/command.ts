import {withSignal} from '../../kube/failure.ts';
import type {Doors} from '../../kinds/doors.ts';
import {kinds} from '../../kinds/registry.ts';
import {sourceOf} from '../../kinds/sources.ts';
import {openAws} from '../aws.ts';
import {type Command, exit, type Program} from '../command.ts';
import {concurrently} from '../concurrently.ts';
import {plural} from '../plural.ts';
import {openCluster, readOnly} from './cluster.ts';
import {readLive} from './live.ts';
import {type ObjectPlan, planObject} from './object-plan.ts';
import {planOptions, type PlanOptions, usage} from './options.ts';
import {readFiles} from './read-files.ts';
import {render} from './render.ts';
import {refuseOtherAccount} from './same-account.ts';
import {select, type Selected} from './select.ts';
import {noKube, unknownClusterId, withoutJudgement} from './without-cluster.ts';
import {type Report, summarize} from './summary.ts';
import {applied, cacheOf, keyOf, type Live} from './world.ts';

/** As many as the operator works on at once. */
const most = 8;

export const planCommand: Command = {
  usage,
  async run(argv, program) {
    const options = planOptions(argv);
    const report = await withSignal(planAll(options, program), program.signal);
    program.out(render(report, options.output));
    const {calls, needPerson, failed} = summarize(report);
    if (needPerson + failed > 0) return exit.failed;
    return options.hasDetailedExit && calls > 0 ? 2 : exit.ok;
  },
};

async function planAll(options: PlanOptions, program: Program): Promise<Report> {
  const documents = await readFiles(options.files, {recursive: options.recursive, input: program.input});
  const found = await openCluster(options.cluster, program);
  const cluster = 'kube' in found ? found : undefined;
  const aws = openAws(program.environment, options);
  try {
    const selected = select(documents, kinds, options.namespace ?? cluster?.namespace ?? 'default');
    const inAws = selected.ours.filter(({isLocal}) => !isLocal);
    const {live, notes} = cluster
      ? await readLive([...new Set(inAws.map(({kind}) => kind))], cluster.kube)
      : {live: new Map() as Live, notes: []};
    if (inAws.length > 0) await refuseOtherAccount(live, aws);
    const clusterId = options.clusterId ?? cluster?.id;
    const doors: Doors = {
      aws,
      kube: cluster ? readOnly(cluster.kube) : noKube(selected.all),
      cache: cacheOf(live, selected.all),
      clusterId: clusterId ?? unknownClusterId,
      now: () => new Date(),
      isRehearsal: true,
    };
    if (selected.others > 0) program.err(`passed over ${plural(selected.others, 'object')} of other kinds\n`);
    const plans = await plansOf(selected, live, doors, program);
    return {
      plans: clusterId === undefined ? plans.map(withoutJudgement) : plans,
      faults: selected.faults,
      notes: [...('why' in found && inAws.length > 0 ? [unknownWithout(found.why, clusterId !== undefined)] : []), ...notes],
    };
  } finally {
    aws.close();
    await cluster?.close();
  }
}

async function plansOf({ours}: Selected, live: Live, doors: Doors, {signal}: Program): Promise<readonly ObjectPlan[]> {
  const plans = new Map<number, ObjectPlan>();
  const work = async (index: number): Promise<readonly [number, ObjectPlan] | undefined> => {
    const one = ours[index];
    if (one === undefined) return undefined;
    const {where, object, kind, isLocal} = one;
    const {namespace, name} = object.metadata;
    if (isLocal) return [index, {where, kind: object.kind, ...(namespace !== undefined && {namespace}), name, steps: []}];
    const stored = live.get(sourceOf(kind.definition).name)?.get(keyOf(object));
    return [index, await planObject(kind, {where, object: applied(object, stored, kind.definition)}, doors, signal)];
  };
  for await (const done of concurrently([...ours.keys()], {most, signal}, work)) if (done) plans.set(...done);
  return [...plans].toSorted(([a], [b]) => a - b).map(([, plan]) => plan);
}

function unknownWithout(why: string, hasId: boolean): string {
  const unknown = hasId ? '' : ' Ownership could not be judged, because it stands on the id of the cluster (--cluster-id).';
  return `${why}. The status of the objects, Registries and namespaces outside of these files were not known.${unknown}`;
}
