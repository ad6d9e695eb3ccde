import type {Handlers} from './handler.ts';

export const replicationBackfillHandlers: Handlers = {};
