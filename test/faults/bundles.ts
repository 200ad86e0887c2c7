import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dynamodbInventory } from '../../functions/adapters/dynamodb/inventory.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import type { Inventory } from '../../functions/core/ports/inventory.ts';
import { TAGS } from '../../functions/core/policy/tags.ts';
import { HOUR, MINUTE, type Instant } from '../../functions/core/basics/time.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { createSandbox, type Sandbox } from '../../lib/sandbox/index.ts';
import { startIssuers, type IssuerTools } from '../../lib/sandbox/issuers/index.ts';
import { NpmRegistrySimulator } from '../../lib/sandbox/issuers/npm-registry.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { leaksIn, placesOf } from '../../lib/sandbox/story/leaks.ts';
import { START } from '../world/world.ts';
import { nameOfBundle, type BundleCase } from './bundle-cases.ts';
import { BundleLine, type Target } from './bundle-line.ts';
import { Consumer } from './consumer.ts';
import { isAtRest, judge, judgeEnd, judgeRemains, type Remains, type Scene } from './judge.ts';
import { LENGTH, LONGEST_UNREST, TWO_SWEEPS } from './life.ts';
import { LIFE_TAGS } from './settings.ts';

/**
 * The tokens of one provider begin one after the other, so that no two rotate at once: a stopped run is one
 * token's.
 */
const APART = 15 * MINUTE;
const STEP = 5 * MINUTE;
/** Adoption is over, the rotation is not due yet. */
const ADOPTED = 2.75 * HOUR;
/** Before, no rotation can be over with its retirement. */
const SHORTEST = 4 * HOUR;
const SIMULATED_ADMIN = 'keyturn/admin/npm-registry/simulated';
const ROOT = { kind: 'root' } as const;

export interface BundleResult {
  readonly provider: string;
  readonly name: string;
  readonly violations: readonly string[];
}

/** One token, from its adoption to the judgement at its end. */
interface Patient extends Target {
  readonly consumer: Consumer;
  readonly issuedAt: Instant;
  readonly violations: string[];
  isJudged: boolean;
  isOver: boolean;
}

/**
 * Lives a token for each case, all in one sandbox with the bundles that would be deployed, and judges each.
 */
export async function runBundles(cases: readonly BundleCase[]): Promise<BundleResult[]> {
  const line = new BundleLine();
  const inner: Issuer[] = [];
  const issuers = async (tools: IssuerTools): Promise<readonly Issuer[]> => {
    inner.push(
      ...(await startIssuers(tools)),
      new NpmRegistrySimulator({ clock: tools.clock, host: 'npm-simulated.keyturn.test' }),
    );
    return inner.map((issuer) => line.over(issuer));
  };
  const sandbox = await createSandbox({
    folder: mkdtempSync(join(tmpdir(), 'keyturn-')),
    removeOnClose: true,
    start: START,
    issuers,
    onCall: line.onCall,
  });
  line.connect(sandbox);
  try {
    const ward = new Ward(sandbox, line, inner);
    await ward.open(cases);
    return await ward.live(cases);
  } finally {
    await sandbox.close();
  }
}

/**
 * The first credential was replaced and is gone, and nothing is left to do: waiting for the next rotation
 * would show nothing new.
 */
function isRenewed(record: Token | undefined): boolean {
  return isAtRest(record) && record?.credentials[0]?.state === 'ended';
}

function secretNameOf(one: BundleCase): string {
  return `faults/${nameOfBundle(one)}`;
}

class Ward {
  readonly #sandbox: Sandbox;
  readonly #line: BundleLine;
  readonly #issuers: readonly Issuer[];
  readonly #secrets: SecretsManagerClient;
  readonly #inventory: Inventory;
  readonly #patients: Patient[] = [];

