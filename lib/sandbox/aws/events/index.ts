import * as z from 'zod';
import { parseJson } from '../../../../functions/core/basics/json.ts';
import { AwsError } from '../errors.ts';
import { operation } from '../operation.ts';
import { eventFields, isFields, readPattern } from '../patterns.ts';
import type { BusEvent, Check, Operation, PolicyDocument, Service, World } from '../types.ts';
import { Buses, arnOfRule, type Rule } from './buses.ts';

export type { Rule, Target } from './buses.ts';

export interface EventBridge {
  readonly service: Service;
  addBus(name: string, policy?: PolicyDocument): void;
  /** Adds a rule, or replaces the one of its name and bus. Errors: InvalidEventPatternException for a pattern that EventBridge refuses. */
  addRule(rule: Rule): void;
  /** Whether some rule of the default bus may fit events of a detail-type. */
  listens(detailType: string): boolean;
  /** Puts an event on a bus, without a permission check. */
  readonly emit: (event: BusEvent, bus?: string) => void;
  /** What IAM must allow before a whole event is put on one of these buses, for the owner of these buses. */
  readonly takeCheck: (bus: string, event: Readonly<Record<string, unknown>>) => Check;
  /** Takes an event that a rule forwards, from this account or another; it stays what it was. Errors: ResourceNotFoundException. */
  readonly take: (bus: string, event: Readonly<Record<string, unknown>>) => void;
  /** Lets an entry of PutEvents fail with an error code, as the service does at times; for tests. */
  failEntry: (entry: { source: string; detailType: string }) => string | undefined;
}

export interface EventsOptions {
  /** Whether a trail with logging on carries CloudTrail's events to the bus. */
  readonly trail: boolean;
}

const Entry = z.strictObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  Time: z.number().optional(),
  EventBusName: z.string().optional(),
  TraceHeader: z.string().optional(),
});
type Entry = z.infer<typeof Entry>;

const MAX_BYTES = 1_048_576;
function refusal(entry: Entry): string | undefined {
  if (
    entry.Source === undefined ||
    entry.Source === '' ||
    entry.DetailType === undefined ||
    entry.DetailType === '' ||
    entry.Detail === undefined
  )
    return 'InvalidArgument';
  if (entry.Source.startsWith('aws.')) return 'NotAuthorizedForSource';
  return isFields(parseJson(entry.Detail)) ? undefined : 'MalformedDetail';
}

/** Errors: ValidationException for an event without a field that TestEventPattern asks for (API Reference). */
function wholeEvent(text: string): string {
  const event = parseJson(text);
  const missing = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'].filter(
    (name) => !isFields(event) || event[name] === undefined,
  );
  if (missing.length > 0)
    throw new AwsError(
      'ValidationException',
      `Parameter Event is not valid. Missing: ${missing.join(', ')}.`,
    );
  return text;
}

const RuleState = z.enum(['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']);

/** Errors: InvalidEventPatternException for what is no pattern (API Reference, "PutRule"). */
function patternOf(text: string): Readonly<Record<string, unknown>> {
  const pattern = parseJson(text);
  if (isFields(pattern)) return pattern;
  throw new AwsError('InvalidEventPatternException', 'Event pattern is not valid. Reason: not an object');
}

/** The name of a bus, by its name or ARN. */
function nameOf(text: string | undefined): string {
  return text?.split('/').at(-1) ?? 'default';
}

/** What is asked of rules. Listing them knows no resource (Service Authorization Reference, "Actions for Amazon EventBridge"). */
function ruleOperations(world: World, buses: Buses): [string, Operation][] {
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

export function createEvents(world: World, options: EventsOptions): EventBridge {
  const buses = new Buses(world, options.trail);
  const check = (bus: string): Check => ({
    action: 'events:PutEvents',
    resource: `arn:aws:events:${world.region}:${world.account}:event-bus/${bus}`,
    resourcePolicy: buses.policies.get(bus),
  });
  const about = (
    bus: string,
    events: readonly { readonly source: string | undefined; readonly detailType: string | undefined }[],
  ): Check => {
    const said = (values: readonly (string | undefined)[]): string[] => [
      ...new Set(values.filter((one) => one !== undefined)),
    ];
    return {
      ...check(bus),
      context: {
        'events:source': said(events.map(({ source }) => source)),
        'events:detail-type': said(events.map(({ detailType }) => detailType)),
      },
    };
  };
  const takeCheck = (bus: string, event: Readonly<Record<string, unknown>>): Check => {
    const text = (key: string): string | undefined =>
      typeof event[key] === 'string' ? event[key] : undefined;
    return {
      ...about(bus, [{ source: text('source'), detailType: text('detail-type') }]),
      account: world.account,
    };
  };
  const bridge: EventBridge = {
    service: new Map([
      operation(
        'PutEvents',
        z.strictObject({ Entries: z.array(Entry), EndpointId: z.string().optional() }),
        ({ Entries }) => {
          const named = [...new Set(Entries.map((entry) => nameOf(entry.EventBusName)))];
          return {
            resource: check(named[0] ?? 'default').resource,
            checks: named.map((bus) =>
              about(
                bus,
                Entries.filter((entry) => nameOf(entry.EventBusName) === bus).map(
                  ({ Source, DetailType }) => ({ source: Source, detailType: DetailType }),
                ),
              ),
            ),
            run: () => put(Entries),
          };
        },
      ),
      operation(
        'TestEventPattern',
        z.strictObject({ EventPattern: z.string().max(4_096), Event: z.string() }),
        ({ EventPattern, Event }) => ({
          resource: '*',
          checks: [{ action: 'events:TestEventPattern', resource: '*' }],
          run: () => ({ Result: readPattern(EventPattern).fits(eventFields(wholeEvent(Event))) }),
        }),
      ),
      ...ruleOperations(world, buses),
    ]),
    addBus: (name, policy) => void buses.policies.set(name, policy),
    addRule: (rule) => buses.add(rule),
    listens: (detailType) => buses.listens(detailType),
    emit: (event, bus = 'default') => void buses.put(event, bus, world.clock.now()),
    takeCheck,
    take: (bus, event) => {
      if (!buses.policies.has(bus))
        throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
      buses.route(event, bus);
    },
    failEntry: () => undefined,
  };
  function putOne(entry: Entry): object {
    const bus = nameOf(entry.EventBusName);
    const source = entry.Source ?? '';
    const detailType = entry.DetailType ?? '';
    const code =
      refusal(entry) ??
      (buses.policies.has(bus) ? undefined : 'ResourceNotFoundException') ??
      bridge.failEntry({ source, detailType });
    if (code !== undefined) return { ErrorCode: code, ErrorMessage: `The entry was not accepted: ${code}.` };
    const detail = parseJson(entry.Detail ?? '');
    const at = entry.Time === undefined ? world.clock.now() : entry.Time * 1000;
    return {
      EventId: buses.put(
        { source, detailType, detail, resources: entry.Resources ?? [] },
        bus,
        at,
        entry.Detail,
      ),
    };
  }
  function put(entries: readonly Entry[]): unknown {
    if (entries.length === 0 || entries.length > 10)
      throw new AwsError(
        'ValidationException',
        "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
      );
    if (Buffer.byteLength(JSON.stringify(entries)) > MAX_BYTES)
      throw new AwsError(
        'ValidationException',
        'Total size of the entries in the request is over the limit.',
      );
    const answered = entries.map(putOne);
    return { FailedEntryCount: answered.filter((one) => 'ErrorCode' in one).length, Entries: answered };
  }
  return bridge;
}
