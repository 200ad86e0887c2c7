import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';

const VIEWER_ACTIONS = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:DescribeTable',
  'secretsmanager:DescribeSecret',
  'secretsmanager:ListSecrets',
  'sns:ListSubscriptionsByTopic',
  'sns:GetSubscriptionAttributes',
];
const OPERATOR_ACTIONS = [
  'sqs:GetQueueUrl',
  'sqs:SendMessage',
  'sqs:ListQueues',
  'sqs:GetQueueAttributes',
  'sqs:StartMessageMoveTask',
  'sqs:ListMessageMoveTasks',
  'lambda:InvokeFunction',
  'sns:ConfirmSubscription',
];
const REGISTRAR_ACTIONS = [
  'secretsmanager:CreateSecret',
  'secretsmanager:TagResource',
  'secretsmanager:UntagResource',
  'secretsmanager:RotateSecret',
];

/**
 * API operations whose IAM action has another name (Service Authorization Reference, "Actions for Amazon SQS"
 * and "for AWS Lambda").
 */
const ACTION_OF: Readonly<Record<string, string>> = {
  'sqs:SendMessageBatch': 'sqs:SendMessage',
  'lambda:Invoke': 'lambda:InvokeFunction',
};

const DENIED = [
  'AccessDeniedException',
  'AccessDenied',
  'AccessDeniedError',
  'UnauthorizedOperation',
  'KMSAccessDeniedException',
  'KmsAccessDenied',
  'AuthorizationError',
  'AuthorizationErrorException',
];
const NO_CREDENTIALS = ['CredentialsProviderError', 'TokenProviderError'];
const OLD_CREDENTIALS = ['ExpiredTokenException', 'ExpiredToken', 'RequestExpired'];
const BAD_CREDENTIALS = [
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
];
const UNREACHABLE = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'ECONNRESET',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'TimeoutError',
  'AggregateError',
];

/** Where a failed command was sent, for its sentence. */
export interface Whereabouts {
  readonly installation: string;
  /** The folder of the sandbox, if it is one. */
  readonly sandbox: string | undefined;
}

export interface Failure {
  readonly exit: ExitCode;
  /** What happened and what to do, in one or two sentences. */
  readonly text: string;
}

/**
 * What an error means to the person at the keyboard. Texts of errors that are not ours are not repeated:
 * nobody knows what they hold.
 */
export function failureOf(error: unknown, where: Whereabouts): Failure {
  if (error instanceof CliError) return { exit: error.exit, text: error.message };
  if (!(error instanceof KeyturnError))
    return {
      exit: EXIT.failed,
      text:
        `This command failed unexpectedly (${error instanceof Error ? error.name : typeof error}); add ` +
        '--debug to see where.',
    };
  if (error.code === 'aws-failed')
    return { exit: isAboutCredentials(error) ? EXIT.denied : EXIT.failed, text: awsText(error, where) };
  return { exit: EXIT.failed, text: `${error.message} ${error.rule.advice}` };
}

/** The operation and the error's code, as the adapters put them into the cause. */
export function awsFactsOf(error: KeyturnError): { operation: string; code: string } {
  const cause = error.cause instanceof Error ? error.cause : undefined;
  return { operation: /^([\w-]+:\w+):/.exec(cause?.message ?? '')?.[1] ?? '', code: cause?.name ?? '' };
}

/**
 * Whether AWS did not take the caller for somebody who may: the caller has to sign in, or be given a
 * permission.
 */
function isAboutCredentials(error: KeyturnError): boolean {
  const { code } = awsFactsOf(error);
  return [...DENIED, ...NO_CREDENTIALS, ...OLD_CREDENTIALS, ...BAD_CREDENTIALS].includes(code);
}

function awsText(error: KeyturnError, where: Whereabouts): string {
  const { operation, code } = awsFactsOf(error);
  if (DENIED.includes(code)) return deniedText(ACTION_OF[operation] ?? operation, where.installation);
  if (NO_CREDENTIALS.includes(code))
    return (
      'There are no AWS credentials: sign in, or name a profile with --profile; `keyturn --sandbox` ' +
      'needs none.'
    );
  if (OLD_CREDENTIALS.includes(code)) return 'The AWS credentials have expired: sign in again.';
  if (BAD_CREDENTIALS.includes(code))
    return 'AWS does not know these credentials: sign in again, or name another profile with --profile.';
  if (UNREACHABLE.includes(code)) return unreachableText(where);
  if (code === 'ResourceNotFoundException' && operation.startsWith('dynamodb:'))
    return (
      `There is no installation "${where.installation}" in this account and Region: correct ` +
      '--installation, --region or --profile, or deploy it.'
    );
  if (code.startsWith('NotFound') && operation.startsWith('sns:'))
    return (
      `The installation "${where.installation}" has no topic for alerts here: correct --installation, ` +
      '--region or --profile, or deploy it.'
    );
  if (code === 'ResourceNotFoundException' && operation === 'lambda:Invoke')
    return (
      `The installation "${where.installation}" has no function for leaks: correct --installation, ` +
      '--region or --profile, or deploy it anew.'
    );
  return error.message;
}

function deniedText(action: string, installation: string): string {
  const denied = `You may not do ${action}`;
  const policy = `have the policy keyturn-${installation}`;
  const others = action.startsWith('secretsmanager:') ? 'or -operator, or -registrar' : 'or -operator';
  if (VIEWER_ACTIONS.includes(action))
    return `${denied}: ${policy}-viewer (${others}) of this Region attached to your role.`;
  if (OPERATOR_ACTIONS.includes(action))
    return `${denied}: ${policy}-operator of this Region attached to your role.`;
  if (REGISTRAR_ACTIONS.includes(action))
    return (
      `${denied}: ${policy}-registrar of this Region attached to your role; ` +
      'it is for secrets of this installation, and for those of none.'
    );
  return `${denied}: no policy of keyturn-${installation} allows it, so have it added to your role.`;
}

function unreachableText(where: Whereabouts): string {
  if (where.sandbox === undefined) return 'AWS does not answer: check the network, and the Region.';
  return `The sandbox of ${where.sandbox} does not answer: start it with \`keyturn sandbox\`.`;
}
