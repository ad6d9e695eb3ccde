import type {Context} from './context.ts';
import type {AwsCall, Json, Reply} from './message.ts';

/** Answers one operation, whose input is known to be what inputError lets through. */
export type Handler = (context: Context, call: AwsCall, input: Json) => Promise<Reply>;

/** By operation. */
export type Handlers = Readonly<Record<string, Handler>>;
