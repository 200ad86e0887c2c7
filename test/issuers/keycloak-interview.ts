import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import type { AdminJson } from '../contracts/setup.ts';

/** What differs from one realm to the next is written as what it is; of a client what the simulator has. */
function shapeOf(body: unknown, names: readonly (readonly [string, string])[]): unknown {
  if (Array.isArray(body)) return body.map((one) => shapeOf(one, names));
  if (typeof body === 'object' && body !== null)
    return Object.fromEntries(
      Object.entries(body)
        .filter(([key]) => !('protocol' in body) || CLIENT.includes(key))
        .map(([key, value]) => [key, shapeOf(value, names)]),
    );
  if (typeof body !== 'string') return body;
  return (
    names
      .reduce((text, [name, word]) => text.replaceAll(name, word), body)
      .replace(/^(eyJ|session\.)\S{40,}$/, 'token')
      .replace(/^[A-Za-z0-9]{32}$/, 'secret')
      // Scopes come in either order.
      .replace(/^profile email$/, 'email profile')
  );
}

const CLIENT = [
  'id',
  'clientId',
  'enabled',
  'clientAuthenticatorType',
  'secret',
  'bearerOnly',
  'serviceAccountsEnabled',
  'publicClient',
  'protocol',
];

type Form = Readonly<Record<string, string>>;

/** Every question that the provider or a consumer may put, and the wrong ones. */
export async function interview(issuer: Issuer): Promise<unknown[]> {
  const admin: AdminJson = JSON.parse(issuer.adminSecret(['a/b', 'c/d']));
  const [{ clientId: one }, { clientId: other }] = admin['grants'];
  const names: [string, string][] = [
    [one, 'ONE'],
    [other, 'OTHER'],
    [admin['realm'], 'REALM'],
  ];
  const answers: unknown[] = [];
  async function ask(method: string, path: string, token?: string, form?: Form): Promise<AdminJson> {
    const answer = await issuer.fetch(
      new Request(`https://${issuer.host}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(form && { body: new URLSearchParams(form).toString() }),
      }),
    );
    const text = await answer.text();
    const body: AdminJson = text === '' ? {} : JSON.parse(text);
    for (const client of Array.isArray(body) ? body : []) names.push([client.id, 'UUID']);
    answers.push([method, shapeOf(path, names), answer.status, shapeOf(body, names)]);
    return body;
  }
  const valueOf = async (name: string) =>
    (await issuer.credentials(name)).find(({ live }) => live)?.value ?? '';
  const tokens = `/realms/${admin['realm']}/protocol/openid-connect/token`;
  const clients = `/admin/realms/${admin['realm']}/clients`;
  const as = (client_id: string, client_secret: string) => ({ client_id, client_secret });
  const theirs = as(other, await valueOf('c/d'));
  const first = as(one, await valueOf('a/b'));
  const pairs = [first, theirs, as(one, theirs.client_secret), as(one, 'x'), as('nobody', 'x'), as(one, '')];
  async function present(): Promise<void> {
    for (const pair of pairs) {
      await ask('POST', `${tokens}/introspect`, undefined, { ...pair, token: 'keyturn-probe' });
      await ask('POST', tokens, undefined, {
        ...pair,
        grant_type: 'refresh_token',
        refresh_token: 'keyturn-probe',
      });
      await ask('POST', tokens, undefined, { ...pair, grant_type: 'client_credentials' });
    }
  }
  await present();
  await ask('POST', `${tokens}/introspect`, undefined, first);
  await ask('POST', `${tokens}/introspect`, undefined, { client_id: one, token: 'x' });
  await ask('POST', tokens, undefined, { client_id: one, grant_type: 'refresh_token' });
  await ask('POST', tokens, undefined, { ...first, grant_type: 'refresh_token' });
  await ask('POST', tokens, undefined, first);
  await ask('POST', tokens, undefined, { ...first, grant_type: 'other' });
  await ask('POST', tokens.replace(admin['realm'], 'nowhere'), undefined, first);
  const login = { ...as(admin['clientId'], admin['clientSecret']), grant_type: 'client_credentials' };
  const { access_token: token } = await ask('POST', tokens, undefined, login);
  const [client]: AdminJson[] = Object.values(await ask('GET', `${clients}?clientId=${one}`, token));
  const path = `${clients}/${client?.['id']}/client-secret`;
  await ask('GET', `${clients}?clientId=nobody`, token);
  for (const wrong of [undefined, 'made-up']) {
    await ask('GET', `${clients}?clientId=${one}`, wrong);
    await ask('POST', path, wrong);
  }
  await ask('POST', `${clients}/5f0c3a9e-7d41-4b62-8f1d-000000000000/client-secret`, token);
  await ask('GET', `/admin/realms/nowhere/clients?clientId=${one}`, token);
  await ask('POST', path, token);
  await present();
  return answers;
}
