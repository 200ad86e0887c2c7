import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LEAST_APART, lagOf } from '../../../functions/core/validity/inactivity-proof.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { pinOf } from '../../../functions/core/basics/names.ts';
import type { Ports } from '../../../functions/core/ports/ports.ts';
import type { Reach } from '../../../functions/core/issuer/provider.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { outOfReach, recordedSessionOf, sessionOf } from '../../../functions/use-cases/evidence/place.ts';
import {
  recordEnd,
  endIfInactive,
  prove,
  secondLookAt,
} from '../../../functions/use-cases/revocation/verify-revoked.ts';
import { HERE, NOW, OLD, valueOf } from './stand.ts';
import { T0 } from '../../fakes/tokens.ts';
import { ELSEWHERE, LEAK, REFUSED, UNKNOWN, Act, pick } from './verify-act.ts';

describe('the proof of a revoke', () => {
  it('is a refusal of the value; then the version needs no pin, and is not kept', async () => {
    const act = await Act.create();
    const one = await act.after(prove);
    assert.deepEqual(pick(one, 'state', 'endedAt', 'proof', 'problem', 'lookAt', 'askAgain'), {
      state: 'ended',
      endedAt: NOW,
      proof: 'value',
    });
    assert.deepEqual(act.unpinned, [JSON.stringify([pinOf(OLD), { from: OLD }])]);
    assert.deepEqual((await act.stand.inventory.loadPermits(act.stand.tokenId)).permits.permits, []);
    assert.deepEqual(await act.facts(), ['revocation-verified: the issuer refuses it']);
  });

  it('is not looked for before the issuer had its time, nor without a revoke', async () => {
    for (const fields of [{ revokedAt: NOW - 10 * SECOND + 1 }, { revokedAt: undefined }]) {
      const act = await Act.create(fields);
      assert.equal((await act.after(prove)).state, 'revoking');
      assert.deepEqual(act.stand.probed, []);
    }
    assert.equal((await (await Act.create({ revokedAt: NOW - 10 * SECOND })).after(prove)).state, 'ended');
  });

  it('that the value still works is a problem, and the end is tried anew', async () => {
    const act = await Act.create({ refused: { since: T0, last: T0 }, absent: { since: T0, last: T0 } });
    act.stand.accepted.add(valueOf(OLD));
    const one = await act.after(prove);
    assert.deepEqual(pick(one, 'state', 'revokedAt', 'lookAt', 'refused', 'absent'), {
      state: 'revoking',
      lookAt: NOW + 10 * MINUTE,
    });
    assert.match(one.problem?.detail ?? '', /still accepts the credential/);
    assert.equal(one.problem?.kind, 'revocation-ineffective');
    assert.deepEqual(one.probes, [NOW]);
  });

  it('that is unknown is looked for again in minutes, and when only lists can tell, in hours', async () => {
    const open = await Act.create();
    open.stand.answer = () => UNKNOWN;
    assert.deepEqual(pick(await open.after(prove), 'state', 'lookAt', 'problem'), {
      state: 'revoking',
      lookAt: NOW + 10 * MINUTE,
    });
    const lists = async (since: number, fields: Partial<Credential> = {}): Promise<number | undefined> => {
      const act = await Act.create({ absent: { since, last: since }, ...fields });
      act.stand.write(OLD, '{}');
      return (await act.after(prove)).lookAt;
    };
    assert.equal(await lists(NOW - LEAST_APART), NOW + 6 * HOUR);
    assert.equal(await lists(NOW - LEAST_APART + 1), NOW + 10 * MINUTE);
    const asked = await Act.create({ absent: { since: T0, last: T0 } });
    asked.stand.answer = () => UNKNOWN;
    assert.equal((await asked.after(prove)).lookAt, NOW + 10 * MINUTE, 'its value may tell any moment');
    const blind = await Act.create();
    blind.stand.write(OLD, '{}');
    blind.stand.midway = async () => Promise.reject(new KeyturnError('issuer-unreachable', 'Down.'));
    assert.equal((await blind.after(prove)).lookAt, NOW + 10 * MINUTE, 'nothing was seen at all');
  });

  it('is looked for nowhere else than where it was made, and people hear where that was', async () => {
    const act = await Act.create({ reach: ELSEWHERE });
    const one = await act.after(prove);
    assert.deepEqual([one.state, one.lookAt, act.stand.probed], ['revoking', NOW + HOUR, []]);
    assert.match(
      one.problem?.detail ?? '',
      /was made at gitlab\.com\/projects\/9, which the grant of prod\/app does not name any more/,
    );
    assert.equal(one.problem?.kind, 'revocation-blocked');
    act.stand.formerly = [ELSEWHERE];
    assert.equal((await act.after(prove)).state, 'ended');
    assert.deepEqual(
      act.stand.probed.map((seen) => seen.at),
      [ELSEWHERE.account],
    );
  });
});

