import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Machine } from '../../../functions/core/commands/senders.ts';
import { giveCommands, workersWildcard } from '../queue-permissions.ts';
import type { Foundation } from './foundation.ts';
import { functionsPath, sealersPath } from './keys.ts';
import { functionRole } from './keyturn-function.ts';

/** Those who send to the worker queues of every provider; each provider's `rotate` sends to its own. */
type SharedSender = Exclude<Machine, 'rotate'>;

/** Lets a function give commands for every issuer, and send to the other queues that are named. */
export function letGiveCommands(
  sender: {
    allow(...statements: PolicyStatement[]): void;
    acknowledgeWildcard(id: string, reason: string): void;
  },
  foundation: Foundation,
  also: readonly IQueue[] = [],
): void {
  sender.allow(...giveCommands(foundation, also));
  sender.acknowledgeWildcard(
    workersWildcard(foundation.names),
    'The queues of the worker functions of this installation, by the rule of their names.',
  );
}

/**
 * The roles of those who send commands, made before the worker functions that tell them apart by their unique
 * ids. An id cannot be had again by who makes a role of the same name (IAM user guide, "Unique identifiers").
 */
export class Senders extends Construct {
  readonly roles: Readonly<Record<SharedSender, Role>>;

  constructor(scope: Construct, id: string, { settings }: Foundation) {
    super(scope, id);
    const path = functionsPath(settings.installation);
    this.roles = {
      router: functionRole(this, 'Router', 'Keyturn: hands on what people ask for', path),
      sweep: functionRole(this, 'Sweep', 'Keyturn: starts what is due', path),
      reconcile: functionRole(
        this,
        'Reconcile',
        'Keyturn: holds secrets, inventory and issuers against each other',
        path,
      ),
      leaks: functionRole(
        this,
        'Leaks',
        'Keyturn: whose a leaked credential is',
        sealersPath(settings.installation),
      ),
      health: functionRole(this, 'Health', 'Keyturn: heeds health signals after promotions', path),
    };
  }

  /** What the worker function of one provider is told, as JSON text. */
  idsFor(rotate: Role): string {
    const ids = {
      rotate: rotate.roleId,
      ...Object.fromEntries(Object.entries(this.roles).map(([name, role]) => [name, role.roleId])),
    };
    return Stack.of(this).toJsonString(ids);
  }
}
