import assert from 'node:assert/strict';
import { placeOf } from '../../../functions/core/secret-text/value-place.ts';
import type { Ports } from '../../../functions/core/ports/ports.ts';
import type { Probe, Reach, Session } from '../../../functions/core/issuer/provider.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { credentialOf } from '../../../functions/core/token/lookups.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Incident } from '../../../functions/core/token/incident.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import type { Work } from '../../../functions/use-cases/open-token/context.ts';
import type { prove } from '../../../functions/use-cases/revocation/verify-revoked.ts';
import { registered } from '../../../functions/use-cases/inventory/registration.ts';
import { HERE, NOW, OLD, Stand, handleOf, valueOf } from './stand.ts';
import { T0 } from '../../fakes/tokens.ts';

export const ELSEWHERE: Reach = { ...HERE, account: 'projects/9' };

export const LEAK: Incident = {
  id: 'leak',
  exposed: [{ id: OLD, handle: handleOf(OLD) }],
  source: 'x',
  reportedAt: T0,
};

export const REFUSED: Probe = { outcome: 'inactive' };

export const UNKNOWN: Probe = { outcome: 'unknown', reason: 'Down.' };

/** One act at work on the old credential, whose revoke its issuer accepted an hour ago. */
export class Act {
  readonly stand: Stand;
  readonly unpinned: string[] = [];
  readonly opened: unknown[] = [];
  labelFault: Error | undefined;

  private constructor(stand: Stand) {
    this.stand = stand;
  }

  static async create(fields: Partial<Credential> = {}): Promise<Act> {
    const stand = await Stand.create();
    stand.accepted.delete(valueOf(OLD));
    stand.listed = stand.listed.filter((one) => one.handle !== handleOf(OLD));
    await stand.changeOne(OLD, {
      reach: HERE,
      revokedAt: NOW - HOUR,
      problem: { kind: 'revocation-ineffective', detail: 'x' },
      ...fields,
    });
    return new Act(stand);
  }

  ports(): Ports {
    const descriptor = DESCRIPTORS.find(({ id }) => id === 'gitlab');
    const ports = this.stand.ports();
    const secrets = {
      ...ports.secrets,
      moveLabel: async (_arn: string, label: string, move: object) => {
        if (this.labelFault) throw this.labelFault;
        this.unpinned.push(JSON.stringify([label, move]));
      },
    };
    const openAt = async (of: object, reach: Reach): Promise<Session | undefined> => {
      this.opened.push(of);
      return ports.issuers.openAt({ provider: 'gitlab', name: 'prod/app' }, reach);
    };
    const open = async (of: object): Promise<Session> => {
      this.opened.push(of);
      return this.stand.session();
    };
    const issuers = {
      provider: () => ({ descriptor }),
      examine: async () => UNKNOWN,
      clockOf: () => undefined,
      openAt,
      open,
    };
    return { ...ports, secrets, issuers, bus: { publish: async () => undefined } } as unknown as Ports;
  }

  async work(): Promise<Work> {
    const { stand } = this;
    const record = await stand.inventory.load(stand.tokenId);
    const descriptor = DESCRIPTORS.find(({ id }) => id === 'gitlab');
    assert.ok(record && descriptor);
    const secret = stand.shown();
    const { deletedAt: _deletedAt, ...manageable } = secret;
    return {
      secret,
      record,
      tokenId: stand.tokenId,
      by: 'ana',
      place: placeOf(secret.tags, descriptor),
      session: stand.session(),
      registration: registered(manageable, this.ports()),
      open: async () => stand.session(),
    };
  }

  async one(): Promise<Credential> {
    const record = await this.stand.inventory.load(this.stand.tokenId);
    const one = record && credentialOf(record.token, OLD);
    assert.ok(one);
    return one;
  }

  async after(act: typeof prove): Promise<Credential> {
    await act(await this.work(), await this.one(), this.ports());
    return this.one();
  }

  async facts(): Promise<string[]> {
    return (await this.stand.inventory.history(this.stand.tokenId, 9)).flatMap((fact) =>
      fact.type === 'lifecycle' ? [`${fact.what}: ${fact.detail}`] : [],
    );
  }
}

export function pick(one: Credential, ...keys: readonly (keyof Credential)[]): Partial<Credential> {
  return Object.fromEntries(keys.filter((key) => one[key] !== undefined).map((key) => [key, one[key]]));
}
