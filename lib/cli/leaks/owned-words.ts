import type { Owned } from '../../../functions/core/incidents/leak-reports.ts';

/** What follows from reporting them, in a sentence each. */
export function consequences(live: readonly Owned[]): string[] {
  const [admins, tokens] = [live.filter(isAdmin), live.filter((one) => !isAdmin(one))];
  return [
    ...(tokens.length === 0
      ? []
      : [
          'Each credential of a token is replaced now, and revoked without a grace period: a consumer ' +
            'that still uses it is rejected. This cannot be undone.',
        ]),
    ...admins.map(
      ({ name }) =>
        `Only a person can replace the admin credential of ${name}. It is a critical finding until the ` +
        'issuer rejects it. Once a new one is stored, every token that it could make is replaced.',
    ),
  ];
}

export function isAdmin(one: Owned): boolean {
  return one.state === 'admin';
}

const WHAT: Readonly<Record<Owned['state'], string>> = {
  current: 'its current credential',
  pending: 'a credential that a rotation is making',
  previous: 'an old credential in its grace period',
  'rolling-back': 'a credential that is being made current again',
  revoking: 'a credential that is being revoked',
  ended: 'a revoked credential: nothing is to be done',
  forgotten: 'a credential that was revoked long ago: nothing is to be done',
  admin: 'an admin credential, which a person has to replace',
};

export function isActive(one: Owned): boolean {
  return one.state !== 'ended' && one.state !== 'forgotten';
}

/** Whose credential it is, and which, in one sentence. */
export function aboutOwned(one: Owned): string {
  if (one.isDetached && isActive(one))
    return (
      `${one.name} (${one.provider}, ${one.owner}): Keyturn no longer manages this token: revoke its ` +
      'credential at the issuer by hand.'
    );
  return (
    `${one.name} (${one.provider}, ${one.owner}): ` +
    `${WHAT[one.state]}${one.isKnown && one.state !== 'ended' ? ', already reported' : ''}.`
  );
}
