import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { markerOf } from '../../../functions/core/basics/names.ts';
import { placeOf } from '../../../functions/core/secret-text/value-place.ts';
import type { ListedCredential, Reach, Session } from '../../../functions/core/issuer/provider.ts';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import {
  digestOf,
  fingerprintOf,
  holdsNothing,
  ifUnderstood,
  markedCredential,
  provenance,
  sealOf,
  sealedProvenance,
} from '../../../functions/use-cases/rotation/provenance.ts';
import { HERE, INSTALLATION, NEW, OLD, SEALS, Stand, handleOf, valueOf } from '../revocation/stand.ts';
import { T0 } from '../../fakes/tokens.ts';

const ELSEWHERE: Reach = { ...HERE, account: 'projects/9' };

/** A stand, and what its own secret holds under one version. */
async function of(text?: string): Promise<{
  stand: Stand;
  version: Parameters<typeof sealedProvenance>[0];
  ports: Parameters<typeof sealedProvenance>[1];
}> {
  const stand = await Stand.create();
  if (text !== undefined) stand.write(NEW, text);
  const descriptor = DESCRIPTORS.find(({ id }) => id === 'gitlab');
  assert.ok(descriptor);
  return {
    stand,
    ports: stand.ports(),
    version: { secretArn: stand.arn, versionId: NEW, place: placeOf(new Map(), descriptor) },
  };
}

/** What is reported it, without the text itself. */
async function told(text?: string): Promise<unknown> {
  const { version, ports } = await of(text);
  const held = await sealedProvenance(version, ports);
  if (!held) return undefined;
  const { payload: _payload, value, ...rest } = held;
  return { value: value.reveal(), ...rest };
}

async function stamped(
  change: object = {},
  claim: Partial<Parameters<typeof sealOf>[0]> = {},
): Promise<string> {
  const { stand } = await of();
  const fingerprint = await fingerprintOf(new Secret(valueOf(NEW)), { seals: SEALS });
  const seal = await sealOf(
    { secretArn: stand.arn, versionId: NEW, handle: handleOf(NEW), fingerprint, reach: HERE, ...claim },
    { seals: SEALS },
  );
  return JSON.stringify({
    token: valueOf(NEW),
    _keyturn: { handle: handleOf(NEW), mintedAt: T0, expiresAt: T0 + 1, reach: HERE, seal, ...change },
  });
}

describe('what our own seal says of a version', () => {
  it('is its handle, its expiry and its place', async () => {
    const fingerprint = await fingerprintOf(new Secret(valueOf(NEW)), { seals: SEALS });
    assert.deepEqual(await told(await stamped()), {
      value: valueOf(NEW),
      fingerprint,
      handle: handleOf(NEW),
      origin: 'minted',
      expiresAt: T0 + 1,
      reach: HERE,
    });
    assert.deepEqual(await told(JSON.stringify({ token: valueOf(NEW) })), {
      value: valueOf(NEW),
      fingerprint,
      handle: undefined,
      origin: 'adopted',
      expiresAt: undefined,
      reach: undefined,
    });
  });

  it('is nothing where any part of the claim is another', async () => {
    const forged = [
      await stamped({ handle: handleOf(OLD) }),
      await stamped({ reach: ELSEWHERE }),
      await stamped({ seal: '3:00' }),
      await stamped({}, { versionId: OLD }),
      await stamped({}, { secretArn: 'arn:other' }),
      await stamped({}, { handle: handleOf(OLD) }),
      await stamped({}, { reach: undefined }),
      (await stamped()).replace(valueOf(NEW), valueOf(OLD)),
    ];
    for (const text of forged) {
      const { handle, origin, expiresAt, reach } = (await told(text)) as Record<string, unknown>;
      assert.deepEqual(
        { handle, origin, expiresAt, reach },
        { handle: undefined, origin: 'adopted', expiresAt: undefined, reach: undefined },
        text,
      );
    }
  });

  it('is undefined of a version that is not there, or holds no value', async () => {
    assert.equal(await told('{}'), undefined);
    const { version, ports } = await of();
    assert.equal(await sealedProvenance({ ...version, versionId: 'none' }, ports), undefined);
  });

  it(
    'is read where the stamp says that the value stands, when the tags have changed since, under the ' +
      'seal alone',
    async () => {
      const moved = async (change: object = {}): Promise<string> =>
        (await stamped({ field: 'gitlab', ...change })).replace('"token"', '"gitlab"');
      assert.deepEqual(((await told(await moved())) as { handle: string }).handle, handleOf(NEW));
      for (const text of [
        await moved({ seal: '3:00' }),
        'not\nunderstood',
        JSON.stringify({ gitlab: valueOf(NEW) }),
        await moved({ field: 'nowhere' }),
      ])
        await assert.rejects(told(text), { code: 'secret-invalid' });
    },
  );

  it('is not looked for elsewhere after any other failure', async () => {
    for (const error of [new KeyturnError('aws-failed', 'x'), new TypeError('a fault')]) {
      const { version, ports } = await of();
      const failing = { ...ports, seals: { of: async () => Promise.reject(error) } };
      await assert.rejects(sealedProvenance(version, failing), error);
      await assert.rejects(ifUnderstood(sealedProvenance(version, failing)), error);
    }
    const { version, ports } = await of('not\nunderstood');
    assert.equal(await ifUnderstood(sealedProvenance(version, ports)), undefined);
    assert.equal(await ifUnderstood(Promise.resolve(7)), 7);
  });
});

