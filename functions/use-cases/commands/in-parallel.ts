/**
 * Works on items, so many at a time, in the order in which they come, until they end or `mayGoOn` says no.
 * Resolves to whether they ended. Errors: one that `work` or the source throws, once nothing is at work any
 * more.
 */
export async function inParallel<T>(
  items: AsyncIterable<T>,
  width: number,
  mayGoOn: () => boolean,
  work: (item: T) => Promise<void>,
): Promise<boolean> {
  const source = items[Symbol.asyncIterator]();
  let isOver = false;
  const worker = async (): Promise<void> => {
    while (!isOver && mayGoOn()) {
      const next = await source.next();
      if (next.done) isOver = true;
      else await work(next.value);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: width }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return isOver;
}
