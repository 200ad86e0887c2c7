import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultSentence, readOwnIssuer } from '../../functions/providers/declared/own/read-file.ts';
import { OTHER_SERVERS } from '../../functions/providers/declared/own/other-servers.ts';
import { changed } from './own/changed.ts';
import { OWN_FILES } from './own/files.ts';

/** The first sentence about a file. */
function faultIn(text: string): string {
  const { faults = [] } = readOwnIssuer(text);
  return faults.map((fault) => faultSentence('f', fault)).join('\n');
}

const JSON_TOKEN = { note: '{marker}', expires_in: '{lifetimeSeconds}' };
const REFUSED = { status: 403, where: { '/status': 403, '/message': 'Forbidden' }, source: 's' };
const TWO = { '/a': 1, '/kind': 'user', '/name': '{account.user}' };

/** What is changed in the file for JupyterHub, and the words of the sentence about it. */
const CASES: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
  ['an unknown field', { hosts: ['evil.example'] }, 'hosts is no field here: remove it (there are version,'],
  [
    'a misspelt field',
    { 'list.entriez': '/x' },
    'list.entriez is no field here: write entries, or remove it',
  ],
  ['a host', { 'create.host': 'evil.example' }, 'create.host is no field here: remove it'],
  [
    'an address for a path',
    { 'create.path': 'https://evil.example/x' },
    'create.path is wrong: write a path from',
  ],
  [
    'another host in a path',
    { 'create.path': '//evil.example/x' },
    'create.path is wrong: write a path from',
  ],
  ['a way out of a path', { 'list.path': '/a/../b/{account.user}' }, 'list.path is wrong: write a path from'],
  ['a query in a path', { 'check.path': '/x?y=1' }, 'check.path is wrong: write a path from the root'],
  ['a missing part', { revoke: undefined }, 'revoke is missing: write fields and values, one a line'],
  ['another layout', { version: 2 }, 'version is wrong: write version: 1'],
  ['an id of a shipped issuer', { id: 'jupyterhub' }, 'id is wrong: write own- and up to 16 small letters'],
  ['an id that is too long', { id: 'own-aaaaaaaaaaaaaaaaa' }, 'id is wrong: write own- and up to 16'],
  ['plain http for its page', { docs: 'http://a.example' }, 'docs is wrong: write the https address'],
  ['one slot', { 'facts.slots.count': 1 }, 'facts.slots.count is wrong: write a whole number from 2'],
  [
    'a check that spends',
    { 'facts.check': 'spends' },
    'facts.check is wrong: write one of free, counts-as-use',
  ],
  ['a lag of weeks', { 'facts.lags.accepted': '9d' }, 'facts.lags.accepted is wrong: write a length of time'],
  ['no lag at all', { 'facts.lags': {} }, 'facts.lags must hold accepted and refused, or allowed'],
  ['lags twice', { 'facts.lags.allowed': '1m' }, 'facts.lags.allowed is for what is not documented'],
  [
    'a last use that is not read',
    { 'list.entry.lastUsedAt': undefined },
    'facts.lastUsedEvery must stand together',
  ],
  [
    'a number of commands',
    { 'facts.concurrency': 0 },
    'facts.concurrency is wrong: write a whole number from 1 to 50',
  ],
  [
    'the longest life without expiry',
    { 'create.body.json': { note: '{marker}' }, 'facts.maxDays': 9 },
    'facts.maxDays is for issuers',
  ],
  [
    'what fills an endless issuer',
    { 'facts.slots.filledBy': ['expired'] },
    'facts.slots.filledBy is for issuers that name a limit',
  ],
  ['a kind of field', { 'grant.scopes.is': 'regex' }, 'is: name, number, uuid, choice or names'],
  [
    'a reserved field',
    { 'grant.maxDays': { is: 'number', example: 1 } },
    'is named maxDays, which every grant has',
  ],
  [
    'one field twice',
    { 'grant.user': { is: 'name', example: 'x' } },
    'grant.user is a field of the account too',
  ],
  [
    'an example that is none',
    { 'account.fields.user.example': 'a/b' },
    'account.fields.user.example is none: it must be a name',
  ],
  [
    'a list for an account',
    { 'account.fields.user': { is: 'names', example: ['x'] } },
    'account.fields.user.is is a list',
  ],
  ['an account without a name', { 'account.name': 'users' }, 'account.name must hold {account.user} once'],
  [
    'an account within words',
    { 'account.name': 'u-{account.user}' },
    'account.name must hold {account.user} once',
  ],
  ['how an admin logs in', { 'admin.auth': { is: 'cookie' } }, 'is: bearer, word, header or basic'],
  [
    'a credential among headers',
    { 'create.headers': { authorization: 'x' } },
    'names authorization, which Keyturn sets itself',
  ],
  [
    'a placeholder that there is not',
    { 'create.body.json.x': '{secret}' },
    'create.body has the placeholder {secret}, which means nothing here',
  ],
  [
    'a misspelt placeholder',
    { 'create.body.json.note': '{markr}' },
    '{markr}, which means nothing here: write {marker}',
  ],
  [
    'the value in a creation',
    { 'create.body.json.x': '{value}' },
    'create.body has the placeholder {value}, which means nothing here',
  ],
  [
    'the value in a path',
    { 'check.path': '/x/{value}' },
    'check.path has the placeholder {value}, which means nothing here',
  ],
  [
    'an id in a list',
    { 'list.path': '/x/{id}/{account.user}' },
    'list.path has the placeholder {id}, which means nothing here',
  ],
  [
    'the admin in a question about a value',
    { 'check.query': { x: '{admin.token}' } },
    'check.query has the placeholder {admin.token}',
  ],
  [
    'an account in a query about a value',
    { 'check.query': { u: '{account.user}' } },
    'check.query has the placeholder {account.user}, which means nothing here: take it out',
  ],
  [
    'braces of something else',
    { 'create.body.json.x': 'mutation { x' },
    'create.body has a brace that is no placeholder',
  ],
  [
    'no marker',
    { 'create.body.json.note': 'mine' },
    'create.body must hold {marker} as the whole of the name',
  ],
  [
    'a marker within words',
    { 'create.body.json.y': 'of {marker}' },
    'create.body has {marker} or the expiry within a text',
  ],
  ['two expiries', { 'create.body.json.y': '{expiresAt}' }, 'create.body asks for the expiry in two ways'],
  [
    'an expiry that is not told',
    { 'list.entry.expiresAt': undefined },
    'list.entry.expiresAt is missing, and create.body asks',
  ],
  [
    'a list in a form',
    { 'create.body': { form: { a: '{marker}', b: '{grant.scopes}' } } },
    'create.body.form has a list in a form',
  ],
  [
    'a list within words',
    { 'create.body.json.y': 'x {grant.scopes}' },
    'create.body has a list within a text',
  ],
  [
    'a body that is neither',
    { 'create.body': { xml: '' } },
    'create.body is wrong: write json: with the body',
  ],
  [
    'a creation in any account',
    { 'create.path': '/hub/api/tokens' },
    'create must name the account: put {account.user}',
  ],
  [
    'a list of all accounts',
    { 'list.path': '/hub/api/tokens' },
    'list must name the account: put {account.user}',
  ],
  [
    'a revocation of nothing',
    { 'revoke.path': '/hub/api/{account.user}' },
    'revoke must name what it ends: put {id}',
  ],
  ['a body with DELETE', { 'revoke.body': { json: {} } }, 'revoke.body is not sent with DELETE'],
  ['a body with GET', { 'check.body': { json: {} } }, 'check.body is not sent with GET'],
  [
    'a question without its value',
    { 'check.auth': { is: 'body' } },
    'check.body must hold {value} where check.auth is body',
  ],
  ['another method', { 'revoke.method': 'PATCH' }, 'revoke.method is wrong: write one of DELETE, POST, PUT'],
  ['a refusal for done', { 'revoke.done': 404 }, 'revoke.done is wrong: write a status from 200 to 299'],
  ['gone by any status', { 'revoke.gone': [500] }, 'revoke.gone[0] is wrong: write 404 or 410'],
  ['a list without an end', { 'list.pages': { is: 'first-page' } }, 'is: whole, link-header, next-address'],
  [
    'a whole list without a source',
    { 'list.pages': { is: 'whole' } },
    'list.pages.source is missing: write where the issuer',
  ],
  [
    'a pointer that is none',
    { 'list.entry.id': 'id' },
    'list.entry.id is wrong: write a JSON Pointer like /data/id',
  ],
  [
    'an expression for a pointer',
    { 'list.entry.id': '$.items[?(@.id)]' },
    'list.entry.id is wrong: write a JSON Pointer',
  ],
  [
    'another form of times',
    { 'list.entry.createdAt.as': 'guess' },
    'list.entry.createdAt.as is wrong: write one of iso',
  ],
  [
    'ids that return without a time',
    { 'list.entry.createdAt': undefined },
    'list.entry.createdAt is missing, and ids.return',
  ],
  [
    'scopes that nobody asked for',
    { 'list.entry.scopes': '/scopes', grant: {}, 'create.body.json': JSON_TOKEN },
    'list.entry.scopes needs one field under grant',
  ],
  ['a name beside the entry', { 'create.answer.name': '/note' }, 'create.answer.name is in the entry'],
  ['no active answer', { 'check.active': [] }, 'check.active is empty: name an answer'],
  ['no inactive answer', { 'examine.inactive': [] }, 'examine.inactive is empty: name an answer'],
  [
    'a status alone',
    { 'check.inactive.0.where': {} },
    'check.inactive[0].where is empty: name a JSON Pointer',
  ],
  [
    'a verdict without a source',
    { 'check.inactive.0.source': undefined },
    'check.inactive[0].source is missing: write the page',
  ],
  [
    'a failing server for inactive',
    { 'check.inactive.0.status': 500 },
    'check.inactive[0].status is wrong: write a whole number',
  ],
  [
    'a throttled answer for inactive',
    { 'check.inactive.0.status': 429 },
    'check.inactive[0].status says nothing of a credential',
  ],
  [
    'a refusal for active',
    { 'check.active.0.status': 401 },
    'check.active[0].status is none of an active credential',
  ],
  [
    'a pattern for a literal',
    { 'check.inactive.0.where': { '/message': ['a', 'b'] } },
    'is wrong: write a text, a number, true, false or null',
  ],
  [
    'one answer for both',
    { 'check.active': [{ ...REFUSED, where: TWO }] },
    'check.inactive[0].where fits an answer that is active too',
  ],
  [
    'an account in a refusal',
    { 'check.inactive.0.where': { '/u': '{account.user}' } },
    'check.inactive[0].where has the placeholder',
  ],
  [
    'an account within a literal',
    { 'check.active.0.where': { '/u': 'x{account.user}' } },
    'has a placeholder within a text',
  ],
];

