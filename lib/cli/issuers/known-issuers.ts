// The issuers that the command knows: those that come with it, and those that the settings here declare.
import * as z from 'zod';
import { parseJson } from '../../../functions/core/basics/json.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import { SETTINGS_VARIABLE } from './settings-variable.ts';

/** The file that `cdk deploy` reads too, and the variable that names another one. */
const SETTINGS_FILE = 'keyturn.json';

type Read = (path: string) => Promise<string>;

/** An issuer of the user's own, as the settings name it. */
export interface OwnEntry {
  readonly id: string;
  /** From where the command runs. */
  readonly file: string;
  readonly allowedHosts: readonly string[];
}

const Settings = z.object({
  issuers: z
    .record(
      z.string(),
      z.object({ file: z.string().optional(), allowedHosts: z.array(z.string()).default([]) }),
    )
    .default({}),
});

/**
 * The issuers of the user's own that the settings name; none without settings. Errors: {@link CliError} for
 * settings that cannot be read.
 */
export async function ownEntries(readFile: Read, named: string | undefined): Promise<readonly OwnEntry[]> {
  const path = named === undefined || named === '' ? SETTINGS_FILE : named;
  const text = await readFile(path).catch((error: unknown) => {
    if (path === SETTINGS_FILE) return undefined;
    throw new CliError(
      EXIT.usage,
      `${SETTINGS_VARIABLE} names ${path}, which cannot be read: correct its path.`,
      { cause: error },
    );
  });
  if (text === undefined) return [];
  const settings = Settings.safeParse(parseJson(text));
  if (!settings.success)
    throw new CliError(EXIT.usage, `${path} is not as \`cdk synth\` takes it: correct it, or move it away.`);
  return Object.entries(settings.data.issuers).flatMap(([id, { file, allowedHosts }]) =>
    file === undefined ? [] : [{ id, file: beside(path, file), allowedHosts }],
  );
}

/** Every issuer: those that come with Keyturn first. Errors: as {@link ownEntries}, and for a faulty file. */
export async function knownIssuers(
  readFile: Read,
  named: string | undefined,
): Promise<readonly ProviderDescriptor[]> {
  const entries = await ownEntries(readFile, named);
  if (entries.length === 0) return DESCRIPTORS;
  const { ownIssuerIn } = await import('./own-file.ts');
  const { descriptorOf } = await import('../../../functions/providers/declared/own/descriptor-of.ts');
  const own: ProviderDescriptor[] = [];
  for (const { file } of entries) own.push(descriptorOf(await ownIssuerIn(file, readFile)));
  return [...DESCRIPTORS, ...own];
}

function beside(settings: string, file: string): string {
  if (file.startsWith('/') || !settings.includes('/')) return file;
  return `${settings.slice(0, settings.lastIndexOf('/'))}/${file}`;
}
