import { DAY, type Instant } from '../../../functions/core/basics/time.ts';
import { createSandbox, type Sandbox } from '../index.ts';
import { heardFrom } from './alerts.ts';
import { callsOf, holdingsOf } from './audit.ts';
import { castOf, type Member } from './cast.ts';
import type { Check } from './checks.ts';
import { Chronicle, dayAndTime } from './chronicle.ts';
import type { Player } from './consumers.ts';
import type { Display } from './display.ts';
import type { Episode } from './episode.ts';
import type { Evidence } from './evidence.ts';
import { keyturn } from './keyturn-command.ts';
import { leaksIn, placesOf, secretValues } from './leaks.ts';
import { stepsOn } from './opening.ts';
import { Owner } from './owner.ts';
import { playersOf, startConsumers } from './players.ts';
import { judge } from './promises.ts';
import type { Safety } from './safeties.ts';
import type { Script } from './script.ts';
import { Stage, storyIssuers } from './stage.ts';
import { Tally } from './tally.ts';

export interface StoryOptions {
  readonly display: Pick<Display, 'line' | 'progress'>;
  readonly start: Instant;
  readonly script: Script;
  readonly without?: Safety | undefined;
  readonly folder?: string | undefined;
  readonly port?: number | undefined;
  /** Folds no routine. */
  readonly isVerbose?: boolean;
  /** Ends the story early. */
  readonly interrupted?: AbortSignal;
}

/** A story that was told; its sandbox still runs, and whoever had it told closes it. */
export interface Told {
  readonly sandbox: Sandbox;
  /** Where it played: it goes on telling what happens. */
  readonly stage: Stage;
  readonly evidence: Evidence;
  readonly checks: readonly Check[];
  readonly virtualDays: number;
}

/**
 * Runs a story in a new sandbox and judges it. Errors: those of the sandbox, and an interruption; the sandbox
 * is closed then.
 * A promise that did not hold is no error.
 */
export async function tellStory(options: StoryOptions): Promise<Told> {
  const { display, start, script, without, isVerbose = false, interrupted } = options;
  const episodes = script.episodes(start);
  const cast = castOf(script, episodes, without);
  const sandbox = await sandboxFor(options, cast);
  try {
    const chronicle = new Chronicle({ display, stamp: dayAndTime(start), isVerbose });
    const stage = new Stage({ sandbox, cast, chronicle, interrupted });
    const plot: Plot = { script, episodes, start };
    display.line();
    display.progress(progressOf(stage, plot));
    await play(stage, plot);
    chronicle.unfold();
    display.progress(() => 'asking the issuers, and searching every file, log and event for a secret value');
    const ending = await conclude(stage, plot);
    display.progress(undefined);
    return { sandbox, stage, ...ending, virtualDays: script.end / DAY };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

function sandboxFor(
  { script, start, display, folder, port, interrupted }: StoryOptions,
  cast: readonly Member[],
): Promise<Sandbox> {
  const grants = Object.groupBy(cast, ({ provider }) => provider);
  return createSandbox({
    start,
    issuers: storyIssuers,
    onStep: stepsOn(display, () => performance.now()),
    ...(script.settings && { settings: script.settings }),
    grants: Object.fromEntries(
      Object.entries(grants).map(([provider, members = []]) => [
        provider,
        members.map(({ secret }) => secret),
      ]),
    ),
    ...(folder !== undefined && { folder }),
    ...(port !== undefined && { port }),
    ...(interrupted && { signal: interrupted }),
  });
}

/** How far it is: `day 3 14:15 of 7 days, 4 tokens, 4312 consumer calls, 0 failures`. */
function progressOf({ sandbox, cast }: Stage, plot: Plot): () => string {
  const tally = new Tally(sandbox.issuers, everyPlayerOf(plot));
  const stamp = dayAndTime(plot.start);
  return () => {
    const { calls, failures } = tally.count();
    const days = plot.script.end / DAY;
    return (
      `${stamp(sandbox.clock.now())} of ${days} days, ${cast.length} tokens, ${calls} consumer calls, ` +
      `${failures} failures`
    );
  };
}

/** What is played, from when on. */
interface Plot {
  readonly script: Script;
  readonly episodes: readonly Episode[];
  readonly start: Instant;
}

function everyPlayerOf({ script, episodes }: Plot): readonly Player[] {
  return [...playersOf(script.usual), ...episodes.flatMap((episode) => episode.players)];
}

async function play(stage: Stage, plot: Plot): Promise<void> {
  const { sandbox, cast } = stage;
  const { script, episodes, start } = plot;
  const owner = new Owner(sandbox, cast);
  for (const member of cast.filter(({ begins }) => begins !== 'in-use')) {
    await owner.register(member, stage.issuerOf(member.secret));
    stage.tell(
      `${member.secret}: its owner, ${member.owner}, tags the secret and names the rotation function ` +
        `(${member.beginning})`,
    );
  }
  await startConsumers(stage, script.usual);
  for (const episode of episodes) await episode.start?.(stage);
  stage.tell(
    `${everyPlayerOf(plot).length} consumers use these tokens all the time from now on; some cache ` +
      'what they read, some read only when they boot',
  );
  const acts = episodes.flatMap((episode) => episode.acts).sort((a, b) => a.at - b.at);
  for (const act of acts) {
    await stage.playUntil(start + act.at);
    await act.play({ stage, owner });
  }
  await stage.playUntil(start + script.end);
}

async function conclude(stage: Stage, plot: Plot): Promise<{ evidence: Evidence; checks: Check[] }> {
  const { sandbox, chronicle } = stage;
  await tellStatus(stage);
  const evidence = await gatherEvidence(stage, plot);
  const checks = judge(evidence);
  chronicle.say();
  chronicle.say('What was promised, and what the issuers say:', 'strong');
  for (const { name, held, detail } of checks)
    chronicle.say(`  ${held ? 'held  ' : 'BROKEN'}  ${name}: ${detail}`, held ? 'good' : 'critical', 10);
  chronicle.say();
  chronicle.say(
    `The mails lie in ${sandbox.folder}/mail, the logs of the functions in ${sandbox.folder}/logs.`,
  );
  return { evidence, checks };
}

async function tellStatus({ sandbox, chronicle }: Stage): Promise<void> {
  chronicle.say();
  const command = ['status'];
  chronicle.say(`$ keyturn ${command.join(' ')}`, 'strong');
  for (const line of (await keyturn(sandbox.folder, command)).split('\n')) chronicle.say(line);
}

async function gatherEvidence(stage: Stage, plot: Plot): Promise<Evidence> {
  const { sandbox, cast, chronicle, facts } = stage;
  const { script, episodes, start } = plot;
  const secrets = cast.map(({ secret }) => secret);
  const holdings = await Promise.all(secrets.map((secret) => holdingsOf(stage.issuerOf(secret), secret)));
  const values = await secretValues(sandbox, (issuer) => stage.secretsAt(issuer));
  const places = [
    ...(await placesOf(sandbox)),
    { name: 'facts on the bus', text: JSON.stringify(facts) },
    { name: 'the story itself', text: chronicle.lines.join('\n') },
  ];
  return {
    secrets,
    usual: script.usual,
    episodes,
    start,
    facts,
    holdings,
    calls: callsOf(sandbox.issuers, everyPlayerOf(plot), script.end),
    mails: sandbox.mails,
    heard: heardFrom(sandbox.mails, sandbox.pages, secrets),
    leaks: leaksIn(places, values),
    searched: { places: places.length, values: values.length },
    leastRotations: script.leastRotations,
  };
}
