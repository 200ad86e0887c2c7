import * as z from 'zod';
import { AwsError } from '../errors.ts';
import { operation } from '../operation.ts';
import type { Operation } from '../types.ts';
import { anySecret, arnOf, secretCheck, type SecretsContext } from './context.ts';
import { SecretId, compact, seconds } from './schemas.ts';
import { windowEnd } from './schedule.ts';
import type { SecretRecord } from './state.ts';

const Filter = z.strictObject({
  Key: z.enum(['description', 'name', 'tag-key', 'tag-value', 'primary-region', 'owning-service', 'all']),
  Values: z
    .array(
      z
        .string()
        .max(512)
        .regex(/^!?[a-zA-Z0-9 :_@/+=.!-]*$/),
    )
    .min(1)
    .max(10),
});
type Filter = z.infer<typeof Filter>;
const Page = {
  MaxResults: z.number().int().min(1).max(100).optional(),
  NextToken: z.string().min(1).max(4096).optional(),
};
const List = z.strictObject({
  ...Page,
  Filters: z.array(Filter).max(10).optional(),
  SortOrder: z.enum(['asc', 'desc']).optional(),
  SortBy: z.enum(['created-date', 'last-accessed-date', 'last-changed-date', 'name']).optional(),
  IncludePlannedDeletion: z.boolean().optional(),
});
const ListVersions = z.strictObject({ ...Page, SecretId, IncludeDeprecated: z.boolean().optional() });

function stages(secret: SecretRecord): Record<string, string[]> | undefined {
  const labelled = [...secret.versions.values()].filter((version) => version.stages.size > 0);
  return labelled.length === 0
    ? undefined
    : Object.fromEntries(labelled.map((version) => [version.id, [...version.stages]]));
}

function describe(secret: SecretRecord): object {
  const rotation = secret.rotation;
  const next = rotation?.nextAt;
  return compact({
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    Type: secret.type,
    RotationEnabled: rotation?.enabled,
    RotationLambdaARN: rotation?.lambdaArn,
    RotationRules: rotation?.rules,
    LastRotatedDate: seconds(secret.rotatedAt),
    LastChangedDate: seconds(secret.changedAt),
    LastAccessedDate: seconds(secret.accessedAt),
    DeletedDate: seconds(secret.deletedAt),
    NextRotationDate: next === undefined ? undefined : seconds(windowEnd(rotation?.rules, next)),
    Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
    OwningService: secret.owningService,
    CreatedDate: seconds(secret.createdAt),
    PrimaryRegion: secret.primaryRegion,
  });
}

function textsFor(secret: SecretRecord, key: Filter['Key']): string[] {
  switch (key) {
    case 'description':
      return (secret.description ?? '').split(/\s+/);
    case 'name':
      return [secret.name];
    case 'tag-key':
      return [...secret.tags.keys()];
    case 'tag-value':
      return [...secret.tags.values()];
    case 'primary-region':
      return [secret.primaryRegion ?? ''];
    case 'owning-service':
      return [secret.owningService ?? ''];
    case 'all':
      return [
        ...(secret.description ?? '').split(/\s+/),
        ...secret.name.split(/[ /_+=.@-]/),
        ...secret.tags.keys(),
        ...secret.tags.values(),
      ];
  }
}

/**
 * Prefix match on any of the values; a value that starts with `!` excludes. Descriptions and `all` ignore
 * case.
 */
function passes(secret: SecretRecord, filter: Filter): boolean {
  const blind = filter.Key === 'description' || filter.Key === 'all';
  const fold = (text: string): string => (blind ? text.toLowerCase() : text);
  const texts = textsFor(secret, filter.Key).map(fold);
  const has = (prefix: string): boolean => texts.some((text) => text.startsWith(fold(prefix)));
  return filter.Values.some((value) => (value.startsWith('!') ? !has(value.slice(1)) : has(value)));
}

/** One page of a list; the token is the place of the next one. */
function page<T>(
  all: readonly T[],
  input: { MaxResults?: number | undefined; NextToken?: string | undefined },
): { items: T[]; NextToken: string | undefined } {
  const start = input.NextToken === undefined ? 0 : Number(input.NextToken);
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
  const end = start + (input.MaxResults ?? 100);
  return { items: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
}

function sortKey(secret: SecretRecord, by: z.infer<typeof List>['SortBy']): number | string {
  switch (by) {
    case 'name':
      return secret.name;
    case 'last-accessed-date':
      return secret.accessedAt ?? 0;
    case 'last-changed-date':
      return secret.changedAt;
    case 'created-date':
    case undefined:
      return secret.createdAt;
  }
}

/**
 * By the date of creation unless asked otherwise (API Reference, "ListSecrets"); which way round is not said:
 * here the newest come first.
 */
function sorted(
  secrets: readonly SecretRecord[],
  { SortBy, SortOrder = 'desc' }: Pick<z.infer<typeof List>, 'SortBy' | 'SortOrder'>,
): SecretRecord[] {
  const rising = secrets.toSorted((one, other) =>
    sortKey(one, SortBy) < sortKey(other, SortBy)
      ? -1
      : Number(sortKey(one, SortBy) !== sortKey(other, SortBy)),
  );
  return SortOrder === 'asc' ? rising : rising.reverse();
}

function list(ctx: SecretsContext, input: z.infer<typeof List>): unknown {
  const shown = ctx.past
    .seenBy('list')
    .all()
    .filter((secret) => input.IncludePlannedDeletion === true || secret.deletedAt === undefined);
  const found = shown.filter((secret) => (input.Filters ?? []).every((filter) => passes(secret, filter)));
  const { items, NextToken } = page(sorted(found, input), input);
  return compact({
    SecretList: items.map((secret) =>
      compact({ ...describe(secret), SecretVersionsToStages: stages(secret) }),
    ),
    NextToken,
  });
}

function listVersions(ctx: SecretsContext, input: z.infer<typeof ListVersions>): unknown {
  const secret = anySecret(ctx, input.SecretId);
  const versions = [...secret.versions.values()].filter(
    (version) => input.IncludeDeprecated === true || version.stages.size > 0,
  );
  const { items, NextToken } = page(versions, input);
  const Versions = items.map((version) =>
    compact({
      VersionId: version.id,
      VersionStages: version.stages.size > 0 ? [...version.stages] : undefined,
      CreatedDate: seconds(version.createdAt),
      LastAccessedDate: seconds(version.accessedAt),
    }),
  );
  return compact({ ARN: secret.arn, Name: secret.name, Versions, NextToken });
}

/** The operations that show everything but values. */
export function describeOperations(ctx: SecretsContext): [string, Operation][] {
  return [
    operation('DescribeSecret', z.strictObject({ SecretId }), (input) => ({
      resource: arnOf(ctx, input.SecretId),
      checks: [secretCheck(ctx, input.SecretId, 'DescribeSecret')],
      run: () => {
        const secret = anySecret(ctx, input.SecretId, 'describe');
        const ReplicationStatus = secret.replicas.length > 0 ? secret.replicas : undefined;
        return compact({ ...describe(secret), VersionIdsToStages: stages(secret), ReplicationStatus });
      },
    })),
    operation('ListSecrets', List, (input) => ({
      resource: '*',
      checks: [{ action: 'secretsmanager:ListSecrets', resource: '*' }],
      run: () => list(ctx, input),
    })),
    operation('ListSecretVersionIds', ListVersions, (input) => ({
      resource: arnOf(ctx, input.SecretId),
      checks: [secretCheck(ctx, input.SecretId, 'ListSecretVersionIds')],
      run: () => listVersions(ctx, input),
    })),
  ];
}
