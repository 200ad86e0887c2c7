import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import { INDEX_VERSION } from '../../../functions/use-cases/inventory/credential-index.ts';
import { NEEDED, NEW, NOW, OLD, STALE, Stand, handleOf } from './stand.ts';
import { T0 } from '../../fakes/tokens.ts';

/** What changes at the stand, the old credential of which may be revoked, and what the guard says then. */
interface Case {
  readonly when: string;
  readonly make: (stand: Stand) => Promise<void> | void;
  readonly says: RegExp;
  readonly how?: Parameters<Stand['refuses']>[1];
}

const BEFORE_THE_LOOK: readonly Case[] = [
  {
    when: 'the token is not on record',
    make: (stand) => stand.inventory.lose(),
    says: /not on record any more/,
    how: STALE,
  },
  {
    when: 'the credential is not on record',
    make: (stand) =>
      stand.change(({ credentials }) => ({ credentials: credentials.filter((one) => one.id !== OLD) })),
    says: /not on record any more/,
    how: STALE,
  },
  {
    when: 'it has no name at the issuer',
    make: (stand) => stand.changeOne(OLD, { handle: undefined }),
    says: /Nothing tells which credential/,
  },
  {
    when: 'it is in grace',
    make: (stand) => stand.changeOne(OLD, { state: 'previous' }),
    says: /is previous, not claimed/,
    how: STALE,
  },
  {
    when: 'it has ended',
    make: (stand) => stand.changeOne(OLD, { state: 'ended' }),
    says: /is ended, not claimed/,
    how: STALE,
  },
  {
    when: 'it is on its way back',
    make: (stand) => stand.changeOne(OLD, { state: 'rolling-back' }),
    says: /is rolling-back, not claimed/,
    how: STALE,
  },
];

const OWN_SECRET: readonly Case[] = [
  {
    when: 'its secret belongs to another installation',
    make: (stand) => stand.tag({ [TAGS.installation]: 'other' }),
    says: /not registered with this installation/,
  },
  {
    when: 'its secret is to be deleted',
    make: (stand) => stand.show({ deletedAt: NOW + DAY }),
    says: /scheduled for deletion/,
  },
  {
    when: 'AWSCURRENT is on a version that the record has not',
    make: (stand) => stand.label({ unseen: ['AWSCURRENT'], [NEW]: [] }),
    says: /AWSCURRENT is not the version/,
    how: STALE,
  },
  {
    when: 'nothing is AWSCURRENT and the record has something current',
    make: (stand) => stand.label({ [NEW]: [], [OLD]: ['AWSPREVIOUS'] }),
    says: /AWSCURRENT is not the version/,
    how: STALE,
  },
  {
    when: 'AWSCURRENT came back to it',
    make: (stand) => stand.label({ [OLD]: ['AWSCURRENT'], [NEW]: ['AWSPREVIOUS'] }),
    says: /AWSCURRENT is not the version/,
    how: STALE,
  },
  {
    when: 'nothing is current on record and AWSCURRENT is somewhere',
    make: (stand) => stand.changeOne(NEW, { state: 'previous', supersededAt: T0 }),
    says: /AWSCURRENT is not the version/,
    how: STALE,
  },
  {
    when: 'nothing is current on record, and what was revoked by order is not what AWSCURRENT names',
    make: async (stand) => {
      await stand.changeOne(NEW, { state: 'ended', forcedRevocation: { cause: 'max-age', at: T0 } });
      stand.label({ unseen: ['AWSCURRENT'], [NEW]: [] });
    },
    says: /AWSCURRENT is not the version/,
    how: STALE,
  },
  {
    when: 'it stands in the record as another version too, which is in grace',
    make: (stand) =>
      stand.change(({ credentials }) => ({
        credentials: [
          ...credentials,
          {
            ...stand.found(credentials, OLD),
            id: 'twin',
            versionId: 'twin',
            state: 'previous',
            promotedAt: T0,
          },
        ],
      })),
    says: /is also the version twin, which is in grace/,
    how: NEEDED,
  },
];

const PICTURE: readonly Case[] = [
  {
    when: 'the inventory is being rebuilt',
    make: async (stand) => void (await stand.inventory.beginRebuild(NOW)),
    says: /being rebuilt/,
    how: STALE,
  },
  {
    when: 'the worker function did not claim it',
    make: (stand) =>
      stand.permit({ kind: 'claim', about: 'something else' }).then(() => stand.unpermit('claim')),
    says: /has not claimed the credential/,
    how: STALE,
  },
  {
    when: 'the claim is of a credential with another name',
    make: (stand) => stand.permit({ kind: 'claim', handle: 'another' }),
    says: /has not claimed the credential/,
    how: STALE,
  },
  {
    when: 'no pass of reconcile was complete',
    make: (stand) => stand.forgetPass(),
    says: /Nothing is revoked before a pass of reconcile/,
    how: STALE,
  },
  {
    when: 'the last pass ran under another index',
    make: (stand) => stand.inventory.notePass({ index: INDEX_VERSION + 1, startedAt: NOW - HOUR }),
    says: /Nothing is revoked before a pass/,
    how: STALE,
  },
  {
    when: 'the last pass began less than five minutes after the claim',
    make: (stand) =>
      stand.inventory.notePass({ index: INDEX_VERSION, startedAt: NOW - 2 * HOUR + 5 * MINUTE - 1 }),
    says: /Nothing is revoked before a pass/,
    how: STALE,
  },
];