describe('a version that holds nothing', () => {
  it('has a text without a value; one that is not understood, or not there, is no such', async () => {
    const holds = async (text?: string, versionId = NEW): Promise<boolean> => {
      const { version, ports } = await of(text);
      return holdsNothing({ ...version, versionId }, ports);
    };
    assert.deepEqual(
      [await holds('{}'), await holds('{"token":""}'), await holds(), await holds('{}', 'none')],
      [true, true, false, false],
    );
    await assert.rejects(holds('not\nunderstood'), { code: 'secret-invalid' });
  });
});

describe('what the issuer says of a version', () => {
  const KNOWN: ListedCredential = {
    handle: handleOf(NEW),
    state: 'active',
    active: true,
    createdAt: T0,
    expiresAt: T0 + 2,
  };
  const UNSEALED = JSON.stringify({ token: valueOf(NEW) });

  async function asked(
    text: string,
    issuer: { knows?: ListedCredential; listed?: readonly ListedCredential[] },
  ): Promise<{ seen: Record<string, unknown>; identified: number }> {
    const { stand, version, ports } = await of(text);
    let identified = 0;
    stand.identify = () => {
      identified++;
      return issuer.knows;
    };
    const session: Session = stand.session();
    const held = await provenance(
      version,
      { session, ...(issuer.listed && { listed: issuer.listed }) },
      ports,
    );
    assert.ok(held);
    const { handle, origin, createdAt, expiresAt, reach } = held;
    return { seen: { handle, origin, createdAt, expiresAt, reach }, identified };
  }

  async function marked(change: Partial<ListedCredential> = {}): Promise<ListedCredential> {
    return { ...KNOWN, name: markerOf(INSTALLATION, (await of()).stand.arn, NEW), ...change };
  }

  it('is asked for where no seal names it, and nowhere else', async () => {
    const { seen, identified } = await asked(UNSEALED, { knows: KNOWN });
    assert.deepEqual(seen, {
      handle: handleOf(NEW),
      origin: 'adopted',
      createdAt: T0,
      expiresAt: T0 + 2,
      reach: HERE,
    });
    assert.equal(identified, 1);
    const sealed = await asked(await stamped(), { knows: { ...KNOWN, handle: handleOf(OLD) } });
    assert.deepEqual([sealed.seen['handle'], sealed.identified], [handleOf(NEW), 0]);
    const { version, ports } = await of(UNSEALED);
    assert.equal((await provenance(version, undefined, ports))?.handle, undefined);
    assert.equal(
      await provenance({ ...version, versionId: 'none' }, { session: (await of()).stand.session() }, ports),
      undefined,
    );
  });

  it('is nothing where it knows neither the value nor our marker', async () => {
    assert.deepEqual((await asked(UNSEALED, { listed: [KNOWN] })).seen, {
      handle: undefined,
      origin: 'adopted',
      createdAt: undefined,
      expiresAt: undefined,
      reach: undefined,
    });
  });

  it('is that it is ours by our marker for this very version', async () => {
    assert.deepEqual((await asked(UNSEALED, { listed: [await marked()] })).seen, {
      handle: handleOf(NEW),
      origin: 'minted',
      createdAt: T0,
      expiresAt: T0 + 2,
      reach: HERE,
    });
    assert.equal(
      (await asked(UNSEALED, { knows: KNOWN, listed: [await marked()] })).seen['origin'],
      'minted',
    );
    const other = await asked(UNSEALED, {
      knows: { ...KNOWN, handle: handleOf(OLD) },
      listed: [await marked()],
    });
    assert.deepEqual(
      [other.seen['handle'], other.seen['origin']],
      [handleOf(OLD), 'adopted'],
      'what the value says comes before the marker',
    );
  });

  it('leaves what a seal without a handle says: it is ours, its end, and where it was made', async () => {
    const nameless = await stamped(
      { handle: undefined, reach: ELSEWHERE },
      { handle: undefined, reach: ELSEWHERE },
    );
    const { expiresAt: _expiresAt, ...undated } = KNOWN;
    assert.deepEqual((await asked(nameless, { knows: undated })).seen, {
      handle: handleOf(NEW),
      origin: 'minted',
      createdAt: T0,
      expiresAt: T0 + 1,
      reach: ELSEWHERE,
    });
    assert.equal(
      (await asked(nameless, { knows: KNOWN })).seen['expiresAt'],
      T0 + 2,
      'the issuer itself knows better',
    );
  });

  it('is one credential alone: of two with our marker none, nor one that is not active', async () => {
    const { stand, ports } = await of();
    const version = { secretArn: stand.arn, versionId: NEW };
    const one = await marked();
    const found = (...listed: readonly ListedCredential[]): ListedCredential | undefined =>
      markedCredential(listed, version, ports);
    assert.equal(found(KNOWN, one), one);
    for (const listed of [
      [],
      [KNOWN],
      [one, { ...one, handle: handleOf(OLD) }],
      [await marked({ active: false })],
      [await marked({ name: markerOf(INSTALLATION, stand.arn, OLD) })],
    ])
      assert.equal(found(...listed), undefined);
  });
});

describe('the digest of a value', () => {
  it('is its SHA-256 in small letters, without what stands around it', () => {
    assert.equal(digestOf(new Secret(' value\n')), createHash('sha256').update('value').digest('hex'));
  });
});
