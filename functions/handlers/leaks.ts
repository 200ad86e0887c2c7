import type { SQSBatchResponse } from 'aws-lambda';
import type * as z from 'zod';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../adapters/aws-clients.ts';
import { dynamodbAlertLedger } from '../adapters/dynamodb/alert-ledger.ts';
import { kmsSeals } from '../adapters/kms-seals.ts';
import { secretsManagerStore } from '../adapters/secrets-manager/store.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import { Whose, type WhoseAnswer } from '../core/incidents/leak-reports.ts';
import { MINUTE } from '../core/basics/time.ts';
import { answerAlert, type GithubPorts } from '../use-cases/incidents/github-alert.ts';
import { reportLeak, whose, type LeakPorts } from '../use-cases/incidents/leak-reports.ts';
import { once, parseEnv } from './cold-start.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { LeaksEnv } from './leaks.env.ts';
import { LOG, commandingPorts } from './ports.ts';
import { reported } from './report.ts';
import { leakReportIn } from './scanner-event.ts';
import { isSqsEvent, workOff } from './sqs-batch.ts';

/** So many digests are looked up at once. */
const AT_ONCE = 10;

const setUp = once(() => {
  const env = parseEnv(LeaksEnv, process.env);
  const ports: LeakPorts = { ...commandingPorts(env), seals: kmsSeals(kmsClient(), env.HMAC_KEY_ID) };
  return {
    ports: { ...ports, github: githubPorts(env) },
    limit: { max: env.RATE_LIMIT_MAX, per: env.RATE_LIMIT_MINUTES * MINUTE },
  };
});

function githubPorts(env: z.output<typeof LeaksEnv>): GithubPorts {
  const secrets = secretsManagerStore(secretsManagerClient());
  return {
    apiUrl: env.GITHUB_API_URL,
    fetch: guardedFetch(env.GITHUB_API_URL === '' ? [] : [new URL(env.GITHUB_API_URL).host]),
    token: () => secrets.readAdmin(env.GITHUB_TOKEN_SECRET),
    ledger: dynamodbAlertLedger({ client: dynamodbClient(), name: env.TABLE_NAME }, 'github'),
  };
}

/**
 * `leaks`: whose a credential is, asked by people directly, and what scanners report through the queue. It is
 * given digests, never values, and tells names.
 */
export function handler(event: unknown): Promise<SQSBatchResponse | WhoseAnswer> {
  return reported(LOG, async () => {
    const { ports, limit } = setUp();
    if (!isSqsEvent(event)) return answered(event, ports);
    return workOff(event, LOG, async ({ body }) => {
      const report = leakReportIn(body, ports.now());
      const concerned = await ('kind' in report
        ? answerAlert(report, limit, ports)
        : reportLeak(report, limit, ports));
      LOG.info('a leak was reported', { concerned });
    });
  });
}

async function answered(event: unknown, ports: LeakPorts): Promise<WhoseAnswer> {
  const asked = Whose.safeParse(event);
  if (!asked.success)
    throw new KeyturnError(
      'bad-request',
      `This is no question to the function, at "${asked.error.issues[0]?.path.join('.') ?? ''}": ` +
        `\`keyturn report-leak\` asks it.`,
    );
  const owned: WhoseAnswer['owned'] = [];
  for (let from = 0; from < asked.data.digests.length; from += AT_ONCE)
    owned.push(
      ...(await Promise.all(
        asked.data.digests.slice(from, from + AT_ONCE).map((digest) => whose(digest, ports)),
      )),
    );
  return { owned };
}
