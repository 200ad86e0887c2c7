import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { HOUR, SECOND } from '../../../../functions/core/basics/time.ts';
import { CachedConsumer, USE_EVERY } from '../consumers.ts';
import type { Episode } from '../episode.ts';
import { policy } from '../inbox.ts';
import { keyturn } from '../keyturn-command.ts';
import type { Stage } from '../stage.ts';
import { openedAndOver, check } from '../checks.ts';

const INDEX = 'search/gitlab-index';
const INDEXER = { agent: 'search-indexer/1', usesEvery: USE_EVERY };
const READ = 118 * HOUR;
/** Its owner has read the digest of the morning by then. */
const ACCEPTED = 123 * HOUR;
/** After the daily look at the estate found that two read it, and before the next one. */
const APPROVED = 146 * HOUR;

/**
 * Somebody who never read a token reads it: CloudTrail tells, and its owner is notified; it was a new
 * service of theirs.
 */
export const READER: Episode = {
  members: [
    {
      secret: INDEX,
      provider: 'gitlab',
      owner: 'team-search',
      purpose: 'indexes the code',
      begins: 'by-hand',
      beginning: 'made by hand',
      policy: { rotateEvery: '30d', minGrace: '15m', unusedFor: '30m', baselinePeriod: '1d' },
    },
  ],
  players: [INDEXER],
  async start(stage) {
    new CachedConsumer(stage.at(INDEX), { role: 'search-indexer', agent: INDEXER.agent, cache: HOUR }).serve(
      7 * SECOND,
    );
  },
  acts: [
    {
      at: READ,
      async play({ stage }) {
        stage.tell(
          `${INDEX}: a role that never read it before reads it, from another network than its indexer`,
        );
        await outsiderOn(stage).send(new GetSecretValueCommand({ SecretId: INDEX }));
      },
    },
    {
      at: ACCEPTED,
      async play({ stage }) {
        stage.tell(
          `${INDEX}: its owner knows the role, a new service of theirs, and says so with \`keyturn dismiss\``,
        );
        await keyturn(stage.sandbox.folder, ['dismiss', INDEX, 'role/search-reports', '--yes']);
      },
    },
    {
      at: APPROVED,
      async play({ stage }) {
        stage.tell(
          `${INDEX}: two services share it now, and its owner approves of that with \`keyturn review ` +
            `approve\``,
        );
        await keyturn(stage.sandbox.folder, ['review', 'approve', INDEX]);
      },
    },
  ],
  expects: [
    { secret: INDEX, kind: 'reader-unrecognized' },
    { secret: INDEX, kind: 'token-shared' },
  ],
  check: ({ facts }) =>
    check(
      'An unrecognized reader was found, and the owner was asked',
      [...openedAndOver(facts, INDEX, 'reader-unrecognized'), ...openedAndOver(facts, INDEX, 'token-shared')],
      'role/search-reports, accepted by its owner',
    ),
};

function outsiderOn({ sandbox: { aws } }: Stage): SecretsManagerClient {
  const Resource = `arn:aws:secretsmanager:${aws.region}:${aws.account}:secret:${INDEX}-??????`;
  const policies = [policy({ Action: 'secretsmanager:GetSecretValue', Resource })];
  return new SecretsManagerClient(
    aws.clientConfig({
      kind: 'role',
      name: 'search-reports',
      session: 'i-1',
      policies,
      from: { address: '198.51.100.7', agent: 'aws-cli/2.31' },
    }),
  );
}
