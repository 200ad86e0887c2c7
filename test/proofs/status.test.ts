import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FindingFact } from '../../functions/core/findings/events.ts';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import type { Ports } from '../../functions/core/ports/ports.ts';
import type { Session } from '../../functions/core/issuer/provider.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { liveCredentials } from '../../functions/core/token/known-credentials.ts';
import { GitlabSimulator } from '../../lib/sandbox/issuers/gitlab.ts';
import type { World } from '../world/world.ts';
import { inTurn } from '../extent.ts';
import {
  CALM,
  NAME,
  SUBJECTS,
  adopted,
  credentialIn,
  put,
  recordOf,
  send,
  worldOf,
  type Home,
  type Subject,
} from './home.ts';

const GITLAB: Subject = {
  id: 'gitlab',
  issuer: (delays) => (clock) => new GitlabSimulator({ clock, delays }),
};
const REVIVES = { ...CALM, 'keyturn:on-inactive': 'rotate' };

function told(world: World, kind: FindingFact['kind']): string[] {
  return world.facts
    .filter((fact): fact is FindingFact => fact.type === 'finding' && fact.kind === kind)
    .map((fact) => `${fact.change} ${fact.severity}`);
}

async function revokeByHand({ world, arn }: Home): Promise<void> {
  await world.issuer.revokeByHand((await credentialIn(world, world.peek(arn))).handle);
}

/** Ports whose issuer answers nothing while the switch is on. */
function silent(state: { isDown: boolean }): (ports: Ports) => Ports {
  return (ports) => ({
    ...ports,
    issuers: {
      ...ports.issuers,
      open: async (token) => {
        const session = await ports.issuers.open(token);
        const probe = async () => ({ outcome: 'unknown', reason: 'the connection failed' }) as const;
        return new Proxy(session, {
          get: (target, key) => (state.isDown && key === 'probe' ? probe : Reflect.get(target, key)),
        });
      },
    },
  });
}

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  describe(`live status, ${subject.id}`, () => {
    test('what was said of a value is not said of a text that is not understood in its place', async () => {
      const home = await adopted(subject, { tags: CALM });
      const { world, arn } = home;
      await revokeByHand(home);
      await send(world, arn, { kind: 'inspect' });
      assert.deepEqual(told(world, 'token-inactive'), ['opened critical']);
      await put(world, arn, '{"somewhere": {"else": "entirely"}}');
      await world.clock.advanceBy(5 * MINUTE);
      await send(world, arn, { kind: 'inspect' });
      const open = (await recordOf(home)).findings
        .filter((one) => one.state === 'open')
        .map((one) => one.kind);
      assert.deepEqual(open, ['secret-unusable']);
    });

    test(
      'a token that is revoked at its issuer is reported, and left to a person unless its policy says ' +
        'otherwise',
      async () => {
        const home = await adopted(subject);
        home.world.startSchedules();
        await revokeByHand(home);
        await home.world.clock.advanceBy(DAY);
        assert.deepEqual(told(home.world, 'token-inactive'), ['opened critical']);
        const record = await recordOf(home);
        assert.deepEqual([record.validity?.outcome, record.attempts.length], ['inactive', 0]);
      },
    );

    test(
      'with on-inactive = rotate it is replaced once, and a second revoke within the week is left to a ' +
        'person',
      async () => {
        const home = await adopted(subject, { tags: REVIVES });
        const { world, arn } = home;
        world.startSchedules();
        await revokeByHand(home);
        await world.clock.advanceBy(8 * HOUR);
        const first = await recordOf(home);
        assert.equal(first.attempts.at(-1)?.cause, 'inactive', 'it should have been replaced');
        assert.ok((await credentialIn(world, world.peek(arn))).live);
        assert.deepEqual(told(world, 'token-inactive'), ['opened critical', 'resolved critical']);
        await revokeByHand(home);
        await world.clock.advanceBy(2 * DAY);
        const second = await recordOf(home);
        assert.equal(
          currentOf(second)?.id,
          currentOf(first)?.id,
          'a second revoke within the week is left to a person',
        );
        const [open] = second.findings.filter((one) => one.kind === 'token-inactive' && one.state === 'open');
        assert.match(open?.detail ?? '', /replaces the next one at 2026-01-1\d/);
        await world.clock.advanceBy(7 * DAY);
        assert.notEqual(
          currentOf(await recordOf(home))?.id,
          currentOf(first)?.id,
          'a week later it is replaced again',
        );
        await world.clock.advanceBy(2 * DAY);
        const end = await recordOf(home);
        assert.equal(liveCredentials(end).length, 1);
        assert.deepEqual(
          end.findings.filter((one) => one.state === 'open'),
          [],
        );
      },
    );

    test('an issuer that says nothing for a day is reported, and it is over when it speaks', async () => {
      const state = { isDown: false };
      const { world, arn } = await adopted(subject, { options: { wrap: silent(state) } });
      world.startSchedules();
      state.isDown = true;
      await world.clock.advanceBy(DAY - HOUR);
      assert.deepEqual(told(world, 'validity-unknown'), []);
      await world.clock.advanceBy(2 * HOUR);
      assert.deepEqual(told(world, 'validity-unknown'), ['opened warning']);
      assert.match(
        (await recordOf({ world, arn })).findings.find((one) => one.kind === 'validity-unknown')?.detail ??
          '',
        /The last time: the connection failed\.$/,
      );
      state.isDown = false;
      await world.clock.advanceBy(7 * HOUR);
      assert.deepEqual(told(world, 'validity-unknown'), ['opened warning', 'resolved warning']);
      assert.deepEqual(told(world, 'token-inactive'), [], 'silence is no refusal');
    });

    test('a value that is too old at adoption is reported at once, and replaced after a day', async () => {
      const world = worldOf(subject);
      await world.createAdminSecret([NAME]);
      const value = await world.issuer.createByHand(NAME);
      await world.clock.advanceBy(5 * DAY);
      const arn = await world.createToken(NAME, {
        value,
        tags: { ...CALM, 'keyturn:rotate-every': '2d', 'keyturn:max-age': '4d' },
      });
      world.startSchedules();
      await world.clock.advanceBy(2 * HOUR);
      const early = await recordOf({ world, arn });
      assert.deepEqual(
        early.findings.filter((one) => one.state === 'open').map((one) => `${one.kind} ${one.severity}`),
        ['max-age-exceeded warning'],
      );
      await world.clock.advanceBy(DAY);
      const late = await recordOf({ world, arn });
      assert.notEqual(currentOf(late)?.origin, 'adopted');
      assert.ok(!late.findings.some((one) => one.kind === 'max-age-exceeded' && one.state === 'open'));
    });
  });

test('an issuer that cannot be listed leaves that on record, and the command comes back', async () => {
  const state = { isDown: false };
  const wrap = (ports: Ports): Ports => ({
    ...ports,
    issuers: { ...ports.issuers, open: async (token) => unlistable(await ports.issuers.open(token), state) },
  });
  const { world, arn } = await adopted(GITLAB, { options: { wrap } });
  state.isDown = true;
  assert.equal(await send(world, arn, { kind: 'inspect' }), false);
  const { validity } = await recordOf({ world, arn });
  assert.deepEqual([validity?.outcome, validity?.reason], ['unknown', 'GitLab does not answer.']);
});

function unlistable(session: Session, state: { isDown: boolean }): Session {
  const list = (): Promise<never> =>
    Promise.reject(new KeyturnError('issuer-unreachable', 'GitLab does not answer.'));
  return new Proxy(session, {
    get: (target, key) => (state.isDown && key === 'list' ? list : Reflect.get(target, key)),
  });
}
