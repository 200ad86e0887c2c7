import assert from 'node:assert/strict';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { markerOf } from '../../../functions/core/basics/names.ts';
import { placeOf } from '../../../functions/core/secret-text/value-place.ts';
import { permitting, renewing, type NewPermit } from '../../../functions/core/revocation/permits.ts';
import type { Ports } from '../../../functions/core/ports/ports.ts';
import type { SecretDescription, SecretStore } from '../../../functions/core/ports/secret-store.ts';
import type {
  ListedCredential,
  MintingSession,
  Probe,
  Reach,
} from '../../../functions/core/issuer/provider.ts';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { DAY, HOUR, type Instant } from '../../../functions/core/basics/time.ts';
import { tokenIdOf } from '../../../functions/core/basics/names.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { fingerprintOf, sealOf } from '../../../functions/use-cases/rotation/provenance.ts';
import { INDEX_VERSION } from '../../../functions/use-cases/inventory/credential-index.ts';
import { revoke, type Verdict } from '../../../functions/use-cases/revocation/index.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { recordingLog } from '../../fakes/recorders.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

export const INSTALLATION = { account: '111122223333', region: 'eu-west-1', name: 'main' };
export const HERE: Reach = { host: 'gitlab.com', basePath: '', account: 'projects/1' };
/** A month after the old credential was replaced: its grace is over. */
export const NOW = T0 + 30 * DAY;
export const SEALS = {
  of: async (text: Secret): Promise<string> => Buffer.from(text.reveal()).toString('hex'),
};

const SECRET_PREFIX = `arn:aws:secretsmanager:${INSTALLATION.region}:${INSTALLATION.account}:secret:`;

/** A value of the issuer's form for a name. */
export function valueOf(name: string): string {
  return `glpat-${name.padEnd(20, 'x')}`;
}

export function handleOf(name: string): string {
  return `gitlab.com/projects/1/${name}`;
}

export const OLD = 'old';
export const NEW = 'new';

interface StoredSecret {
  description: SecretDescription;
  readonly texts: Map<string, string>;
}

/**
 * All that the guard looks at, in memory: one token whose old credential is claimed for its end, and may be
 * revoked. Tests change what they are about, and ask the guard. A version is called as the credential in it.
 */
export class Stand {
  readonly inventory = new MemoryInventory();
  readonly secrets = new Map<string, StoredSecret>();
  readonly accepted = new Set<string>();
  readonly revoked: string[] = [];
  readonly probed: { readonly value: string; readonly at: string }[] = [];
  /** What happens once the guard asks for the list, or probes: between its two looks. */
  midway: () => Promise<void> = async () => undefined;
  listed: ListedCredential[] = [];
  now: Instant = NOW;
  /** How the issuer answers a probe; by default from what it accepts. */
  answer: ((value: string) => Probe) | undefined;
  identify: (value: string) => ListedCredential | undefined = (value) =>
    this.listed.find((one) => value === valueOf(one.handle.replace(handleOf(''), '')));
  onRevoke: (handle: string) => Promise<void> = async () => undefined;
  /** A version that cannot be read. */
  failing: (version: string) => Error | undefined = () => undefined;
  /** Secrets that cannot be described. */
  readonly hidden = new Map<string, Error>();
  /** The places that the grant names beside its own. */
  formerly: Reach[] = [];
  arn: string;

  private constructor(name: string) {
    this.arn = `${SECRET_PREFIX}${name}-AbC123`;
  }

