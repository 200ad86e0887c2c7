/**
 * AWS may refuse what a person wants in the middle of a rotation, or of a secret that is gone. Resolves to
 * whether it did as asked.
 */
export async function refusable(run: () => Promise<unknown>): Promise<boolean> {
  return run().then(
    () => true,
    () => false,
  );
}
