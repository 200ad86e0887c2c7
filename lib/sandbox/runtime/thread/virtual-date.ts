import type { Instant } from '../../../../functions/core/basics/time.ts';

/** `Date`, but of a clock of our own: without arguments it tells that clock's time. */
export function virtualDate(now: () => Instant, Real: DateConstructor = Date): DateConstructor {
  const Virtual = new Proxy(Real, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new Real(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
  Real.prototype.constructor = Virtual;
  return Virtual;
}
