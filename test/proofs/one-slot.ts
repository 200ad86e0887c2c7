import assert from 'node:assert/strict';
import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { MINUTE, type Millis } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { Auth0Simulator } from '../../lib/sandbox/issuers/auth0.ts';
import type { IssuedCredential } from '../../lib/sandbox/issuers/simulator.ts';
import { World, type WorldOptions } from '../world/world.ts';
import { CLIENT, NAME, complete, drive } from './home.ts';

export const OTHER = 'prod/other/token';

/** Tags of a token that may lose its value with the creation of the next. */
export const WORD = { 'keyturn:overlap': 'none' } as const;

export const CALM = {
  'keyturn:rotate-every': '30d',
  'keyturn:max-age': '60d',
  'keyturn:rotate-before-expiry': '10d',
  'keyturn:min-grace': '2h',
  'keyturn:cache-ttl': '1m',
  'keyturn:jitter': '0s',
} as const;

export interface Home {
  readonly world: World;
  readonly arn: string;
  readonly auth0: Auth0Simulator;
  /** What stands in the secret before the first rotation. */
  readonly first: string;
  /** What the issuer, or what is before it, does; read at each request. */
  readonly gate: Gate;
}

export interface Gate {
  /** Answers in the place of Auth0. */
  before?: ((request: Request) => Response | undefined) | undefined;
}

export interface Given {
  readonly tags?: Readonly<Record<string, string>>;
  /** The text that is stored at first; the value that the application has, where it is left out. */
  readonly text?: string | undefined;
  readonly isEmpty?: boolean;
  readonly revokeLag?: Millis;
  readonly options?: Partial<WorldOptions>;
}

export async function home(given: Given = {}): Promise<Home> {
  const { tags = WORD, revokeLag = 0, options } = given;
  const gate: Gate = {};
  let made: Auth0Simulator | undefined;
  const world = new World({
    ...CLIENT,
    ...options,
    issuer: (clock) =>
      (made = new Auth0Simulator({
        clock,
        delays: { revokeLag },
        knobs: { gateway: (request) => gate.before?.(request) },
      })),
  });
  assert.ok(made);
  await world.createAdminSecret([NAME, OTHER]);
  const first = await made.createByHand(NAME);
  const value = given.text ?? first;
  const arn = await world.createToken(NAME, {
    ...(given.isEmpty !== true && { value }),
    tags: { ...CALM, ...tags },
  });
  await complete(world);
  return { world, arn, auth0: made, first, gate };
}

export async function tokenOf({ world, arn }: Pick<Home, 'world' | 'arn'>): Promise<Token> {
  return (await world.record(arn)) ?? assert.fail('no record');
}

export async function openFindings(one: Home): Promise<string[]> {
  return (await tokenOf(one)).findings.filter(({ state }) => state === 'open').map(({ kind }) => kind);
}

export async function stored({ world, arn }: Home): Promise<string> {
  return String(JSON.parse(await world.read(arn))['client_secret']);
}

/** The one value that the application has now. */
export async function live({ auth0 }: Home): Promise<IssuedCredential> {
  const all = (await auth0.credentials(NAME)).filter((one) => one.live);
  assert.equal(all.length, 1, 'an application has one client secret');
  return all[0] ?? assert.fail('none');
}

export function creations({ auth0 }: Home): number {
  return auth0.log().filter(({ operation }) => operation.endsWith('/rotate-secret')).length;
}

/** Somebody starts a rotation in the console of Secrets Manager, and it runs for some minutes. */
export async function fromConsole({ world, arn }: Home, length: Millis = 10 * MINUTE): Promise<void> {
  await drive(world, () =>
    world.client.send(
      new RotateSecretCommand({
        SecretId: arn,
        ClientRequestToken: crypto.randomUUID(),
      }),
    ),
  );
  await world.clock.advanceBy(length);
}

export async function currentState(one: Home): Promise<string | undefined> {
  return currentOf(await tokenOf(one))?.versionId;
}
