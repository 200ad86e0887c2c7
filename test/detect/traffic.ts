import { DAY, HOUR, MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { HOME, rawEvent, sessionOf } from './events.ts';

/**
 * A model of an account's calls on its secrets, written without regard to how detection works. Services are
 * fleets whose size follows the day and the week; instances live for hours and have sessions of their own;
 * they read at boot and then every half hour or so, through a few NAT gateways, one of which is replaced now
 * and then. Deployments restart whole fleets. Beside them: nightly jobs, functions without a VPC on ever
 * other addresses, a build server, people on call from home, jobs of each month and quarter, services that
 * are new and meet a denial or two first. Some events come twice, and none in order.
 */
export interface Call {
  readonly at: number;
  readonly arn: string;
  readonly event: Readonly<Record<string, unknown>>;
  /** The attack it belongs to; undefined for a normal call. */
  readonly attack?: Attack;
}

export interface Attack {
  readonly name: string;
  /** Whether a defender may expect to see it at all. */
  readonly loud: boolean;
  /** What tells it apart in a finding: part of its subject, or its kind. */
  readonly sign: string;
}

export interface Model {
  readonly seed: number;
  readonly services: number;
  readonly days: number;
}

export const BEGIN = Date.UTC(2026, 0, 5);
/** Attacks begin after this. */
const QUIET_DAYS = 25;

type Random = () => number;

/** Mulberry32: small, fast and the same everywhere. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function arnOf(service: number): string {
  return (
    `arn:aws:secretsmanager:${HOME.region}:${HOME.account}:secret:prod/` +
    `service-${service}-${String(service).padStart(6, 'A')}`
  );
}

const AGENTS = ['aws-sdk-js/3.700', 'Boto3/1.34', 'aws-sdk-go-v2/1.30', 'aws-sdk-java/2.25'];
const pick = <T>(from: readonly T[], random: Random): T => from[Math.floor(random() * from.length)] as T;
const address = (block: number, random: Random): string =>
  `${11 + (block % 180)}.${(block * 37) % 256}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`;

interface Who {
  readonly role: string;
  readonly session?: string;
  readonly ip: string;
  readonly agent: string;
  readonly account?: string;
  readonly lambda?: string;
}

function call(at: number, service: number, who: Who, more: Readonly<Record<string, unknown>> = {}): Call {
  const arn = arnOf(service);
  const inScopeOf =
    who.lambda === undefined
      ? {}
      : {
          inScopeOf: {
            issuerType: 'AWS::Lambda::Function',
            credentialsIssuedTo: `arn:aws:lambda:${HOME.region}:${HOME.account}:function:${who.lambda}`,
          },
        };
  const event = {
    userIdentity: { ...sessionOf(who.role, who.session ?? 's', who.account), ...inScopeOf },
    sourceIPAddress: who.ip,
    userAgent: who.agent,
    requestParameters: { secretId: arn },
    ...more,
  };
  return { at, arn, event };
}

/** How busy the world is: more by day, less at weekends. */
function busyness(at: number): number {
  const hour = (at / HOUR) % 24;
  const isWeekend = Math.floor(at / DAY + 4) % 7 >= 5;
  return (0.35 + 0.65 * Math.max(0, Math.sin(((hour - 6) / 24) * 2 * Math.PI))) * (isWeekend ? 0.4 : 1);
}

function fleet(service: number, days: number, random: Random): Call[] {
  const calls: Call[] = [];
  const agent = pick(AGENTS, random);
  const gates = [service * 3, service * 3 + 1];
  const most = 2 + Math.floor(random() * 6);
  for (let at = BEGIN; at < BEGIN + days * DAY; at += 30 * MINUTE) {
    if (random() < 1 / (48 * 150)) gates[Math.floor(random() * 2)] = 1_000 + Math.floor(random() * 500);
    const instances = Math.max(1, Math.round(most * busyness(at)));
    const deploys = random() < (3 / (48 * 7)) * (busyness(at) > 0.5 ? 2 : 0.2);
    for (let one = 0; one < instances * (deploys ? 2 : 1); one++)
      calls.push(
        call(at + random() * (deploys ? 5 : 30) * MINUTE, service, {
          role: `app/service-${service}`,
          session: `i-${Math.floor(random() * 1e9).toString(16)}`,
          ip: address(pick(gates, random), random),
          agent,
        }),
      );
  }
  return calls;
}

function beside(service: number, days: number, random: Random): Call[] {
  const calls: Call[] = [];
  const people = Array.from({ length: 5 }, (_, index) => ({
    name: `person-${index}@example.com`,
    home: 2_000 + index * 17,
    agent: index % 2 === 0 ? 'Mozilla/5.0 (X11)' : 'aws-cli/2.15',
  }));
  for (let day = 0; day < days; day++) {
    const at = BEGIN + day * DAY;
    if (service % 2 === 0)
      calls.push(
        call(at + 2 * HOUR + random() * 10 * MINUTE, service, {
          role: `cron/nightly-${service}`,
          ip: address(service * 3, random),
          agent: 'Boto3/1.34',
        }),
      );
    if (service % 3 === 0)
      for (let left = Math.floor(random() * 24); left > 0; left--)
        calls.push(
          call(at + random() * DAY, service, {
            role: `service-role/report-${service}`,
            lambda: `report-${service}`,
            ip: address(3_000 + Math.floor(random() * 60), random),
            agent: 'aws-sdk-js/3.600',
          }),
        );
    if (busyness(at + 12 * HOUR) > 0.5)
      for (let left = Math.floor(random() * 6); left > 0; left--)
        calls.push(
          call(at + (9 + random() * 9) * HOUR, service, {
            role: 'ci/build',
            session: `run-${Math.floor(random() * 1e6)}`,
            ip: address(900, random),
            agent: 'aws-cli/2.15',
          }),
        );
    if (random() < 0.12) {
      const person = pick(people, random);
      const ip = address(random() < 0.15 ? 4_000 + Math.floor(random() * 200) : person.home, random);
      for (let left = 1 + Math.floor(random() * 3); left > 0; left--)
        calls.push(
          call(at + random() * DAY, service, {
            role: ON_CALL,
            session: person.name,
            ip,
            agent: person.agent,
          }),
        );
    }
    if (service % 5 === 0 && day % 30 === 1)
      calls.push(
        call(at + 4 * HOUR, service, {
          role: `batch/monthly-${service}`,
          ip: address(service * 3, random),
          agent: 'aws-sdk-java/2.25',
        }),
      );
    if (service % 7 === 0 && day % 91 === 5)
      calls.push(
        call(at + 5 * HOUR, service, {
          role: `batch/quarterly-${service}`,
          ip: address(service * 3, random),
          agent: 'aws-sdk-java/2.25',
        }),
      );
    if (random() < 1 / 200) calls.push(...launch(at, service, days - day, random));
  }
  return calls;
}

/**
 * A service that is new: denied at first, then a reader for good. To the detector it is a stranger, rightly;
 * it counts as a false alarm all the same.
 */
function launch(at: number, service: number, days: number, random: Random): Call[] {
  const who: Who = {
    role: `app/new-${service}-${Math.floor(random() * 1e4)}`,
    ip: address(service * 3, random),
    agent: pick(AGENTS, random),
  };
  const denials = Array.from({ length: Math.floor(random() * 3) }, (_, index) =>
    call(at + (9 + index) * HOUR, service, who, { errorCode: 'AccessDenied' }),
  );
  return [
    ...denials,
    ...Array.from({ length: days * 4 }, (_, index) => call(at + 14 * HOUR + index * 6 * HOUR, service, who)),
  ];
}

/** People on call share a permission set. */
const ON_CALL = 'aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_OnCall_0123456789abcdef';
const VPS: Omit<Who, 'role'> = { ip: '45.155.12.9', agent: 'python-requests/2.31' };

/** One attack of each kind on one service after the other, round and round. */
function attacks({ services, days }: Model, random: Random): Call[] {
  const kinds: ((at: number, service: number) => Call[])[] = [
    (at, s) =>
      tagged({ name: 'new principal reads once', loud: true, sign: 'intruder' }, [
        call(at, s, { ...VPS, role: 'intruder' }),
      ]),
    (at, s) =>
      tagged({ name: 'stolen role from a new network', loud: true, sign: 'reader-location-new' }, [
        call(at, s, { ...VPS, role: `app/service-${s}` }),
      ]),
    (at, s) =>
      tagged({ name: 'another account reads', loud: true, sign: '444455556666' }, [
        call(at, s, { ...VPS, role: 'foreign', account: '444455556666' }),
      ]),
    (at, s) =>
      tagged(
        { name: 'a new principal reads slowly', loud: true, sign: 'slow' },
        Array.from({ length: 6 }, (_, index) => call(at + index * 9 * HOUR, s, { ...VPS, role: 'slow' })),
      ),
    (at, s) =>
      tagged(
        { name: 'burst by a known reader', loud: true, sign: 'read-volume-unusual' },
        Array.from({ length: 300 }, (_, index) =>
          call(at + index * 3 * SECOND, s, {
            role: `app/service-${s}`,
            ip: address(s * 3, random),
            agent: 'aws-sdk-js/3.700',
          }),
        ),
      ),
    (at, s) =>
      tagged(
        { name: 'denied from door to door', loud: true, sign: 'access-denied' },
        Array.from({ length: services }, (_, index) =>
          call(
            at + index * SECOND,
            (s + index) % services,
            { ...VPS, role: 'prober' },
            { errorCode: 'AccessDenied' },
          ),
        ),
      ),
    (at, s) =>
      tagged({ name: 'retired version read', loud: true, sign: 'noncurrent-version-read' }, [
        call(
          at,
          s,
          { role: `app/service-${s}`, ip: address(s * 3, random), agent: pick(AGENTS, random) },
          { requestParameters: { secretId: arnOf(s), versionId: 'v1' } },
        ),
      ]),
    (at, s) =>
      tagged({ name: 'pending version read', loud: true, sign: 'noncurrent-version-read' }, [
        call(
          at,
          s,
          { ...VPS, role: 'ci/build' },
          { requestParameters: { secretId: arnOf(s), versionStage: 'AWSPENDING' } },
        ),
      ]),
    (at, s) =>
      tagged({ name: 'policy opened', loud: true, sign: 'out-of-band-change' }, [
        call(at, s, { ...VPS, role: 'ci/build' }, { eventName: 'PutResourcePolicy' }),
      ]),
    (at, s) =>
      tagged({ name: 'rotation pointed elsewhere', loud: true, sign: 'rotation-disabled' }, [
        call(
          at,
          s,
          { ...VPS, role: 'ci/build' },
          {
            eventName: 'RotateSecret',
            requestParameters: {
              secretId: arnOf(s),
              rotationLambdaARN: `arn:aws:lambda:${HOME.region}:${HOME.account}:function:mine`,
            },
          },
        ),
      ]),
    (at, s) =>
      tagged({ name: 'stolen role from its own network', loud: false, sign: 'none' }, [
        call(at, s, { role: `app/service-${s}`, ip: address(s * 3, random), agent: 'aws-cli/2.15' }),
      ]),
    (at, s) =>
      tagged({ name: 'stolen function without a VPC', loud: false, sign: 'reader-location-new' }, [
        call(at, s - (s % 3), {
          ...VPS,
          role: `service-role/report-${s - (s % 3)}`,
          lambda: `report-${s - (s % 3)}`,
        }),
      ]),
    (at, s) =>
      tagged({ name: 'person on call with bad intent', loud: false, sign: 'none' }, [
        call(at, s, {
          role: ON_CALL,
          session: 'person-0@example.com',
          ip: address(2_000, random),
          agent: 'Mozilla/5.0',
        }),
      ]),
    (at, s) =>
      tagged({ name: 'somebody else with the same permission set', loud: true, sign: 'mallory' }, [
        call(at, s, {
          role: ON_CALL,
          session: 'mallory@example.com',
          ip: address(2_000, random),
          agent: 'Mozilla/5.0',
        }),
      ]),
    (at, s) =>
      tagged({ name: 'another function with the same role', loud: true, sign: 'lambda/intruder' }, [
        call(at, s, { ...VPS, role: `service-role/report-${s - (s % 3)}`, lambda: 'intruder' }),
      ]),
    (at) =>
      tagged(
        { name: 'all tokens read by a stranger', loud: true, sign: 'sweeper' },
        Array.from({ length: services }, (_, index) =>
          call(at + index * SECOND, index, { ...VPS, role: 'sweeper' }),
        ),
      ),
    (at) =>
      tagged(
        { name: 'all tokens read by a build server from elsewhere', loud: true, sign: 'ci/build' },
        Array.from({ length: services }, (_, index) =>
          call(at + index * SECOND, index, { ...VPS, role: 'ci/build', session: 'run-1' }),
        ),
      ),
  ];
  const made: Call[] = [];
  for (let day = QUIET_DAYS; day < days - 3; day++) {
    const kind = kinds[(day - QUIET_DAYS) % kinds.length];
    if (kind) made.push(...kind(BEGIN + day * DAY + random() * DAY, Math.floor(random() * services)));
  }
  return made;
}

function tagged(attack: Attack, calls: readonly Call[]): Call[] {
  return calls.map((one) => ({ ...one, attack }));
}

/**
 * Every call of the model as EventBridge would deliver it: with ids, late by minutes, some twice; in the
 * order of delivery.
 */
export function traffic(model: Model): (Call & { readonly text: string })[] {
  const random = seeded(model.seed);
  const services = Array.from({ length: model.services }, (_, service) => [
    ...fleet(service, model.days, random),
    ...beside(service, model.days, random),
  ]);
  const calls = [...services.flat(), ...attacks(model, random)];
  const delivered = calls.map((one, index) => {
    const eventTime = new Date(Math.floor(one.at / SECOND) * SECOND).toISOString();
    return {
      ...one,
      text: JSON.stringify(rawEvent({ eventID: `e-${index}`, eventTime, ...one.event })),
      due: one.at + (2 + random() * 8) * MINUTE,
    };
  });
  const twice = delivered
    .filter(() => random() < 0.005)
    .map((one) => ({ ...one, due: one.due + random() * 10 * MINUTE }));
  return [...delivered, ...twice]
    .sort((a, b) => a.due - b.due)
    .map(({ due: at, ...one }) => ({ ...one, at }));
}
