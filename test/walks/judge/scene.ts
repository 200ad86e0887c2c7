import type { Finding, FindingKind } from '../../../functions/core/findings/findings.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { IssuedCredential } from '../../../lib/sandbox/issuers/simulator.ts';
import { PROVIDERS } from '../../../functions/providers/registry.ts';
import type { ManagedSecret, Fleet } from '../fleet.ts';

/** One secret as it is at one moment: on record, at Secrets Manager and at the issuer. */
export interface Scene {
  readonly fleet: Fleet;
  readonly managed: ManagedSecret;
  readonly record: Token | undefined;
  /** Everything the issuer ever made. */
  readonly all: readonly IssuedCredential[];
  /** The text that AWSCURRENT names, and the credential in it. */
  readonly text: string;
  readonly held: IssuedCredential | undefined;
  readonly isRegistered: boolean;
  /** The handles of everything that was ever made at the account that its grant names. */
  readonly atGrant: ReadonlySet<string>;
  readonly now: Instant;
}

export async function sceneOf(
  fleet: Fleet,
  managed: ManagedSecret,
  all: readonly IssuedCredential[],
): Promise<Scene> {
  return {
    fleet,
    managed,
    record: await fleet.record(managed),
    all,
    text: managed.world.peek(managed.arn),
    held: fleet.heldBy(managed, all),
    isRegistered: fleet.isRegistered(managed),
    atGrant: new Set(
      (managed.account === undefined ? [] : await fleet.issuer.credentials(managed.account)).map(
        ({ handle }) => handle,
      ),
    ),
    now: fleet.clock.now(),
  };
}

export function openOf(record: Token | undefined): readonly Finding[] {
  return record?.findings.filter((one) => one.state === 'open') ?? [];
}

export function hasOpen(record: Token | undefined, ...kinds: readonly FindingKind[]): boolean {
  return openOf(record).some((one) => kinds.includes(one.kind));
}

/**
 * What the issuer has under the handle of a generation: with reused ids the one whose time of creation is the
 * nearest, within a second. Two may be made in less than that.
 */
export function issuedAs(
  all: readonly IssuedCredential[],
  { handle, createdAt }: Pick<Credential, 'handle' | 'createdAt'>,
): IssuedCredential | undefined {
  const named = all.filter((issued) => issued.handle === handle);
  if (createdAt === undefined) return named[0];
  const apart = (issued: IssuedCredential): number => Math.abs(issued.createdAt - createdAt);
  return named.toSorted((left, right) => apart(left) - apart(right)).find((issued) => apart(issued) <= 1_000);
}

/** Whether its secret holds the value in the form that its provider has by default, or alone. */
export function isPlain({ text, fleet }: Scene, { value }: IssuedCredential): boolean {
  if (text.trim() === value) return true;
  const field = PROVIDERS.get(fleet.setup.provider)?.descriptor.valueField ?? '';
  try {
    const stored = (JSON.parse(text) as Record<string, unknown>)[field];
    return typeof stored === 'string' && stored.trim() === value;
  } catch {
    return false;
  }
}
