/** Makes the EventBridge of the sandbox: buses, rules and the operations on them. */
import * as z from 'zod';
import { parseJson } from '../../../../functions/core/basics/json.ts';
import { AwsError } from '../errors.ts';
import { operation } from '../operation.ts';
import { eventFields, isFields, readPattern } from '../patterns.ts';
import type { Check, Operation, World } from '../types.ts';
import { Buses } from './buses.ts';
import { nameOf } from './rule.ts';
import { Entry, putEntries } from './put-events.ts';
import { ruleOperations } from './rule-operations.ts';
import type { EventBridge, EventsOptions } from './service.ts';

/**
 * Errors: ValidationException for an event without a field that TestEventPattern asks for (API Reference).
 */
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

interface Source {
  readonly source: string | undefined;
  readonly detailType: string | undefined;
}

/** What IAM must allow before events are put on a bus. */
function putCheck(world: World, buses: Buses, bus: string, events: readonly Source[]): Check {
  const said = (values: readonly (string | undefined)[]): string[] => [
    ...new Set(values.filter((one) => one !== undefined)),
  ];
  return {
    action: 'events:PutEvents',
    resource: arnOfBus(world, bus),
    resourcePolicy: buses.policies.get(bus),
    context: {
      'events:source': said(events.map(({ source }) => source)),
      'events:detail-type': said(events.map(({ detailType }) => detailType)),
    },
  };
}

function arnOfBus({ region, account }: World, bus: string): string {
  return `arn:aws:events:${region}:${account}:event-bus/${bus}`;
}

function takeCheck(world: World, buses: Buses, bus: string, event: Readonly<Record<string, unknown>>): Check {
  const text = (key: string): string | undefined => (typeof event[key] === 'string' ? event[key] : undefined);
  const source = { source: text('source'), detailType: text('detail-type') };
  return { ...putCheck(world, buses, bus, [source]), account: world.account };
}

function putEvents(world: World, buses: Buses, bridge: () => EventBridge): [string, Operation] {
  const shape = z.strictObject({ Entries: z.array(Entry), EndpointId: z.string().optional() });
  return operation('PutEvents', shape, ({ Entries }) => {
    const named = [...new Set(Entries.map((entry) => nameOf(entry.EventBusName)))];
    const sourcesOn = (bus: string): Source[] =>
      Entries.filter((entry) => nameOf(entry.EventBusName) === bus).map(({ Source, DetailType }) => ({
        source: Source,
        detailType: DetailType,
      }));
    return {
      resource: arnOfBus(world, named[0] ?? 'default'),
      checks: named.map((bus) => putCheck(world, buses, bus, sourcesOn(bus))),
      run: () => putEntries(Entries, { world, buses, failEntry: (entry) => bridge().failEntry(entry) }),
    };
  });
}

const TEST_EVENT_PATTERN: [string, Operation] = operation(
  'TestEventPattern',
  z.strictObject({ EventPattern: z.string().max(4_096), Event: z.string() }),
  ({ EventPattern, Event }) => ({
    resource: '*',
    checks: [{ action: 'events:TestEventPattern', resource: '*' }],
    run: () => ({ Result: readPattern(EventPattern).fits(eventFields(wholeEvent(Event))) }),
  }),
);

/** An EventBridge with its default bus. */
export function createEvents(world: World, options: EventsOptions): EventBridge {
  const buses = new Buses(world, options.trail);
  const bridge: EventBridge = {
    service: new Map([
      putEvents(world, buses, () => bridge),
      TEST_EVENT_PATTERN,
      ...ruleOperations(world, buses),
    ]),
    addBus: (name, policy) => void buses.policies.set(name, policy),
    addRule: (rule) => buses.add(rule),
    listens: (detailType) => buses.listens(detailType),
    emit: (event, bus = 'default') => void buses.put(event, bus, world.clock.now()),
    takeCheck: (bus, event) => takeCheck(world, buses, bus, event),
    take: (bus, event) => {
      if (!buses.policies.has(bus))
        throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
      buses.route(event, bus);
    },
    failEntry: () => undefined,
  };
  return bridge;
}
