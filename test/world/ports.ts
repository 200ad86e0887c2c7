import type { VirtualClock } from '../../lib/sandbox/clock.ts';
import { awsCall, type FaultLine, type Invocation } from './faults.ts';

export interface Wire {
  readonly line: FaultLine;
  readonly invocation: Invocation;
  readonly clock: VirtualClock;
}

/** Members that give an async iterable instead of a promise. */
const ITERATING = new Set(['list', 'admins', 'all', 'due', 'startable']);

/** The same port, each call counted and under the fault it meets. */
export function wired<P extends object>(port: P, label: string, wire: Wire): P {
  return new Proxy(port, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      const name = `${label}.${String(key)}`;
      return (...args: unknown[]) => {
        const run = (): unknown => Reflect.apply(member, target, args);
        return ITERATING.has(String(key))
          ? iterate(name, wire, run as () => AsyncIterable<unknown>)
          : calling(name, wire, run as () => Promise<unknown>);
      };
    },
  });
}

async function calling<T>(name: string, wire: Wire, run: () => Promise<T>): Promise<T> {
  const fault = wire.invocation.hasStopped ? undefined : await wire.line.next(wire.invocation, 'aws', name);
  return awsCall({ invocation: wire.invocation, fault, name, clock: wire.clock }, run);
}

async function* iterate<T>(name: string, wire: Wire, run: () => AsyncIterable<T>): AsyncIterable<T> {
  await calling(name, wire, async () => undefined);
  yield* run();
}
