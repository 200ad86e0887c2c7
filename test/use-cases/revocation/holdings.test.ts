import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { setAsideOf, pinOf } from '../../../functions/core/basics/names.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { NEEDED, NEW, NOW, OLD, Stand, handleOf, valueOf } from './stand.ts';
import { T0 } from '../../fakes/tokens.ts';

const CURRENT = ['AWSCURRENT'] as const;
const SET_ASIDE = setAsideOf('staged');

/** A further version of the token's own secret, with its text and what the record knows of it. */
async function withVersion(labels: readonly string[], text?: string): Promise<Stand> {
  const stand = await Stand.create();
  await stand.put(stand.arn, [
    [NEW, CURRENT],
    [OLD, ['AWSPREVIOUS']],
    ['staged', labels],
  ]);
  if (text !== undefined) stand.write('staged', text);
  return stand;
}

const THE_VALUE = JSON.stringify({ token: valueOf(OLD) });
const AN_UNRECOGNIZED_CREDENTIAL = JSON.stringify({ token: 'glpat-nobodyknowsthisone0' });

describe('a labelled version of its own secret', () => {
  for (const { labels, where } of [
    { labels: ['AWSPENDING'], where: /is AWSPENDING\.$/ },
    { labels: ['audit'], where: /is the version staged, which a person labelled audit\.$/ },
    { labels: [SET_ASIDE], where: /is the version staged, which a person staged and Keyturn set aside/ },
    { labels: ['AWSPREVIOUS'], where: /is the version staged, which the inventory does not know/ },
    { labels: [pinOf('staged')], where: /is the version staged, which the inventory does not know/ },
  ]) {
    it(`under ${labels.join()} keeps the credential active that stands in it`, async () => {
      await (await withVersion(labels, THE_VALUE)).refuses(where, NEEDED);
    });

    it(`under ${labels.join()} keeps everything active while it is unknown what stands in it`, async () => {
      const stand = await withVersion(labels, AN_UNRECOGNIZED_CREDENTIAL);
      await stand.changeOne(OLD, { fingerprint: undefined });
      await stand.refuses(/Nothing tells whether the credential/, { giveBack: true });
    });

    it(`under ${labels.join()} holds up nothing with another credential in it, or with none`, async () => {
      await (await withVersion(labels)).lets();
      await (await withVersion(labels, AN_UNRECOGNIZED_CREDENTIAL)).lets();
      await (await withVersion(labels, '{}')).lets();
    });
  }

  it('holds up nothing under AWSPENDING once it was current', async () => {
    const stand = await withVersion(['AWSPENDING'], THE_VALUE);
    await stand.change(({ credentials }) => ({
      credentials: [
        ...credentials,
        {
          id: 'staged',
          versionId: 'staged',
          handle: handleOf('staged'),
          origin: 'minted',
          state: 'previous',
          supersededAt: T0,
          promotedAt: T0,
        },
      ],
    }));
    await stand.replaced({ about: 'staged', at: T0 });
    await stand.lets();
  });

  it('holds up nothing without a label if the record knows it, or gave its attempt up', async () => {
    const known = await withVersion(['AWSPREVIOUS'], THE_VALUE);
    await known.change(({ credentials }) => ({
      credentials: [
        ...credentials,
        {
          id: 'staged',
          versionId: 'staged',
          handle: handleOf('staged'),
          origin: 'minted',
          state: 'revoking',
        },
      ],
    }));
    await known.lets();
    const aborted = await withVersion(['AWSPREVIOUS'], THE_VALUE);
    const attempt = {
      id: 'staged',
      openedAt: T0,
      deadline: T0 + HOUR,
      cause: 'due',
      mints: [],
      tidy: true,
    } as const;
    await aborted.change(() => ({ attempts: [{ ...attempt, state: 'aborted' }] }));
    await aborted.lets();
    const promoted = await withVersion(['AWSPREVIOUS'], THE_VALUE);
    await promoted.change(() => ({ attempts: [{ ...attempt, state: 'promoted' }] }));
    await promoted.refuses(/which the inventory does not know/, NEEDED);
  });

  it('holds up what was made on trial, however well the record knows it', async () => {
    const stand = await withVersion(['AWSPREVIOUS'], THE_VALUE);
    await stand.changeOne(OLD, { trialOf: 'an attempt' });
    await stand.change(({ credentials }) => ({
      credentials: [
        ...credentials,
        {
          id: 'staged',
          versionId: 'staged',
          origin: 'adopted',
          state: 'previous',
          supersededAt: T0,
          promotedAt: T0,
        },
      ],
    }));
    await stand.refuses(/although it was made on trial/, NEEDED);
  });

  it('keeps it under its own version whatever became of the text there', async () => {
    const stand = await Stand.create();
    stand.label({ [NEW]: CURRENT, [OLD]: ['audit'] });
    stand.write(OLD, '{}');
    await stand.refuses(/is the version old, which a person labelled audit\.$/, NEEDED);
    await stand.change(({ credentials }) => ({
      credentials: credentials.map((one) => (one.id === OLD ? { ...one, id: 'otherwise' } : one)),
    }));
    await stand.permit({ kind: 'claim', about: 'otherwise' });
    await stand.refuses(/is the version old, which a person labelled audit\.$/, NEEDED, 'otherwise');
  });

  it('is what the record says of it, where neither seal nor issuer tells', async () => {
    const stand = await withVersion(['audit'], AN_UNRECOGNIZED_CREDENTIAL);
    await stand.changeOne(OLD, { fingerprint: undefined });
    await stand.change(({ credentials }) => ({
      credentials: [
        ...credentials,
        {
          id: 'staged',
          versionId: 'staged',
          handle: handleOf('staged'),
          origin: 'adopted',
          state: 'previous',
          supersededAt: T0,
          promotedAt: T0,
        },
      ],
    }));
    await stand.lets();
  });

  it("that is its own keeps it under a person's label, unless it leaked or a person asked", async () => {
    const of = async (label: string): Promise<Stand> => {
      const stand = await Stand.create();
      stand.label({ [NEW]: CURRENT, [OLD]: [label] });
      return stand;
    };
    await (await of('audit')).refuses(/is the version old, which a person labelled audit/, NEEDED);
    await (await of(SET_ASIDE)).refuses(/is the version old, which a person staged/, NEEDED);
    for (const [fields, permit] of [
      [{ askedBy: 'ana' }, 'revoke'],
      [{}, 'incident'],
    ] as const) {
      const stand = await of(SET_ASIDE);
      await stand.changeOne(OLD, fields);
      await stand.change(() => ({
        incidents:
          permit === 'incident' ? [{ id: 'leak', exposed: [{ id: OLD }], source: 'x', reportedAt: T0 }] : [],
      }));
      await stand.permit({ kind: permit });
      await stand.lets();
      await stand.changeOne(OLD, {});
      const labelled = await of('audit');
      await labelled.changeOne(OLD, fields);
      await labelled.change(() => ({
        incidents:
          permit === 'incident' ? [{ id: 'leak', exposed: [{ id: OLD }], source: 'x', reportedAt: T0 }] : [],
      }));
      await labelled.permit({ kind: permit });
      await labelled.refuses(/which a person labelled audit/, NEEDED);
    }
  });

  it('that is set aside and not its own holds up what stands in it, whoever asks', async () => {
    const stand = await withVersion([SET_ASIDE], THE_VALUE);
    await stand.changeOne(OLD, { askedBy: 'ana' });
    await stand.permit({ kind: 'revoke' });
    await stand.refuses(/is the version staged, which a person staged/, NEEDED);
  });

  it('that is set aside by order of the policy alone is kept', async () => {
    const stand = await Stand.create();
    stand.label({ [NEW]: CURRENT, [OLD]: [SET_ASIDE] });
    await stand.changeOne(OLD, { forcedRevocation: { cause: 'max-age', at: T0 } });
    await stand.permit({ kind: 'forced-revocation' });
    await stand.refuses(/is the version old, which a person staged/, NEEDED);
  });
});

