import { FAULTS, type Fault } from '../world/faults.ts';

/** A call in a token's life that a fault is to meet: the first that fits. */
export interface Moment {
  /** Fits `POST /api/v4/…` at an issuer, `secretsmanager:PutSecretValue` at AWS. */
  readonly call: RegExp;
  readonly by: 'rotate' | 'worker';
}

const STAGES = ['bundles', 'bundles-simulated'] as const;

/** One fault through the real bundles. */
export interface BundleCase {
  readonly provider: string;
  /** Which issuer of the provider: the one that the sandbox runs for everybody, or a simulator beside it. */
  readonly stage: (typeof STAGES)[number];
  readonly moment: string;
  readonly fault: Fault;
}

const AWS: Readonly<Record<string, Moment>> = {
  record: { call: /^dynamodb:PutItem$/, by: 'rotate' },
  store: { call: /^secretsmanager:PutSecretValue$/, by: 'rotate' },
  promote: { call: /^secretsmanager:UpdateSecretVersionStage$/, by: 'rotate' },
  pin: { call: /^secretsmanager:UpdateSecretVersionStage$/, by: 'worker' },
};

const MOMENTS: Readonly<Record<string, Readonly<Record<string, Moment>>>> = {
  gitlab: {
    ...AWS,
    mint: { call: /^POST .*\/access_tokens$/, by: 'rotate' },
    probe: { call: /^GET .*\/self$/, by: 'rotate' },
    revoke: { call: /^DELETE .*\/access_tokens\/\d+$/, by: 'worker' },
  },
  okta: {
    ...AWS,
    list: { call: /^GET .*\/credentials\/secrets$/, by: 'rotate' },
    mint: { call: /^POST .*\/credentials\/secrets$/, by: 'rotate' },
    probe: { call: /^POST .*\/introspect$/, by: 'rotate' },
    deactivate: { call: /^POST .*\/lifecycle\/deactivate$/, by: 'worker' },
    revoke: { call: /^DELETE .*\/credentials\/secrets\/\w+$/, by: 'worker' },
  },
  'npm-registry': {
    ...AWS,
    list: { call: /^GET .*\/npm\/v1\/tokens$/, by: 'rotate' },
    mint: { call: /^POST .*\/npm\/v1\/tokens$/, by: 'rotate' },
    probe: { call: /^GET .*\/whoami$/, by: 'rotate' },
    revoke: { call: /^DELETE .*\/npm\/v1\/tokens\/token\/\w+$/, by: 'worker' },
  },
};

function sample(
  provider: string,
  stage: BundleCase['stage'],
  pairs: readonly (readonly [moment: string, fault: Fault])[],
): BundleCase[] {
  return pairs.map(([moment, fault]) => ({ provider, stage, moment, fault }));
}

/** The fixed sample: for each provider, faults at the calls after which something could be lost. */
export const BUNDLE_CASES: readonly BundleCase[] = [
  ...sample('gitlab', 'bundles', [
    ['mint', 'lost-answer'],
    ['mint', 'dies-after'],
    ['mint', 'throttled'],
    ['mint', 'bad-answer'],
    ['store', 'dies-after'],
    ['probe', 'server-error'],
    ['promote', 'dies-after'],
    ['revoke', 'reset'],
  ]),
  ...sample('okta', 'bundles', [
    ['store', 'dies-after'],
    ['list', 'server-error'],
    ['mint', 'lost-answer'],
    ['mint', 'throttled'],
    ['mint', 'bad-answer'],
    ['probe', 'unavailable-once'],
    ['promote', 'lost-answer'],
    ['deactivate', 'dies-after'],
  ]),
  ...sample('npm-registry', 'bundles', [
    ['list', 'server-error'],
    ['mint', 'lost-answer'],
    ['mint', 'dies-after'],
    ['store', 'timeout'],
    ['promote', 'dies-before'],
    ['revoke', 'lost-answer'],
  ]),
  ...sample('npm-registry', 'bundles-simulated', [
    ['mint', 'reset'],
    ['record', 'throttled'],
    ['revoke', 'dies-after'],
  ]),
];

/** Names a case so that it can be run again: `gitlab/bundles/mint/lost-answer`. */
export function nameOfBundle(one: BundleCase): string {
  return [one.provider, one.stage, one.moment, one.fault].join('/');
}

/**
 * The case of a name; undefined when it names a run of another kind. Errors: when a part of the name is
 * unknown.
 */
export function caseOfBundle(name: string): BundleCase | undefined {
  const [provider = '', stageName, moment = '', faultName] = name.split('/');
  const stage = STAGES.find((one) => one === stageName);
  if (stage === undefined) return undefined;
  const fault = FAULTS.find((one) => one === faultName);
  if (fault === undefined)
    throw new Error(`There is no fault ${faultName ?? ''}: there are ${FAULTS.join(', ')}.`);
  const found = { provider, stage, moment, fault };
  momentOf(found);
  return found;
}

/** The call that a case is about. Errors: when its provider has no such moment. */
export function momentOf(one: BundleCase): Moment {
  const moment = MOMENTS[one.provider]?.[one.moment];
  if (!moment) throw new Error(`There is no moment ${one.moment} in the life of a token of ${one.provider}.`);
  return moment;
}
