import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import type { Deployment } from './deployment.ts';
import { DEFAULT_TIMEOUT } from './function-environment.ts';
import { joinPolicies } from './json.ts';
import type { RolePrincipal } from './roles.ts';

const Function = z.looseObject({
  Code: z.looseObject({ S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.string().regex(/^nodejs/, 'the sandbox runs functions of Node.js only'),
  Role: z.string(),
  Timeout: z.number().optional(),
  MemorySize: z.number().default(128),
  Environment: z.looseObject({ Variables: z.record(z.string(), z.coerce.string()) }).optional(),
  DeadLetterConfig: z.looseObject({ TargetArn: z.string() }).optional(),
  LoggingConfig: z.looseObject({ LogGroup: z.string().optional() }).optional(),
});
const Permission = z.looseObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceAccount: z.string().optional(),
  SourceArn: z.string().optional(),
  FunctionUrlAuthType: z.string().optional(),
  InvokedViaFunctionUrl: z.boolean().optional(),
});
const AsyncConfig = z.looseObject({ FunctionName: z.string(), MaximumRetryAttempts: z.number().optional() });

/**
 * Deploys the functions with their permissions. Errors: a sentence when the assembly lacks the code of one.
 */
export function deployFunctions(deployment: Deployment): void {
  const { aws, pool, template, assets, roles } = deployment;
  for (const resource of template.of('AWS::Lambda::Function')) {
    const fn = Function.parse(resource.properties);
    const folder = assets.get(fn.Code.S3Key);
    if (folder === undefined) throw new Error(`The assembly has no asset for the code of ${resource.ref}.`);
    const policy = joinPolicies(permissionsOf(deployment, resource.ref));
    const retries = template
      .of('AWS::Lambda::EventInvokeConfig')
      .map(({ properties }) => AsyncConfig.parse(properties))
      .find(({ FunctionName }) => aws.lambda.nameOf(FunctionName) === resource.ref)?.MaximumRetryAttempts;
    aws.lambda.add({
      name: resource.ref,
      role: roles.get(fn.Role),
      ...(policy && { policy }),
      ...(fn.DeadLetterConfig && { onFailureArn: fn.DeadLetterConfig.TargetArn }),
      ...(retries !== undefined && { maximumRetryAttempts: retries }),
    });
    pool.add({
      name: resource.ref,
      arn: resource.attributes['Arn'] ?? '',
      folder,
      handler: fn.Handler,
      environment: fn.Environment?.Variables ?? {},
      timeout: fn.Timeout === undefined ? DEFAULT_TIMEOUT : fn.Timeout * SECOND,
      memoryMb: fn.MemorySize,
      logGroup: fn.LoggingConfig?.LogGroup ?? `/aws/lambda/${resource.ref}`,
    });
  }
}

/** The statements that `AWS::Lambda::Permission` resources add to a function's policy. */
function permissionsOf({ aws, template }: Deployment, functionName: string): Record<string, unknown>[] {
  const permissions = template
    .of('AWS::Lambda::Permission')
    .map(({ properties }) => Permission.parse(properties));
  return permissions
    .filter(({ FunctionName }) => aws.lambda.nameOf(FunctionName) === functionName)
    .map(({ Action, Principal, SourceAccount, SourceArn, FunctionUrlAuthType, InvokedViaFunctionUrl }) => {
      const isService = Principal.endsWith('.amazonaws.com');
      const Condition = {
        ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
        ...(FunctionUrlAuthType !== undefined && {
          StringEquals: { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType },
        }),
        ...(InvokedViaFunctionUrl !== undefined && {
          Bool: { 'lambda:InvokedViaFunctionUrl': String(InvokedViaFunctionUrl) },
        }),
        ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': SourceArn } }),
      };
      const Statement = {
        Effect: 'Allow',
        Principal: isService ? { Service: Principal } : { AWS: Principal },
        Action,
        Resource: aws.lambda.arnOf(functionName),
        Condition,
      };
      return { Version: '2012-10-17', Statement: [Statement] };
    });
}

const Mapping = z.looseObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number().optional(),
  MaximumBatchingWindowInSeconds: z.number().optional(),
  FunctionResponseTypes: z.array(z.string()).default([]),
  ScalingConfig: z.looseObject({ MaximumConcurrency: z.number().optional() }).optional(),
});

/** Lets functions read from queues. */
export function deployMappings(deployment: Deployment): void {
  const { aws, template } = deployment;
  for (const { properties } of template.of('AWS::Lambda::EventSourceMapping')) {
    const mapping = Mapping.parse(properties);
    const functionName = aws.lambda.nameOf(mapping.FunctionName);
    aws.sqs.addMapping({
      queueArn: mapping.EventSourceArn,
      functionName,
      role: roleOf(deployment, functionName),
      reportBatchItemFailures: mapping.FunctionResponseTypes.includes('ReportBatchItemFailures'),
      ...(mapping.BatchSize !== undefined && { batchSize: mapping.BatchSize }),
      ...(mapping.MaximumBatchingWindowInSeconds !== undefined && {
        window: mapping.MaximumBatchingWindowInSeconds * SECOND,
      }),
      ...(mapping.ScalingConfig?.MaximumConcurrency !== undefined && {
        maximumConcurrency: mapping.ScalingConfig.MaximumConcurrency,
      }),
    });
  }
}

/**
 * The execution role of a function of the template, in a session of the function's name, as Lambda names it.
 */
export function roleOf({ template, roles, aws }: Deployment, functionName: string): RolePrincipal {
  const resource = template.of('AWS::Lambda::Function').find(({ ref }) => ref === functionName);
  return {
    ...roles.get(Function.parse(resource?.properties).Role),
    session: functionName,
    issuedTo: aws.lambda.arnOf(functionName),
  };
}