  static async create(): Promise<Stand> {
    const stand = new Stand('prod/app');
    const traced = stand.inventory.traced.bind(stand.inventory);
    stand.inventory.traced = async (fingerprint) => {
      assert.equal(typeof fingerprint, 'string', 'an unknown value leads to no handle');
      return traced(fingerprint);
    };
    await stand.inventory.beginRebuild(T0);
    await stand.inventory.completeRebuild();
    await stand.inventory.notePass({ index: INDEX_VERSION, startedAt: NOW - HOUR });
    for (const name of [OLD, NEW]) stand.issue(name);
    await stand.put(stand.arn, [
      [NEW, ['AWSCURRENT']],
      [OLD, ['AWSPREVIOUS']],
    ]);
    await stand.record(stand.arn, [
      await stand.credential(OLD, {
        state: 'revoking',
        promotedAt: T0 - 60 * DAY,
        supersededAt: T0,
        revocationBegunAt: NOW - 2 * HOUR,
      }),
      await stand.credential(NEW, { state: 'current', promotedAt: T0 }),
    ]);
    await stand.permit({ kind: 'claim', about: OLD, at: NOW - 2 * HOUR });
    return stand;
  }

  get tokenId(): string {
    return tokenIdOf(this.arn);
  }

  /** The issuer makes a credential under this token's marker. */
  issue(name: string, change: Partial<ListedCredential> = {}): void {
    this.accepted.add(valueOf(name));
    this.listed.push({
      handle: handleOf(name),
      name: markerOf(INSTALLATION, this.arn, name),
      state: 'active',
      active: true,
      createdAt: T0 - 60 * DAY,
      ...change,
    });
  }

  async credential(
    name: string,
    fields: Partial<Credential> & Pick<Credential, 'state'>,
  ): Promise<Credential> {
    return {
      id: name,
      versionId: name,
      handle: handleOf(name),
      fingerprint: await fingerprintOf(new Secret(valueOf(name)), { seals: SEALS }),
      createdAt: T0 - 60 * DAY,
      origin: 'minted',
      ...fields,
    };
  }

  /** The text that Keyturn stores with a credential, under its seal. */
  async sealed(arn: string, name: string, reach?: Reach): Promise<string> {
    const fingerprint = await fingerprintOf(new Secret(valueOf(name)), { seals: SEALS });
    const seal = await sealOf(
      { secretArn: arn, versionId: name, handle: handleOf(name), fingerprint, reach },
      { seals: SEALS },
    );
    return JSON.stringify({
      token: valueOf(name),
      _keyturn: { handle: handleOf(name), mintedAt: T0, seal, ...(reach && { reach }) },
    });
  }

  /** A secret of this installation, with its versions and labels; each holds the credential of its name. */
  async put(
    arn: string,
    versions: readonly (readonly [string, readonly string[]])[],
    change: Partial<SecretDescription> = {},
  ): Promise<void> {
    const name = tokenIdOf(arn).replace(/-AbC123$/, '');
    const tags = new Map([
      [TAGS.installation, 'main'],
      [TAGS.issuer, 'gitlab'],
      [TAGS.owner, 'team'],
      [TAGS.environment, 'production'],
      [TAGS.purpose, 'CI'],
    ]);
    const texts = new Map<string, string>(this.secrets.get(arn)?.texts);
    for (const [version] of versions)
      if (!texts.has(version)) texts.set(version, await this.sealed(arn, version));
    this.secrets.set(arn, {
      texts,
      description: {
        arn,
        name,
        tags,
        rotationEnabled: true,
        versions: new Map(versions),
        rotatedAt: T0,
        replicas: [],
        ...change,
      },
    });
  }

  shown(arn = this.arn): SecretDescription {
    return this.#secret(arn).description;
  }

  /** Changes what DescribeSecret shows of a secret. */
  show(change: Partial<SecretDescription>, arn = this.arn): void {
    const found = this.secrets.get(arn);
    assert.ok(found);
    found.description = { ...found.description, ...change };
  }

  tag(tags: Readonly<Record<string, string>>, arn = this.arn): void {
    this.show(
      { tags: new Map([...(this.secrets.get(arn)?.description.tags ?? []), ...Object.entries(tags)]) },
      arn,
    );
  }

  label(versions: Readonly<Record<string, readonly string[]>>, arn = this.arn): void {
    this.show({ versions: new Map(Object.entries(versions)) }, arn);
  }

  write(version: string, text: string, arn = this.arn): void {
    this.secrets.get(arn)?.texts.set(version, text);
  }

