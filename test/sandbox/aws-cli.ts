import { execFile } from 'node:child_process';
import type { AwsCommand } from '../docs/aws-commands.ts';

/** The AWS CLI that runs the commands of the pages, where one is given: `AWS_CLI=/path/to/aws`. */
export const AWS_CLI = process.env['AWS_CLI'];

/**
 * Whether version 1 of the AWS CLI, which is the one on PyPI, has a command. It has no `aws logs tail` (AWS
 * CLI Command Reference, version 1, "logs").
 */
export function isInCli({ service, command }: AwsCommand): boolean {
  return !(service === 'logs' && command === 'tail');
}

/** What a command came to: 200 where it ended well, else its exit code; and all that it printed. */
export interface CliAnswer {
  readonly status: number;
  readonly body: string;
}

/** Runs a command of a page by the AWS CLI itself, in the environment that a sandbox gives people. */
export function runCli(
  cli: string,
  command: AwsCommand,
  environment: Readonly<Record<string, string>>,
): Promise<CliAnswer> {
  const endpoint = environment['AWS_ENDPOINT_URL'] ?? '';
  const env = {
    PATH: process.env['PATH'],
    ...environment,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_PAGER: '',
  };
  return new Promise((resolve) =>
    execFile(cli, wordsOf(command, endpoint), { env }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code ?? 1) : 200, body: `${stdout}${stderr}` }),
    ),
  );
}

function wordsOf({ service, command, positionals, options }: AwsCommand, endpoint: string): string[] {
  const named = Object.entries(options).flatMap(([name, value]) => {
    if (typeof value === 'string') return [`--${name}`, value];
    return [value ? `--${name}` : `--no-${name}`];
  });
  // Version 1 sends calls of SQS to AWS's own address whatever the environment says.
  return [service, command, ...positionals, ...named, '--endpoint-url', endpoint, '--output', 'json'];
}
