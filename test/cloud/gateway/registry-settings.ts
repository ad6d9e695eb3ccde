import type {Handlers} from './handler.ts';

export const registrySettingsHandlers: Handlers = {};
