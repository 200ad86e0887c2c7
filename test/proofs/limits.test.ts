import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import type { Ports } from '../../functions/core/ports/ports.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { World } from '../world/world.ts';
import { inTurn } from '../extent.ts';
import {
  CLIENT,
  CALM,
  NAME,
  SUBJECTS,
  adopted,
  complete,
  credentialIn,
  isLive,
  oldOf,
  recordOf,
  rotateOnce,
  send,
  shareResource,
  type Home,
} from './home.ts';

/** Secrets whose values Keyturn may not read, by a part of their name. */
function unreadable(ports: Ports, part: string): Ports {
  const denied = (id: string): Promise<never> =>
    Promise.reject(
      new KeyturnError('secret-unreadable', `Keyturn may not read the secret ${id} (AccessDeniedException).`),
    );
  const read: Ports['secrets']['read'] = (id, version) =>
    id.includes(part) ? denied(id) : ports.secrets.read(id, version);
  return { ...ports, secrets: { ...ports.secrets, read } };
}

async function endOld(home: Home): Promise<string> {
  await rotateOnce(home);
  const { id, handle = '' } = oldOf(await recordOf(home));
  for (let times = 0; times < 3; times++) {
    await home.world.clock.advanceBy(3 * HOUR);
    await send(home.world, home.arn, { kind: 'retire', credentialId: id });
  }
  return handle;
}

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  describe(`the limits that docs/limits.md states, ${subject.id}`, () => {
    it('a secret that was never readable blocks nothing; a finding says that it is unreadable', async () => {
      const home = await adopted(subject, { options: { wrap: (ports) => unreadable(ports, 'sealed') } });
      const { world, arn } = home;
      const name = 'prod/sealed/token';
      const sealed = await world.createToken(name, {
        value: await world.read(arn),
        tags: { ...CALM, 'keyturn:admin': await shareResource(world, NAME, name) },
      });
      await world.clock.advanceBy(MINUTE);
      await send(world, sealed, { kind: 'inspect' });
      const handle = await endOld(home);
      assert.ok(!(await isLive(world, handle)), 'it died through the secret that could be read');
      const findings = (await world.record(sealed))?.findings
        .filter((one) => one.state === 'open')
        .map((one) => one.kind);
      assert.ok(findings?.includes('secret-unusable'), findings?.join());
    });

    it('what another installation adopted is not seen to be its own', async () => {
      const home = await adopted(subject);
      const { world, arn } = home;
      const other = new World({
        ...CLIENT,
        issuer: () => world.issuer,
        beside: world,
        installation: 'other',
      });
      const name = `${NAME}-other`;
      const theirs = await other.createToken(name, {
        value: await world.read(arn),
        tags: { ...CALM, 'keyturn:admin': await shareResource(other, NAME, name) },
      });
      await complete(other);
      const held = await credentialIn(other, await other.read(theirs));
      assert.equal(
        currentOf(await recordOf({ world: other, arn: theirs }))?.handle,
        currentOf(await recordOf(home))?.handle,
      );
      const handle = await endOld(home);
      assert.equal(handle.endsWith(held.handle.split('/').at(-1) ?? '-'), true);
      assert.ok(
        !(await isLive(world, handle)),
        'and so it is revoked, although the other installation has it as current',
      );
    });

    it('what was copied into another account is revoked by the installation that created it', async () => {
      const home = await adopted(subject);
      const { world, arn } = home;
      await endOld(home);
      const { handle } = await credentialIn(world, await world.read(arn));
      const other = new World({
        ...CLIENT,
        issuer: () => world.issuer,
        clock: world.clock,
        account: '444455556666',
      });
      await other.createAdminSecret([NAME]);
      const theirs = await other.createToken(NAME, { value: await world.read(arn), tags: CALM });
      await complete(other);
      assert.equal(await endOld(home), handle);
      assert.ok(!(await isLive(world, handle)), 'no use of it was seen, and so it is revoked');
      await send(other, theirs, { kind: 'inspect' });
      const kinds = (await other.record(theirs))?.findings.map((one) => one.kind);
      assert.ok(kinds?.includes('token-inactive'), kinds?.join());
    });
  });
