/** Whether a repository is of a prefix: ECR assumes a `/` behind it. */
function isUnder(prefix: string, repositoryName: string): boolean {
  return repositoryName.startsWith(`${prefix}/`);
}

/** Which of a registry's templates ECR takes for a repository: the longest prefix, and ROOT where there is none. */
export function templateFor(repositoryName: string, prefixes: readonly string[]): string | undefined {
  const fitting = prefixes.filter((prefix) => prefix !== 'ROOT' && isUnder(prefix, repositoryName));
  const longest = fitting.toSorted((a, b) => b.length - a.length)[0];
  return longest ?? (prefixes.includes('ROOT') ? 'ROOT' : undefined);
}
