import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import type { Rule, Target } from '../aws/events/rule.ts';
import type { Deployment } from './deployment.ts';
import { joinPolicies } from './json.ts';
import type { Roles } from './roles.ts';

const Document = z.record(z.string(), z.unknown());
const DeadLetter = z.looseObject({ Arn: z.string() }).optional();
const RuleTarget = z.looseObject({
  Id: z.string(),
  Arn: z.string(),
  RoleArn: z.string().optional(),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .looseObject({ InputPathsMap: z.record(z.string(), z.string()).optional(), InputTemplate: z.string() })
    .optional(),
  DeadLetterConfig: DeadLetter,
  RetryPolicy: z
    .looseObject({
      MaximumRetryAttempts: z.number().optional(),
      MaximumEventAgeInSeconds: z.number().optional(),
    })
    .optional(),
});
const RuleProperties = z.looseObject({
  EventBusName: z.string().optional(),
  EventPattern: Document.optional(),
  ScheduleExpression: z.string().optional(),
  State: z.enum(['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']).default('ENABLED'),
  Targets: z.array(RuleTarget).default([]),
});
const Bus = z.looseObject({ Policy: Document.optional() });
const BusPolicy = z.looseObject({ EventBusName: z.string().default('default'), Statement: Document });
const Schedule = z.looseObject({
  Name: z.string().optional(),
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.looseObject({
    Arn: z.string(),
    RoleArn: z.string(),
    Input: z.string().optional(),
    DeadLetterConfig: DeadLetter,
  }),
});

/** What buses, rules and schedules need of a deployment. */
export type EventsDeployment = Pick<Deployment, 'aws' | 'template' | 'roles'>;

/** Buses, rules and schedules. A schedule starts to count when it is deployed. */
export function deployEvents(deployment: EventsDeployment): void {
  const { aws, template } = deployment;
  const policies = template
    .of('AWS::Events::EventBusPolicy')
    .map(({ properties }) => BusPolicy.parse(properties));
  for (const { ref, properties } of template.of('AWS::Events::EventBus')) {
    const { Policy } = Bus.parse(properties);
    aws.eventBridge.addBus(
      ref,
      joinPolicies([
        ...(Policy ? [Policy] : []),
        ...policies
          .filter(({ EventBusName }) => EventBusName === ref)
          .map(({ Statement }) => ({ Statement })),
      ]),
    );
  }
  deployRules(deployment);
  deploySchedules(deployment);
}

function deployRules({ aws, template, roles }: EventsDeployment): void {
  for (const resource of template.of('AWS::Events::Rule')) {
    const rule = RuleProperties.parse(resource.properties);
    if (rule.EventPattern === undefined)
      throw new Error(
        `The sandbox runs rules with an event pattern; ${resource.id} has none: use a schedule of ` +
          'EventBridge Scheduler.',
      );
    addRule(aws, resource.id, {
      name: resource.ref.split('|').at(-1) ?? '',
      pattern: rule.EventPattern,
      state: rule.State,
      targets: rule.Targets.map((target) => targetOf(target, roles)),
      ...(rule.EventBusName !== undefined && { bus: rule.EventBusName.split('/').at(-1) ?? 'default' }),
    });
  }
}

/** Errors: Error that names the rule and what EventBridge refuses about it. */
function addRule(aws: EventsDeployment['aws'], id: string, rule: Rule): void {
  try {
    aws.eventBridge.addRule(rule);
  } catch (error) {
    throw new Error(`Rule ${id} cannot be deployed. ${error instanceof Error ? error.message : ''}`, {
      cause: error,
    });
  }
}

function targetOf(
  {
    Id,
    Arn,
    RoleArn,
    Input,
    InputPath,
    InputTransformer,
    DeadLetterConfig,
    RetryPolicy,
  }: z.infer<typeof RuleTarget>,
  roles: Roles,
): Target {
  return {
    id: Id,
    arn: Arn,
    ...(RoleArn !== undefined && { role: roles.get(RoleArn) }),
    ...(Input !== undefined && { input: Input }),
    ...(InputPath !== undefined && { inputPath: InputPath }),
    ...(InputTransformer && {
      inputTransformer: {
        inputTemplate: InputTransformer.InputTemplate,
        ...(InputTransformer.InputPathsMap && { inputPathsMap: InputTransformer.InputPathsMap }),
      },
    }),
    ...(DeadLetterConfig && { deadLetterArn: DeadLetterConfig.Arn }),
    ...(RetryPolicy?.MaximumRetryAttempts !== undefined && {
      maximumRetryAttempts: RetryPolicy.MaximumRetryAttempts,
    }),
    ...(RetryPolicy?.MaximumEventAgeInSeconds !== undefined && {
      maximumEventAge: RetryPolicy.MaximumEventAgeInSeconds * SECOND,
    }),
  };
}

function deploySchedules({ aws, template, roles }: EventsDeployment): void {
  for (const resource of template.of('AWS::Scheduler::Schedule')) {
    const { ScheduleExpression, State, Target } = Schedule.parse(resource.properties);
    if (State === 'DISABLED') continue;
    aws.scheduler.add({
      name: resource.ref,
      expression: ScheduleExpression,
      targetArn: Target.Arn,
      role: roles.get(Target.RoleArn),
      ...(Target.Input !== undefined && { input: Target.Input }),
      ...(Target.DeadLetterConfig && { deadLetterArn: Target.DeadLetterConfig.Arn }),
    });
  }
}
