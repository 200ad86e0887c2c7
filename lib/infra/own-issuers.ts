import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ProviderDescriptor } from '../../functions/core/issuer/provider-descriptor.ts';
import { OWN_ISSUERS_FILE } from '../../functions/handlers/own-issuers.env.ts';
import { descriptorOf } from '../../functions/providers/declared/own/descriptor-of.ts';
import type { OwnIssuer } from '../../functions/providers/declared/own/form.ts';
import { faultSentence, readOwnIssuer } from '../../functions/providers/declared/own/read-file.ts';
import { SettingsError, type Settings } from './settings.ts';
import { unkeptPolicy } from './settings/policies.ts';

/** The issuers that a deployment's user declares in files. */
export interface OwnIssuers {
  readonly descriptors: readonly ProviderDescriptor[];
  /** What every bundle gets beside it, in this installation's cloud assembly; undefined without any. */
  readonly file: string | undefined;
}

/**
 * Reads and checks the files that the settings name. What functions read later is written once, as JSON:
 * bundles take it along, since an environment holds 4,096 bytes, and a table, parameter or bucket could be
 * changed by whoever may write there, while this says where an admin credential goes. Errors:
 * {@link SettingsError}, one sentence naming file, line, field and fix.
 */
export function ownIssuers(scope: Construct, settings: Settings): OwnIssuers {
  const files = Object.entries(settings.issuers).flatMap(([id, stated]) =>
    stated?.file === undefined ? [] : [issuerIn(id, stated.file)],
  );
  const forms = files.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const deployed = forms.map((form) => ({ form, descriptor: descriptorOf(form) }));
  const descriptors = deployed.map(({ descriptor }) => descriptor);
  const unkept = unkeptPolicy(descriptors, settings.policies);
  if (unkept) throw new SettingsError(`${unkept.path.join('.')} ${unkept.message}.`);
  if (forms.length === 0) return { descriptors, file: undefined };
  const file = join(Stage.of(scope)?.outdir ?? '.', `${settings.installation}-${OWN_ISSUERS_FILE}`);
  writeFileSync(file, `${JSON.stringify(deployed, undefined, 2)}\n`);
  return { descriptors, file };
}

function issuerIn(id: string, file: string): OwnIssuer {
  const { issuer, faults } = readOwnIssuer(textOf(id, file));
  if (faults) throw new SettingsError(`issuers.${id}.file: ${faultSentence(file, faults[0])}`);
  if (issuer.id === id) return issuer;
  throw new SettingsError(
    `issuers.${id}.file names ${file}, whose id is ${issuer.id}: write the same id in both places.`,
  );
}

function textOf(id: string, file: string): string {
  try {
    return readFileSync(resolve(file), 'utf8');
  } catch (error) {
    throw new SettingsError(
      `issuers.${id}.file names ${file}, which cannot be read: correct the path, relative to the ` +
        'settings file.',
      { cause: error },
    );
  }
}