  async record(arn: string, credentials: readonly Credential[], change: Partial<Token> = {}): Promise<void> {
    const id = tokenIdOf(arn);
    const loaded = await this.inventory.load(id);
    const token = aToken({
      ...loaded?.token,
      id,
      secretArn: arn,
      name: id.replace(/-AbC123$/, ''),
      credentials,
      ...change,
    });
    for (const one of credentials) {
      if (one.handle !== undefined)
        await this.inventory.hold(token.provider, one.handle, { tokenId: id, revision: 0 });
      if (one.fingerprint !== undefined) await this.inventory.trace(one.fingerprint, id);
    }
    await this.inventory.save(token, loaded?.revision ?? 0);
  }

  /** Changes the record of the token itself, or of another one. */
  async change(how: (token: Token) => Partial<Token>, arn = this.arn): Promise<void> {
    const loaded = await this.inventory.load(tokenIdOf(arn));
    assert.ok(loaded);
    const changed = { ...loaded.token, ...how(loaded.token) };
    await this.record(arn, changed.credentials, changed);
  }

  /** Changes one credential in the record. */
  async changeOne(name: string, fields: Partial<Credential>, arn = this.arn): Promise<void> {
    await this.change(
      ({ credentials }) => ({
        credentials: credentials.map((one) => (one.id === name ? { ...one, ...fields } : one)),
      }),
      arn,
    );
  }

  async permit(permit: Pick<NewPermit, 'kind'> & Partial<NewPermit>, arn = this.arn): Promise<void> {
    const { permits, revision } = await this.inventory.loadPermits(tokenIdOf(arn));
    await this.inventory.savePermits(
      renewing(permits, { about: OLD, at: NOW - 2 * HOUR, by: 'ana', ...permit }),
      revision,
    );
  }

  async unpermit(kind: NewPermit['kind']): Promise<void> {
    const { permits, revision } = await this.inventory.loadPermits(this.tokenId);
    await this.inventory.savePermits(
      { ...permits, permits: permits.permits.filter((one) => one.kind !== kind) },
      revision,
    );
  }

  forgetPass(): void {
    this.inventory.lastPass = async () => undefined;
  }

  /** The issuer lists a credential otherwise. */
  relist(name: string, change: Partial<ListedCredential>): void {
    this.listed = this.listed.map((one) => (one.handle === handleOf(name) ? { ...one, ...change } : one));
  }

  /** The issuer lists a credential without a name. */
  unname(name: string): void {
    this.listed = this.listed.map(({ name: listed, ...rest }) =>
      rest.handle === handleOf(name) || listed === undefined ? rest : { name: listed, ...rest },
    );
  }

  /** Something happens once, between the guard's two looks. */
  atLook(happens: () => Promise<void>): void {
    this.midway = async () => {
      this.midway = async () => undefined;
      await happens();
    };
  }

  found(credentials: readonly Credential[], name: string): Credential {
    const one = credentials.find(({ id }) => id === name);
    assert.ok(one);
    return one;
  }

  /** The worker function saw a credential replaced. */
  async replaced(
    seen: { about: string; at: Instant; handle?: string; fingerprint?: string },
    arn = this.arn,
  ): Promise<void> {
    const { permits, revision } = await this.inventory.loadPermits(tokenIdOf(arn));
    await this.inventory.savePermits(
      { ...permitting(permits, { kind: 'host', about: 'none', at: T0, by: 'ana' }), replaced: [seen] },
      revision,
    );
  }

  /** The token of another secret; its versions and credentials are given. */
  async another(
    name: string,
    versions: readonly (readonly [string, readonly string[]])[],
    credentials: readonly Credential[],
    change: Partial<Token> = {},
  ): Promise<string> {
    const arn = `${SECRET_PREFIX}${name}-AbC123`;
    await this.put(arn, versions);
    await this.record(arn, credentials, change);
    return arn;
  }

