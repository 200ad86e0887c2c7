import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { SHORT, SUBJECTS, inGrace, issued, oldOf, recordOf, send } from './home.ts';

describe('an old credential that a person disabled at an issuer of two slots', () => {
  for (const subject of SUBJECTS.filter(({ id }) => id === 'okta'))
    it(
      'takes its slot until it is deleted: nothing is asked of the issuer that it has to refuse, and the ' +
        'rotation follows',
      async () => {
        const home = await inGrace(subject, {
          tags: {
            ...SHORT,
            'keyturn:rotate-every': '20d',
            'keyturn:max-age': '60d',
            'keyturn:min-grace': '6h',
            'keyturn:max-grace': '1d',
          },
        });
        const { world, arn } = home;
        const before = await recordOf(home);
        const old = oldOf(before);
        assert.equal((await issued(world)).length, 2);
        await world.issuer.revokeByHand(old.handle ?? '');
        await send(world, arn, { kind: 'inspect' });
        const from = world.line.calls.length;
        world.startSchedules();
        await send(world, arn, { kind: 'rotate' });
        await world.clock.advanceBy(4 * HOUR);
        const creations = world.line.calls
          .slice(from)
          .filter(({ target, name }) => target === 'issuer' && /^POST .*\/secrets$/.test(name));
        assert.deepEqual(creations, []);
        assert.equal(currentOf(await recordOf(home))?.id, currentOf(before)?.id);
        await world.clock.advanceBy(DAY);
        const after = await recordOf(home);
        assert.notEqual(currentOf(after)?.id, currentOf(before)?.id);
        assert.ok(!(await issued(world)).some(({ handle, live }) => handle === old.handle && live));
        assert.deepEqual(
          after.findings.filter((one) => one.state === 'open').map((one) => one.kind),
          [],
        );
      },
    );
});
