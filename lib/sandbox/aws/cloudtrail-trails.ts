import * as z from 'zod';
import { SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import { AwsError } from './errors.ts';
import { operation } from './operation.ts';
import type { Plan, Service, World } from './types.ts';

/** The trail of the sandbox's account, where it has one. */
export const TRAIL = 'management-events';

/**
 * CloudTrail as far as people look at a trail and switch it on: one trail, of management events. What it
 * logs is in `events`. Source: AWS CloudTrail API Reference.
 */
export function createTrails(world: World, hasTrail: boolean): Service {
  const arn = `arn:aws:cloudtrail:${world.region}:${world.account}:trail/${TRAIL}`;
  const since: Instant = world.clock.now();
  const find = (name: string): void => {
    if (hasTrail && (name === TRAIL || name === arn)) return;
    throw new AwsError(
      'TrailNotFoundException',
      `Unknown trail: ${name} for the user: ${world.account}`,
      400,
    );
  };
  const about = (action: string, name: string, run: () => object): Plan => ({
    resource: arn,
    checks: [{ action: `cloudtrail:${action}`, resource: arn }],
    run: () => {
      find(name);
      return run();
    },
  });
  return new Map([
    operation('GetTrailStatus', z.strictObject({ Name: z.string() }), ({ Name }) =>
      about('GetTrailStatus', Name, () => ({ IsLogging: true, StartLoggingTime: since / SECOND })),
    ),
    operation('GetEventSelectors', z.strictObject({ TrailName: z.string() }), ({ TrailName }) =>
      about('GetEventSelectors', TrailName, () => ({
        TrailARN: arn,
        EventSelectors: [
          {
            ReadWriteType: 'All',
            IncludeManagementEvents: true,
            DataResources: [],
            ExcludeManagementEventSources: [],
          },
        ],
      })),
    ),
    // It logs already: starting it again changes nothing.
    operation('StartLogging', z.strictObject({ Name: z.string() }), ({ Name }) =>
      about('StartLogging', Name, () => ({})),
    ),
  ]);
}
