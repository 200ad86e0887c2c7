/** A part of a start. It is told twice: when it begins, and when it has ended. */
export interface StartStep {
  /** What is done, such as `issuers`. */
  readonly name: string;
  /** What came of it; undefined while it goes on. */
  readonly result: string | undefined;
  /** Real time that it took; 0 while it goes on. */
  readonly seconds: number;
}

export type OnStep = (step: StartStep) => void;

/** Runs one part of a start and tells how it goes. Errors: those of the part; then its end is not told. */
export async function step<T>(
  onStep: OnStep | undefined,
  name: string,
  run: () => T | Promise<T>,
  resultOf: (output: T) => string,
): Promise<T> {
  const began = performance.now();
  onStep?.({ name, result: undefined, seconds: 0 });
  const output = await run();
  onStep?.({ name, result: resultOf(output), seconds: (performance.now() - began) / 1_000 });
  return output;
}

/** `3 queues`, `1 queue`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