const ISSUER: readonly Case[] = [
  {
    when: 'its name was given to a younger one',
    make: (stand) => stand.relist(OLD, { createdAt: T0 - 60 * DAY + 2 * SECOND }),
    says: /gave the name .* to another credential/,
    how: { isGone: true },
  },
  {
    when: 'the issuer lists it as revoked',
    make: (stand) => stand.relist(OLD, { state: 'revoked', active: false }),
    says: /lists the credential .* as revoked/,
    how: { isGone: true },
  },
  {
    when: 'the issuer lists it as expired',
    make: (stand) => stand.relist(OLD, { state: 'expired', active: false }),
    says: /lists the credential .* as expired/,
    how: { isGone: true },
  },
  {
    when: 'it carries the marker of another installation',
    make: (stand) => stand.relist(OLD, { name: 'keyturn-0000000000-000000000000-0000000000000000' }),
    says: /carries the marker of another token or installation/,
  },
  {
    when: 'it was found, and carries no marker',
    make: (stand) =>
      Promise.resolve(stand.relist(OLD, { name: 'by hand' })).then(() =>
        stand.changeOne(OLD, { origin: 'found' }),
      ),
    says: /does not carry this token's marker/,
  },
  {
    when: 'it was made by Keyturn, and was renamed',
    make: (stand) => stand.relist(OLD, { name: 'by hand' }),
    says: /carries another name now/,
  },
];

const LAST_LOOK: readonly Case[] = [
  {
    when: 'the issuer refuses the new value',
    make: (stand) => stand.accepted.clear(),
    says: /refuses the value that AWSCURRENT names/,
    how: { looked: { at: NOW, outcome: 'inactive' } },
  },
  {
    when: 'the new value cannot be asked about',
    make: (stand) => void (stand.answer = () => ({ outcome: 'unknown', reason: 'down' })),
    says: /could not be asked/,
    how: { ...STALE, looked: { at: NOW, outcome: 'unknown' } },
  },
  {
    when: 'the new version holds no value',
    make: (stand) => stand.write(NEW, '{}'),
    says: /holds no credential/,
  },
  {
    when: 'nothing took its place',
    make: async (stand) => {
      await stand.change(({ credentials }) => ({ credentials: credentials.filter((one) => one.id !== NEW) }));
      stand.label({ [OLD]: ['AWSPREVIOUS'] });
    },
    says: /has no current version/,
  },
];

const MEANWHILE: readonly Case[] = [
  {
    when: 'its record was saved',
    make: (stand) => stand.atLook(() => stand.change(() => ({ purpose: 'another' }))),
    says: /Something changed while/,
    how: STALE,
  },
  {
    when: 'a label was moved',
    make: (stand) =>
      stand.atLook(async () => stand.label({ [NEW]: ['AWSCURRENT'], [OLD]: ['AWSPREVIOUS', 'audit'] })),
    says: /Something changed while/,
    how: STALE,
  },
  {
    when: 'its secret was scheduled for deletion',
    make: (stand) => stand.atLook(async () => stand.show({ deletedAt: NOW + DAY })),
    says: /Something changed while/,
    how: STALE,
  },
  {
    when: 'a copy in another Region appeared',
    make: (stand) =>
      stand.atLook(async () => stand.show({ replicas: [{ region: 'eu-north-1', status: 'InSync' }] })),
    says: /Something changed while/,
    how: STALE,
  },
  {
    when: 'another token took it up',
    make: (stand) =>
      stand.atLook(
        async () =>
          void (await stand.another(
            'prod/copy',
            [[OLD, ['AWSCURRENT']]],
            [await stand.credential(OLD, { state: 'current' })],
          )),
      ),
    says: /Something changed while/,
    how: STALE,
  },
  {
    when: 'the record is gone',
    make: (stand) => stand.atLook(async () => stand.inventory.lose()),
    says: /not on record any more/,
    how: STALE,
  },
];

const TABLES = {
  'before anything is looked at': BEFORE_THE_LOOK,
  'in its own secret': OWN_SECRET,
  'in the picture of all secrets': PICTURE,
  'at its issuer': ISSUER,
  'in the last look': LAST_LOOK,
  'while it was looked at': MEANWHILE,
};

