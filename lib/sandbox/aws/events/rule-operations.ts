/** The operations of EventBridge on rules: list, enable, disable. */
import * as z from 'zod';
import { operation } from '../operation.ts';
import type { Operation, World } from '../types.ts';
import { arnOfRule, nameOf, type Buses } from './buses.ts';

/**
 * The operations on rules. Listing them knows no resource.
 * Source: Service Authorization Reference, "Actions for Amazon EventBridge".
 */
export function ruleOperations(world: World, buses: Buses): [string, Operation][] {
  const turning = (name: 'EnableRule' | 'DisableRule', state: 'ENABLED' | 'DISABLED'): [string, Operation] =>
    operation(
      name,
      z.strictObject({ Name: z.string().regex(/^[\w.-]{1,64}$/), EventBusName: z.string().optional() }),
      ({ Name, EventBusName }) => {
        const bus = nameOf(EventBusName);
        const resource = arnOfRule(world, { name: Name, bus });
        return {
          resource,
          checks: [{ action: `events:${name}`, resource }],
          run: () => buses.turn(bus, Name, state),
        };
      },
    );
  const shown = ({ rule, arn }: ReturnType<Buses['of']>[number]): object => ({
    Name: rule.name,
    Arn: arn,
    State: rule.state ?? 'ENABLED',
    EventBusName: rule.bus ?? 'default',
    EventPattern: JSON.stringify(rule.pattern),
  });
  return [
    operation(
      'ListRules',
      z.strictObject({ EventBusName: z.string().optional(), NamePrefix: z.string().optional() }),
      ({ EventBusName, NamePrefix = '' }) => ({
        resource: '*',
        checks: [{ action: 'events:ListRules', resource: '*' }],
        run: () => ({
          Rules: buses
            .of(nameOf(EventBusName))
            .filter(({ rule }) => rule.name.startsWith(NamePrefix))
            .map(shown),
        }),
      }),
    ),
    turning('EnableRule', 'ENABLED'),
    turning('DisableRule', 'DISABLED'),
  ];
}
