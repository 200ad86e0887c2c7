import { AwsError, notImplemented } from './errors.ts';
import { principalName } from './iam.ts';
import type { CallHook, CallRecord, CallRequest, Check, Plan, Service, World } from './types.ts';

export interface CallParts {
  readonly world: World;
  /** By the service's name in a SigV4 scope. */
  readonly services: ReadonlyMap<string, Service>;
  readonly log: CallRecord[];
  readonly onCall: ((call: CallHook) => void | Promise<void>) | undefined;
  readonly onFault: ((error: unknown) => void) | undefined;
}

function planOf(parts: CallParts, request: CallRequest): Plan {
  const operation = parts.services.get(request.service)?.get(request.operation);
  if (!operation) throw notImplemented(`${request.service}:${request.operation}`);
  return operation(request.input, request.principal);
}

/** SNS has a name of its own for a call that IAM denies. */
function authorize(parts: CallParts, request: CallRequest, check: Check): void {
  try {
    parts.world.authorize(request.principal, check);
  } catch (error) {
    if (request.service === 'sns' && error instanceof AwsError)
      throw new AwsError('AuthorizationError', error.message, 403);
    throw error;
  }
}

/** The way every call takes: parse, tell the hook, ask IAM, run, tell the hook, write the log. */
export function createCall(parts: CallParts): (request: CallRequest) => Promise<unknown> {
  return async (request) => {
    const { service, operation, principal, input } = request;
    const record = {
      at: parts.world.clock.now(),
      service,
      operation,
      principal: principalName(principal, parts.world),
    };
    let resource = '';
    try {
      const plan = planOf(parts, request);
      resource = plan.resource;
      await parts.onCall?.({ phase: 'before', service, operation, resource, principal, input });
      for (const check of plan.checks) authorize(parts, request, check);
      const output = await plan.run();
      await parts.onCall?.({ phase: 'after', service, operation, resource, principal, input });
      parts.log.push({ ...record, resource });
      parts.world.trail({ service, operation, principal, input, output });
      return output;
    } catch (error) {
      if (!(error instanceof AwsError)) parts.onFault?.(error);
      const errorCode = error instanceof AwsError ? error.code : 'InternalFailure';
      parts.log.push({ ...record, resource, errorCode });
      parts.world.trail({
        service,
        operation,
        principal,
        input,
        errorCode,
        errorMessage: error instanceof AwsError ? error.message : undefined,
      });
      throw error;
    }
  };
}
