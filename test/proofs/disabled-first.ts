import assert from 'node:assert/strict';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import type { ListedSession } from '../../functions/core/issuer/provider.ts';
import type { Toggle } from '../../functions/core/issuer/toggle.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { providerOf } from '../../functions/providers/registry.ts';
import { IAM_XMLNS, done } from '../../lib/sandbox/issuers/aws-iam-answers.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { carriedOut, resultOf } from '../../lib/sandbox/issuers/snowflake-answers.ts';
import { listing } from '../contracts/setup.ts';
import type { World } from '../world/world.ts';
import { ALL_SUBJECTS, type Subject } from '../faults/run.ts';
import { HOUR, MINUTE, type Millis } from '../../functions/core/basics/time.ts';
import { tellsRefusals } from '../../functions/core/validity/check-rules.ts';
import { BELIEVED_AFTER } from '../../functions/core/validity/inactivity-proof.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import {
  CALM,
  NAME,
  complete,
  drive,
  oldOf,
  recordOf,
  rotateOnce,
  send,
  worldOf,
  type Home,
} from './home.ts';

/** Every issuer at which a credential can be disabled. */
export const DISABLING: readonly Subject[] = ALL_SUBJECTS.filter(
  ({ id }) => providerOf(id).descriptor.disables === true,
);

/** The issuer as a person with its admin credential sees it, beside Keyturn. */
function personAt({ issuer, clock, provider }: World): ListedSession {
  return listing(
    providerOf(provider).open(new Secret(issuer.adminSecret([NAME])), NAME, {
      fetch: (request) => issuer.fetch(request),
      now: () => clock.now(),
      sleep: async () => {},
      uuid: () => crypto.randomUUID(),
    }),
  );
}

export function switchAt(world: World): Toggle {
  const { toggle } = personAt(world);
  assert.ok(toggle);
  return toggle;
}

/** What the issuer lists a credential as; `gone` where it does not. */
export async function listedAs(world: World, handle: string): Promise<string> {
  return (await personAt(world).list()).find((one) => one.handle === handle)?.state ?? 'gone';
}

/** An issuer whose answers to some requests are others. */
export function answering(
  subject: Subject,
  instead: (request: Request, issuer: Issuer) => Promise<Response | undefined>,
): Subject {
  return {
    ...subject,
    issuer: (delays) => (clock) => {
      const issuer = subject.issuer(delays)(clock);
      const fetch = issuer.fetch.bind(issuer);
      issuer.fetch = async (request) => (await instead(request, { ...issuer, fetch })) ?? fetch(request);
      return issuer;
    },
  };
}

/** A request that disables or enables. */
export async function isSwitch(request: Request): Promise<boolean> {
  const { method, url } = request;
  return (
    method === 'PUT' ||
    method === 'PATCH' ||
    /:(dis|en)able$/.test(url) ||
    /\/lifecycle\/(de)?activate$/.test(new URL(url).pathname) ||
    (await isAction(request, 'Update')) ||
    (await bodyOf(request)).includes(' SET DISABLED = ')
  );
}

/** Auth0 is sent all keys of an application that count: with a second one, a new key is bound. */
export async function isBinding(request: Request): Promise<boolean> {
  return /"credentials":\[\{[^}]*\},\{/.test(await bodyOf(request));
}

/** A request that deletes. */
export async function isDeletion(request: Request): Promise<boolean> {
  return (
    request.method === 'DELETE' ||
    (await isAction(request, 'Delete')) ||
    / REMOVE (?:PROGRAMMATIC ACCESS TOKEN|KEY PAIR) /.test(await bodyOf(request))
  );
}

/** AWS says in the body what it is asked for. */
async function isAction(request: Request, what: string): Promise<boolean> {
  return (await bodyOf(request)).includes(`Action=${what}AccessKey&`);
}

function bodyOf(request: Request): Promise<string> {
  return request.clone().text();
}

/** What each issuer says of a deletion that it has carried out. */
export async function deletedBy(id: string, request: Request): Promise<Response> {
  switch (id) {
    case 'auth0-client-key':
    case 'docker-hub':
    case 'docker-hub-org':
    case 'honeycomb':
    case 'okta':
    case 'okta-client-key':
    case 'sentry':
      return new Response(null, { status: 204 });
    case 'aws-iam':
      return done('DeleteAccessKey', IAM_XMLNS, undefined);
    case 'google-iam':
      return Response.json({});
    case 'snowflake-key':
      return carriedOut(0);
    case 'snowflake-pat': {
      const [, name] = /REMOVE PROGRAMMATIC ACCESS TOKEN \\"(\w+)\\"/.exec(await bodyOf(request)) ?? [];
      const status = `Programmatic access token ${name} successfully removed.`;
      return resultOf(['status'], [{ status }], 0);
    }
    default:
      return Response.json({ success: true, errors: [], messages: [], result: { id: 'x' } });
  }
}

/** How much longer an end takes to be shown where lists alone show it, which are read every six hours. */
export function listsTake({ id }: Subject): Millis {
  return tellsRefusals(providerOf(id).descriptor.check) ? 0 : BELIEVED_AFTER + 7 * HOUR;
}

/** Whether the issuer deletes only what is disabled: there a revocation disables, too. */
export function endsDisabled({ id }: Subject): boolean {
  return ['auth0-client-key', 'okta', 'okta-client-key'].includes(id);
}

/** A token whose first credential Keyturn made: no schedule runs. */
export async function made(subject: Subject): Promise<Home> {
  const world = worldOf(subject);
  await world.createAdminSecret([NAME]);
  const home = { world, arn: await world.createToken(NAME, { tags: CALM }), subject };
  await complete(world);
  await send(world, home.arn, { kind: 'rotate' });
  await world.clock.advanceBy(3 * MINUTE);
  await settle(home);
  return home;
}

/** The same after one more rotation: the one before is in grace. */
export async function madeTwice(subject: Subject): Promise<Home & { readonly old: Credential }> {
  const home = await made(subject);
  await rotateOnce(home);
  return { ...home, old: oldOf(await recordOf(home)) };
}

async function settle(home: Home): Promise<void> {
  for (const attempt of (await recordOf(home)).attempts)
    if (attempt.tidy !== true) await send(home.world, home.arn, { kind: 'settle', attemptId: attempt.id });
}

export async function currentIn(
  home: Pick<Home, 'world' | 'arn'>,
): Promise<{ id: string; handle: string; fingerprint: string }> {
  const current = currentOf(await recordOf(home));
  assert.ok(current?.fingerprint && current.handle);
  return { id: current.id, handle: current.handle, fingerprint: current.fingerprint };
}

export function told(home: Home, what: string): number {
  return home.world.facts.filter((fact) => fact.type === 'lifecycle' && fact.what === what).length;
}

/** A person has a credential enabled again. Resolves to whether the run went well. */
export function enable({ world, arn }: Home, credentialId: string): Promise<boolean> {
  const notAfter = world.clock.now() + 40 * MINUTE;
  const reason = 'the report named a test value';
  return drive(world, () =>
    world.command({ kind: 'enable', tokenId: tokenIdOf(arn), notAfter, credentialId, reason }),
  );
}