describe("an issuer's file", () => {
  it('is right as it is', () => assert.equal(faultIn(changed(OWN_FILES.jupyterhub, {})), ''));

  for (const [name, changes, sentence] of CASES)
    it(`is refused with one sentence for ${name}`, () => {
      const said = faultIn(changed(OWN_FILES.jupyterhub, changes));
      assert.ok(said.includes(sentence), said);
      for (const line of said.split('\n')) assert.match(line, /^f:\d+:\d+: \S.*[^.]\.$/);
    });

  it('is refused where a verdict fits what a gateway answers', () => {
    for (const { body } of OTHER_SERVERS) {
      const where = Object.fromEntries(Object.entries(body ?? {}).map(([key, value]) => [`/${key}`, value]));
      for (const kind of ['active', 'inactive'] as const) {
        const status = kind === 'active' ? 200 : 401;
        const said = faultIn(
          changed(OWN_FILES.jupyterhub, { [`check.${kind}`]: [{ status, where, source: 's' }] }),
        );
        assert.match(said, /fits what .* answers too: name more of the issuer's own words/, said);
      }
    }
  });

  it('repeats no text that stands where a field belongs', () => {
    const canary = 'canary-5f0e1b7a';
    for (const path of ['create.path', 'check.auth', 'list.entry.id', 'admin.leastRights', 'revoke.done'])
      assert.ok(
        !faultIn(changed(OWN_FILES.jupyterhub, { [path]: { [canary]: canary } })).includes(`"${canary}`),
      );
  });

  it('tells where it is no YAML, aliases that lead nowhere, and a file that is none', () => {
    assert.match(faultIn('id: [unclosed'), /^f:\d+:\d+: the file is not valid YAML: /);
    assert.match(faultIn('id: *nowhere'), /the file (is not valid YAML|uses an alias)/);
    assert.match(faultIn(`x: ${'y'.repeat(100_001)}`), /the file is too long for an issuer: shorten it/);
    assert.match(faultIn(''), /version is missing: write version: 1/);
  });

  it('tells all faults at once, in their order, each with its line', () => {
    const said = faultIn('version: 1\nid: hub\ntitle: T\nodd: 1\n').split('\n');
    assert.match(said[0] ?? '', /^f:1:1: /);
    assert.ok(said.some((line) => line.startsWith('f:2:1: id is wrong')));
    assert.ok(said.some((line) => line.startsWith('f:4:1: odd is no field here')));
  });
});
