import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DiscoverEnv } from '../../../functions/handlers/discover.env.ts';
import { parseDuration } from '../../../functions/core/basics/time.ts';
import { allow, publishFacts } from '../permissions.ts';
import type { Settings } from '../settings.ts';
import { queryIndexes, useTable } from '../table-permissions.ts';
import { commonEnvironment } from './environment.ts';
import { RECORDS_INDEX, type Foundation } from './foundation.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import { Repeat } from './schedule.ts';

/**
 * A hundred thousand secrets are a thousand pages, of which Secrets Manager serves a hundred a second at
 * most.
 */
const TIMEOUT = Duration.minutes(15);
const ONCE_A_DAY = 24 * 60;

/** Looks over the whole estate once a day. It reads no secret. */
export class Discover extends Construct {
  readonly function: KeyturnFunction<typeof DiscoverEnv>;
  readonly repeat: Repeat;

  constructor(scope: Construct, id: string, { foundation }: { foundation: Foundation }) {
    super(scope, id);
    const name = foundation.names.part('discover');
    this.function = new KeyturnFunction(this, 'Discover', {
      foundation,
      name,
      description: 'Keyturn: looks over all tokens and secrets',
      entry: 'discover.ts',
      handler: 'handler',
      env: DiscoverEnv,
      environment: {
        ...commonEnvironment(foundation),
        DISCOVERY: JSON.stringify(discoveryOf(foundation.settings)),
      },
      timeout: TIMEOUT,
      memorySize: 1024,
    });
    this.function.allow(
      ...useTable(foundation, 'discover'),
      queryIndexes(foundation, RECORDS_INDEX),
      allow(['secretsmanager:ListSecrets'], ['*']),
      publishFacts(foundation),
    );
    this.function.acknowledgeWildcard(
      'Resource::*',
      'It finds secrets by listing them, which IAM cannot limit; it sees no value.',
    );
    this.repeat = new Repeat(this, 'Repeat', { foundation, name, fn: this.function.fn, minutes: ONCE_A_DAY });
  }
}

function discoveryOf({ discovery, detection }: Settings): object {
  const { owners, prefixes, ignore, unusedAfter, reviewEvery } = discovery;
  return {
    owners,
    prefixes,
    ignore,
    unusedAfter: parseDuration(unusedAfter),
    trail: detection.trail,
    ...(reviewEvery !== undefined && { reviewEvery: parseDuration(reviewEvery) }),
  };
}
