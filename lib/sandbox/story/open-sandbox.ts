import { setTimeout } from 'node:timers/promises';
import { HOUR } from '../../../functions/core/basics/time.ts';
import type { Sandbox } from '../runtime/api.ts';
import { accessLines, environmentFor } from '../runtime/environment.ts';
import { createSandbox } from '../runtime/sandbox.ts';
import { SANDBOX_SETTINGS, type SandboxOptions } from '../runtime/settings.ts';
import { startIssuers } from '../issuers/index.ts';
import { trialsOf, type Trial, type Tried } from './trial-issuers.ts';
import { issuerFor } from './issuer-for.ts';
import { castOf, CLIENT, DEPLOY, FIRST_TOKEN, PUBLISH, type Member } from './cast.ts';
import { Chronicle, dateAndTime } from './chronicle.ts';
import type { Tone } from './display.ts';
import { NewsReader } from './news.ts';
import { Owner } from './owner.ts';

/** A sandbox for people to try things in. */
export interface OpenSandbox {
  readonly endpoint: string;
  /** What makes the AWS CLI and SDKs use it as an operator, and as a reader. */
  readonly operator: Readonly<Record<string, string>>;
  readonly reader: Readonly<Record<string, string>>;
  /** The same for a shell, line by line. */
  readonly access: readonly string[];
  /** The secrets of the tokens that are in it. */
  readonly tokens: readonly string[];
  /** Takes everything away, and ends what is told. */
  readonly close: () => Promise<void>;
}

export interface OpenOptions extends Pick<SandboxOptions, 'folder' | 'port' | 'signal' | 'onStep'> {
  /** Issuers that are simulated beside the usual ones, each with a token. */
  readonly issuers: readonly Tried[];
  /** Lets time run as fast as the work allows; else as outside. */
  readonly isFast: boolean;
  /** Told of what happens, line by line. */
  readonly onNews: (text: string, tone: Tone | undefined) => void;
}

/** One token of each issuer. */
const TOKENS = [DEPLOY, CLIENT, PUBLISH];
/** Within the hour Keyturn finds them, and gives the empty one its first credential. */
const SETTLED = HOUR;
/** Real time between two looks. */
const LOOK_EVERY = 500;

/** Starts a sandbox with a token of each issuer in it, and lets time flow. Errors: those of the sandbox. */
export async function openSandbox(asked: OpenOptions): Promise<OpenSandbox> {
  const { isFast, onNews, issuers, ...options } = asked;
  const trials = trialsOf(issuers);
  const cast = [
    ...castOf({ usual: TOKENS, rotateEvery: '30d' }, [], undefined),
    ...trials.map(({ member }) => member),
  ];
  const sandbox = await createSandbox({ ...options, ...withTrials(trials), grants: grantsOf(cast) });
  const news = new NewsReader(sandbox, 'live-log');
  const chronicle = new Chronicle({
    stamp: dateAndTime,
    display: { line: (text, tone) => onNews(text, tone) },
  });
  const look = async (): Promise<void> => {
    for (const note of (await news.take()).notes) chronicle.add(note);
    chronicle.turnPage(sandbox.clock.now());
    chronicle.unfold();
  };
  try {
    await settle(sandbox, cast);
    await look();
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  const stopTime = sandbox.follow(isFast ? 'fast' : 1);
  const ended = new AbortController();
  const telling = goOn(look, ended.signal);
  return {
    endpoint: sandbox.endpoint,
    operator: environmentFor(sandbox.operate()),
    reader: environmentFor(sandbox.read()),
    access: accessLines(sandbox),
    tokens: cast.map(({ secret }) => secret),
    close: async () => {
      ended.abort();
      await telling;
      await stopTime();
      await sandbox.close();
    },
  };
}

/** What a sandbox needs to run further issuers: without any, it is the usual one. */
function withTrials(trials: readonly Trial[]): Pick<SandboxOptions, 'settings' | 'issuers'> {
  if (trials.length === 0) return {};
  return {
    settings: {
      issuers: Object.assign({}, SANDBOX_SETTINGS.issuers, ...trials.map(({ settings }) => settings)),
    },
    issuers: async (tools) => [
      ...(await startIssuers(tools)),
      ...trials.map(({ issuer }) => issuer(tools.clock)),
    ],
  };
}

/** The token that the README registers first may have a credential too. */
function grantsOf(cast: readonly Member[]): Record<string, string[]> {
  const grants: Record<string, string[]> = { gitlab: [FIRST_TOKEN] };
  for (const { provider, secret } of cast) grants[provider] = [...(grants[provider] ?? []), secret];
  return grants;
}

async function settle(sandbox: Sandbox, cast: readonly Member[]): Promise<void> {
  const owner = new Owner(sandbox, cast);
  for (const member of cast) {
    await owner.register(member, issuerFor(sandbox.issuers, member.provider));
  }
  await sandbox.advance(SETTLED);
}

async function goOn(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look();
    await setTimeout(LOOK_EVERY, undefined, { signal }).catch(() => undefined);
  }
}
