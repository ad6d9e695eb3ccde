import type {Handlers} from './handler.ts';

export const imageHandlers: Handlers = {};
