import type {Handlers} from './handler.ts';

export const lifecyclePreviewHandlers: Handlers = {};
