import * as z from 'zod';
import type { DiscoverySettings } from './discovery-settings.ts';
import type { Observation } from '../findings/findings.ts';
import { TAGS, type Tags } from '../policy/tags.ts';
import type { Instant } from '../basics/time.ts';
import { kept } from '../basics/record.ts';

/** A secret as a list shows it. */
export interface ListedSecret {
  readonly name: string;
  readonly description: string;
  readonly tags: Tags;
  /** Managed by a service of AWS, a partner, or another Region. */
  readonly isForeign: boolean;
  readonly createdAt: Instant | undefined;
  /** The day of the last read, by anybody. */
  readonly accessedAt: Instant | undefined;
}

/** Every secret of the account and Region, as lists show them. */
export interface SecretSurvey {
  listed(): AsyncIterable<ListedSecret>;
}

/** A secret that looks like one with an API token, and that is not registered. */
export const Unmanaged = kept({
  name: z.string(),
  why: z.string(),
  owner: z.string().optional(),
  createdAt: z.number().optional(),
  accessedAt: z.number().optional(),
});
export type Unmanaged = z.infer<typeof Unmanaged>;

/** All of them, as the last pass found them; of very many the first by name. */
export const Survey = kept({
  at: z.number(),
  secrets: z.number(),
  unmanaged: z.number(),
  first: z.array(Unmanaged).readonly(),
});
export type Survey = z.infer<typeof Survey>;

/** Words of people who store credentials of services; whole words, so that "tokenizer" is none. */
const TOKENS =
  /\b(tokens?|pat|api ?keys?|access ?keys?|client ?secrets?|bearer|webhook ?secrets?|service ?account ?keys?|github|gitlab|bitbucket|okta|npm|pypi|slack|datadog|cloudflare|pagerduty|sendgrid|stripe|twilio|sentry|grafana|snyk|openai|anthropic)\b/;
/** Databases have rotation of their own. */
const DATABASES =
  /\b(rds|aurora|postgres|postgresql|mysql|mariadb|mssql|oracle|redshift|docdb|mongodb|database|db|redis)\b/;
const OWNER_TAGS = ['owner', 'team', 'Owner', 'Team'];

/**
 * Why a secret looks like one that should be registered; undefined when it does not. Never from its value,
 * which is not read for this.
 */
export function unmanagedIn(
  secret: ListedSecret,
  settings: Pick<DiscoverySettings, 'prefixes' | 'ignore'>,
): Unmanaged | undefined {
  const isOurs = secret.tags.has(TAGS.installation) || secret.name.startsWith('keyturn/');
  if (isOurs || secret.isForeign || settings.ignore.some((prefix) => secret.name.startsWith(prefix)))
    return undefined;
  const why = reasonOf(secret, settings.prefixes);
  if (why === undefined) return undefined;
  const owner = OWNER_TAGS.map((key) => secret.tags.get(key)).find((value) => value !== undefined);
  return { name: secret.name, why, owner, createdAt: secret.createdAt, accessedAt: secret.accessedAt };
}

function reasonOf(
  { name, description, tags }: ListedSecret,
  prefixes: readonly string[],
): string | undefined {
  if (prefixes.some((prefix) => name.startsWith(prefix))) return 'its name begins as the settings say';
  const texts = [
    ['name', name],
    ['description', description],
    ['tags', [...tags].flat().join(' ')],
  ] as const;
  const words = texts.map(
    ([where, text]) =>
      [
        where,
        text
          .replace(/([a-z])([A-Z])/g, '$1 $2')
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, ' '),
      ] as const,
  );
  if (words.some(([, text]) => DATABASES.test(text))) return undefined;
  const found = words
    .map(([where, text]) => [where, TOKENS.exec(text)?.[0]] as const)
    .find(([, word]) => word !== undefined);
  return found && `its ${found[0]} ${found[0] === 'tags' ? 'say' : 'says'} "${found[1] ?? ''}"`;
}

/** One finding for all of them: they are a list to work through, not so many alarms. */
export function surveyed(survey: Survey): Observation | undefined {
  if (survey.unmanaged === 0) return undefined;
  const named = survey.first
    .slice(0, 3)
    .map((one) => one.name)
    .join(', ');
  const what = survey.unmanaged === 1 ? 'secret looks' : 'secrets look';
  return {
    kind: 'secret-unregistered',
    severity: 'info',
    detail:
      `${survey.unmanaged} ${what} like API tokens and are not registered, such as ${named}: \`keyturn ` +
      `review list\` lists them.`,
  };
}
