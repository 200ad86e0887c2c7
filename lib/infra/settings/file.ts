import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Settings, SettingsError, parseSettings } from '../settings.ts';

/** The file that is read when none is named. */
const SETTINGS_FILE = 'keyturn.json';

/**
 * Reads the settings of a deployment. `given` is `settings` of the app's context: the path of a file, which
 * has to exist, or the settings themselves. These are in cdk.json, and hold only where there is no
 * keyturn.json: nothing of them is mixed into a file. Errors: {@link SettingsError}, one sentence naming the
 * file, the field and the fix.
 */
export function readSettings(given: unknown, folder: string): Settings {
  const file = typeof given === 'string' ? given : SETTINGS_FILE;
  const path = resolve(folder, file);
  if (typeof given !== 'string' && !existsSync(path))
    return parseSettings(given ?? {}, given === undefined ? SETTINGS_FILE : 'settings of cdk.json');
  const settings = parseSettings(readJson(path, file), file);
  const beside = (name: string): string => resolve(dirname(path), name);
  const { caBundleFile } = settings;
  return {
    ...settings,
    issuers: withPaths(settings.issuers, beside),
    ...(caBundleFile !== undefined && { caBundleFile: checkedCa(beside(caBundleFile), file) }),
  };
}

/** The files of issuers of the user's own, from wherever the app runs. */
function withPaths(issuers: Settings['issuers'], beside: (name: string) => string): Settings['issuers'] {
  return Object.fromEntries(
    Object.entries(issuers).map(([id, one]) => [
      id,
      one?.file === undefined ? one : { ...one, file: beside(one.file) },
    ]),
  );
}

/**
 * A bus that forwards to itself never stops. Account and Region are what the CDK CLI found of the
 * environment; undefined without credentials. Errors: {@link SettingsError}.
 */
export function refuseOwnBus(
  { installation, staging }: Settings,
  here: { readonly account?: string | undefined; readonly region?: string | undefined },
): void {
  const own = staging.forwardTo.find((arn) =>
    arn.endsWith(`:events:${here.region}:${here.account}:event-bus/keyturn-${installation}`),
  );
  if (own === undefined) return;
  throw new SettingsError(
    `staging.forwardTo names ${own}, which is this installation's own bus: leave it out, since tokens ` +
      'of one installation follow each other without it.',
  );
}

function readJson(path: string, file: string): unknown {
  if (!existsSync(path))
    throw new SettingsError(`${file}: there is no such file: correct the path given with -c settings=…`);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'it cannot be read';
    throw new SettingsError(`${file}: is not valid JSON: ${reason}.`, { cause: error });
  }
}

function checkedCa(path: string, file: string): string {
  if (!existsSync(path))
    throw new SettingsError(
      `${file}: caBundleFile names ${path}, which does not exist: correct the path, relative to ${file}.`,
    );
  const text = readFileSync(path, 'utf8');
  if (text.includes('PRIVATE KEY'))
    throw new SettingsError(
      `${file}: caBundleFile names a file that holds a private key: name a file with certificates only.`,
    );
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new SettingsError(
      `${file}: caBundleFile names a file without a PEM certificate: name a file that begins with ` +
        '-----BEGIN CERTIFICATE-----.',
    );
  return path;
}
