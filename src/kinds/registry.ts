import type {Kind} from './kind.ts';

/** Every kind that the operator keeps: one line each. */
export const kinds: readonly Kind[] = [];
