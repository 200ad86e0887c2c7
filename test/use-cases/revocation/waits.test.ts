import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { HERE, NEW, NOW, OLD, STALE, Stand, handleOf, valueOf } from './stand.ts';
import { T0 } from '../../fakes/tokens.ts';

const GRACE = DEFAULT_POLICY.minGrace;
const IN_GRACE = /is in grace until/;
/** Replaced when its grace ends just now. */
const JUST_OVER = NOW - GRACE;
const FORMER = { ...HERE, account: 'projects/former' };

describe('grace', () => {
  /** Lets the old credential be revoked at one moment, and not a millisecond before. */
  async function endsJustNow(make: (stand: Stand, since: number) => Promise<void> | void): Promise<void> {
    const early = await Stand.create();
    await make(early, JUST_OVER + 1);
    await early.refuses(IN_GRACE, STALE);
    const over = await Stand.create();
    await make(over, JUST_OVER);
    await over.lets();
  }

  it('is counted from when the record has it replaced', () =>
    endsJustNow((stand, since) => stand.changeOne(OLD, { supersededAt: since })));

  it('is counted from when the worker function saw it replaced, whatever the record says', () =>
    endsJustNow((stand, since) => stand.replaced({ about: OLD, at: since })));

  it("is counted from the last rotation of AWSPREVIOUS by Secrets Manager's own date", () =>
    endsJustNow((stand, since) => stand.show({ rotatedAt: since })));

  it('is counted by the policy on record where the tags cannot be read', async () => {
    await endsJustNow((stand, since) => {
      stand.show({ rotatedAt: since });
      stand.tag({ [TAGS.issuer]: 'nobody' });
    });
  });

  it('is counted by the tags as they are', async () => {
    for (const make of [
      async (stand: Stand) => stand.show({ rotatedAt: NOW - 3 * HOUR }),
      async (stand: Stand) => stand.replaced({ about: OLD, at: NOW - 3 * HOUR }),
    ]) {
      const stand = await Stand.create();
      await make(stand);
      stand.tag({ [TAGS.minGrace]: '4h' });
      await stand.refuses(IN_GRACE, STALE);
    }
  });

  it('is counted by the record of a token whose secret is gone', async () => {
    const stand = await Stand.create();
    const arn = await stand.another(
      'prod/copy',
      [[OLD, []]],
      [await stand.credential(OLD, { state: 'revoking' })],
      { deletion: { at: T0, gone: true } },
    );
    stand.secrets.delete(arn);
    await stand.replaced({ about: OLD, at: JUST_OVER + 1 }, arn);
    await stand.refuses(IN_GRACE, STALE);
  });

  it('is not taken away by a mark in the record, and is by a permit', async () => {
    const stand = await Stand.create();
    await stand.changeOne(OLD, { supersededAt: JUST_OVER + 1, withoutGrace: true });
    await stand.refuses(IN_GRACE, STALE);
    await stand.changeOne(OLD, { askedBy: 'ana' });
    await stand.permit({ kind: 'revoke' });
    await stand.replaced({ about: OLD, at: NOW });
    stand.show({ rotatedAt: NOW });
    await stand.lets();
  });

  it('of AWSPREVIOUS is no matter of a credential that is not in it', async () => {
    const stand = await Stand.create();
    await stand.put(
      stand.arn,
      [
        [NEW, ['AWSCURRENT']],
        ['before', ['AWSPREVIOUS']],
      ],
      { rotatedAt: NOW },
    );
    await stand.change(({ credentials }) => ({
      credentials: [
        ...credentials,
        {
          id: 'before',
          versionId: 'before',
          handle: handleOf('before'),
          origin: 'minted',
          state: 'previous',
          promotedAt: T0,
          supersededAt: NOW,
        },
      ],
    }));
    await stand.lets();
  });

  it(
    'of AWSPREVIOUS is no matter where nothing has the label, nor of a version that the record does not ' +
      'know and that holds another',
    async () => {
      const lost = await Stand.create();
      await lost.changeOne(OLD, { versionId: undefined });
      lost.label({ [NEW]: ['AWSCURRENT'] });
      lost.show({ rotatedAt: NOW });
      await lost.lets();
      const unknown = await Stand.create();
      await unknown.put(
        unknown.arn,
        [
          [NEW, ['AWSCURRENT']],
          ['before', ['AWSPREVIOUS']],
        ],
        { rotatedAt: NOW },
      );
      await unknown.lets();
    },
  );

  it('of AWSPREVIOUS counts for its own version whatever became of the text there', async () => {
    const stand = await Stand.create();
    stand.show({ rotatedAt: NOW });
    stand.write(OLD, '{}');
    await stand.refuses(IN_GRACE, STALE);
  });

  it(
    'of AWSPREVIOUS in a secret that is not read here, or has another value under the same version id, ' +
      'is no matter',
    async () => {
      const beside = async (): Promise<{ stand: Stand; arn: string }> => {
        const stand = await Stand.create();
        const arn = await stand.another(
          'prod/copy',
          [[OLD, ['AWSPREVIOUS']]],
          [await stand.credential(OLD, { state: 'revoking', promotedAt: T0, supersededAt: T0 })],
        );
        stand.show({ rotatedAt: NOW }, arn);
        return { stand, arn };
      };
      await (await beside()).stand.refuses(IN_GRACE, STALE);
      const other = await beside();
      other.stand.tag({ [TAGS.installation]: 'other' }, other.arn);
      await other.stand.lets();
      const deleted = await beside();
      deleted.stand.show({ deletedAt: NOW + DAY }, deleted.arn);
      await deleted.stand.lets();
      const otherwise = await beside();
      otherwise.stand.write(OLD, JSON.stringify({ token: 'glpat-nobodyknowsthisone0' }), otherwise.arn);
      await otherwise.stand.lets();
    },
  );

  it('of AWSPREVIOUS holds up what may stand in it', async () => {
    for (const text of [JSON.stringify({ token: valueOf(OLD) }), 'not\nunderstood']) {
      const stand = await Stand.create();
      await stand.put(
        stand.arn,
        [
          [NEW, ['AWSCURRENT']],
          ['before', ['AWSPREVIOUS']],
        ],
        { rotatedAt: NOW },
      );
      stand.write('before', text);
      await stand.change(({ credentials }) => ({
        credentials: [
          ...credentials,
          {
            id: 'before',
            versionId: 'before',
            handle: handleOf('before'),
            origin: 'adopted',
            state: 'revoking',
            promotedAt: T0,
            supersededAt: T0,
          },
        ],
      }));
      await stand.refuses(IN_GRACE, STALE);
    }
  });

  it('is over for what the record has as ended, when the issuer lists it no more', async () => {
    const of = async (how: {
      state?: 'revoking';
      listed?: boolean;
      forgotten?: boolean;
      handle?: string;
    }): Promise<Stand> => {
      const stand = await Stand.create();
      await stand.put(
        stand.arn,
        [
          [NEW, ['AWSCURRENT']],
          ['before', ['AWSPREVIOUS']],
        ],
        { rotatedAt: NOW },
      );
      stand.write('before', JSON.stringify({ token: valueOf(OLD) }));
      const ended = {
        ...(await stand.credential(OLD, { state: how.state ?? 'ended' })),
        id: 'before',
        versionId: 'before',
        handle: how.handle ?? handleOf(OLD),
        ...(how.handle !== undefined && { fingerprint: undefined }),
        ...(how.forgotten === true && { forgotten: { at: T0, by: 'ana', reason: 'x' } }),
      };
      await stand.change(({ credentials }) => ({ credentials: [...credentials, ended] }));
      if (how.forgotten === true)
        await stand.permit({ kind: 'forget', about: 'before', handle: handleOf(OLD) });
      const entry = stand.listed.find((one) => one.handle === handleOf(OLD));
      stand.identify = (value) => (value === valueOf(OLD) ? entry : undefined);
      if (how.listed !== true) stand.listed = stand.listed.filter((one) => one.handle !== handleOf(OLD));
      return stand;
    };
    await (await of({})).lets();
    await (await of({ state: 'revoking' })).refuses(IN_GRACE, STALE);
    await (await of({ listed: true })).refuses(IN_GRACE, STALE);
    await (await of({ forgotten: true })).refuses(IN_GRACE, STALE);
    await (await of({ handle: handleOf('other') })).refuses(IN_GRACE, STALE);
  });

  it(
    'in another secret holds it up there, by its permit and by AWSPREVIOUS, until that token needs it no ' +
      'more',
    async () => {
      const of = async (fields: object, isSeen: boolean): Promise<Stand> => {
        const stand = await Stand.create();
        const arn = await stand.another(
          'prod/copy',
          [['theirs', ['AWSPREVIOUS']]],
          [
            {
              ...(await stand.credential(OLD, { state: 'revoking', promotedAt: T0, supersededAt: T0 })),
              id: 'theirs',
              versionId: 'theirs',
              ...fields,
            },
          ],
        );
        stand.write('theirs', JSON.stringify({ token: valueOf(OLD) }), arn);
        stand.show({ rotatedAt: isSeen ? T0 : JUST_OVER + 1 }, arn);
        if (isSeen) await stand.replaced({ about: 'theirs', at: JUST_OVER + 1, handle: handleOf(OLD) }, arn);
        return stand;
      };
      for (const isSeen of [true, false]) {
        await (await of({}, isSeen)).refuses(IN_GRACE, STALE);
        await (await of({ givenUp: true }, isSeen)).lets();
      }
    },
  );

  it('that its own record gave up is counted all the same', async () => {
    const stand = await Stand.create();
    await stand.replaced({ about: OLD, at: JUST_OVER + 1 });
    await stand.changeOne(OLD, { givenUp: true });
    await stand.refuses(IN_GRACE, STALE);
    const previous = await Stand.create();
    previous.show({ rotatedAt: JUST_OVER + 1 });
    await previous.changeOne(OLD, { givenUp: true });
    await previous.refuses(IN_GRACE, STALE);
  });

  it('of a secret that Secrets Manager never rotated is that of the record', async () => {
    const stand = await Stand.create();
    const { rotatedAt: _rotatedAt, ...description } = stand.shown();
    stand.secrets.set(stand.arn, { texts: stand.secrets.get(stand.arn)?.texts ?? new Map(), description });
    await stand.lets();
  });
});

