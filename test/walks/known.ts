/** What walks are known to find and Keyturn does not do right yet: counted and printed, and no failure. A row goes when its cause does. */
export const KNOWN: readonly { readonly what: RegExp; readonly why: string }[] = [
  { what: /^no-cause: revoke-refused /, why: 'A credential that somebody else ended, or that expired, is not looked at while the guard objects to ending it.' },
  { what: /^no-cause: laggards /, why: 'An old credential that expired by its date counts as one in grace.' },
  { what: /^no-cause: secret-deleted /, why: 'What expired by its date counts as alive when its secret is deleted.' },
  { what: /^untold: .* its value cannot be used as it stands$/, why: 'An empty object that is put in place of a value is taken for no value.' },
  { what: /^unfinished: .*: the attempt \S+ of \S+ is open, and not accounted for$/, why: 'An attempt that was open when its secret was deleted stays open.' },
  { what: /^leak: a value went to a strange host /, why: 'The address in an admin secret is believed.' },
];

export function isKnown(violation: string): boolean {
  return KNOWN.some(({ what }) => what.test(violation));
}
