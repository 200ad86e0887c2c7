import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SKEW, type SeenClock } from '../../../functions/core/issuer/issuer-clock.ts';
import { LEAST_APART } from '../../../functions/core/validity/inactivity-proof.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { placeOf } from '../../../functions/core/secret-text/value-place.ts';
import type { Ports } from '../../../functions/core/ports/ports.ts';
import type { ListedSession, Probe, Reach, Session } from '../../../functions/core/issuer/provider.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { credentialOf } from '../../../functions/core/token/lookups.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { lookAt, type Looked } from '../../../functions/use-cases/evidence/sightings.ts';
import { HERE, NEW, NOW, OLD, Stand, handleOf, valueOf } from '../revocation/stand.ts';

const ELSEWHERE: Reach = { ...HERE, host: 'git.other.example' };
const CLIENT: Reach = { ...HERE, clientId: 'c1' };
const REFUSED = { since: NOW - LEAST_APART, last: NOW - LEAST_APART };

/**
 * What is around one look at the old credential, which its issuer refuses by its value, unless told
 * otherwise.
 */
class View {
  readonly stand: Stand;
  session: Session | undefined;
  listing: Error | undefined;
  admin: Probe | Error = { outcome: 'unknown', reason: 'Down.' };
  readonly examined: string[] = [];
  clock: SeenClock | undefined;

  private constructor(stand: Stand) {
    this.stand = stand;
    this.session = this.at(HERE);
  }

  static async create(fields: Partial<Credential> = {}): Promise<View> {
    const stand = await Stand.create();
    stand.accepted.delete(valueOf(OLD));
    stand.listed = stand.listed.filter((one) => one.handle !== handleOf(OLD));
    await stand.changeOne(OLD, { reach: HERE, refused: REFUSED, ...fields });
    await stand.changeOne(NEW, { reach: HERE });
    return new View(stand);
  }

  at(reach: Reach): ListedSession {
    const session = this.stand.session(reach);
    return { ...session, list: async () => (this.listing ? Promise.reject(this.listing) : session.list()) };
  }

  async look(): Promise<Looked> {
    const { stand } = this;
    const record = await stand.inventory.load(stand.tokenId);
    const one = record && credentialOf(record.token, OLD);
    const descriptor = DESCRIPTORS.find(({ id }) => id === 'gitlab');
    assert.ok(record && one && descriptor);
    const issuers = {
      provider: () => ({ descriptor }),
      examine: async (provider: string, name: string) => {
        this.examined.push(`${provider} ${name}`);
        if (this.admin instanceof Error) throw this.admin;
        return this.admin;
      },
      clockOf: (host: string) => (host === HERE.host ? this.clock : undefined),
    };
    const ports = { ...stand.ports(), issuers } as unknown as Ports;
    return lookAt(
      { secret: stand.shown(), place: placeOf(stand.shown().tags, descriptor), record },
      one,
      this.session,
      ports,
    );
  }

  async kind(): Promise<string> {
    const { verdict } = await this.look();
    return verdict.kind === 'inactive' ? verdict.by : verdict.kind;
  }
}