describe('a version whose text is not understood', () => {
  it('holds everything up', async () => {
    await (
      await withVersion(['audit'], 'Bearer of a value: glpat-x, and more')
    ).refuses(/The text of .* is not understood/, { giveBack: true });
  });

  it('is what the record says of it, when that tells it apart', async () => {
    const stand = await withVersion(['audit'], 'Bearer of a value: glpat-x, and more');
    await stand.change(({ credentials }) => ({
      credentials: [
        ...credentials,
        {
          id: 'staged',
          versionId: 'staged',
          handle: handleOf('staged'),
          origin: 'adopted',
          state: 'previous',
          supersededAt: T0,
          promotedAt: T0,
        },
      ],
    }));
    await stand.lets();
  });

  it('that was set aside holds up the value that stands in it, and nothing else', async () => {
    await (
      await withVersion([SET_ASIDE], `first line\n${valueOf(OLD)} second line`)
    ).refuses(/is the version staged, which a person staged/, NEEDED);
    await (await withVersion([SET_ASIDE], 'first line\nglpat-x second line')).lets();
    await (await withVersion([SET_ASIDE, pinOf('staged')], 'first line\nglpat-x second line')).lets();
    const valueless = await withVersion([SET_ASIDE], 'first line\nglpat-x second line');
    await valueless.changeOne(OLD, { versionId: undefined });
    await valueless.refuses(/Nothing tells whether/, { giveBack: true });
    const unread = await withVersion([SET_ASIDE], 'first line\nglpat-x second line');
    unread.write(OLD, 'not\nunderstood either');
    await unread.refuses(/Nothing tells whether/, { giveBack: true });
  });
});

