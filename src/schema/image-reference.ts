/** The parts of `host/path:tag@digest`. */
export interface ImageReference {
  /** With its port, where it has one. Absent where the reference names none (Docker Hub). */
  readonly host?: string;
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Takes a reference apart, as container runtimes do: what is before the first slash is a host if it has a dot or a colon. */
export function imageReference(text: string): ImageReference {
  const [name = '', digest] = text.split('@', 2);
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const host = /[.:]/.test(first) || first === 'localhost' ? first : undefined;
  const rest = host === undefined ? name : name.slice(slash + 1);
  const [path = '', tag] = rest.split(':', 2);
  return {...(host !== undefined && {host}), path, ...(tag !== undefined && {tag}), ...(digest !== undefined && {digest})};
}
