import { type Replaced, type Permits, withdrawn, type Named, isSame } from './permits.ts';

/**
 * Notes, once, that credentials were seen to be replaced; the one that is current again is that no more, nor
 * is it claimed for its end.
 */
export function notingReplaced(
  record: Permits,
  seen: { current: string | undefined; old: readonly Named[]; at: number },
): Permits {
  const { current, at } = seen;
  const freed =
    current === undefined ? record : withdrawn(withoutReplaced(record, current), 'claim', current);
  const known = freed.replaced ?? [];
  const fresh = seen.old.filter((one) => one.id !== current && !known.some((same) => same.about === one.id));
  if (fresh.length === 0) return freed;
  return {
    ...freed,
    replaced: [
      ...known,
      ...fresh.map(({ id, handle, fingerprint }) => ({
        about: id,
        ...(handle !== undefined && { handle }),
        ...(fingerprint !== undefined && { fingerprint }),
        at,
      })),
    ],
  };
}

export function withoutReplaced(record: Permits, id: string | undefined): Permits {
  const known = record.replaced ?? [];
  const left = known.filter((one) => one.about !== id);
  return left.length === known.length ? record : { ...record, replaced: left };
}

/**
 * When a credential was first seen to be replaced, whatever its record calls it by now; undefined where that
 * was not seen.
 */
export function replacedSince(record: Permits, one: Named): Replaced | undefined {
  return record.replaced?.find(
    (seen) =>
      seen.about === one.id || isSame(seen.handle, one.handle) || isSame(seen.fingerprint, one.fingerprint),
  );
}

/**
 * Takes back all that is about a credential which is gone. That it was out is kept: a value may be found to
 * be active after all.
 */
export function spent(record: Permits, id: string): Permits {
  const left = record.permits.filter((one) => one.about !== id || one.kind === 'incident');
  const freed = withoutReplaced(record, id);
  return left.length === record.permits.length ? freed : { ...freed, permits: left };
}
