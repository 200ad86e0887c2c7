import {
  ConfirmSubscriptionCommand,
  GetSubscriptionAttributesCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { aws, hasCode } from '../../../functions/adapters/aws-errors.ts';
import { snsSubscriptions } from '../../../functions/adapters/sns-subscriptions.ts';
import type { Subscription } from '../../../functions/core/alerts/routes.ts';
import { CliError, EXIT } from '../command-line/exit.ts';

export interface Subscribed extends Subscription {
  /** The name of the topic. */
  readonly topic: string;
}

/** ARNs of topics; the first one an installation always has. */
export type Arns = readonly [string, ...string[]];

/** The topics by which alerts reach people. Errors: `aws-failed`. */
export interface AlertTopics {
  /** ARNs of those that an installation can have; the first one it always has. */
  arns(): Promise<Arns>;
  list(): Promise<Subscribed[]>;
  /**
   * Confirms with a signature. Resolves to who it is, and whether only signed requests can end it from now
   * on. Errors: {@link CliError} for a token that SNS does not take.
   */
  confirm(
    topicArn: string,
    token: string,
  ): Promise<{ readonly endpoint: string; readonly isAuthenticated: boolean }>;
}

/** The topics of an installation, by their ARNs. */
export function alertTopics(client: SNSClient, arns: Arns): AlertTopics {
  const subscriptions = snsSubscriptions(client);
  return {
    arns: async () => arns,
    async list() {
      const found = await Promise.all(
        arns.map((arn, place) => (place === 0 ? subscriptions.of(arn) : orNone(subscriptions.of(arn)))),
      );
      return arns.flatMap((arn, place) =>
        (found[place] ?? []).map((one) => ({ ...one, topic: arn.split(':').at(-1) ?? arn })),
      );
    },
    async confirm(topicArn, token) {
      const arn = await taken(
        aws('sns:ConfirmSubscription', () =>
          client.send(
            new ConfirmSubscriptionCommand({
              TopicArn: topicArn,
              Token: token,
              AuthenticateOnUnsubscribe: 'true',
            }),
          ),
        ),
      );
      const { Attributes } = await aws('sns:GetSubscriptionAttributes', () =>
        client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn })),
      );
      return {
        endpoint: Attributes?.['Endpoint'] ?? arn,
        isAuthenticated: Attributes?.['ConfirmationWasAuthenticated'] === 'true',
      };
    },
  };
}

/** A topic that the settings do not ask for is not there. */
async function orNone(found: Promise<readonly Subscription[]>): Promise<readonly Subscription[]> {
  return found.catch((error: unknown) => {
    if (hasCode(causeOf(error), 'NotFound', 'NotFoundException')) return [];
    throw error;
  });
}

const NOT_TAKEN = ['InvalidParameter', 'InvalidParameterException', 'NotFound', 'NotFoundException'];

async function taken(answer: Promise<{ SubscriptionArn?: string | undefined }>): Promise<string> {
  const { SubscriptionArn } = await answer.catch((error: unknown) => {
    if (!hasCode(causeOf(error), ...NOT_TAKEN)) throw error;
    throw new CliError(
      EXIT.failed,
      'SNS does not take this token: it may be older than two days, or not whole. Deploy again, or ' +
        'subscribe the address anew, and use the mail that comes then.',
    );
  });
  return SubscriptionArn ?? '';
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
