import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from './errors.ts';
import { KeyStates } from './kms-states.ts';
import { operation } from './operation.ts';
import type { Check, Operation, PolicyDocument, Service, World } from './types.ts';

export interface KeySettings {
  /** The key id; a UUID. */
  readonly id: string;
  /** Without `alias/`. */
  readonly alias?: string;
  readonly spec: 'HMAC_256' | 'SYMMETRIC_DEFAULT';
  readonly policy: PolicyDocument;
}

export interface Kms {
  readonly service: Service;
  add(settings: KeySettings): string;
  /** Whether a key is there, by id, ARN or alias, that encrypts data. */
  readonly encrypts: (keyId: string) => boolean;
  /**
   * What a key asks of whoever reads or writes something under it; nothing for AWS managed and unknown keys.
   */
  readonly checks: (
    keyId: string | undefined,
    actions: readonly string[],
    context: Readonly<Record<string, string>>,
  ) => Check[];
}

/** Messages of GenerateMac (API reference): raw bytes, 4,096 at most. */
const MAX_MESSAGE = 4096;

const Mac = {
  KeyId: z.string(),
  Message: z.string(),
  MacAlgorithm: z.literal('HMAC_SHA_256'),
  GrantTokens: z.array(z.string()).optional(),
};

/** A key policy that leaves the decision to the account's identity policies, as the default one does. */
export function accountKeyPolicy(account: string): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
    ],
  };
}

export function createKms(world: World): Kms {
  const keys = new Map<string, KeySettings>();
  const prefix = `arn:aws:kms:${world.region}:${world.account}:`;
  const arn = (id: string): string => `${prefix}key/${id}`;
  const find = (name: string): KeySettings | undefined => {
    const id = name.replace(prefix, '').replace(/^key\//, '');
    return (
      keys.get(id) ?? [...keys.values()].find((key) => key.alias !== undefined && id === `alias/${key.alias}`)
    );
  };
  const check = (name: string, action: string, context: Record<string, string> = {}): Check => {
    const key = find(name);
    return { action, resource: key ? arn(key.id) : arn(name), resourcePolicy: key?.policy, context };
  };
  const arnBehind = (keyId: string): string => {
    const key = find(keyId);
    if (!key) throw new AwsError('NotFoundException', `Key '${arn(keyId)}' does not exist`);
    return arn(key.id);
  };
  const states = new KeyStates(world, { arnOf: arnBehind, check });
  const mac = (keyId: string, message: string): Buffer => {
    const key = find(keyId);
    if (!key) throw new AwsError('NotFoundException', `Key '${arn(keyId)}' does not exist`);
    if (key.spec !== 'HMAC_256')
      throw new AwsError(
        'InvalidKeyUsageException',
        `${arn(key.id)} key usage is ENCRYPT_DECRYPT which is not valid for GenerateMac.`,
      );
    states.requireEnabled(arn(key.id));
    const bytes = Buffer.from(message, 'base64');
    if (bytes.length === 0 || bytes.length > MAX_MESSAGE)
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value at 'message' failed to satisfy constraint: Member must ` +
          `have length less than or equal to ${MAX_MESSAGE}`,
      );
    return createHmac('sha256', createHash('sha256').update(key.id).digest()).update(bytes).digest();
  };
  const operations: [string, Operation][] = [
    operation('GenerateMac', z.strictObject(Mac), (input) => ({
      resource: check(input.KeyId, '').resource,
      checks: [check(input.KeyId, 'kms:GenerateMac', { 'kms:MacAlgorithm': input.MacAlgorithm })],
      run: () => ({
        KeyId: check(input.KeyId, '').resource,
        MacAlgorithm: input.MacAlgorithm,
        Mac: mac(input.KeyId, input.Message).toString('base64'),
      }),
    })),
    operation('VerifyMac', z.strictObject({ ...Mac, Mac: z.string() }), (input) => ({
      resource: check(input.KeyId, '').resource,
      checks: [check(input.KeyId, 'kms:VerifyMac', { 'kms:MacAlgorithm': input.MacAlgorithm })],
      run: () => {
        const given = Buffer.from(input.Mac, 'base64');
        const right = mac(input.KeyId, input.Message);
        if (given.length !== right.length || !timingSafeEqual(given, right))
          throw new AwsError('KMSInvalidMacException', 'The MAC is not valid for this message.');
        return { KeyId: check(input.KeyId, '').resource, MacAlgorithm: input.MacAlgorithm, MacValid: true };
      },
    })),
    operation(
      'DescribeKey',
      z.strictObject({ KeyId: z.string(), GrantTokens: z.array(z.string()).optional() }),
      (input) => ({
        resource: check(input.KeyId, '').resource,
        checks: [check(input.KeyId, 'kms:DescribeKey')],
        run: () => {
          const key = find(input.KeyId);
          if (!key) throw new AwsError('NotFoundException', `Key '${arn(input.KeyId)}' does not exist`);
          return {
            KeyMetadata: {
              KeyId: key.id,
              Arn: arn(key.id),
              Enabled: states.of(arn(key.id)) === 'Enabled',
              KeyState: states.of(arn(key.id)),
              KeySpec: key.spec,
              KeyUsage: key.spec === 'HMAC_256' ? 'GENERATE_VERIFY_MAC' : 'ENCRYPT_DECRYPT',
            },
          };
        },
      }),
    ),
    ...states.operations(),
  ];
  return {
    service: new Map(operations),
    add: (settings) => {
      keys.set(settings.id, settings);
      return arn(settings.id);
    },
    encrypts: (keyId) => find(keyId)?.spec === 'SYMMETRIC_DEFAULT',
    checks: (keyId, actions, context) => {
      const key = keyId === undefined ? undefined : find(keyId);
      return key ? actions.map((action) => check(key.id, action, context)) : [];
    },
  };
}
