import {errorAnswer, jsonAnswer} from './answers.ts';
import type {Context} from './context.ts';
import type {Handlers} from './handler.ts';
import {textOf} from './message.ts';
import type {AwsCall, Json, Reply} from './message.ts';

export const imageHandlers: Handlers = {UpdateImageStorageClass: updateImageStorageClass};

async function updateImageStorageClass({moto, images, config}: Context, call: AwsCall, input: Json): Promise<Reply> {
  const {repositoryName, imageId} = input;
  const described = await moto.ask(call.region, 'DescribeImages', {repositoryName, imageIds: [imageId]});
  if (described.error) return errorAnswer(call, described.error);
  const [image] = (described.value['imageDetails'] ?? []) as readonly Json[];
  const imageDigest = textOf(image?.['imageDigest']);
  const target = textOf(input['targetStorageClass']);
  const status = images.storage.statusOf(textOf(repositoryName), imageDigest);
  // The API reference has the error and not all of its causes: to where it is already, and on its way back, is surely one.
  if (status !== (target === 'ARCHIVE' ? 'ACTIVE' : 'ARCHIVED')) {
    const message = `The image with digest '${imageDigest}' is ${status} and cannot be moved to the storage class ${target}`;
    return errorAnswer(call, {type: 'ImageStorageClassUpdateNotSupportedException', message});
  }
  images.storage.move(textOf(repositoryName), imageDigest, target);
  const imageStatus = images.storage.statusOf(textOf(repositoryName), imageDigest);
  return jsonAnswer({registryId: config.accountId, repositoryName, imageId: {...(imageId as Json), imageDigest}, imageStatus});
}