describe('a look at a credential', () => {
  it('asks about its value where it was made, and calls it inactive at the second rejection', async () => {
    const view = await View.create();
    assert.deepEqual(await view.look(), {
      verdict: { kind: 'inactive', by: 'value' },
      probe: 'inactive',
      reach: HERE,
      listed: 'absent',
    });
    assert.deepEqual(view.stand.probed, [{ value: valueOf(OLD), at: HERE.account }]);
    const first = await View.create({ refused: undefined });
    assert.deepEqual((await first.look()).verdict, {
      kind: 'open',
      refused: { since: NOW, last: NOW },
      absent: undefined,
    });
  });

  it('sends nothing anywhere else than where its seal or its record says that it was made', async () => {
    for (const how of ['record', 'seal'] as const) {
      const view = await View.create(how === 'record' ? { reach: ELSEWHERE } : {});
      if (how === 'seal') view.stand.write(OLD, await view.stand.sealed(view.stand.arn, OLD, ELSEWHERE));
      const { verdict, probe, reach } = await view.look();
      assert.deepEqual([verdict.kind, probe, reach, view.stand.probed], ['open', undefined, ELSEWHERE, []]);
      view.session = view.at(ELSEWHERE);
      assert.equal((await view.look()).probe, 'inactive');
    }
  });

  it('believes the seal over the record', async () => {
    const view = await View.create({ reach: ELSEWHERE });
    view.stand.write(OLD, await view.stand.sealed(view.stand.arn, OLD, HERE));
    assert.deepEqual([(await view.look()).reach, view.stand.probed.length], [HERE, 1]);
  });

  it('asks no issuer where Keyturn may not ask: then its own date alone can be over', async () => {
    const view = await View.create();
    view.session = undefined;
    assert.deepEqual(await view.look(), {
      verdict: { kind: 'open', refused: REFUSED, absent: undefined },
      probe: undefined,
      reach: HERE,
      listed: undefined,
    });
    const dated = await View.create({ expiresAt: NOW - 2 * DAY });
    dated.session = undefined;
    assert.equal(await dated.kind(), 'expiry');
  });

  it(
    'asks about nothing that is not its value: another text in its version, none, or one that is not ' +
      'understood, or a secret that is to be deleted',
    async () => {
      const changes: readonly ((stand: Stand) => Promise<void> | void)[] = [
        (stand) => stand.write(OLD, JSON.stringify({ token: valueOf('other') })),
        (stand) => stand.write(OLD, '{}'),
        (stand) => stand.write(OLD, 'not\nunderstood'),
        (stand) => stand.show({ deletedAt: NOW + DAY }),
        (stand) => stand.changeOne(OLD, { versionId: undefined }),
      ];
      for (const change of changes) {
        const view = await View.create();
        await change(view.stand);
        assert.deepEqual([(await view.look()).probe, view.stand.probed], [undefined, []], String(change));
      }
      const unmarked = await View.create({ fingerprint: undefined });
      assert.equal((await unmarked.look()).probe, 'inactive');
    },
  );

  it('takes no rejection while the place is not seen to answer', async () => {
    const view = await View.create();
    view.listing = new KeyturnError('issuer-unreachable', 'Down.');
    view.stand.accepted.clear();
    assert.equal(await view.kind(), 'open');
    assert.deepEqual(view.examined, ['gitlab keyturn/admin/gitlab']);
    view.admin = new KeyturnError('admin-missing', 'None.');
    assert.equal(await view.kind(), 'open');
    view.admin = { outcome: 'inactive' };
    assert.equal(await view.kind(), 'open');
    view.admin = { outcome: 'active' };
    assert.equal(await view.kind(), 'value');
    view.admin = new TypeError('a fault');
    await assert.rejects(view.look(), view.admin);
  });

  it('knows by the current credential that its place answers, when that was made there too', async () => {
    const answering = async (change: (stand: Stand) => Promise<void> | void): Promise<string> => {
      const view = await View.create();
      view.listing = new KeyturnError('issuer-unreachable', 'Down.');
      await change(view.stand);
      return view.kind();
    };
    assert.equal(await answering(() => undefined), 'value');
    assert.equal(await answering((stand) => stand.changeOne(NEW, { reach: undefined })), 'value');
    assert.equal(await answering((stand) => stand.changeOne(NEW, { reach: ELSEWHERE })), 'open');
    assert.equal(await answering((stand) => stand.changeOne(NEW, { state: 'previous' })), 'open');
    assert.equal(await answering((stand) => stand.write(NEW, '{}')), 'open');
  });

  it('asks for no other credential where the list was read, or the value was not refused', async () => {
    const view = await View.create();
    await view.look();
    assert.deepEqual([view.stand.probed.length, view.examined], [1, []]);
    const unknown = await View.create();
    unknown.listing = new KeyturnError('issuer-unreachable', 'Down.');
    unknown.stand.answer = () => ({ outcome: 'unknown', reason: 'Down.' });
    assert.equal(await unknown.kind(), 'open');
    assert.deepEqual([unknown.stand.probed.length, unknown.examined], [1, []]);
  });

  it('does not ask the current credential whether it answers about itself', async () => {
    const view = await View.create({ state: 'current' });
    await view.stand.changeOne(NEW, { state: 'previous' });
    view.listing = new KeyturnError('issuer-unreachable', 'Down.');
    await view.look();
    assert.deepEqual(
      view.stand.probed.map((one) => one.value),
      [valueOf(OLD)],
    );
  });

  it('lets faults of ours through', async () => {
    const view = await View.create();
    view.listing = new TypeError('a fault');
    await assert.rejects(view.look(), view.listing);
  });

  it(
    'finds it in the list by its name and its date; what the list shows as ended is inactive, and what ' +
      'it leaves out is absent',
    async () => {
      const of = async (change: (view: View) => Promise<void> | void): Promise<Looked['verdict']> => {
        const view = await View.create({ refused: undefined, revokedAt: NOW - HOUR });
        view.stand.answer = () => ({ outcome: 'unknown', reason: 'Down.' });
        await change(view);
        return (await view.look()).verdict;
      };
      const entry = async (view: View, change: object): Promise<void> =>
        view.stand.issue(OLD, { state: 'revoked', active: false, ...change });
      assert.deepEqual(await of((view) => entry(view, {})), { kind: 'inactive', by: 'list' });
      assert.deepEqual(await of((view) => entry(view, { state: 'active', active: true })), {
        kind: 'active',
      });
      const absent = { kind: 'open', refused: undefined, absent: { since: NOW, last: NOW } };
      assert.deepEqual(await of((view) => entry(view, { createdAt: NOW - MINUTE })), absent);
      assert.deepEqual(await of(() => undefined), absent);
      const unlisted = { kind: 'open', refused: undefined, absent: undefined };
      assert.deepEqual(await of((view) => view.stand.changeOne(OLD, { handle: undefined })), unlisted);
      assert.deepEqual(
        await of((view) => void (view.listing = new KeyturnError('issuer-unreachable', 'Down.'))),
        unlisted,
      );
    },
  );

  it(
    'learns the place of one whose place was not noted: where it is accepted, listed, or refused by its ' +
      'value alone',
    async () => {
      const of = async (reach: Reach, change: (view: View) => void): Promise<Reach | undefined> => {
        const view = await View.create({ reach: undefined, refused: undefined });
        view.session = view.at(reach);
        change(view);
        return (await view.look()).reach;
      };
      const accepted = (view: View): void => void view.stand.accepted.add(valueOf(OLD));
      const listed = (view: View): void => {
        view.stand.answer = () => ({ outcome: 'unknown', reason: 'Down.' });
        view.stand.issue(OLD);
      };
      const silent = (view: View): void =>
        void (view.stand.answer = () => ({ outcome: 'unknown', reason: 'Down.' }));
      const deaf = (view: View): void => {
        silent(view);
        view.listing = new KeyturnError('issuer-unreachable', 'Down.');
      };
      for (const reach of [HERE, CLIENT]) {
        assert.deepEqual(await of(reach, deaf), undefined);
        assert.deepEqual(await of(reach, accepted), reach);
        assert.deepEqual(await of(reach, listed), reach);
        assert.deepEqual(await of(reach, silent), undefined);
      }
      assert.deepEqual(await of(HERE, () => undefined), HERE);
      assert.deepEqual(
        await of(CLIENT, () => undefined),
        undefined,
        'a no under a name of its own may be that of another',
      );
      assert.deepEqual(await of(HERE, (view) => void (view.session = undefined)), undefined);
    },
  );

  it('is never inactive by a rejection at a place that may be another', async () => {
    const view = await View.create({ reach: undefined });
    view.session = view.at(CLIENT);
    assert.equal(await view.kind(), 'open');
    const known = await View.create({ reach: CLIENT });
    known.session = known.at(CLIENT);
    assert.equal(await known.kind(), 'value');
  });

  it('gives its date as long as any clock that was seen of its issuer may still be behind', async () => {
    const seen = (off: number): SeenClock => ({ host: HERE.host, least: -off, most: -off, seenAt: NOW });
    const of = async (view: View): Promise<string> => view.kind();
    // GitLab keeps days, which end in the westernmost zone.
    const over = NOW - 12 * HOUR - SKEW;
    const dated = async (): Promise<View> => View.create({ expiresAt: over, refused: undefined });
    assert.equal(await of(await dated()), 'expiry');
    const now = await dated();
    now.clock = seen(SKEW + MINUTE);
    assert.equal(await of(now), 'open');
    const before = await dated();
    await before.stand.change(() => ({ issuerClock: seen(SKEW + MINUTE) }));
    assert.equal(await of(before), 'open');
  });
});
