/** The operations of EventBridge on rules: list, describe, put, enable, disable. */
import * as z from 'zod';
import { parseJson } from '../../../../functions/core/basics/json.ts';
import { AwsError } from '../errors.ts';
import { operation } from '../operation.ts';
import { isFields } from '../patterns.ts';
import type { Operation, World } from '../types.ts';
import { arnOfRule, nameOf } from './rule.ts';
import type { Buses } from './buses.ts';

const RuleState = z.enum(['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']);

/** Errors: InvalidEventPatternException for what is no pattern (API Reference, "PutRule"). */
function patternOf(text: string): Readonly<Record<string, unknown>> {
  const pattern = parseJson(text);
  if (isFields(pattern)) return pattern;
  throw new AwsError('InvalidEventPatternException', 'Event pattern is not valid. Reason: not an object');
}

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
    operation(
      'DescribeRule',
      z.strictObject({ Name: z.string(), EventBusName: z.string().optional() }),
      ({ Name, EventBusName }) => {
        const bus = nameOf(EventBusName);
        const resource = arnOfRule(world, { name: Name, bus });
        return {
          resource,
          checks: [{ action: 'events:DescribeRule', resource }],
          run: () => shown(buses.named(bus, Name)),
        };
      },
    ),
    operation(
      'PutRule',
      z.strictObject({
        Name: z.string().regex(/^[\w.-]{1,64}$/),
        EventBusName: z.string().optional(),
        EventPattern: z.string(),
        State: RuleState.optional(),
      }),
      ({ Name, EventBusName, EventPattern, State }) => {
        const bus = nameOf(EventBusName);
        const resource = arnOfRule(world, { name: Name, bus });
        return {
          resource,
          checks: [{ action: 'events:PutRule', resource }],
          run: () => {
            buses.change(bus, Name, patternOf(EventPattern), State);
            return { RuleArn: resource };
          },
        };
      },
    ),
    turning('EnableRule', 'ENABLED'),
    turning('DisableRule', 'DISABLED'),
  ];
}
