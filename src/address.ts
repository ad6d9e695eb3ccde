/** Where a server listens; `undefined` for `0`, which switches it off. No host means all addresses. */
export function addressOf(text: string): {readonly address?: string; readonly port: number} | undefined {
  if (text === '0') return undefined;
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, colon);
  return {port: Number(text.slice(colon + 1)), ...(host !== '' && {address: host})};
}
