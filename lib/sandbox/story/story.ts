import { DAY, HOUR, type Instant } from '../../../functions/core/time.ts';
import { createSandbox, type Sandbox } from '../index.ts';
import { heardFrom } from './alerts.ts';
import { callsOf, holdingsOf } from './audit.ts';
import { castOf, GROUP, type Member } from './cast.ts';
import { Chronicle } from './chronicle.ts';
import { leaksIn, placesOf, secretValues } from './leaks.ts';
import { Owner } from './owner.ts';
import { PLAYERS, startConsumers } from './players.ts';
import { judge, type Evidence, type Vow } from './promises.ts';
import { FULL, type Safety, type Script } from './script.ts';
import { Stage, storyIssuers } from './stage.ts';
import { statusOf } from './status.ts';

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
  readonly vows: readonly Vow[];
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
export async function tellStory({ say, script = FULL, without, folder, port, interrupted }: StoryOptions): Promise<Told> {
  const cast = castOf(script, without);
  const grants = Object.groupBy(cast, ({ provider }) => provider);
  const start = morning();
  const chronicle = new Chronicle(start, say);
  for (const line of prologue(without)) chronicle.say(line);
  const sandbox = await createSandbox({
    start,
    issuers: storyIssuers,
    grants: Object.fromEntries(Object.entries(grants).map(([provider, members = []]) => [provider, members.map(({ secret }) => secret)])),
    ...(folder !== undefined && { folder }),
    ...(port !== undefined && { port }),
  });
  try {
    const stage = new Stage({ sandbox, cast, chronicle, interrupted });
    await play(stage, script);
    return { sandbox, ...(await conclude(stage, script)), virtualDays: script.end / DAY };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

function prologue(without: Safety | undefined): string[] {
  return [
    'Keyturn in a sandbox: the stack as `cdk deploy` would deploy it, its real bundles, and an AWS, a GitLab, an Okta and an npm registry on this machine.',
    'Time is virtual: days pass in seconds. Day and time (UTC) stand at the left.',
    ...(without === undefined ? [] : [`The owners have taken ${without} out of every policy by their tags: this is meant to go wrong.`]),
    '',
  ];
}

async function play(stage: Stage, script: Script): Promise<void> {
  const { sandbox, cast, chronicle } = stage;
  const start = sandbox.clock.now();
  const owner = new Owner(sandbox);
  for (const member of cast) {
    await owner.register(member, stage.issuerOf(member.secret));
    chronicle.note(start, `${member.secret}: its owner, ${member.owner}, tags the secret and names the rotation function (${member.beginning})`);
  }
  await startConsumers(stage);
  chronicle.note(start, `${PLAYERS.length} consumers use these tokens all the time from now on; some cache what they read, some read only when they boot`);
  await stage.playUntil(start + script.grantLost);
  await loseGrant(stage, owner);
  await stage.playUntil(start + script.grantMended);
  await mendGrant(stage);
  await stage.playUntil(start + script.end);
}

async function loseGrant({ sandbox, cast, chronicle }: Stage, owner: Owner): Promise<void> {
  const gitlab = sandbox.issuers.find(({ provider }) => provider === 'gitlab');
  const others = cast.filter((member) => member.provider === 'gitlab' && member.secret !== GROUP);
  if (gitlab) await owner.narrow(gitlab, others.map(({ secret }) => secret));
  chronicle.note(sandbox.clock.now(), `${GROUP}: somebody tidies the admin secret of GitLab and drops the grant of this token: it can be rotated no more, and it ends in days`);
}

async function mendGrant({ sandbox, chronicle }: Stage): Promise<void> {
  await sandbox.grant('gitlab', [GROUP]);
  chronicle.note(sandbox.clock.now(), `${GROUP}: the operator has read the alert and puts the grant back`);
}

async function conclude(stage: Stage, script: Script): Promise<{ evidence: Evidence; vows: Vow[] }> {
  const { sandbox, chronicle } = stage;
  await tellStatus(stage);
  const evidence = await gatherEvidence(stage, script);
  const vows = judge(evidence);
  chronicle.say();
  chronicle.say('What was promised:');
  for (const { name, held, detail } of vows) chronicle.say(`  ${held ? 'held  ' : 'BROKEN'}  ${name}: ${detail}`);
  chronicle.say();
  chronicle.say(`The mails lie in ${sandbox.folder}/mail, the logs of the functions in ${sandbox.folder}/logs.`);
  return { evidence, vows };
}

async function tellStatus({ sandbox, chronicle }: Stage): Promise<void> {
  chronicle.say();
  chronicle.say('$ keyturn status');
  for (const line of (await statusOf(sandbox.folder)).split('\n')) chronicle.say(line);
}

async function gatherEvidence(stage: Stage, script: Script): Promise<Evidence> {
  const { sandbox, cast, chronicle, facts } = stage;
  const secrets = cast.map(({ secret }) => secret);
  const holdings = await Promise.all(secrets.map((secret) => holdingsOf(stage.issuerOf(secret), secret)));
  const values = await secretValues(sandbox, (issuer) => stage.secretsAt(issuer));
  const places = [...(await placesOf(sandbox)), { name: 'facts on the bus', text: JSON.stringify(facts) }, { name: 'the story itself', text: chronicle.lines.join('\n') }];
  return {
    secrets,
    facts,
    holdings,
    calls: callsOf(sandbox.issuers, PLAYERS, script.end),
    heard: heardFrom(sandbox.mails, sandbox.pages, secrets),
    brokenEnds: sandbox.clock.now() - script.end + endOf(cast),
    leaks: leaksIn(places, values),
    searched: { places: places.length, values: values.length },
    leastRotations: script.leastRotations,
  };
}

/** How long after the start the token that cannot be rotated ends, at the least: its issuer keeps days only. */
function endOf(cast: readonly Member[]): number {
  const ends = cast.map(({ begins }) => (typeof begins === 'object' ? begins.endsAfter : Infinity));
  return Math.min(...ends) - DAY;
}
