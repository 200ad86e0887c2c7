import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import { currentOf } from '../../../functions/core/token/lookups.ts';
import { reportLeak, whose } from '../../../functions/use-cases/incidents/leak-reports.ts';
import type { Ports } from '../../../functions/core/ports/ports.ts';
import {
  SUBJECTS,
  adopted,
  bare,
  inGrace,
  isLive,
  oldOf,
  recordOf,
  tamper,
  type Home,
} from '../../proofs/home.ts';

const RATE_LIMIT = { max: 2, per: 10 * MINUTE };
const [gitlab] = SUBJECTS;
assert.ok(gitlab);

function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

/** Runs with the ports of one invocation of the function `leaks`. */
async function asLeaks<T>(home: Home, use: (ports: Ports) => Promise<T>): Promise<T> {
  const outcomes: T[] = [];
  const failure = await home.world.run(
    'leaks',
    MINUTE,
    async (ports) => void outcomes.push(await use(ports)),
  );
  assert.equal(failure, undefined);
  const [outcome] = outcomes;
  assert.ok(outcome !== undefined);
  return outcome;
}

function report(home: Home, value: string): Promise<number> {
  return asLeaks(home, (ports) =>
    reportLeak({ digest: digestOf(value), source: 'a scanner' }, RATE_LIMIT, ports),
  );
}

describe('whose a credential is', () => {
  it('is told from the digest of its value, for every one a record has', async () => {
    const home = await inGrace(gitlab);
    const value = bare(await home.world.read(home.arn));
    const owned = await asLeaks(home, (ports) => whose(digestOf(value), ports));
    assert.deepEqual(
      owned.map(({ name, state, isKnown }) => [name, state, isKnown]),
      [['prod/app/token', 'current', false]],
    );
    const old = oldOf(await recordOf(home));
    const before =
      (await home.world.issuer.credentials('prod/app/token')).find((one) => one.handle === old.handle)
        ?.value ?? '';
    assert.equal((await asLeaks(home, (ports) => whose(digestOf(before), ports)))[0]?.state, 'previous');
    assert.deepEqual(await asLeaks(home, (ports) => whose(digestOf('glpat-of-somebody-else'), ports)), []);
  });

  it('is known of records of an earlier version too, once they were inspected', async () => {
    const home = await adopted(gitlab);
    const token = await recordOf(home);
    home.world.inventory.lose();
    const { indexed: _indexed, ...earlier } = token;
    await home.world.inventory.save(earlier, 0);
    const digest = digestOf(bare(await home.world.read(home.arn)));
    assert.deepEqual(await asLeaks(home, (ports) => whose(digest, ports)), []);
    await home.world.reconcileNow();
    await home.world.clock.advanceBy(MINUTE);
    assert.equal((await asLeaks(home, (ports) => whose(digest, ports))).length, 1);
  });
});

describe('an admin credential', () => {
  const credentialIn = (home: Home): string => {
    const { token, grants } = JSON.parse(home.world.issuer.adminSecret(['prod/app/token'])) as {
      token?: string;
      grants: { password?: string }[];
    };
    return token ?? grants[0]?.password ?? '';
  };

  for (const subject of SUBJECTS)
    it(
      `of ${subject.id} is told to a caller only where it cannot be guessed, and matched in the report ` +
        'of a machine in any case',
      async () => {
        const home = await adopted(subject);
        await home.world.examineAdminsNow();
        await home.world.clock.advanceBy(MINUTE);
        const value = credentialIn(home);
        const told = await asLeaks(home, (ports) => whose(digestOf(value), ports));
        assert.deepEqual(
          told.map(({ state }) => state),
          subject.id === 'npm-registry' ? [] : ['admin'],
        );
        assert.deepEqual(await asLeaks(home, (ports) => whose(digestOf('wrong'), ports)), []);
        assert.equal(await report(home, value), 1);
        await home.world.clock.advanceBy(MINUTE);
        const exposed = (
          await home.world.inventory.loadInstallationRecord()
        ).installationRecord.findings.filter(
          (one) => one.kind === 'admin-credential-leaked' && one.state === 'open',
        );
        assert.equal(exposed.length, 1);
      },
    );

  it('of a provider that is not deployed is told to no caller', async () => {
    const home = await adopted(gitlab);
    await home.world.examineAdminsNow();
    await home.world.clock.advanceBy(MINUTE);
    assert.deepEqual(
      await asLeaks(home, (ports) =>
        whose(digestOf(credentialIn(home)), { ...ports, descriptor: () => undefined }),
      ),
      [],
    );
  });
});

describe('a leak that a scanner reports', () => {
  it('is answered to the end; each value is in Secrets Manager and at the issuer alone', async () => {
    const home = await adopted(gitlab);
    const value = bare(await home.world.read(home.arn));
    const leaked = currentOf(await recordOf(home));
    assert.equal(await report(home, value), 1);
    await home.world.clock.advanceBy(2 * MINUTE);
    assert.ok(leaked?.handle && !(await isLive(home.world, leaked.handle)));
    const written = [
      home.world.inventory.dump(),
      home.world.logged.join('\n'),
      home.world.errors.join('\n'),
      JSON.stringify([home.world.facts, home.world.queue.sent]),
    ];
    for (const text of written) assert.ok(!text.includes(value) && !text.includes(digestOf(value)));
    assert.equal(await report(home, value), 0, 'it is on record');
  });

  it('of a token that was let go is told to the operators, who have to answer it by hand', async () => {
    const home = await adopted(gitlab);
    const value = bare(await home.world.read(home.arn));
    await tamper(home, (token) => ({ ...token, detachedAt: home.world.clock.now() }));
    assert.equal(await report(home, value), 1);
    assert.deepEqual(
      home.world.queue.sent.filter((command) => command.kind === 'compromise'),
      [],
    );
    const told = home.world.facts.find(
      (fact) => fact.type === 'finding' && fact.kind === 'credential-leaked',
    );
    assert.ok(
      told?.tokenId === 'installation' &&
        told.detail.includes('prod/app/token') &&
        !told.detail.includes(value),
    );
  });

  it('is held when too many come at once, and a person hears of it', async () => {
    const home = await adopted(gitlab);
    for (const value of ['one', 'two'])
      assert.equal(await report(home, value), 0, 'what is not ours counts for nothing');
    const { installationRecord, revision } = await home.world.inventory.loadInstallationRecord();
    const now = home.world.clock.now();
    await home.world.inventory.saveInstallationRecord(
      {
        ...installationRecord,
        leaks: ['a', 'b'].map((fingerprint) => ({ at: now, fingerprint, held: false })),
      },
      revision,
    );
    const leaked = currentOf(await recordOf(home));
    assert.equal(await report(home, bare(await home.world.read(home.arn))), 1);
    await home.world.clock.advanceBy(2 * MINUTE);
    assert.ok(leaked?.handle && (await isLive(home.world, leaked.handle)));
    assert.equal((await recordOf(home)).incidents?.[0]?.held, true);
    assert.ok(
      home.world.facts.some(
        (fact) =>
          fact.type === 'finding' && fact.kind === 'leak-reports-rate-limited' && fact.change === 'opened',
      ),
    );
  });
});
