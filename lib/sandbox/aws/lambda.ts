import * as z from 'zod';
import { MINUTE, type Millis } from '../../../functions/core/basics/time.ts';
import { AwsError } from './errors.ts';
import { operation } from './operation.ts';
import type { Check, Invocation, Invoke, PolicyDocument, Principal, Service, World } from './types.ts';

/** A function as Lambda knows it: its name and who may invoke it besides its account's principals. */
export interface FunctionSettings {
  readonly name: string;
  /** The resource policy that permissions add up to. Without one, no AWS service may invoke the function. */
  readonly policy?: PolicyDocument;
  /** A queue or topic for events of asynchronous invocations that failed every try. */
  readonly onFailureArn?: string;
  /** The execution role, which must be allowed to send there. */
  readonly role?: Principal;
  /** Retries of an asynchronous invocation; 2 unless set. */
  readonly maximumRetryAttempts?: number;
}

export interface Lambda {
  readonly service: Service;
  /** Adds or replaces a function. */
  add(settings: FunctionSettings): void;
  readonly arnOf: (name: string) => string;
  /** The name in a function's ARN, with a version or alias taken off. */
  readonly nameOf: (arnOrName: string) => string;
  readonly invokeCheck: World['invokeCheck'];
  readonly mayInvoke: World['mayInvoke'];
  readonly invoke: World['invoke'];
  /** Takes an event for later. Errors: AccessDeniedException, ResourceNotFoundException. */
  readonly invokeLater: (principal: Principal, arnOrName: string, payload: unknown) => void;
}

/** Lambda waits a minute before the first retry of an asynchronous invocation, two before the second. */
const RETRY_WAIT: Millis = MINUTE;

type Base = Pick<World, 'account' | 'region' | 'clock' | 'uuid' | 'authorize' | 'deliver'>;

const Input = z.strictObject({
  FunctionName: z.string(),
  InvocationType: z.enum(['RequestResponse', 'Event', 'DryRun']).optional(),
  Payload: z.unknown().optional(),
});

/** A policy that lets an AWS service invoke a function, as `lambda add-permission` writes it. */
export function allowService(service: string, account: string): PolicyDocument {
  const Condition = { StringEquals: { 'aws:SourceAccount': account } };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'lambda:InvokeFunction',
        Resource: '*',
        Condition,
      },
    ],
  };
}

export function createLambda(base: Base, run: Invoke): Lambda {
  const functions = new Map<string, FunctionSettings>();
  const prefix = `arn:aws:lambda:${base.region}:${base.account}:function:`;
  const nameOf = (text: string): string =>
    text.startsWith('arn:') ? (text.split(':')[6] ?? '') : (text.split(':')[0] ?? '');
  const arnOf = (name: string): string => prefix + name;
  const invokeCheck = (text: string): Check => {
    const name = nameOf(text);
    return {
      action: 'lambda:InvokeFunction',
      resource: arnOf(name),
      resourcePolicy: functions.get(name)?.policy,
    };
  };
  const admit = (principal: Principal, text: string): FunctionSettings => {
    base.authorize(principal, invokeCheck(text));
    const settings = functions.get(nameOf(text));
    if (!settings)
      throw new AwsError('ResourceNotFoundException', `Function not found: ${arnOf(nameOf(text))}`, 404);
    return settings;
  };
  const invoke = async (principal: Principal, text: string, payload: unknown): Promise<Invocation> =>
    run(admit(principal, text).name, payload);
  const attempt = async (settings: FunctionSettings, payload: unknown, tries: number): Promise<void> => {
    const answer = await run(settings.name, payload);
    if ('payload' in answer) return;
    if (tries <= (settings.maximumRetryAttempts ?? 2))
      return later(tries * RETRY_WAIT, () => attempt(settings, payload, tries + 1));
    if (settings.onFailureArn === undefined || !settings.role) return;
    const requestContext = {
      requestId: base.uuid(),
      functionArn: arnOf(settings.name),
      condition: 'RetriesExhausted',
      approximateInvokeCount: tries,
    };
    const body = {
      version: '1.0',
      timestamp: new Date(base.clock.now()).toISOString(),
      requestContext,
      requestPayload: payload,
      responseContext: { statusCode: 200, functionError: answer.functionError },
    };
    await base
      .deliver(settings.role, settings.onFailureArn, { body: JSON.stringify(body) })
      .catch(() => undefined);
  };
  const later = (delay: Millis, task: () => Promise<void>): void =>
    void base.clock.after(delay, () => void base.clock.activity(task));
  const invokeLater = (principal: Principal, text: string, payload: unknown): void => {
    const settings = admit(principal, text);
    later(0, () => attempt(settings, payload, 1));
  };
  const mayInvoke = (principal: Principal, text: string): boolean => {
    if (!functions.has(nameOf(text))) return false;
    try {
      base.authorize(principal, invokeCheck(text));
      return true;
    } catch {
      return false;
    }
  };
  const service: Service = new Map([
    operation('Invoke', Input, (input, principal) => ({
      resource: arnOf(nameOf(input.FunctionName)),
      checks: [invokeCheck(input.FunctionName)],
      run: async () => {
        if (input.InvocationType === 'DryRun') return { StatusCode: 204 };
        if (input.InvocationType === 'Event') {
          invokeLater(principal, input.FunctionName, input.Payload);
          return { StatusCode: 202 };
        }
        const answer = await invoke(principal, input.FunctionName, input.Payload);
        if ('payload' in answer) return { StatusCode: 200, Payload: answer.payload };
        return {
          StatusCode: 200,
          FunctionError: 'Unhandled',
          Payload: { errorType: answer.functionError, errorMessage: answer.errorMessage },
        };
      },
    })),
  ]);
  return {
    service,
    add: (settings) => void functions.set(settings.name, settings),
    arnOf,
    nameOf,
    invokeCheck,
    mayInvoke,
    invoke,
    invokeLater,
  };
}
