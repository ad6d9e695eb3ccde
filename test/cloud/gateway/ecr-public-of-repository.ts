import {errorAnswer, jsonAnswer} from './answers.ts';
import type {AwsError} from './answers.ts';
import {nameIn, notFound, type PublicRepository, publicRepositories} from './ecr-public-store.ts';
import type {Handler} from './handler.ts';
import {textOf} from './message.ts';
import type {Json} from './message.ts';

export type Told = {readonly value: Json} | {readonly error: AwsError; readonly value?: undefined};

/** A handler for a call about one repository, named or by its ARN, that must exist. */
export function ofRepository(answer: (accountId: string, repository: PublicRepository, input: Json) => Told): Handler {
  return async ({config}, call, input) => {
    const name = input['resourceArn'] === undefined ? textOf(input['repositoryName']) : nameIn(textOf(input['resourceArn']));
    const repository = publicRepositories.get(name);
    const told = repository ? answer(config.accountId, repository, input) : {error: notFound(config.accountId, name)};
    return told.value ? jsonAnswer(told.value) : errorAnswer(call, told.error);
  };
}
