export interface ErrorRule {
  /** Whose fault it is: where a person has to look. */
  readonly who: 'issuer' | 'aws' | 'owner' | 'operator' | 'keyturn';
  /** Whether the same call may succeed later without a person. */
  readonly retry: boolean;
  /** What a person should do. */
  readonly advice: string;
}

/** Every way Keyturn fails. The set is closed: a new failure needs a line here, with its advice. */
export const ERROR_RULES = {
  'tag-missing': {
    who: 'owner',
    retry: false,
    advice: 'Add the missing tag to the secret, then rotate it again.',
  },
  'tag-invalid': { who: 'owner', retry: false, advice: 'Correct the value of the named tag.' },
  'not-rotatable': {
    who: 'owner',
    retry: false,
    advice: 'Keyturn leaves this secret alone; rotate it where it is managed.',
  },
  'rotation-disabled': {
    who: 'owner',
    retry: false,
    advice:
      'Attach the rotation function of its provider to the secret (`keyturn apply` does), or switch ' +
      'its rotation on again.',
  },
  'secret-invalid': {
    who: 'owner',
    retry: false,
    advice:
      'Correct the text of the secret, or what its tags `keyturn:field` and `keyturn:format` say of ' +
      'it; Keyturn has not changed it.',
  },
  'secret-unreadable': {
    who: 'owner',
    retry: false,
    advice:
      'Let Keyturn read the secret. If it is under a key of your own, add the key to secretKmsKeyArns ' +
      'in keyturn.json and deploy. Otherwise look at its resource policy.',
  },
  'admin-invalid': {
    who: 'operator',
    retry: false,
    advice: "Correct the named field of the provider's admin secret.",
  },
  'host-unconfirmed': {
    who: 'operator',
    retry: false,
    advice:
      'If the host is your issuer, confirm it with `keyturn confirm-host`, or list it in keyturn.json ' +
      'under issuers, as allowedHosts of its issuer, and deploy. Otherwise find out who wrote the ' +
      'admin secret.',
  },
  'admin-missing': {
    who: 'operator',
    retry: false,
    advice: 'Create the admin or delivery secret that the sentence names; docs/reference.md shows its JSON.',
  },
  'admin-credential-rejected': {
    who: 'operator',
    retry: false,
    advice: 'The issuer refused the admin credential: replace it in the admin secret.',
  },
  'not-granted': {
    who: 'operator',
    retry: false,
    advice:
      'Add a grant for this secret where the sentence says: the admin secret, the delivery secret or ' +
      'the settings. Or correct the grant that is there.',
  },
  'delivery-disabled': {
    who: 'operator',
    retry: false,
    advice: 'Add the kind to delivery in keyturn.json and deploy, or correct the consumer.',
  },
  'delivery-invalid': {
    who: 'operator',
    retry: false,
    advice: 'Correct what the sentence names: the delivery secret, or the secret that the value goes into.',
  },
  'delivery-unconfirmed': {
    who: 'owner',
    retry: false,
    advice: 'Look at the consumer: it took the new value, and does not show that it uses it.',
  },
  'provider-unknown': {
    who: 'owner',
    retry: false,
    advice: 'Use one of the ids of issuers that docs/issuers.md lists.',
  },
  'issuer-unreachable': {
    who: 'issuer',
    retry: true,
    advice: 'Check the issuer and the network path to it; Keyturn tries again by itself.',
  },
  'issuer-throttled': {
    who: 'issuer',
    retry: true,
    advice: 'Nothing now; if it lasts, ask the issuer for a higher limit.',
  },
  'issuer-refused': {
    who: 'issuer',
    retry: false,
    advice: 'Read the status: the issuer does not allow what was asked.',
  },
  'issuer-response-invalid': {
    who: 'issuer',
    retry: true,
    advice: "The issuer's answer was not as documented; report it if it lasts.",
  },
  'credential-limit-reached': {
    who: 'issuer',
    retry: true,
    advice:
      'Wait until the old credential in grace is gone; where it is the limit of the issuer, free a ' +
      'slot there.',
  },
  'principal-shared': {
    who: 'operator',
    retry: false,
    advice:
      'Revoke the credentials that Keyturn does not know at the issuer, or give the token an account ' +
      'of its own.',
  },
  'credential-not-active-yet': {
    who: 'issuer',
    retry: true,
    advice: 'The new credential is not accepted yet; Secrets Manager retries.',
  },
  'new-credential-rejected': {
    who: 'issuer',
    retry: true,
    advice: 'The issuer refused the new credential; Keyturn aborts and starts again.',
  },
  'overlap-missing': { who: 'owner', retry: false, advice: 'Do what the sentence says; nothing was made.' },
  'still-needed': {
    who: 'keyturn',
    retry: true,
    advice: 'Nothing was made, and it is tried again. Look at what the sentence names: it needs the value.',
  },
  'submission-refused': {
    who: 'owner',
    retry: false,
    advice:
      'Create a value as the sentence says, and submit it with `keyturn rotate TOKEN --value-stdin`. The ' +
      'current one goes on.',
  },
  'not-stored': {
    who: 'aws',
    retry: true,
    advice:
      'Let the rotation function write the secret and use its keys: the sentence names the call that ' +
      'was refused. What was made is revoked; nothing more is made before a version can be stored.',
  },
  'rotation-aborted': {
    who: 'keyturn',
    retry: false,
    advice: 'Nothing: this rotation was aborted, a new one starts by itself.',
  },
  'rotation-in-progress': { who: 'keyturn', retry: true, advice: 'Nothing: the same rotation runs already.' },
  'version-unknown': {
    who: 'aws',
    retry: false,
    advice: 'Start the rotation again: this version is no longer pending.',
  },
  'not-visible-yet': {
    who: 'aws',
    retry: true,
    advice: 'Nothing: Secrets Manager does not show the latest change yet; the same is done again.',
  },
  conflict: {
    who: 'keyturn',
    retry: true,
    advice: 'Nothing: another run changed the same record; this one is repeated.',
  },
  'record-invalid': {
    who: 'keyturn',
    retry: false,
    advice:
      'Run the version of Keyturn that wrote the record, or delete the record: reconcile builds it again.',
  },
  'aws-failed': {
    who: 'aws',
    retry: true,
    advice: 'Check the AWS service and the permissions of the function.',
  },
  'not-found': {
    who: 'operator',
    retry: false,
    advice: 'Check the name; `keyturn status` lists every token.',
  },
  'bad-request': { who: 'operator', retry: false, advice: 'Correct what the sentence names.' },
} as const satisfies Record<string, ErrorRule>;

export type ErrorCode = keyof typeof ERROR_RULES;
