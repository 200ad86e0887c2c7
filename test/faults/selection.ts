/** What the flags of `npm run faults` choose, before anything is run. */
interface Flags {
  readonly provider?: readonly string[] | undefined;
  readonly classes: boolean;
  readonly every: string;
  readonly threads: string;
}

/** What of the grid is run, and on how many threads. */
export interface Chosen {
  /** Undefined is what the grid takes by itself. */
  readonly providers: readonly string[] | undefined;
  readonly every: number;
  readonly threads: number;
}

/** Reads the flags. A wrong one is an error: as another value it would be a smaller grid that survived. */
export function selectionOf(flags: Flags, inClasses: readonly string[]): Chosen {
  if (flags.classes && flags.provider)
    throw new Error('--classes chooses the providers itself: leave out --classes or --provider.');
  return {
    providers: flags.classes ? inClasses : flags.provider,
    every: countOf('every', flags.every),
    threads: countOf('threads', flags.threads),
  };
}

/** Those that belong to a chosen provider. */
export function chosenOf<T extends { readonly provider: string }>(
  all: readonly T[],
  { providers }: Pick<Chosen, 'providers'>,
): T[] {
  return all.filter(({ provider }) => providers?.includes(provider) ?? true);
}

function countOf(flag: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`--${flag} ${text} is not a whole number from 1 on.`);
  return Number(text);
}
