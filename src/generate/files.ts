import type {Kind} from '../kinds/kind.ts';
import {customResourceDefinition} from '../schema/crd.ts';
import {aggregateTemplate, clusterRoleTemplate, crdTemplate} from './chart.ts';
import {ecrCoverage, type SdkClient} from './ecr-coverage.ts';
import {ecsCoverage} from './ecs-coverage.ts';
import type {Operation} from './ecs/operation.ts';
import {iamPolicy} from './iam-policy.ts';
import {referenceIndex, referencePage} from './reference.ts';
import {kebab, marker, yamlText} from './text.ts';
import {valuesReadme, valuesSchema, valuesYaml} from './values.ts';

/** Folders in which a file with the marker that is not generated any more is stale. */
export const generatedFolders = ['crds', 'charts/drayage/templates', 'charts/drayage/templates/crds', 'docs/reference'] as const;

/** The file whose middle is generated and whose rest is written by hand. */
export const chartReadme = 'charts/drayage/README.md';

/** What files follow from, beside the kinds. */
export interface Facts {
  /** Every IAM action that is called. */
  readonly actions: readonly string[];
  readonly clients: readonly SdkClient[];
  /** What becomes of the fields of ECS. */
  readonly operations: readonly Operation[];
  /** The chart's README as it is now. */
  readonly readme: string;
}

/** Every generated file by its path. */
export function generatedFiles(kinds: readonly Kind[], {actions, clients, operations, readme}: Facts): ReadonlyMap<string, string> {
  const definitions = kinds.map(({definition}) => definition).toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
  const crds = definitions.map((definition) => customResourceDefinition(definition));
  return new Map([
    ...crds.map((crd) => [`crds/${crd.metadata.name}.yaml`, `# ${marker}\n${yamlText(crd)}`] as const),
    ...crds.map((crd) => [`charts/drayage/templates/crds/${crd.metadata.name}.yaml`, crdTemplate(crd)] as const),
    ['charts/drayage/templates/clusterrole.yaml', clusterRoleTemplate(kinds)],
    ['charts/drayage/templates/clusterrole-aggregate.yaml', aggregateTemplate(kinds)],
    ['charts/drayage/values.yaml', valuesYaml()],
    ['charts/drayage/values.schema.json', valuesSchema()],
    [chartReadme, valuesReadme(readme)],
    ...definitions.map((definition) => [`docs/reference/${kebab(definition.kind)}.md`, referencePage(definition)] as const),
    ['docs/reference/README.md', referenceIndex(definitions)],
    ['docs/iam-policy.json', iamPolicy(actions)],
    ['docs/ecr-coverage.md', ecrCoverage(clients, definitions)],
    ['docs/ecs-coverage.md', ecsCoverage(operations)],
  ]);
}
