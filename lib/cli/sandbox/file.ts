import { join } from 'node:path';
import * as z from 'zod';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { parseJson } from '../../../functions/core/basics/json.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import type { Tone } from '../output/screen.ts';

export const SANDBOX_FILE = 'sandbox.json';

/** What a running sandbox writes into its folder: how to reach it. The credentials open nothing but it. */
export const SandboxFile = z.object({
  endpoint: z.url(),
  region: z.string().min(1),
  credentials: z.object({
    accessKeyId: z.string().min(1),
    secretAccessKey: z.string().min(1),
    sessionToken: z.string().optional(),
  }),
});
export type SandboxFile = z.infer<typeof SandboxFile>;

export interface SandboxOptions {
  readonly folder: string;
  readonly port: number | undefined;
  /** Lets time run as fast as the work allows. */
  readonly fast: boolean;
  /** Issuers that are simulated beside the usual ones. */
  readonly issuers: readonly ProviderDescriptor[];
  /** Told of each part of the start that has ended. */
  readonly onStep: (text: string) => void;
  /** Told of what happens in it, line by line, from the start on. */
  readonly onNews: (text: string, tone: Tone | undefined) => void;
}

export interface RunningSandbox {
  readonly endpoint: string;
  /** What makes the AWS CLI and SDKs use it as an operator; its credentials open nothing else. */
  readonly operator: Readonly<Record<string, string>>;
  /** The same as a reader of values, such as a consumer. */
  readonly reader: Readonly<Record<string, string>>;
  /** The same for a shell, line by line. */
  readonly access: readonly string[];
  /** The secrets of the tokens that are in it. */
  readonly tokens: readonly string[];
  /** Resolves when it was asked to stop, and has. */
  readonly ended: Promise<void>;
}

export type SandboxStarter = (options: SandboxOptions) => Promise<RunningSandbox>;

/** Reads what a sandbox wrote into its folder. Errors: {@link CliError}. */
export async function readSandboxFile(
  folder: string,
  readFile: (path: string) => Promise<string>,
): Promise<SandboxFile> {
  const path = join(folder, SANDBOX_FILE);
  const text = await readFile(path).catch((error: unknown) => {
    throw new CliError(
      EXIT.failed,
      `There is no running sandbox in ${folder}: start one with \`keyturn sandbox\`, or name its ` +
        'folder with --sandbox=DIR.',
      { cause: error },
    );
  });
  const parsed = SandboxFile.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || 'the whole file';
  throw new CliError(
    EXIT.failed,
    `${path} is not what a sandbox writes, at ${field}: delete it and start \`keyturn sandbox\` again.`,
  );
}
