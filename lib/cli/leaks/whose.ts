import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { aws } from '../../../functions/adapters/aws-errors.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { WhoseAnswer, type Owned, type Whose } from '../../../functions/core/incidents/leak-reports.ts';

/** So many digests go into one question, and so many questions are asked at once. */
const AT_ONCE = 100;
const QUESTIONS_AT_ONCE = 4;

/**
 * Asks the function `leaks` directly: only it can make fingerprints, and it is sent no value. Errors:
 * `aws-failed`.
 */
export async function askWhose(
  client: LambdaClient,
  functionName: string,
  digests: readonly string[],
): Promise<Owned[][]> {
  const found: Owned[][] = [];
  const step = AT_ONCE * QUESTIONS_AT_ONCE;
  for (let from = 0; from < digests.length; from += step) {
    const batches = Array.from({ length: QUESTIONS_AT_ONCE }, (_, place) =>
      digests.slice(from + place * AT_ONCE, from + (place + 1) * AT_ONCE),
    ).filter((batch) => batch.length > 0);
    found.push(...(await Promise.all(batches.map((batch) => ask(client, functionName, batch)))).flat());
  }
  return found;
}

async function ask(
  client: LambdaClient,
  functionName: string,
  digests: readonly string[],
): Promise<Owned[][]> {
  const question: Whose = { kind: 'whose', digests: [...digests] };
  const { Payload, FunctionError } = await aws('lambda:Invoke', () =>
    client.send(new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(question) })),
  );
  if (FunctionError !== undefined)
    throw new KeyturnError('aws-failed', `The function ${functionName} failed: its log says why.`);
  const answer = WhoseAnswer.safeParse(JSON.parse(Payload?.transformToString() ?? 'null'));
  if (answer.success && answer.data.owned.length === digests.length) return answer.data.owned;
  throw new KeyturnError(
    'aws-failed',
    `The function ${functionName} gave an answer that is none: deploy the version of Keyturn that you ` +
      'run here.',
  );
}
