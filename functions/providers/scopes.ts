/**
 * Scopes in the one form in which a provider hands them on, whether they come from the grant, from a
 * creation, a list or a probe: the engine compares them as words. `wordOf` maps the issuer's way of writing
 * one to the grant's, where they differ.
 */
export function canonicalScopes(
  scopes: readonly string[],
  wordOf: (scope: string) => string = (scope) => scope,
): readonly string[] {
  return [...new Set(scopes.map(wordOf))].toSorted();
}

/** Whether two lists of scopes in canonical form allow the same. */
export function sameScopes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((scope, index) => scope === b[index]);
}
