import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as z from 'zod';
import type { Issuer } from '../issuers/simulator.ts';
import type { Sandbox } from '../runtime/api.ts';
import { PAGER_SECRET } from '../runtime/settings.ts';

/** A text that must not hold a secret value, and what it is. */
export interface Place {
  readonly name: string;
  readonly text: string;
}

/** The issuers' own files: a registry has to know its tokens. */
const NOT_OURS = ['issuers'];

const SecretText = z.looseObject({ SecretString: z.string() });

/**
 * Every value that gives access: all credentials ever issued, what the admin secrets hold, and the pager's
 * key.
 */
export async function secretValues(
  sandbox: Sandbox,
  secretsOf: (issuer: Issuer) => readonly string[],
): Promise<string[]> {
  const pager = await sandbox.aws.call({
    service: 'secretsmanager',
    operation: 'GetSecretValue',
    input: { SecretId: PAGER_SECRET },
    principal: { kind: 'root' },
  });
  const issued = [SecretText.parse(pager).SecretString];
  for (const issuer of sandbox.issuers) {
    for (const secret of secretsOf(issuer))
      issued.push(...(await issuer.credentials(secret)).map(({ value }) => value));
    issued.push(...adminValues(JSON.parse(issuer.adminSecret(secretsOf(issuer)))));
  }
  return [...new Set(issued)];
}

function adminValues(json: unknown): string[] {
  const Admin = z.object({
    token: z.string().optional(),
    grants: z.array(z.object({ password: z.string().optional() })),
  });
  const { token, grants } = Admin.parse(json);
  return [token, ...grants.map(({ password }) => password)].filter((value) => value !== undefined);
}

/** The names of the places that hold one of the values, plain, in a URL, or in base64. */
export function leaksIn(places: readonly Place[], values: readonly string[]): string[] {
  const forms = new Set(
    values.flatMap((value) => [
      value,
      encodeURIComponent(value),
      Buffer.from(value).toString('base64').replace(/=+$/, ''),
    ]),
  );
  return places.filter(({ text }) => [...forms].some((form) => text.includes(form))).map(({ name }) => name);
}

/** Everything that Keyturn and its sandbox wrote down: files, the table, events, the log of calls. */
export async function placesOf(sandbox: Sandbox): Promise<Place[]> {
  const { aws, runs, mails, pages, folder } = sandbox;
  const said = {
    'events of AWS': aws.events,
    'log of AWS calls': aws.log,
    'function runs': runs,
    mails,
    pages,
    'inventory table': await tableOf(sandbox),
  };
  return [
    ...filesIn(folder),
    ...Object.entries(said).map(([name, value]) => ({ name, text: JSON.stringify(value) })),
  ];
}

function filesIn(folder: string): Place[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !NOT_OURS.includes(relative(folder, path).split('/')[0] ?? ''));
  return paths.map((path) => ({ name: relative(folder, path), text: readFileSync(path, 'utf8') }));
}

const Page = z.looseObject({ Items: z.array(z.unknown()), LastEvaluatedKey: z.unknown().optional() });

async function tableOf({ aws, outputs }: Sandbox): Promise<unknown[]> {
  const TableName = outputs.get('KeyturnTableName');
  const items: unknown[] = [];
  let ExclusiveStartKey: unknown;
  do {
    const input = { TableName, ...(ExclusiveStartKey !== undefined && { ExclusiveStartKey }) };
    const page = Page.parse(
      await aws.call({ service: 'dynamodb', operation: 'Scan', input, principal: { kind: 'root' } }),
    );
    items.push(...page.Items);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return items;
}
