import { DAY, HOUR, type Instant } from '../../../functions/core/basics/time.ts';
import { createSandbox, type Sandbox } from '../index.ts';
import { heardFrom } from './alerts.ts';
import { callsOf, holdingsOf } from './audit.ts';
import { castOf, USUAL, type Safety } from './cast.ts';
import { Chronicle } from './chronicle.ts';
import type { Player } from './consumers.ts';
import type { Episode } from './episode.ts';
import type { Evidence } from './evidence.ts';
import { keyturn } from './keyturn-command.ts';
import { leaksIn, placesOf, secretValues } from './leaks.ts';
import { Owner } from './owner.ts';
import { PLAYERS, startConsumers } from './players.ts';
import { judge } from './promises.ts';
import { FULL, type Script } from './script.ts';
import { Stage, storyIssuers } from './stage.ts';
import type { Check } from './checks.ts';

export interface StoryOptions {
  readonly say: (line: string) => void;
  readonly script?: Script;
  readonly without?: Safety | undefined;
  readonly folder?: string | undefined;
  readonly port?: number | undefined;
  /** Ends the story early. */
  readonly interrupted?: AbortSignal;
}

/** A story that was told; its sandbox still runs, and whoever had it told closes it. */
export interface Told {
  readonly sandbox: Sandbox;
  readonly evidence: Evidence;
  readonly checks: readonly Check[];
  readonly virtualDays: number;
}

/** Eight in the morning, UTC, of the day it is. */
function morning(): Instant {
  return Math.floor(Date.now() / DAY) * DAY + 8 * HOUR;
}

/**
 * Runs the whole story in a new sandbox and judges it. Errors: those of the sandbox, and an interruption; the sandbox is closed then.
 * A promise that did not hold is no error.
 */
export async function tellStory({
  say,
  script = FULL,
  without,
  folder,
  port,
  interrupted,
}: StoryOptions): Promise<Told> {
  const start = morning();
  const episodes = script.episodes(start);
  const cast = castOf(script, episodes, without);
  const grants = Object.groupBy(cast, ({ provider }) => provider);
  const chronicle = new Chronicle(start, say);
  for (const line of prologue(without)) chronicle.say(line);
  const sandbox = await createSandbox({
    start,
    issuers: storyIssuers,
    ...(script.settings && { settings: script.settings }),
    grants: Object.fromEntries(
      Object.entries(grants).map(([provider, members = []]) => [
        provider,
        members.map(({ secret }) => secret),
      ]),
    ),
    ...(folder !== undefined && { folder }),
    ...(port !== undefined && { port }),
  });
  try {
    const stage = new Stage({ sandbox, cast, chronicle, interrupted });
    const plot: Plot = { script, episodes, start };
    await play(stage, plot);
    return { sandbox, ...(await conclude(stage, plot)), virtualDays: script.end / DAY };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

function prologue(without: Safety | undefined): string[] {
  return [
    'Keyturn in a sandbox: the stack as `cdk deploy` would deploy it, its real bundles, and an AWS, a GitLab, an Okta and an npm registry on this machine.',
    'Time is virtual: days pass in seconds. Day and time (UTC) stand at the left.',
    ...(without === undefined
      ? []
      : [`The owners have taken ${without} out of every policy by their tags: this is meant to go wrong.`]),
    '',
  ];
}

/** What is played, from when on. */
interface Plot {
  readonly script: Script;
  readonly episodes: readonly Episode[];
  readonly start: Instant;
}

function playersOf({ episodes }: Plot): readonly Player[] {
  return [...PLAYERS, ...episodes.flatMap((episode) => episode.players)];
}

async function play(stage: Stage, plot: Plot): Promise<void> {
  const { sandbox, cast } = stage;
  const { script, episodes, start } = plot;
  const owner = new Owner(sandbox, cast);
  for (const member of cast.filter(({ begins }) => begins !== 'in-use')) {
    await owner.register(member, stage.issuerOf(member.secret));
    stage.tell(
      `${member.secret}: its owner, ${member.owner}, tags the secret and names the rotation function (${member.beginning})`,
    );
  }
  await startConsumers(stage);
  for (const episode of episodes) await episode.start?.(stage);
  stage.tell(
    `${playersOf(plot).length} consumers use these tokens all the time from now on; some cache what they read, some read only when they boot`,
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
  chronicle.say('What was promised:');
  for (const { name, held, detail } of checks)
    chronicle.say(`  ${held ? 'held  ' : 'BROKEN'}  ${name}: ${detail}`);
  chronicle.say();
  chronicle.say(
    `The mails lie in ${sandbox.folder}/mail, the logs of the functions in ${sandbox.folder}/logs.`,
  );
  return { evidence, checks };
}

async function tellStatus({ sandbox, chronicle }: Stage): Promise<void> {
  chronicle.say();
  chronicle.say('$ keyturn status');
  for (const line of (await keyturn(sandbox.folder, ['status'])).split('\n')) chronicle.say(line);
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
    usual: USUAL,
    episodes,
    start,
    facts,
    holdings,
    calls: callsOf(sandbox.issuers, playersOf(plot), script.end),
    mails: sandbox.mails,
    heard: heardFrom(sandbox.mails, sandbox.pages, secrets),
    leaks: leaksIn(places, values),
    searched: { places: places.length, values: values.length },
    leastRotations: script.leastRotations,
  };
}
