import {KubeError} from './errors.ts';
import type {Asked} from './errors.ts';

/** The path of what is asked for. Throws KubeError (`InvalidRequest`) for a name that could not be one. */
export function pathOf(asked: Asked): string {
  const {type, namespace, name, subresource} = asked;
  const [group, version] = type.apiVersion.split('/');
  const segments = version === undefined ? ['api', group ?? ''] : ['apis', group ?? '', version];
  if (namespace !== undefined) {
    if (!type.namespaced) throw invalid(asked, `${type.plural} have no namespace`);
    segments.push('namespaces', namespace);
  }
  if (namespace === undefined && name !== undefined && type.namespaced) throw invalid(asked, `${type.plural} need a namespace`);
  segments.push(type.plural);
  if (name !== undefined) segments.push(name);
  if (subresource !== undefined) segments.push(subresource);
  return `/${segments.map((segment) => segmentOf(asked, segment)).join('/')}`;
}

/**
 * What Kubernetes itself allows in a path (IsValidPathSegmentName): encoding alone would let `..` through, and a
 * proxy may decode `%2F`.
 */
function segmentOf(asked: Asked, text: string): string {
  if (text === '' || text === '.' || text === '..' || /[/%]/.test(text)) throw invalid(asked, `${JSON.stringify(text)} cannot be a name`);
  return encodeURIComponent(text);
}

function invalid(asked: Asked, message: string): KubeError {
  return new KubeError(asked, {status: 400, reason: 'BadRequest', message, unsent: true});
}
