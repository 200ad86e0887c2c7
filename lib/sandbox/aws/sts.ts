import { createHash } from 'node:crypto';
import * as z from 'zod';
import { principalName } from './iam.ts';
import { operation } from './operation.ts';
import type { Principal, Service, World } from './types.ts';

/**
 * The unique id of a role, by its path and name: what `RoleId` gives, and what a session's id begins with.
 */
export function roleIdOf(name: string): string {
  return `AROA${createHash('sha256').update(name).digest('hex').slice(0, 17).toUpperCase()}`;
}

/** The unique id of a caller, with a session's name after it: `UserId` of STS and `SenderId` of SQS. */
export function callerId(principal: Principal, account: string): string {
  switch (principal.kind) {
    case 'root':
      return account;
    case 'role':
      return `${roleIdOf(principal.name)}:${principal.session}`;
    case 'service':
      return `AIDA${createHash('sha256').update(principal.service).digest('hex').slice(0, 17).toUpperCase()}`;
  }
}

export function createSts(world: World): Service {
  return new Map([
    // Nobody needs a permission for it (API reference, GetCallerIdentity).
    operation('GetCallerIdentity', z.strictObject({}), (_, principal) => ({
      resource: '*',
      checks: [],
      run: () => ({
        UserId: callerId(principal, world.account),
        Account: world.account,
        Arn: principalName(principal, world),
      }),
    })),
  ]);
}
