import * as z from 'zod';

const MadeObject = z.object({
  apiVersion: z.string().max(128).describe('Its apiVersion.'),
  kind: z.string().max(64).describe('Its kind.'),
  name: z.string().max(253).describe('Its name; where its kind has namespaces, it is in that of this object.'),
});

/** What a status remembers of objects of which no copy is kept. */
export const MadeObjects = z
  .array(MadeObject)
  .max(64)
  .describe('What it is made of that is in no namespace or of a kind that came with a CRD; what is in no namespace is removed with it.');

export type MadeObjects = z.infer<typeof MadeObjects>;

/** Reasons of every kind that makes such objects. */
export const madeReasons: Readonly<Record<string, string>> = {
  RoleNotBound: 'The EKS controller of ACK cannot bind the role to its ServiceAccount. The message has its words.',
  KindNotInstalled: 'It is to be made of a kind that the cluster does not have. Install what brings it.',
};