describe('the guard', () => {
  it('lets an old credential be revoked that is due, and says what it saw of the new one', async () => {
    const stand = await Stand.create();
    assert.deepEqual(await stand.lets(), { revoked: true, looked: { at: NOW, outcome: 'active' } });
  });

  for (const [where, cases] of Object.entries(TABLES))
    describe(where, () => {
      for (const { when, make, says, how } of cases)
        it(`refuses when ${when}`, async () => {
          const stand = await Stand.create();
          await make(stand);
          await stand.refuses(says, how);
        });
    });

  it('lets nothing be revoked on what was read more than ten seconds ago', async () => {
    for (const [late, isLet] of [
      [10 * SECOND, true],
      [10 * SECOND + 1, false],
    ] as const) {
      const stand = await Stand.create();
      // The clock moves once the second look begins: its second read of the record.
      let loads = 0;
      const load = stand.inventory.load.bind(stand.inventory);
      stand.inventory.load = async (id) => {
        if (++loads === 4) stand.now += late;
        return load(id);
      };
      if (isLet) await stand.lets();
      else await stand.refuses(/Reading took too long/, STALE);
    }
  });

  it('says that the record was changed when it was, between its first read and the look', async () => {
    const stand = await Stand.create();
    const load = stand.inventory.load.bind(stand.inventory);
    let loads = 0;
    stand.inventory.load = async (id) => {
      if (++loads === 2) await stand.change(() => ({ purpose: 'another' }));
      return load(id);
    };
    await stand.refuses(/record was changed meanwhile/, STALE);
  });

  it('says that the record is gone when it went between its first read and the look', async () => {
    const stand = await Stand.create();
    const load = stand.inventory.load.bind(stand.inventory);
    let loads = 0;
    stand.inventory.load = async (id) => (++loads === 1 ? load(id) : undefined);
    await stand.refuses(/not on record any more/, STALE);
  });

  it('is not held up by another version of it in the record that nothing needs any more', async () => {
    const stand = await Stand.create();
    await stand.change(({ credentials }) => ({
      credentials: [
        ...credentials,
        {
          ...stand.found(credentials, OLD),
          id: 'twin',
          versionId: 'twin',
          state: 'previous',
          promotedAt: T0,
          supersededAt: T0,
          givenUp: true,
        },
      ],
    }));
    await stand.lets();
  });

  it('takes a pass that began just five minutes after the claim', async () => {
    const stand = await Stand.create();
    await stand.inventory.notePass({ index: INDEX_VERSION, startedAt: NOW - 2 * HOUR + 5 * MINUTE });
    await stand.lets();
  });

  it('takes a credential that is not listed, or listed in whole seconds, for the one on record', async () => {
    const gone = await Stand.create();
    gone.listed = gone.listed.filter((one) => one.handle !== handleOf(OLD));
    await gone.lets();
    const rounded = await Stand.create();
    rounded.relist(OLD, { createdAt: T0 - 60 * DAY + SECOND });
    await rounded.lets();
  });

  it(
    'does not ask for a marker on what a person made and Keyturn adopted, nor where the issuer keeps no ' +
      'names',
    async () => {
      const adopted = await Stand.create();
      adopted.relist(OLD, { name: 'by hand' });
      await adopted.changeOne(OLD, { origin: 'adopted' });
      await adopted.lets();
      const unnamed = await Stand.create();
      unnamed.unname(OLD);
      await unnamed.refuses(/carries another name now/);
      await unnamed.changeOne(OLD, { origin: 'adopted' });
      await unnamed.lets();
      const orphaned = await Stand.create();
      await orphaned.change(() => ({ provider: 'nobody' }));
      await orphaned.lets();
      const nameless = await Stand.create();
      nameless.relist(OLD, { name: 'anything' });
      await nameless.change(() => ({ provider: 'npm-registry' }));
      nameless.tag({ [TAGS.issuer]: 'npm-registry' });
      await nameless.lets();
    },
  );

  it("takes an issuer's definite no for an answer, and says so with what it saw", async () => {
    const stand = await Stand.create();
    stand.onRevoke = async () => {
      throw new KeyturnError('issuer-refused', 'The issuer does not allow it.');
    };
    await stand.refuses(/does not allow it/, { looked: { at: NOW, outcome: 'active' } });
  });

  it('passes on whatever may pass, and whatever it does not know', async () => {
    for (const error of [
      new KeyturnError('issuer-unreachable', 'It is down.'),
      new TypeError('a fault of ours'),
    ]) {
      const stand = await Stand.create();
      stand.onRevoke = async () => {
        throw error;
      };
      await assert.rejects(stand.ask(), error);
    }
  });
});
