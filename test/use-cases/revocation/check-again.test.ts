import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { askAgain } from '../../../functions/use-cases/revocation/check-again.ts';
import { NOW, OLD, valueOf } from './stand.ts';
import { T0 } from '../../fakes/tokens.ts';
import { ELSEWHERE, LEAK, UNKNOWN, Act, pick } from './verify-act.ts';

describe('a leaked credential whose revocation was verified', () => {
  async function verified(fields: Partial<Credential> = {}): Promise<Act> {
    const act = await Act.create({
      state: 'ended',
      endedAt: NOW - HOUR,
      proof: 'value',
      askAgain: { at: NOW, asked: 0 },
      problem: undefined,
      ...fields,
    });
    await act.stand.change(() => ({ incidents: [{ ...LEAK, containedAt: NOW - HOUR, replacedAt: T0 }] }));
    return act;
  }

  it('is not asked about before its time, nor at all where nothing was noted', async () => {
    for (const askAgainAt of [{ at: NOW + 1, asked: 0 }, undefined]) {
      const act = await verified({ askAgain: askAgainAt });
      await act.after(askAgain);
      assert.deepEqual(act.stand.probed, []);
    }
  });

  it('is asked again after a day, and no more after the last time', async () => {
    assert.deepEqual((await (await verified()).after(askAgain)).askAgain, { at: NOW - HOUR + DAY, asked: 1 });
    const last = await verified({ endedAt: NOW - 30 * DAY, askAgain: { at: NOW, asked: 3 } });
    assert.equal((await last.after(askAgain)).askAgain, undefined);
    assert.equal(last.unpinned.length, 1);
    const late = await verified({ endedAt: NOW - 2 * DAY });
    assert.deepEqual(
      (await late.after(askAgain)).askAgain,
      { at: NOW + HOUR, asked: 1 },
      'never twice within the hour',
    );
  });

  it('is asked again in an hour where there was no answer, for 60 days', async () => {
    const act = await verified({ endedAt: NOW - 60 * DAY + 1 });
    act.stand.answer = () => UNKNOWN;
    assert.deepEqual((await act.after(askAgain)).askAgain, { at: NOW + HOUR, asked: 0 });
    const over = await verified({ endedAt: NOW - 60 * DAY });
    over.stand.answer = () => UNKNOWN;
    assert.equal((await over.after(askAgain)).askAgain, undefined);
    assert.equal(over.unpinned.length, 1);
    const versionless = await verified({ endedAt: NOW - 60 * DAY, versionId: undefined });
    await versionless.after(askAgain);
    assert.deepEqual([(await versionless.one()).askAgain, versionless.unpinned], [undefined, []]);
  });

  it('that works again goes back to its end, and everybody hears of it', async () => {
    const act = await verified({ refused: { since: T0, last: T0 }, absent: { since: T0, last: T0 } });
    act.stand.accepted.add(valueOf(OLD));
    const one = await act.after(askAgain);
    assert.deepEqual(
      pick(
        one,
        'state',
        'endedAt',
        'proof',
        'revokedAt',
        'refused',
        'absent',
        'askAgain',
        'withoutGrace',
        'revocationBegunAt',
        'endingSince',
      ),
      { state: 'revoking', withoutGrace: true, revocationBegunAt: NOW, endingSince: NOW },
    );
    assert.equal(one.problem?.kind, 'revocation-ineffective');
    const again = async (): Promise<number> =>
      (await act.facts()).filter((fact) =>
        fact.startsWith('active-again: The issuer accepts the leaked credential'),
      ).length;
    assert.equal(await again(), 1);
    act.stand.now += HOUR;
    await act.stand.changeOne(OLD, { state: 'ended', endedAt: NOW, askAgain: { at: NOW, asked: 0 } });
    await act.after(askAgain);
    assert.equal(await again(), 2, 'each time is told');
  });

  it('is asked about where it was made alone', async () => {
    const act = await verified({ reach: ELSEWHERE });
    act.stand.accepted.add(valueOf(OLD));
    assert.deepEqual((await act.after(askAgain)).askAgain, { at: NOW + HOUR, asked: 0 });
    assert.deepEqual(act.stand.probed, []);
  });
});
