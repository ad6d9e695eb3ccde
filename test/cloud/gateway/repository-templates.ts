import type {Handlers} from './handler.ts';

export const repositoryTemplateHandlers: Handlers = {};
