import type {RegistryLocation} from '../../aws/aws.ts';
import type {Tags} from '../../aws/ecr.ts';
import type {RepositoryTemplate} from '../../aws/repository-templates.ts';
import type {Step} from '../kind.ts';

interface At extends Step {
  readonly location: RegistryLocation;
}

/** A call for a repository that was there before the template. */
export type ExistingStep = At & {readonly repositoryName: string} & (
    | {
        readonly call: 'PutImageTagMutability';
        readonly imageTagMutability: string;
        readonly filters?: readonly {readonly filterType: string; readonly filter: string}[];
      }
    | {readonly call: 'PutLifecyclePolicy'; readonly text: string}
    | {readonly call: 'SetRepositoryPolicy'; readonly text: string}
    | {readonly call: 'TagResource'; readonly arn: string; readonly tags: Tags}
  );

export type TemplateStep =
  | (At & {readonly call: 'CreateRepositoryCreationTemplate'; readonly template: RepositoryTemplate})
  | (At & {readonly call: 'UpdateRepositoryCreationTemplate'; readonly template: RepositoryTemplate})
  | (At & {readonly call: 'DeleteRepositoryCreationTemplate'; readonly prefix: string})
  | ExistingStep;
