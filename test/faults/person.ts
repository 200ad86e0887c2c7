// A person whom an issuer needs: they create values, and end old ones where only people can.
import { submitValue } from '../../functions/adapters/secrets-manager/submit.ts';
import { SUBMITTED_LABEL, tokenIdOf } from '../../functions/core/basics/names.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { HOUR, MINUTE, type Millis } from '../../functions/core/basics/time.ts';
import type { FindingKind } from '../../functions/core/findings/findings.ts';
import { liveCredentials } from '../../functions/core/token/known-credentials.ts';
import type { Token } from '../../functions/core/token/token.ts';
import type { IssuedCredential } from '../../lib/sandbox/issuers/simulator.ts';
import type { World } from '../world/world.ts';
import { openAttempts } from './judge.ts';

/** How long until they look at what they are asked for. */
const LOOKS_EVERY = 10 * MINUTE;

/** Whose secret it is, and how long they try a new value before they submit it. */
export interface Served {
  readonly secret: string;
  readonly arn: string;
  readonly care: Millis;
}

/** Does what findings ask for, as often as they ask. What is refused is asked for again. */
export function startPerson(world: World, served: Served): void {
  world.clock.after(LOOKS_EVERY, () => {
    void world.clock.activity(() => look(world, served).catch(() => undefined));
    startPerson(world, served);
  });
}

/** Whether a person is asked for something. */
export function isAsked(record: Token | undefined, kinds: readonly FindingKind[] = ASKED): boolean {
  return record?.findings.some((one) => one.state === 'open' && kinds.includes(one.kind)) ?? false;
}

const ASKED: readonly FindingKind[] = ['value-due', 'revocation-due'];

async function look(world: World, served: Served): Promise<void> {
  const record = await world.record(served.arn);
  if (record) await revokeOld(world, record, served);
  if (isAsked(record, ['value-due'])) await submit(world, served);
}

async function submit(world: World, { secret, arn, care }: Served): Promise<void> {
  const [value = ''] = Object.values(JSON.parse(await world.issuer.createByHand(secret))).map(String);
  await world.clock.sleep(care);
  await submitValue(world.client, arn, { versionId: crypto.randomUUID(), value: new Secret(value) });
  await askToRotate(world, arn);
}

/** Somebody asks for a rotation, through the queue. */
export async function askToRotate(world: World, arn: string): Promise<void> {
  const notAfter = world.clock.now() + HOUR;
  await world.queue.send(world.provider, [{ kind: 'rotate', tokenId: tokenIdOf(arn), notAfter }]);
}

/** Those that the record says a person has to revoke, and no other one. */
async function revokeOld(world: World, record: Token, { secret, arn }: Served): Promise<void> {
  const due = record.credentials.filter((one) => one.problem?.kind === 'revocation-due');
  const texts = due.map(({ id }) => textOf(world, arn, id));
  for (const { handle, value, live } of await world.issuer.credentials(secret))
    if (live && texts.some((text) => text.includes(value))) await world.issuer.revokeByHand(handle);
}

/** The issuer's handles of what the versions hold that a record names, or that wait to be taken. */
export function heldHandles(
  world: World,
  arn: string,
  record: Token,
  credentials: readonly IssuedCredential[],
): Set<string> {
  const ids = new Set([...liveCredentials(record), ...openAttempts(record)].map(({ id }) => id));
  const texts = [...(world.aws.secretsManager.find(arn)?.versions ?? [])]
    .filter(([id, { stages }]) => ids.has(id) || stages.has(SUBMITTED_LABEL))
    .map(([, { value }]) => value?.SecretString ?? '');
  const held = credentials.filter(({ value }) => texts.some((text) => text.includes(value)));
  return new Set(held.map(({ handle }) => handle));
}

function textOf(world: World, arn: string, versionId: string): string {
  return world.aws.secretsManager.find(arn)?.versions.get(versionId)?.value?.SecretString ?? '';
}
