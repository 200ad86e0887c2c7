// What `keyturn issuer test` does at an issuer, with the code that runs in the functions.
import { acceptedWithin, refusedWithin } from '../../../functions/core/issuer/issuer-facts.ts';
import type {
  MintingSession,
  Probe,
  Provider,
  ProviderTools,
} from '../../../functions/core/issuer/provider.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import type { Secret } from '../../../functions/core/basics/secret.ts';
import { DAY, SECOND } from '../../../functions/core/basics/time.ts';
import type { Step } from './pretended-issuer.ts';

/** One step as it went. */
export interface StepDone {
  readonly step: Step;
  readonly outcome: 'done' | 'failed';
  /** In one sentence, without any credential. */
  readonly detail: string;
}

interface Trial {
  readonly provider: Provider;
  readonly admin: Secret;
  /** The secret whose grant is used. */
  readonly secretName: string;
  /** The name of the credential that is made. */
  readonly marker: string;
  readonly tools: ProviderTools;
  /** Called before each step, and with the value once there is one. */
  readonly begins: (step: Step) => void;
  readonly learns: (value: Secret) => void;
  readonly tell: (done: StepDone) => void;
}

const LOOK_EVERY = 2 * SECOND;

/**
 * Creates, checks, lists and revokes one credential. Whatever fails after the creation, the credential is
 * revoked; where that fails too, it is said what is left and how to find it. Resolves to whether all was as
 * it should be. Errors: those of opening the admin secret, before anything was sent.
 */
export async function runSteps(trial: Trial): Promise<boolean> {
  const session = trial.provider.open(trial.admin, trial.secretName, trial.tools);
  if (session.kind !== 'minting') throw new TypeError('an issuer that a file declares makes its credentials');
  const admin = await stepped(trial, 'examine', async () => {
    const probe = await trial.provider.examine(trial.admin, trial.tools);
    if (probe.outcome !== 'active') throw new Failed(`the admin credential is ${verdictOf(probe)}`);
    return 'the issuer accepts the admin credential';
  });
  if (!admin) return false;
  const made = await create(trial, session);
  if (made === undefined) return false;
  const checks = await stepped(trial, 'check', async () => {
    await settled(trial, session, made.value, 'active');
    return 'the issuer accepts the new value, asked with it alone';
  });
  const lists = await stepped(trial, 'list', () => listedDetail(trial, session, made));
  const revokes = await revoke(trial, session, made);
  return made.isAsAsked && checks && lists && revokes;
}

/** What a step says of itself where it went wrong: words that end a sentence. */
class Failed extends Error {}

async function stepped(trial: Trial, step: Step, run: () => Promise<string>): Promise<boolean> {
  trial.begins(step);
  try {
    trial.tell({ step, outcome: 'done', detail: await run() });
    return true;
  } catch (error) {
    trial.tell({ step, outcome: 'failed', detail: reasonOf(error) });
    return false;
  }
}

/** A sentence of ours; nothing of what went wrong elsewhere is repeated. */
function reasonOf(error: unknown): string {
  if (error instanceof Failed || error instanceof KeyturnError) return error.message.replace(/\.$/, '');
  return 'it failed in a way that is not known';
}

interface Made {
  readonly handle: string;
  readonly value: Secret;
  readonly isAsAsked: boolean;
}

async function create(trial: Trial, session: MintingSession): Promise<Made | undefined> {
  const { marker, tools, tell } = trial;
  trial.begins('create');
  try {
    const { handle, value, differs } = await session.mint({ marker, expiresAt: tools.now() + DAY });
    trial.learns(value);
    const isAsAsked = differs === undefined;
    const detail = isAsAsked
      ? `${handle} was made, named ${marker}`
      : `${handle} was made otherwise than asked: ${differs}`;
    tell({ step: 'create', outcome: isAsAsked ? 'done' : 'failed', detail });
    return { handle, value, isAsAsked };
  } catch (error) {
    tell({ step: 'create', outcome: 'failed', detail: reasonOf(error) });
    await revokeLost(trial, session);
    return undefined;
  }
}

/** A creation without an answer may have made one all the same: it is found by its name. */
async function revokeLost(trial: Trial, session: MintingSession): Promise<void> {
  await stepped(trial, 'revoke', async () => {
    const found = await session.list().catch((error: unknown) => {
      throw new Failed(
        `${reasonOf(error)}, so it is not known whether it was made. ${leftOver(trial, session)}`,
      );
    });
    const lost = found.filter(({ name, active }) => active && name === trial.marker);
    for (const { handle } of lost)
      await session.revoke(handle).catch((error: unknown) => {
        throw new Failed(`${reasonOf(error)}. ${leftOver(trial, session)}`);
      });
    return lost.length === 0
      ? 'the list shows nothing of this name, so nothing is left'
      : 'what was made is revoked';
  });
}

async function listedDetail(
  { marker, provider }: Trial,
  session: MintingSession,
  { handle, value }: Made,
): Promise<string> {
  const listed = await session.list();
  const entry = listed.find((one) => one.handle === handle);
  if (!entry) throw new Failed(`the list of ${listed.length} does not show ${handle}`);
  if (!entry.active) throw new Failed(`the list shows ${handle} as ${entry.state}`);
  if (entry.name !== marker) throw new Failed(`the list does not show ${handle} by its name ${marker}`);
  if (provider.descriptor.identifies && (await session.identify(value))?.handle !== handle)
    throw new Failed(`the issuer does not say that the value is ${handle}`);
  return 'the list shows it, active and by its name';
}

async function revoke(trial: Trial, session: MintingSession, { handle, value }: Made): Promise<boolean> {
  return stepped(trial, 'revoke', async () => {
    await session.revoke(handle).catch((error: unknown) => {
      throw new Failed(`${reasonOf(error)}. ${leftOver(trial, session)}`);
    });
    await settled(trial, session, value, 'inactive').catch((error: unknown) => {
      throw new Failed(`${reasonOf(error)}. ${leftOver(trial, session)}`);
    });
    return 'it is revoked, and the issuer refuses its value';
  });
}

function leftOver({ marker }: Trial, { account }: MintingSession): string {
  return `Look for the credential named ${marker} at ${account}, and revoke it there`;
}

/** Asks until the issuer's lag is over. */
async function settled(
  { tools, provider }: Trial,
  session: MintingSession,
  value: Secret,
  wanted: 'active' | 'inactive',
): Promise<void> {
  const within =
    wanted === 'active' ? acceptedWithin(provider.descriptor) : refusedWithin(provider.descriptor);
  for (let waited = 0; ; waited += LOOK_EVERY) {
    const probe = await session.probe(value);
    if (probe.outcome === wanted) return;
    if (waited >= within) throw new Failed(`the value is ${verdictOf(probe)}, and should be ${wanted}`);
    await tools.sleep(LOOK_EVERY);
  }
}

function verdictOf(probe: Probe): string {
  return probe.outcome === 'unknown' ? `unknown: ${probe.reason.replace(/\.$/, '')}` : probe.outcome;
}
