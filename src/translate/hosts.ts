/** An IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
  if (/^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.|$)){4}$/.test(text) && !text.endsWith('.')) return true;
  return /^[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){2,7}$/.test(text);
}

/** A DNS name as Kubernetes takes it: lower case, at most 253 characters. */
export function isHostname(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);
}
