/** Writes what was judged of a token's calls: findings first, then the baseline. */
import type { Access } from '../../core/detection/access.ts';
import { judge, type Verdict } from '../../core/detection/judge.ts';
import { withUnusual, type Seen } from '../../core/detection/anomaly-findings.ts';
import type { Circumstances } from '../../core/detection/anomaly.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { isRotationFunction } from '../../core/basics/names.ts';
import type { LoadedBaseline } from '../../core/ports/baselines.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { change, type StorePorts } from '../inventory/store.ts';
import type { OverAll } from './installation-wide.ts';

/** What detection needs from outside. */
export type DetectPorts = StorePorts & Pick<Ports, 'installation'>;

/** A token that calls were made on, and what its baseline says of them. */
export interface Judged {
  readonly loaded: Loaded;
  readonly known: LoadedBaseline | undefined;
  readonly accesses: readonly Access[];
  readonly verdict: Verdict;
}

const TRIES = 5;

/** Judges the calls on one token. Undefined for a token that is not managed. */
export async function judgedBy(
  tokenId: string,
  accesses: readonly Access[],
  ports: DetectPorts,
): Promise<Judged | undefined> {
  const loaded = await ports.inventory.load(tokenId);
  if (!loaded || loaded.token.detachedAt !== undefined) return undefined;
  const known = await ports.inventory.loadBaseline(tokenId);
  return {
    loaded,
    known,
    accesses,
    verdict: judge(loaded.token, known?.baseline, accesses, aboutOf(loaded, ports)),
  };
}

function aboutOf({ token }: Loaded, { installation }: DetectPorts): Circumstances {
  return {
    region: installation.region,
    isRotationFunction: (arn) => isRotationFunction(arn, installation, token.provider),
  };
}

/**
 * Writes what a token's baseline said. If another run wrote it meanwhile, it is read and judged again.
 * Errors: `conflict` after several tries, or when what is over all tokens could not be written.
 */
export async function writeJudgement(
  { loaded, known, accesses, verdict }: Judged,
  all: OverAll | undefined,
  ports: DetectPorts,
): Promise<number> {
  let [latest, said] = [known, verdict];
  for (let tried = 1; ; tried++) {
    if (said.baseline === undefined || said.baseline === latest?.baseline) return 0;
    await note(loaded, { unusual: seenBy(loaded, said, all), over: said.over }, ports);
    try {
      await ports.inventory.saveBaseline(said.baseline, latest?.revision ?? 0);
      return said.unusual.length;
    } catch (error) {
      if (!(error instanceof KeyturnError && error.code === 'conflict') || tried >= TRIES) throw error;
    }
    latest = await ports.inventory.loadBaseline(loaded.token.id);
    said = judge(loaded.token, latest?.baseline, accesses, aboutOf(loaded, ports));
  }
}

/** What is reported over all tokens is only recorded at each of them. */
function seenBy({ token }: Loaded, { unusual }: Verdict, all: OverAll | undefined): Seen[] {
  return unusual.map((one) => {
    if (one.sight === undefined) return one;
    if (!all)
      throw new KeyturnError(
        'conflict',
        'What was done to several tokens could not be written. It is judged again.',
      );
    const toldBy = all.tellsOf(one.kind, one.sight.principal, token.id);
    return toldBy === undefined ? one : { ...one, toldBy };
  });
}

/** The record is written only if it does not say so yet. */
async function note(
  loaded: Loaded,
  seen: { unusual: readonly Seen[]; over: Verdict['over'] },
  ports: DetectPorts,
): Promise<void> {
  if (withUnusual(loaded.token, seen, ports.now()) === loaded.token) return;
  await change(loaded, ports, (token) => withUnusual(token, seen, ports.now()));
}
