import type {Handlers} from './handler.ts';

export const pullThroughCacheHandlers: Handlers = {};
