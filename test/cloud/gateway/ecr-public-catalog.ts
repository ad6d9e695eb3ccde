import {createHash} from 'node:crypto';
import {ofRepository} from './ecr-public-of-repository.ts';
import type {Handler, Handlers} from './handler.ts';
import {textOf} from './message.ts';
import type {Json} from './message.ts';

const getCatalog: Handler = ofRepository((accountId, {name, catalog}) => {
  if (catalog !== undefined) return {value: {catalogData: catalog}};
  const message = `The catalog data of the repository with name '${name}' in the registry with id '${accountId}' does not exist`;
  return {error: {type: 'RepositoryCatalogDataNotFoundException', message}};
});

const putCatalog: Handler = ofRepository((accountId, repository, input) => {
  repository.catalog = catalogOf(accountId, repository.name, input['catalogData'] as Json);
  return {value: {catalogData: repository.catalog}};
});

export const publicCatalogHandlers: Handlers = {GetRepositoryCatalogData: getCatalog, PutRepositoryCatalogData: putCatalog};

/** The catalogue that an input makes, whatever there was before. Of a logo only its URL is told. */
export function catalogOf(accountId: string, name: string, input: Json): Json {
  const {logoImageBlob, ...rest} = input;
  const set = Object.entries(rest).filter(([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0));
  const logo = Buffer.from(textOf(logoImageBlob), 'base64');
  const digest = createHash('sha256').update(logo).digest('hex').slice(0, 16);
  const logoUrl = `https://logo.public-ecr.example/${accountId}/${name}/${digest}.png`;
  return {...Object.fromEntries(set), ...(logo.length > 0 && {logoUrl}), marketplaceCertified: false};
}