describe('the last look', () => {
  it('asks about the value that AWSCURRENT names', async () => {
    const stand = await Stand.create();
    await stand.lets();
    assert.deepEqual(stand.probed, [{ value: valueOf(NEW), at: HERE.account }]);
  });

  it('asks where the current one was made: by its seal, else the record, else the grant', async () => {
    const sealed = await Stand.create();
    sealed.formerly = [FORMER];
    sealed.write(NEW, await sealed.sealed(sealed.arn, NEW, FORMER));
    await sealed.lets();
    assert.deepEqual(
      sealed.probed.map((one) => one.at),
      [FORMER.account],
    );
    const recorded = await Stand.create();
    recorded.formerly = [FORMER];
    await recorded.changeOne(NEW, { reach: FORMER });
    await recorded.lets();
    assert.deepEqual(
      recorded.probed.map((one) => one.at),
      [FORMER.account],
    );
    const unknown = await Stand.create();
    const verdict = await unknown.ask(OLD, unknown.session(FORMER));
    assert.equal(verdict.revoked, true);
    assert.deepEqual(
      unknown.probed.map((one) => one.at),
      [HERE.account],
    );
  });

  it('asks no issuer where the grant names the place no more', async () => {
    const stand = await Stand.create();
    await stand.changeOne(NEW, { reach: FORMER });
    await stand.refuses(/could not be asked/, { ...STALE, looked: { at: NOW, outcome: 'unknown' } });
    assert.deepEqual(stand.probed, []);
  });

  it('asks in the session at hand where that is the very place', async () => {
    const stand = await Stand.create();
    await stand.changeOne(NEW, { reach: FORMER });
    const verdict = await stand.ask(OLD, stand.session(FORMER));
    assert.equal(verdict.revoked, true);
    assert.deepEqual(
      stand.probed.map((one) => one.at),
      [FORMER.account],
    );
  });

  it('is taken for what consumers may have had, and not for what none did', async () => {
    const unused = async (fields: object): Promise<Stand> => {
      const stand = await Stand.create();
      stand.accepted.clear();
      await stand.changeOne(OLD, {
        neverCurrent: true,
        promotedAt: undefined,
        supersededAt: undefined,
        ...fields,
      });
      return stand;
    };
    assert.deepEqual(await (await unused({})).lets(), { revoked: true });
    const refusal = { looked: { at: NOW, outcome: 'inactive' } } as const;
    await (await unused({ neverCurrent: undefined })).refuses(/refuses the value/, refusal);
    await (await unused({ promotedAt: T0 })).refuses(/refuses the value/, refusal);
    await (await unused({ supersededAt: T0 })).refuses(/refuses the value/, refusal);
    const seen = await unused({});
    await seen.replaced({ about: OLD, at: T0 });
    await seen.refuses(/refuses the value/, refusal);
  });

  it('and the picture are left out in an emergency alone', async () => {
    const stand = await Stand.create();
    stand.accepted.clear();
    stand.forgetPass();
    await stand.changeOne(OLD, { askedBy: 'ana' });
    await stand.refuses(/Nothing is revoked before a pass/, STALE);
    await stand.permit({ kind: 'revoke' });
    assert.deepEqual(await stand.lets(), { revoked: true });
  });
});

