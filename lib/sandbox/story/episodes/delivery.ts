import { HOUR, type Millis } from '../../../../functions/core/basics/time.ts';
import { GithubSimulator } from '../../destinations/github.ts';
import type { Episode } from '../episode.ts';
import { repeat, SecretReader, use } from '../reader.ts';
import type { Stage } from '../stage.ts';
import { lastOf, openedAndOver, toldByMailAndPager, check } from '../checks.ts';

const RELEASE = 'release/gitlab-ci';
/** Workflows begin so often, take so long, and use the token at their begin and at their end. */
const BEGINS_EVERY = 2 * HOUR;
const TAKES = 5 * HOUR;
const WORKFLOWS = { agent: 'github-actions/1', usesEvery: BEGINS_EVERY / 2 };

/** It is rotated once in the story. */
const ROTATED = 98 * HOUR;
const DOWN = ROTATED - HOUR;
/** An hour after the longest grace period, at which a person is notified. */
const UP = ROTATED + 9 * HOUR;
/** Delivery is tried at least once an hour; then the longest workflow is waited for, six hours. */
const OVER = UP + 9 * HOUR;

/**
 * A token that workflows at GitHub get at their begin, and never again. GitHub is down when a new value is
 * to be brought there: the old one stays active until it was, and until no workflow can hold it.
 */
export function delivery(): Episode {
  let isServed = false;
  return {
    members: [
      {
        secret: RELEASE,
        provider: 'gitlab',
        owner: 'team-release',
        purpose: 'lets workflows at GitHub read the code',
        begins: 'by-hand',
        beginning: 'made by hand, and kept as an Actions secret at GitHub too',
        policy: { rotateEvery: hours(ROTATED), minGrace: '15m', maxGrace: '8h', unusedFor: '30m' },
        consumers: { workflows: 'github:acme/billing:DEPLOY_TOKEN' },
      },
    ],
    players: [WORKFLOWS],
    start,
    acts: [
      {
        at: DOWN,
        async play({ stage }) {
          githubOf(stage).disorder = () => new Response('{"message":"Service Unavailable"}', { status: 503 });
          stage.tell(
            `GitHub is down, an hour before ${RELEASE} is rotated: its workflows go on, but nothing ` +
              'can be delivered there',
          );
        },
      },
      {
        at: UP,
        async play({ stage }) {
          githubOf(stage).disorder = undefined;
          stage.tell('GitHub is up again');
        },
      },
      {
        at: OVER,
        async play({ stage }) {
          const [live, ...others] = (await stage.issuerOf(RELEASE).credentials(RELEASE)).filter(
            (one) => one.live,
          );
          isServed =
            others.length === 0 && live !== undefined && (await githubOf(stage).held()) === live.value;
        },
      },
    ],
    expects: [
      { secret: RELEASE, kind: 'delivery-failed' },
      { secret: RELEASE, kind: 'previous-credential-in-use' },
    ],
    check({ facts, heard, start: began }) {
      const wrong = [
        ...openedAndOver(facts, RELEASE, 'delivery-failed'),
        ...toldByMailAndPager(heard, RELEASE, began + UP),
      ];
      const [delivered, revoked] = [lastOf(facts, RELEASE, 'delivered'), lastOf(facts, RELEASE, 'revoked')];
      if (delivered === undefined || revoked === undefined || revoked < delivered + TAKES)
        wrong.push('the old credential did not stay active until every workflow had the new one');
      if (!isServed) wrong.push('GitHub does not hold the only active credential');
      return check(
        'The new value reached GitHub once it could, and the old one stayed active until no workflow held it',
        wrong,
        `${RELEASE}, delivered ${span(began + ROTATED, delivered)} after its rotation and revoked ` +
          `${span(delivered, revoked)} later`,
      );
    },
  };
}

/**
 * What GitHub holds at a workflow's begin is what it uses to its end. Until Keyturn brings something there,
 * that is what a person once put there.
 */
async function start(stage: Stage): Promise<void> {
  const { sandbox, issuer, onFault } = stage.at(RELEASE);
  const byHand = await new SecretReader(sandbox, 'release-owner', RELEASE).read();
  const workflow = async (): Promise<void> => {
    const value = (await githubOf(stage).held()) ?? byHand ?? '';
    await use(issuer, value, WORKFLOWS.agent);
    await sandbox.clock.sleep(TAKES);
    await use(issuer, value, WORKFLOWS.agent);
  };
  repeat(sandbox.clock, { first: HOUR, every: BEGINS_EVERY }, workflow, onFault);
}

function githubOf({ sandbox }: Stage): GithubSimulator {
  const found = sandbox.destinations.find((one) => one instanceof GithubSimulator);
  if (!found) throw new Error('No GitHub runs in this sandbox.');
  return found;
}

function hours(length: Millis): string {
  return `${length / HOUR}h`;
}

function span(from: number | undefined, to: number | undefined): string {
  return from === undefined || to === undefined ? 'never' : `${Math.round((to - from) / HOUR)} hours`;
}