describe('AWSCURRENT', () => {
  it('holds up a credential whose value stands in it, whatever the record says', async () => {
    const stand = await Stand.create();
    stand.write(NEW, JSON.stringify({ token: valueOf(OLD) }));
    await stand.refuses(/is AWSCURRENT/, NEEDED);
  });

  it('holds up a credential that the record gives both versions', async () => {
    const stand = await Stand.create();
    await stand.changeOne(NEW, { handle: handleOf(OLD), fingerprint: undefined });
    await stand.refuses(/is AWSCURRENT/, NEEDED);
  });

  it('that cannot be read stops every end that takes a last look', async () => {
    for (const code of ['aws-failed', 'secret-unreadable'] as const) {
      const stand = await Stand.create();
      stand.failing = (version) => (version === NEW ? new KeyturnError(code, 'No.') : undefined);
      await assert.rejects(stand.ask(), /No\./);
      assert.deepEqual(stand.revoked, []);
    }
  });

  it(
    'that can never be read again is what the record says in an emergency; it is waited for where that ' +
      'may pass, or where the record says nothing',
    async () => {
      const exposed = async (code: 'aws-failed' | 'secret-unreadable'): Promise<Stand> => {
        const stand = await Stand.create();
        stand.failing = (version) => (version === NEW ? new KeyturnError(code, 'No.') : undefined);
        await stand.change(() => ({
          incidents: [
            { id: 'leak', exposed: [{ id: OLD, handle: handleOf(OLD) }], source: 'x', reportedAt: T0 },
          ],
        }));
        await stand.permit({ kind: 'incident' });
        return stand;
      };
      await (await exposed('secret-unreadable')).lets();
      await assert.rejects((await exposed('aws-failed')).ask(), /No\./);
      const unnamed = await exposed('secret-unreadable');
      await unnamed.changeOne(NEW, { handle: undefined, fingerprint: undefined });
      await assert.rejects(unnamed.ask(), /No\./);
      assert.deepEqual(unnamed.revoked, []);
    },
  );
});