describe('copies in other Regions', () => {
  const FAILED = { region: 'eu-north-1', status: 'Failed', message: 'Its key is disabled.' };

  it('that have not the current version hold up every end', async () => {
    for (const status of ['Failed', 'InProgress', 'anything else']) {
      const stand = await Stand.create();
      stand.show({
        replicas: [
          { region: 'eu-south-1', status: 'InSync' },
          { region: 'eu-north-1', status },
        ],
      });
      await stand.refuses(
        /The replica in eu-north-1 has not got the current version .*, and consumers there may still have/,
        STALE,
      );
    }
    const insync = await Stand.create();
    insync.show({ replicas: [{ region: 'eu-north-1', status: 'InSync' }] });
    await insync.lets();
  });

  it('that were known and are not shown any more do too', async () => {
    const stand = await Stand.create();
    await stand.change(() => ({ replicas: [{ region: 'eu-north-1', status: 'InSync', since: T0 }] }));
    await stand.refuses(/The replica in eu-north-1 is gone/, STALE);
  });

  it('are not waited for once a person said so, of the copy as it is', async () => {
    const of = async (saidAt: number, isPermitted: boolean, isOnRecord = true): Promise<Stand> => {
      const stand = await Stand.create();
      stand.show({ replicas: [FAILED] });
      await stand.change(() => ({
        replicas: [
          { ...FAILED, since: NOW - DAY, ...(isOnRecord && { accepted: { at: saidAt, by: 'ana' } }) },
        ],
      }));
      if (isPermitted) await stand.permit({ kind: 'replica', about: 'replica/eu-north-1', at: saidAt });
      return stand;
    };
    await (await of(NOW - DAY, true)).lets();
    await (await of(NOW - DAY, false)).refuses(/The replica in eu-north-1/, STALE);
    await (await of(NOW - DAY, true, false)).refuses(/The replica in eu-north-1/, STALE);
    await (await of(NOW - DAY - 1, true)).refuses(/The replica in eu-north-1/, STALE);
  });

  it('hold up nothing in an emergency, and nothing that no consumer had', async () => {
    const asked = await Stand.create();
    asked.show({ replicas: [FAILED] });
    await asked.changeOne(OLD, { askedBy: 'ana' });
    await asked.permit({ kind: 'revoke' });
    await asked.lets();
    const unused = await Stand.create();
    unused.show({ replicas: [FAILED] });
    await unused.changeOne(OLD, { neverCurrent: true, promotedAt: undefined, supersededAt: undefined });
    await unused.lets();
  });

  it('count for nothing of a secret that a person ended and that is to be deleted', async () => {
    const stand = await Stand.create();
    stand.show({ replicas: [FAILED], deletedAt: NOW + MINUTE });
    await stand.change(() => ({ ending: { kind: 'retire', askedAt: NOW, by: 'ana' } }));
    await stand.permit({ kind: 'retirement', about: stand.tokenId });
    await stand.lets();
  });
});

describe('a refusal', () => {
  it('names credentials by their handles, and holds no value', async () => {
    const stand = await Stand.create();
    stand.accepted.clear();
    const verdict = await stand.ask();
    assert.ok(
      !verdict.revoked && !verdict.reason.includes(valueOf(NEW)) && verdict.reason.includes(handleOf(OLD)),
    );
    assert.ok(!JSON.stringify(verdict).includes('glpat-'));
  });
});
