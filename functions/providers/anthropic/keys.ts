// The keys of an organization, as its admin key sees them: Anthropic shows the ends of each value.
import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { HttpClient } from '../http.ts';
import { pathOf } from '../request.ts';
import { anthropicRequest } from './ask.ts';
import { Key, KeyPage } from './schema.ts';

const KEYS = '/v1/organizations/api_keys';
const PAGE = '1000';
/** More pages than any organization has keys for. */
const MOST_PAGES = 100;
/** A hint of fewer characters would fit keys by chance. */
const SHORTEST_HINT = 16;

/** An organization, and the admin key that manages it. */
export interface Managed {
  readonly http: HttpClient;
  readonly admin: Secret;
}

/**
 * The key whose hint fits a value, such as `sk-ant-api03-R2D...igAA`. Error: `issuer-refused` where none or
 * several do, so that no other key is taken for it.
 */
export async function keyOf(managed: Managed, value: Secret): Promise<Key> {
  const [found, ...others] = (await listed(managed)).filter((key) => fits(key, value.reveal()));
  if (found !== undefined && others.length === 0) return found;
  throw new KeyturnError(
    'issuer-refused',
    `Anthropic lists ${found === undefined ? 'no key' : 'several keys'} with the first and last characters ` +
      'of this one: look at it in the Console.',
  );
}

/**
 * Ends a key for good. Archiving one that is archived or expired is a success. Error:
 * `issuer-response-invalid` when the answer does not say that it is archived.
 */
export async function archive(managed: Managed, { id, status }: Key): Promise<void> {
  if (status === 'archived' || status === 'expired') return;
  const answer = await managed.http.send({
    ...anthropicRequest(managed.admin, { method: 'POST', path: KEYS + pathOf`/${id}` }),
    body: { json: { status: 'archived' } },
    ends: true,
    repeatable: false,
  });
  const key = answer.json(Key);
  if (key.id !== id || key.status !== 'archived')
    throw new KeyturnError('issuer-response-invalid', `${answer.about} and did not archive the key.`);
}

async function listed({ http, admin }: Managed): Promise<readonly Key[]> {
  const keys: Key[] = [];
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = { limit: PAGE, ...(after !== undefined && { after_id: after }) };
    const answer = await http.send(anthropicRequest(admin, { method: 'GET', path: KEYS, query }));
    const { data, has_more: more, last_id: last } = answer.json(KeyPage);
    keys.push(...data);
    if (!more) return keys;
    if (last === null || last === after) break;
    after = last;
  }
  throw new KeyturnError('issuer-response-invalid', 'The list of keys of Anthropic does not come to an end.');
}

function fits({ partial_key_hint: hint }: Key, value: string): boolean {
  const [, start = '', end = ''] = /^([^.]+)\.\.\.([^.]+)$/.exec(hint ?? '') ?? [];
  return start.length + end.length >= SHORTEST_HINT && value.startsWith(start) && value.endsWith(end);
}