  session(reach: Reach = HERE): MintingSession {
    return {
      kind: 'minting',
      account: reach.account,
      reach,
      probe: async (value) => this.#probe(value.reveal(), reach),
      revoke: async (handle) => {
        await this.onRevoke(handle);
        this.revoked.push(handle);
      },
      list: async () => {
        await this.midway();
        return this.listed;
      },
      identify: async (value) => this.identify(value.reveal()),
      mint: async () => assert.fail('the guard makes nothing'),
    };
  }

  #probe(value: string, reach: Reach): Probe {
    this.probed.push({ value, at: reach.account });
    if (this.answer) return this.answer(value);
    return this.accepted.has(value) ? { outcome: 'active' } : { outcome: 'inactive' };
  }

  #secret(arn: string): StoredSecret {
    const found = this.secrets.get(arn);
    if (!found) throw new KeyturnError('not-found', `There is no secret ${arn}.`);
    return found;
  }

  ports(): Ports {
    const secrets: Pick<SecretStore, 'describe' | 'read'> = {
      describe: async (arn) => {
        const fault = this.hidden.get(arn);
        if (fault) throw fault;
        return this.#secret(arn).description;
      },
      read: async (arn, version) => {
        assert.equal(typeof version, 'string', 'without a version Secrets Manager gives the current one');
        const fault = this.failing(version);
        if (fault) throw fault;
        const text = this.#secret(arn).texts.get(version);
        return text === undefined ? undefined : new Secret(text);
      },
    };
    const isOurs = (of: { provider: string; name: string }): void =>
      assert.deepEqual([typeof of.provider, of.name], ['string', 'prod/app']);
    const issuers = {
      open: async (of: { provider: string; name: string }) => {
        isOurs(of);
        return this.session();
      },
      openAt: async (of: { provider: string; name: string }, reach: Reach) => {
        isOurs(of);
        return [HERE, ...this.formerly].some((one) => one.account === reach.account)
          ? this.session(reach)
          : undefined;
      },
    };
    const used = {
      installation: INSTALLATION,
      policyDefaults: {},
      secrets,
      inventory: this.inventory,
      seals: SEALS,
      issuers,
      descriptor: (id: string) => DESCRIPTORS.find((one) => one.id === id),
      log: recordingLog(),
      now: () => this.now,
    };
    // The guard uses nothing else of the world.
    return used as unknown as Ports;
  }

  /** Asks the guard for the end of a credential; the old one, if none is named. */
  async ask(credentialId = OLD, session = this.session()): Promise<Verdict> {
    const descriptor = DESCRIPTORS.find((one) => one.id === 'gitlab');
    assert.ok(descriptor);
    return revoke(
      { tokenId: this.tokenId, credentialId },
      session,
      placeOf(this.secrets.get(this.arn)?.description.tags ?? new Map(), descriptor),
      this.ports(),
    );
  }

  /**
   * Nothing may be revoked, for this reason. `how`: what a refusal says beside its reason; a plain one says
   * nothing.
   */
  async refuses(
    reason: RegExp,
    how: Partial<Omit<Extract<Verdict, { revoked: false }>, 'revoked' | 'reason'>> = {},
    credentialId = OLD,
  ): Promise<void> {
    const verdict = await this.ask(credentialId);
    assert.ok(!verdict.revoked, 'it was let through');
    assert.deepEqual(this.revoked, [], 'something was revoked');
    assert.match(verdict.reason, reason);
    const { revoked: _revoked, reason: _reason, ...rest } = verdict;
    assert.deepEqual(rest, { stale: false, ...how });
  }

  async lets(credentialId = OLD): Promise<Verdict> {
    const verdict = await this.ask(credentialId);
    assert.ok(verdict.revoked, verdict.revoked ? '' : verdict.reason);
    assert.deepEqual(this.revoked, [handleOf(credentialId)]);
    return verdict;
  }
}

/** What a refusal says when the record, or what was read, is behind. */
export const STALE = { stale: true } as const;
/** When another act needs the credential. */
export const NEEDED = { stale: true, giveBack: true } as const;
