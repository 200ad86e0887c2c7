import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { aws } from '../../functions/adapters/aws-errors.ts';
import { KeyturnError } from '../../functions/core/errors.ts';
import { WhoseAnswer, type Owned, type Whose } from '../../functions/core/leaks.ts';

/** So many digests go into one question. */
const AT_ONCE = 100;

/** Asks the function `leaks` directly: only it can make fingerprints, and it is sent no value. Errors: `aws-failed`. */
export async function askWhose(client: LambdaClient, functionName: string, digests: readonly string[]): Promise<Owned[][]> {
  const found: Owned[][] = [];
  for (let from = 0; from < digests.length; from += AT_ONCE) {
    const question: Whose = { kind: 'whose', digests: digests.slice(from, from + AT_ONCE) };
    const { Payload, FunctionError } = await aws('lambda:Invoke', () => client.send(new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(question) })));
    if (FunctionError !== undefined) throw new KeyturnError('aws-failed', `The function ${functionName} failed: its log says why.`);
    const answer = WhoseAnswer.safeParse(JSON.parse(Payload?.transformToString() ?? 'null'));
    if (!answer.success) throw new KeyturnError('aws-failed', `The function ${functionName} gave an answer that is none: deploy the version of Keyturn that you run here.`);
    found.push(...answer.data.owned);
  }
  return found;
}