describe('a look at what was not revoked', () => {
  const lookedAt = async (act: Act): Promise<{ isInactive: boolean; one: Credential; isSaved: boolean }> => {
    const before = await act.stand.inventory.load(act.stand.tokenId);
    const { isInactive, record } = await endIfInactive(
      await act.work(),
      await act.one(),
      act.stand.session(),
      act.ports(),
    );
    return { isInactive, one: await act.one(), isSaved: record.revision !== before?.revision };
  };
  const SPAN = { since: T0, last: T0 };
  const fresh = (fields: Partial<Credential>): Promise<Act> =>
    Act.create({ revokedAt: undefined, problem: undefined, ...fields });

  it('buries it at the second refusal, and keeps a first one with the time of the question', async () => {
    const first = await lookedAt(await fresh({}));
    assert.deepEqual([first.isInactive, first.isSaved, first.one.state], [false, true, 'revoking']);
    assert.deepEqual(pick(first.one, 'refused', 'absent', 'probes', 'endedAt'), {
      refused: { since: NOW, last: NOW },
      probes: [NOW],
    });
    const second = await lookedAt(await fresh({ refused: SPAN }));
    assert.deepEqual([second.isInactive, second.one.state, second.one.endedAt], [true, 'ended', NOW]);
  });

  it('forgets earlier signs once its issuer takes it', async () => {
    const act = await fresh({ refused: SPAN, absent: SPAN });
    act.stand.accepted.add(valueOf(OLD));
    const { isInactive, one } = await lookedAt(act);
    assert.deepEqual([isInactive, pick(one, 'refused', 'absent', 'probes')], [false, { probes: [NOW] }]);
  });

  it('keeps what was seen before where it saw nothing, and notes the question all the same', async () => {
    const act = await fresh({ refused: SPAN });
    act.stand.answer = () => UNKNOWN;
    assert.deepEqual(pick((await lookedAt(act)).one, 'refused', 'absent', 'probes'), {
      refused: SPAN,
      probes: [NOW],
    });
  });

  it('saves nothing where no issuer could be asked, and nothing is new', async () => {
    const act = await fresh({ refused: SPAN });
    act.stand.write(OLD, '{}');
    const { isSaved, one } = await lookedAt(act);
    assert.deepEqual([isSaved, pick(one, 'refused', 'probes')], [false, { refused: SPAN }]);
  });

  it('keeps signs that lists alone give', async () => {
    for (const known of [undefined, SPAN]) {
      const act = await Act.create({ absent: known });
      act.stand.write(OLD, '{}');
      const { isSaved, one } = await lookedAt(act);
      assert.deepEqual(
        [isSaved, pick(one, 'absent', 'probes')],
        [true, { absent: { since: known?.since ?? NOW, last: NOW } }],
      );
    }
    const listed = await fresh({ refused: SPAN });
    listed.stand.write(OLD, '{}');
    listed.stand.issue(OLD, { state: 'disabled', active: false });
    const { isSaved, one } = await lookedAt(listed);
    assert.deepEqual(
      [isSaved, pick(one, 'refused')],
      [true, {}],
      'a list that shows it contradicts a refusal',
    );
  });

  it('notes the place where it was first seen, and only then', async () => {
    const act = await fresh({ reach: undefined });
    act.stand.write(OLD, '{}');
    act.stand.issue(OLD);
    const { isSaved, one } = await lookedAt(act);
    assert.deepEqual([isSaved, one.reach, one.probes], [true, HERE, undefined]);
    assert.equal((await lookedAt(act)).isSaved, false);
    const unseen = await fresh({ reach: undefined });
    unseen.stand.write(OLD, '{}');
    assert.deepEqual([(await lookedAt(unseen)).isSaved, (await unseen.one()).reach], [false, undefined]);
  });
});

describe('what is buried', () => {
  it(
    'is asked about again in an hour when it was exposed and its value can be read, and its version is ' +
      'kept for that',
    async () => {
      const act = await Act.create();
      await act.stand.change(() => ({ incidents: [LEAK] }));
      assert.deepEqual((await act.after(prove)).askAgain, { at: NOW + HOUR, asked: 0 });
      assert.deepEqual(act.unpinned, []);
      const unreadable = await Act.create();
      await unreadable.stand.change(() => ({ incidents: [LEAK] }));
      unreadable.stand.show({ deletedAt: NOW + DAY });
      await unreadable.after(async (work, one, ports) => recordEnd(work, one, 'list', ports));
      assert.deepEqual([(await unreadable.one()).askAgain, unreadable.unpinned], [undefined, []]);
      const versionless = await Act.create({ versionId: undefined });
      await versionless.stand.change(() => ({ incidents: [LEAK] }));
      await versionless.after(async (work, one, ports) =>
        recordEnd(work, one, { told: 'It is gone.' }, ports),
      );
      assert.deepEqual(pick(await versionless.one(), 'askAgain', 'proof'), { proof: 'list' });
      assert.deepEqual(
        [
          versionless.unpinned,
          (await versionless.facts()).filter((fact) => fact.startsWith('revocation-verified')),
        ],
        [[], ['revocation-verified: It is gone.']],
      );
    },
  );

  it('is recorded as ended with or without its pin, but not when that is unknown', async () => {
    for (const code of ['conflict', 'not-found'] as const) {
      const act = await Act.create();
      act.labelFault = new KeyturnError(code, 'x');
      assert.equal((await act.after(prove)).state, 'ended');
    }
    for (const fault of [new KeyturnError('aws-failed', 'x'), new TypeError('a fault')]) {
      const act = await Act.create();
      act.labelFault = fault;
      await assert.rejects(act.after(prove), fault);
      assert.equal((await act.one()).state, 'revoking');
    }
  });
});

