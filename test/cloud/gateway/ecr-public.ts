import {errorAnswer, jsonAnswer} from './answers.ts';
import type {Context} from './context.ts';
import {publicCatalogHandlers} from './ecr-public-catalog.ts';
import {publicImageHandlers} from './ecr-public-images.ts';
import {publicRefusal} from './ecr-public-permission.ts';
import {publicRepositoryHandlers} from './ecr-public-repositories.ts';
import {publicInputError} from './ecr-public-rules.ts';
import {registryOf} from './ecr-public-store.ts';
import type {Handler, Handlers} from './handler.ts';
import {inputOf} from './message.ts';
import type {AwsCall, Reply} from './message.ts';
import {pagingError} from './pages.ts';

/** The only region with an API for ECR Public. */
const onlyRegion = 'us-east-1';

/** Tokens are those of the private registry too: this stand-in has no host of its own for public images. */
const getAuthorizationToken: Handler = async ({tokens}, call) => {
  const {password, expiresAt} = tokens.issue(call.accessKeyId);
  const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64');
  return jsonAnswer({authorizationData: {authorizationToken, expiresAt: expiresAt.getTime() / 1000}});
};

const describeRegistries: Handler = async ({config}) => jsonAnswer({registries: [registryOf(config.accountId)]});

const handlers: Handlers = {
  ...publicRepositoryHandlers,
  ...publicCatalogHandlers,
  ...publicImageHandlers,
  GetAuthorizationToken: getAuthorizationToken,
  DescribeRegistries: describeRegistries,
};

/** ECR Public's answer to a call: refused as IAM says, then checked as the API's model says, then answered from the gateway's own state. */
export async function answerEcrPublic(context: Context, call: AwsCall): Promise<Reply> {
  const input = inputOf(call);
  if (!input) return errorAnswer(call, {type: 'SerializationException', message: 'The request body is not a JSON object'});
  const refused = context.config.enforce ? await publicRefusal(context, call, input) : undefined;
  if (refused) return refused;
  if (call.region !== onlyRegion) {
    return errorAnswer(call, {type: 'UnsupportedCommandException', message: `${call.operation} is not supported in ${call.region}`});
  }
  const wrong = publicInputError(call.operation, input, context.config.accountId) ?? pagingError(call.operation, input);
  if (wrong) return errorAnswer(call, wrong);
  const handler = Object.hasOwn(handlers, call.operation) ? handlers[call.operation] : undefined;
  if (handler) return handler(context, call, input);
  return errorAnswer(call, {type: 'InvalidAction', message: `This stand-in for ECR Public does not have the operation ${call.operation}`});
}
