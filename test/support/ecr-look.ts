import type {ECRClient, Repository} from '@aws-sdk/client-ecr';
import {
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-ecr';

/** What tests see of repositories in ECR. */
export interface EcrLook {
  /** Throws where there is none. */
  found(name: string): Promise<Repository>;
  exists(name: string): Promise<boolean>;
  tagsOf(name: string): Promise<Readonly<Record<string, string>>>;
  lifecycleOf(name: string): Promise<string | undefined>;
  policyOf(name: string): Promise<string | undefined>;
}

export function lookAt(ecr: ECRClient): EcrLook {
  async function found(name: string): Promise<Repository> {
    const {repositories = []} = await ecr.send(new DescribeRepositoriesCommand({repositoryNames: [name]}));
    const [repository] = repositories;
    if (repository === undefined) throw new Error(`no ${name}`);
    return repository;
  }

  return {
    found,
    async exists(name) {
      return (await found(name).catch(absent('RepositoryNotFoundException'))) !== undefined;
    },
    async tagsOf(name) {
      const {repositoryArn} = await found(name);
      const {tags = []} = await ecr.send(new ListTagsForResourceCommand({resourceArn: repositoryArn}));
      return Object.fromEntries(tags.map(({Key, Value}) => [Key, Value]));
    },
    async lifecycleOf(repositoryName) {
      const asked = ecr.send(new GetLifecyclePolicyCommand({repositoryName}));
      return (await asked.catch(absent('LifecyclePolicyNotFoundException')))?.lifecyclePolicyText;
    },
    async policyOf(repositoryName) {
      const asked = ecr.send(new GetRepositoryPolicyCommand({repositoryName}));
      return (await asked.catch(absent('RepositoryPolicyNotFoundException')))?.policyText;
    },
  };
}

function absent(name: string): (error: Error) => undefined {
  return (error) => {
    if (error.name === name) return undefined;
    throw error;
  };
}

/** A lifecycle policy of one rule that keeps so many untagged images. */
export const rule = (count: number) =>
  JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: {tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: count},
        action: {type: 'expire'},
      },
    ],
  });
/** A repository policy of one statement. */
export const policy = (action: string) =>
  JSON.stringify({Version: '2012-10-17', Statement: [{Sid: 'pull', Effect: 'Allow', Principal: '*', Action: [action]}]});