describe('the secret of another token', () => {
  /** Another token that has the old credential in its record, and whose secret is as given. */
  async function beside(
    state: 'current' | 'previous' | 'revoking',
    labels: readonly string[],
  ): Promise<{ stand: Stand; arn: string }> {
    const stand = await Stand.create();
    const versions: [string, readonly string[]][] = [[OLD, labels]];
    const arn = await stand.another('prod/copy', versions, [
      await stand.credential(OLD, {
        state,
        promotedAt: T0 - DAY,
        ...(state !== 'current' && { supersededAt: T0 }),
      }),
    ]);
    return { stand, arn };
  }

  it('keeps active what its record needs, whatever its labels show', async () => {
    for (const [state, need] of [
      ['current', 'current'],
      ['previous', 'in grace'],
    ] as const)
      await (
        await beside(state, ['AWSPREVIOUS'])
      ).stand.refuses(new RegExp(`also held by the token prod/copy-AbC123, where it is ${need}`), {
        giveBack: true,
      });
  });

  it('keeps nothing active that its record needs no more', async () => {
    const { stand, arn } = await beside('previous', ['AWSPREVIOUS']);
    await stand.changeOne(OLD, { givenUp: true }, arn);
    await stand.lets();
  });

  it('keeps active what its record needs that was not there a moment before', async () => {
    const { stand, arn } = await beside('previous', ['AWSPREVIOUS']);
    await stand.changeOne(OLD, { withoutGrace: true, askedBy: 'ana' }, arn);
    const load = stand.inventory.load.bind(stand.inventory);
    let asked = 0;
    stand.inventory.load = async (id) => (id !== stand.tokenId && ++asked === 1 ? undefined : load(id));
    await stand.refuses(/also held by the token/, { giveBack: true });
  });

  it('is not taken for the token itself when that is gone', async () => {
    const { stand } = await beside('revoking', ['AWSPREVIOUS']);
    const load = stand.inventory.load.bind(stand.inventory);
    let asked = 0;
    stand.inventory.load = async (id) => (id === stand.tokenId && ++asked === 3 ? undefined : load(id));
    await stand.refuses(/not on record any more/, { stale: true });
  });

  it('keeps it active when it cannot be found, until the record says that it is gone', async () => {
    const { stand, arn } = await beside('current', CURRENT);
    stand.secrets.delete(arn);
    await stand.refuses(/also held by the token/, { giveBack: true });
    await stand.change(() => ({ deletion: { at: NOW - HOUR, gone: false } }), arn);
    await stand.refuses(/also held by the token/, { giveBack: true });
    await stand.change(() => ({ deletion: { at: NOW - HOUR, gone: true } }), arn);
    await stand.lets();
  });

  it('keeps it active while it is there, although its record says that it is gone', async () => {
    const { stand, arn } = await beside('current', CURRENT);
    await stand.change(() => ({ deletion: { at: NOW - HOUR, gone: true } }), arn);
    await stand.refuses(/also held by the token/, { giveBack: true });
  });

  it('keeps it active by its labels, although its record does not need it', async () => {
    for (const [label, where] of [
      ['AWSCURRENT', 'AWSCURRENT'],
      ['AWSPENDING', 'AWSPENDING'],
      ['audit', 'the version old, which a person labelled audit'],
    ] as const)
      await (
        await beside('revoking', [label])
      ).stand.refuses(new RegExp(`is ${where} of the secret prod/copy\\.`), NEEDED);
    await (await beside('revoking', ['AWSPREVIOUS'])).stand.lets();
  });

  it('keeps nothing active by its labels once it is of another installation, or to be deleted', async () => {
    const tagged = await beside('revoking', CURRENT);
    tagged.stand.tag({ [TAGS.installation]: 'other' }, tagged.arn);
    await tagged.stand.lets();
    const deleted = await beside('revoking', CURRENT);
    deleted.stand.show({ deletedAt: NOW + DAY }, deleted.arn);
    await deleted.stand.lets();
  });

  it('keeps active what was set aside there, under whatever version, whoever asks here', async () => {
    for (const [fields, permit] of [
      [{ askedBy: 'ana' }, 'revoke'],
      [{}, 'incident'],
    ] as const) {
      const { stand } = await beside('revoking', [setAsideOf(OLD)]);
      await stand.changeOne(OLD, fields);
      await stand.change(() => ({
        incidents:
          permit === 'incident'
            ? [{ id: 'leak', exposed: [{ id: OLD, handle: handleOf(OLD) }], source: 'x', reportedAt: T0 }]
            : [],
      }));
      await stand.permit({ kind: permit });
      await stand.refuses(
        /is the version old, which a person staged and Keyturn set aside of the secret prod\/copy\.$/,
        NEEDED,
      );
    }
  });

  it('holds up nothing by a version that has the id of ours and another value', async () => {
    const { stand, arn } = await beside('revoking', CURRENT);
    stand.write(OLD, AN_UNRECOGNIZED_CREDENTIAL, arn);
    await stand.change(
      ({ credentials }) => ({
        credentials: credentials.map((one) => ({ ...one, id: 'before', versionId: 'before' })),
      }),
      arn,
    );
    await stand.lets();
  });

  it('holds up nothing by an old version there of what was made on trial', async () => {
    const { stand } = await beside('revoking', ['AWSPREVIOUS']);
    await stand.changeOne(OLD, { trialOf: 'an attempt' });
    stand.label({ [NEW]: CURRENT });
    await stand.lets();
  });

  it('is asked about at the issuer that both have, where no seal tells', async () => {
    const { stand, arn } = await beside('revoking', ['AWSPREVIOUS']);
    await stand.changeOne(OLD, { fingerprint: undefined });
    await stand.put(arn, [['copied', CURRENT]]);
    stand.write('copied', THE_VALUE, arn);
    await stand.refuses(/is AWSCURRENT of the secret prod\/copy\.$/, NEEDED);
  });

  it('of a provider that is none any more is read as our own is', async () => {
    const stand = await Stand.create();
    const { handle: _handle, ...unnamed } = await stand.credential(OLD, { state: 'revoking' });
    const arn = await stand.another('prod/gone', [['theirs', CURRENT]], [unnamed], { provider: 'nobody' });
    stand.write('theirs', THE_VALUE, arn);
    await stand.refuses(/is AWSCURRENT of the secret prod\/gone\.$/, NEEDED);
  });

  it('is found by the value alone, where it has no name there', async () => {
    const stand = await Stand.create();
    const { handle: _handle, ...unnamed } = await stand.credential(OLD, { state: 'current' });
    await stand.another('prod/copy', [[OLD, CURRENT]], [unnamed]);
    await stand.refuses(/also held by the token/, { giveBack: true });
  });

  it('is looked at one after another: the first that has no objection is not the last', async () => {
    const { stand } = await beside('revoking', ['AWSPREVIOUS']);
    await stand.another(
      'prod/second',
      [[OLD, CURRENT]],
      [await stand.credential(OLD, { state: 'revoking' })],
    );
    await stand.refuses(/is AWSCURRENT of the secret prod\/second\.$/, NEEDED);
  });

  it('is looked for by the name alone where the value is not known', async () => {
    const { stand } = await beside('current', CURRENT);
    await stand.changeOne(OLD, { fingerprint: undefined });
    await stand.refuses(/also held by the token/, { giveBack: true });
  });

  it('is read where its own tags say that its value stands', async () => {
    const { stand, arn } = await beside('revoking', ['AWSPREVIOUS']);
    await stand.put(arn, [['copied', CURRENT]]);
    stand.tag({ [TAGS.field]: 'gitlab' }, arn);
    stand.write('copied', JSON.stringify({ gitlab: valueOf(OLD), token: 'something else' }), arn);
    await stand.refuses(/is AWSCURRENT of the secret prod\/copy/, NEEDED);
  });

  it(
    'holds up nothing by a text that can never be read again, and everything by one that may be read ' +
      'later',
    async () => {
      const { stand, arn } = await beside('revoking', ['AWSPREVIOUS']);
      await stand.put(arn, [['copied', CURRENT]]);
      stand.write('copied', 'not\nunderstood', arn);
      await stand.lets();
      const later = await beside('revoking', ['AWSPREVIOUS']);
      await later.stand.put(later.arn, [['copied', CURRENT]]);
      later.stand.failing = (version) =>
        version === 'copied' ? new KeyturnError('aws-failed', 'Not now.') : undefined;
      await assert.rejects(later.stand.ask(), /Not now/);
      assert.deepEqual(later.stand.revoked, []);
    },
  );

  it('is asked for its name at its own issuer alone', async () => {
    const stand = await Stand.create();
    const asked: string[] = [];
    const known = stand.identify;
    stand.identify = (value) => {
      asked.push(value);
      return known(value);
    };
    const { handle: _handle, ...unnamed } = await stand.credential(OLD, { state: 'revoking' });
    const arn = await stand.another('prod/okta', [['theirs', CURRENT]], [unnamed], { provider: 'okta' });
    stand.tag({ [TAGS.issuer]: 'okta' }, arn);
    stand.write(
      'theirs',
      JSON.stringify({ client_secret: 'a-secret-of-another-issuer', client_id: 'x' }),
      arn,
    );
    await stand.lets();
    assert.ok(
      !asked.includes('a-secret-of-another-issuer'),
      'a value was sent to an issuer that is not its own',
    );
  });

  it('stops every end while it cannot be looked at, unless it is gone or closed', async () => {
    const { stand, arn } = await beside('revoking', ['AWSPREVIOUS']);
    stand.hidden.set(arn, new KeyturnError('aws-failed', 'Not now.'));
    await assert.rejects(stand.ask(), /Not now/);
    stand.hidden.set(arn, new KeyturnError('secret-unreadable', 'Closed.'));
    await stand.lets();
  });

  it('whose record is closed to it keeps what that needs', async () => {
    const { stand, arn } = await beside('current', CURRENT);
    stand.hidden.set(arn, new KeyturnError('secret-unreadable', 'Closed.'));
    await stand.refuses(/also held by the token/, { giveBack: true });
  });
});