  constructor(sandbox: Sandbox, line: BundleLine, issuers: readonly Issuer[]) {
    this.#sandbox = sandbox;
    this.#line = line;
    this.#issuers = issuers;
    this.#secrets = new SecretsManagerClient(sandbox.aws.clientConfig(ROOT));
    this.#inventory = dynamodbInventory({
      client: new DynamoDBClient(sandbox.aws.clientConfig(ROOT)),
      name: sandbox.outputs.get('KeyturnTableName') ?? '',
    });
  }

  /** Grants every token a resource of its own. */
  async open(cases: readonly BundleCase[]): Promise<void> {
    const names = (stage: BundleCase['stage'], provider: string): string[] =>
      cases.filter((one) => one.stage === stage && one.provider === provider).map(secretNameOf);
    for (const provider of new Set(cases.map((one) => one.provider)))
      await this.#sandbox.grant(provider, names('bundles', provider));
    const simulated = this.#issuers.at(-1)?.adminSecret(names('bundles-simulated', 'npm-registry')) ?? '';
    await this.#secrets.send(new CreateSecretCommand({ Name: SIMULATED_ADMIN, SecretString: simulated }));
  }

  async live(cases: readonly BundleCase[]): Promise<BundleResult[]> {
    const { clock } = this.#sandbox;
    const waiting = cases.map((one) => ({
      one,
      from: START + APART * cases.filter((other) => other.provider === one.provider).indexOf(one),
    }));
    while (waiting.length > 0 || this.#patients.some((patient) => !patient.isOver)) {
      for (const { one } of waiting.filter(({ from }) => from <= clock.now())) await this.#admit(one);
      waiting.splice(0, waiting.length, ...waiting.filter(({ from }) => from > clock.now()));
      await this.#sandbox.advance(STEP);
      for (const patient of this.#patients) if (!patient.isOver) await this.#visit(patient);
    }
    await this.#searchAll();
    return this.#patients.map(({ one, violations }) => ({
      provider: one.provider,
      name: nameOfBundle(one),
      violations,
    }));
  }

  async #admit(one: BundleCase): Promise<void> {
    const { clock, installation, aws } = this.#sandbox;
    const isSimulated = one.stage === 'bundles-simulated';
    const issuer = isSimulated
      ? this.#issuers.at(-1)
      : this.#issuers.find(({ provider }) => provider === one.provider);
    if (!issuer) throw new Error(`No issuer runs for ${nameOfBundle(one)}.`);
    const Name = secretNameOf(one);
    const tags = {
      ...LIFE_TAGS,
      [TAGS.installation]: installation,
      [TAGS.issuer]: one.provider,
      [TAGS.owner]: 'team-test',
      ...(isSimulated && { [TAGS.admin]: SIMULATED_ADMIN }),
    };
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const { ARN: arn = '' } = await this.#secrets.send(
      new CreateSecretCommand({ Name, SecretString: await issuer.createByHand(Name), Tags }),
    );
    const RotationLambdaARN = aws.lambda.arnOf(`keyturn-${installation}-rotate-${one.provider}`);
    await this.#secrets.send(
      new RotateSecretCommand({
        SecretId: arn,
        RotationLambdaARN,
        RotationRules: { AutomaticallyAfterDays: 91 },
        RotateImmediately: false,
      }),
    );
    const consumer = new Consumer(
      { clock, issuer, peek: (id) => this.#peek(id) },
      arn,
      `consumer-of-${nameOfBundle(one)}`,
    );
    consumer.start();
    const issuedAt = clock.now();
    const patient: Patient = {
      one,
      secretName: Name,
      arn,
      tokenId: tokenIdOf(arn),
      issuer,
      consumer,
      issuedAt,
      armedAt: issuedAt + ADOPTED,
      hitAt: undefined,
      violations: [],
      isJudged: false,
      isOver: false,
    };
    this.#patients.push(patient);
    this.#line.targets.push(patient);
  }

  async #visit(patient: Patient): Promise<void> {
    const now = this.#sandbox.clock.now();
    const { hitAt, issuedAt, violations } = patient;
    if (!patient.isJudged && hitAt !== undefined && now >= hitAt + TWO_SWEEPS) {
      patient.isJudged = true;
      violations.push(
        ...judge(await this.#sceneOf(patient), patient.one.fault).map((text) => `after two sweeps: ${text}`),
      );
    }
    if (now < issuedAt + SHORTEST) return;
    const scene = await this.#sceneOf(patient);
    if (!(patient.isJudged && isRenewed(scene.record)) && now < issuedAt + LENGTH + LONGEST_UNREST) return;
    patient.isOver = true;
    violations.push(...judgeEnd(scene, patient.one.fault));
    if (scene.credentials[0]?.live !== false) violations.push('its first credential was not retired');
    if (hitAt === undefined)
      violations.push('its fault met no call: the sample names a moment that does not come');
  }

  #peek(arn: string): string {
    const versions = this.#sandbox.aws.secretsManager.find(arn)?.versions.values() ?? [];
    return [...versions].find((version) => version.stages.has('AWSCURRENT'))?.value?.SecretString ?? '';
  }

  async #sceneOf({ arn, secretName, issuer, consumer, tokenId }: Patient): Promise<Scene> {
    const { VersionIdsToStages } = await this.#secrets.send(new DescribeSecretCommand({ SecretId: arn }));
    const record = (await this.#inventory.load(tokenId))?.token;
    return {
      record,
      labels: new Map(Object.entries(VersionIdsToStages ?? {})),
      current: this.#peek(arn),
      credentials: await issuer.credentials(secretName),
      consumer,
    };
  }

  /**
   * Looks for each token's values, in every form, in all that was written; and for its commands that were
   * given up.
   */
  async #searchAll(): Promise<void> {
    const { aws, installation } = this.#sandbox;
    const places = [
      ...(await placesOf(this.#sandbox)),
      { name: 'messages and facts', text: this.#line.sent.join('\n') },
    ];
    for (const { one, issuer, secretName, tokenId, violations } of this.#patients) {
      const values = (await issuer.credentials(secretName)).map(({ value }) => value);
      const undelivered = aws.sqs
        .queue(`keyturn-${installation}-worker-${one.provider}-dlq`)
        .messages.filter(({ body }) => body.includes(tokenId));
      // The values are looked for below, in more forms than as they are.
      const remains: Remains = {
        written: places.map(({ name, text }) => [name, text]),
        values: [],
        deadLetters: undelivered.length,
      };
      violations.push(
        ...judgeRemains(remains),
        ...leaksIn(places, values).map((place) => `a secret value is in the ${place}`),
      );
    }
  }
}

export function describeBundle({ name, violations }: BundleResult): string {
  return [name, ...violations.map((one) => `    ${one}`)].join('\n');
}
