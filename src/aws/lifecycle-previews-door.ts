import {
  type ECRClient,
  GetLifecyclePolicyPreviewCommand,
  type GetLifecyclePolicyPreviewResponse,
  StartLifecyclePolicyPreviewCommand,
} from '@aws-sdk/client-ecr';
import type {Caller} from './caller.ts';
import {absent, nameOf} from './errors.ts';
import type {LifecyclePreviewPage, LifecyclePreviews} from './lifecycle-previews.ts';

export function createLifecyclePreviewsDoor(options: {
  readonly client: ECRClient;
  readonly call: Caller;
  readonly registryId?: string;
}): LifecyclePreviews {
  const {client, call} = options;
  const named = (repositoryName: string) => ({
    repositoryName,
    ...(options.registryId !== undefined && {registryId: options.registryId}),
  });
  return {
    start: (name, lifecyclePolicyText) =>
      call('StartLifecyclePolicyPreview', name, async () => {
        try {
          const {$metadata} = await client.send(new StartLifecyclePolicyPreviewCommand({...named(name), lifecyclePolicyText}));
          return {value: 'started' as const, ...($metadata.requestId !== undefined && {requestId: $metadata.requestId})};
        } catch (error) {
          if (nameOf(error) === 'LifecyclePolicyPreviewInProgressException') return {value: 'busy' as const};
          throw error;
        }
      }),

    page: (name, nextToken) =>
      call('GetLifecyclePolicyPreview', name, async () => {
        const command = new GetLifecyclePolicyPreviewCommand({...named(name), ...(nextToken !== undefined && {nextToken})});
        const output = await client.send(command).catch(absent('LifecyclePolicyPreviewNotFoundException'));
        return output && pageOf(output);
      }),
  };
}

function pageOf(output: GetLifecyclePolicyPreviewResponse): LifecyclePreviewPage {
  const {status = '', lifecyclePolicyText = '', previewResults = [], nextToken, summary} = output;
  return {
    status,
    lifecyclePolicyText,
    images: previewResults.map(({imageDigest = '', imageTags = [], action, appliedRulePriority}) => ({
      imageDigest,
      imageTags,
      action: action?.type ?? '',
      ...(appliedRulePriority !== undefined && {appliedRulePriority}),
    })),
    ...(nextToken && {nextToken}),
    expiringImageTotalCount: summary?.expiringImageTotalCount ?? 0,
    transitioningImageTotalCounts: (summary?.transitioningImageTotalCounts ?? []).map(
      ({targetStorageClass = 'ARCHIVE', imageTotalCount = 0}) => ({
        targetStorageClass,
        imageTotalCount,
      }),
    ),
  };
}
