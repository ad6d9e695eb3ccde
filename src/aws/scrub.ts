/** Whatever looks like a credential goes, and so does all text past what a person reads. */
export function scrub(text: string): string {
  const clean = text
    .replaceAll(/(x-amz-security-token|authorization|securitytoken)["']?\s*[:=]\s*\S+/gi, '$1: [secret]')
    .replaceAll(/eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '[secret]')
    .replaceAll(/[A-Za-z0-9+/=_-]{100,}/g, '[secret]')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return clean.length > 600 ? `${clean.slice(0, 600)}…` : clean;
}
