import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { adopted, rotateOnce, SUBJECTS, SHORT } from './home.ts';

const [SUBJECT] = SUBJECTS.filter(({ id }) => id === 'gitlab');
const REFUSAL = new KeyturnError('aws-failed', 'AWS did not do secretsmanager:GetSecretValue: Slow.');

describe('what keeps an old credential from its end', () => {
  it('is told as it is now where AWS fails, by the record and by a finding, and ends with it', async () => {
    assert.ok(SUBJECT);
    const broken = { isOn: false };
    const home = await adopted(SUBJECT, {
      tags: { ...SHORT, 'keyturn:rotate-every': '30d', 'keyturn:max-age': '60d' },
      options: {
        wrap: (ports, invocation) => ({
          ...ports,
          secrets: new Proxy(ports.secrets, {
            get(target, key) {
              if (key === 'read' && broken.isOn && invocation.name.includes('worker'))
                return () => Promise.reject(REFUSAL);
              const member: unknown = Reflect.get(target, key, target);
              return typeof member === 'function' ? member.bind(target) : member;
            },
          }),
        }),
      },
    });
    await rotateOnce(home);
    const { world, arn } = home;
    broken.isOn = true;
    world.startSchedules();
    await world.clock.advanceBy(5 * HOUR);
    const old = async () => (await world.record(arn))?.credentials.find(({ state }) => state !== 'current');
    assert.match((await old())?.verdict ?? '', /GetSecretValue: Slow/);
    await world.clock.advanceBy(8 * HOUR);
    const open = async () =>
      (await world.record(arn))?.findings.filter(({ state }) => state === 'open') ?? [];
    const blocked = (await open()).find(({ kind }) => kind === 'revocation-blocked');
    assert.match(blocked?.detail ?? '', /GetSecretValue: Slow/);
    broken.isOn = false;
    await world.clock.advanceBy(2 * HOUR + 5 * MINUTE);
    assert.equal((await old())?.state, 'ended');
    assert.deepEqual(await open(), []);
  });
});
