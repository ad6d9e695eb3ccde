import * as z from 'zod';

/** What becomes of something in AWS that holds no images, when its object is deleted. */
export function deletionPolicy(what: string) {
  return z.enum(['Retain', 'Delete']).default('Retain').describe(`What becomes of the ${what} in AWS when the object is deleted.`);
}

/** What to do with something that exists and cannot carry a tag that says whose it is. */
export function adoptionPolicy(what: string) {
  return z
    .enum(['IfOwned', 'Adopt', 'Never'])
    .default('IfOwned')
    .describe(
      `What to do with a ${what} that exists. IfOwned: take it if it was made from this object, or says what the spec says. Adopt: take it over, and change it. Never: only one that this very object has made.`,
    );
}

export function driftPolicy(what: string) {
  return z
    .enum(['Correct', 'Report'])
    .default('Correct')
    .describe(`What to do when the ${what} was changed in AWS. Report: change nothing, and say what differs.`);
}
