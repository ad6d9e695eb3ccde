import {hash} from 'node:crypto';
import type {Catalog, CatalogInput} from '../../aws/ecr-public.ts';
import type {Memory} from './memory.ts';
import type {PublicRepositorySpec} from './schema.ts';

type Wished = PublicRepositorySpec['catalogData'];

/** The members that AWS gives back as they were sent. */
export const texts = ['description', 'architectures', 'operatingSystems', 'aboutText', 'usageText'] as const;

type Member = (typeof texts)[number];
const lists: ReadonlySet<Member> = new Set(['architectures', 'operatingSystems']);

/** How a catalogue differs from what the spec asks for, and what to send for it. */
export interface CatalogChange {
  readonly differs: readonly string[];
  readonly input: CatalogInput;
  /** SHA-256 of the logo in `input`. */
  readonly logoDigest?: string;
  /** There is a logo that cannot be sent again, because AWS gives its URL only. */
  readonly losesLogo: boolean;
}

/** SHA-256 of a logo, of the decoded bytes. */
export function logoDigest(base64: string): string {
  return `sha256:${hash('sha256', Buffer.from(base64, 'base64'))}`;
}

/** The catalogue of a new repository: what the spec has, without what is empty. `undefined` where that is nothing. */
export function newCatalog(wished: Wished): CatalogInput | undefined {
  if (wished === undefined) return undefined;
  const members = Object.entries(wished).filter(([, value]) => value !== undefined && value.length > 0);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

/**
 * What to send so that the catalogue is as the spec says; `undefined` where it is. Members that the spec leaves out stay, and
 * are cleared if they were set from it. AWS replaces the whole, so everything that is to stay is sent again. `logo` is the
 * SHA-256 of the logo that is there from the spec.
 */
export function catalogChange(wished: Wished, applied: Memory, actual: Catalog, logo: string | undefined): CatalogChange | undefined {
  const wanted = texts.map((member) => [member, wantedOf(member, wished, applied, actual)] as const);
  const blob = wished?.logoImageBlob;
  const digest = blob === undefined ? undefined : logoDigest(blob);
  const differs = [
    ...wanted.filter(([member, value]) => !isSame(value, actual[member])).map(([member]) => member),
    ...(digest === logo ? [] : ['logoImageBlob']),
  ];
  if (differs.length === 0) return undefined;
  const members = wanted.filter(([member, value]) => value.length > 0 || actual[member] !== undefined);
  const clearsLogo = blob === undefined && logo !== undefined;
  return {
    differs,
    input: {...Object.fromEntries(members), ...(blob !== undefined && {logoImageBlob: blob}), ...(clearsLogo && {logoImageBlob: ''})},
    ...(digest !== undefined && {logoDigest: digest}),
    losesLogo: actual.logoUrl !== undefined && blob === undefined && logo === undefined,
  };
}

/** What a member is to be; empty where it is to be nothing. */
function wantedOf(member: Member, wished: Wished, applied: Memory, actual: Catalog): string | readonly string[] {
  const value = wished?.[member];
  if (value !== undefined) return value;
  const empty = lists.has(member) ? [] : '';
  return applied.catalogData?.includes(member) ? empty : (actual[member] ?? empty);
}

/** Lists are sets, and what is empty is not there. */
function isSame(one: string | readonly string[] = '', other: string | readonly string[] = ''): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: string | readonly string[]): string {
  if (typeof value === 'string') return value;
  return value.length === 0 ? '' : JSON.stringify([...new Set(value)].toSorted());
}