describe('a first sign of death', () => {
  it('is looked at once more when the second one counts', async () => {
    const act = await Act.create();
    const lag = lagOf({ lags: { accepted: 10 * SECOND, refused: 10 * SECOND } });
    const refused = { since: NOW - MINUTE, last: NOW };
    const looked = (verdict: Parameters<typeof secondLookAt>[0]['verdict']) =>
      ({ verdict, probe: REFUSED.outcome, reach: HERE, listed: undefined }) as const;
    const open = looked({ kind: 'open', refused, absent: undefined });
    const one = await act.one();
    assert.equal(
      secondLookAt(open, { ...one, refused: { since: NOW - MINUTE, last: NOW } }, act.ports(), 'gitlab'),
      NOW - MINUTE + lag,
    );
    assert.equal(secondLookAt(open, one, act.ports(), 'gitlab'), NOW + lag);
    assert.equal(secondLookAt(open, one, act.ports(), 'nobody'), NOW + LEAST_APART);
    assert.equal(
      secondLookAt(
        looked({ kind: 'open', refused: { since: T0, last: NOW - 1 }, absent: undefined }),
        one,
        act.ports(),
        'gitlab',
      ),
      undefined,
    );
    assert.equal(
      secondLookAt(
        looked({ kind: 'open', refused: undefined, absent: undefined }),
        one,
        act.ports(),
        'gitlab',
      ),
      undefined,
    );
    assert.equal(secondLookAt(looked({ kind: 'active' }), one, act.ports(), 'gitlab'), undefined);
  });
});

describe('the place where a credential was made', () => {
  it('is reached by the session at hand where it is the same, else under the grant alone', async () => {
    const act = await Act.create();
    const work = await act.work();
    assert.equal(await sessionOf(work, {}, act.ports()), work.session);
    assert.equal(await sessionOf(work, { reach: HERE }, act.ports()), work.session);
    assert.equal(await sessionOf(work, { reach: ELSEWHERE }, act.ports()), undefined);
    act.stand.formerly = [ELSEWHERE];
    const there = await sessionOf(
      { ...work, registration: { ...work.registration, admin: 'keyturn/admin/gitlab/b' } },
      { reach: ELSEWHERE },
      act.ports(),
    );
    assert.equal(there?.reach, ELSEWHERE);
    assert.deepEqual(act.opened.at(-1), {
      provider: 'gitlab',
      admin: 'keyturn/admin/gitlab/b',
      name: 'prod/app',
    });
  });

  it(
    'is reached by the record alone for a secret that is gone; what keeps it from being opened for good ' +
      'is no grant',
    async () => {
      const act = await Act.create();
      const work = await act.work();
      assert.equal((await recordedSessionOf(work, {}, act.ports()))?.reach, HERE);
      assert.equal(await recordedSessionOf(work, { reach: ELSEWHERE }, act.ports()), undefined);
      act.stand.formerly = [ELSEWHERE];
      assert.equal((await recordedSessionOf(work, { reach: ELSEWHERE }, act.ports()))?.reach, ELSEWHERE);
      assert.deepEqual(
        act.opened.map((of) => (of as { name: string }).name),
        ['prod/app', 'prod/app', 'prod/app'],
      );
      const failing = (error: Error): Ports =>
        ({ ...act.ports(), issuers: { open: async () => Promise.reject(error) } }) as unknown as Ports;
      assert.equal(
        await recordedSessionOf(work, {}, failing(new KeyturnError('not-granted', 'x'))),
        undefined,
      );
      for (const error of [new KeyturnError('aws-failed', 'x'), new TypeError('a fault')])
        await assert.rejects(recordedSessionOf(work, {}, failing(error)), error);
    },
  );

  it('is told with what to do: another host, another account, or one that is unknown', async () => {
    const one = await (await Act.create()).one();
    const said = (reach: Reach | undefined, here: Reach | undefined): string =>
      outOfReach({ name: 'prod/app' }, { ...one, reach }, here);
    assert.match(
      said(ELSEWHERE, { ...HERE, host: 'git.example.com' }),
      /the admin secret names git\.example\.com now/,
    );
    assert.match(
      said(ELSEWHERE, { ...HERE, basePath: '/gitlab' }),
      /the admin secret names gitlab\.com\/gitlab now/,
    );
    assert.match(
      said(ELSEWHERE, HERE),
      /at gitlab\.com\/projects\/9, which the grant of prod\/app does not name any more/,
    );
    assert.match(said(undefined, { ...HERE, host: 'x' }), /at an unknown place, which the grant/);
    assert.match(said(ELSEWHERE, undefined), /which the grant/);
  });
});
