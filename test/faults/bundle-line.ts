import { SECOND, type Instant } from '../../functions/core/basics/time.ts';
import { AwsError } from '../../lib/sandbox/aws/errors.ts';
import type { CallHook } from '../../lib/sandbox/aws/types.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import type { Sandbox } from '../../lib/sandbox/index.ts';
import { issuerCall } from '../world/faults.ts';
import { throttled } from '../world/world.ts';
import { momentOf, type BundleCase } from './bundle-cases.ts';

/** A token and the fault it is to meet. */
export interface Target {
  readonly one: BundleCase;
  readonly secretName: string;
  readonly arn: string;
  readonly tokenId: string;
  /** The issuer itself, without faults. */
  readonly issuer: Issuer;
  /** From when on the call counts: adoption is over then. */
  readonly armedAt: Instant;
  hitAt: Instant | undefined;
}

/** A call of a client that is made in vain as often as the SDK makes it. */
const SDK_TRIES = 3;
/** Longer than the functions' clients wait for AWS. */
const TOO_LATE = 8 * SECOND;

/** Makes the planned call of each token fail, on the wire between the functions' threads and the world. */
export class BundleLine {
  readonly targets: Target[] = [];
  /** Everything that functions sent to queues and buses. */
  readonly sent: string[] = [];
  readonly #throttledTries = new Map<Target, number>();
  #sandbox: Sandbox | undefined;

  connect(sandbox: Sandbox): void {
    this.#sandbox = sandbox;
  }

  /** The same issuer, reached over a bad line. */
  over(issuer: Issuer): Issuer {
    return new Proxy(issuer, {
      get: (target, key) => {
        if (key === 'fetch') return (request: Request) => this.#fetch(target, request);
        const member: unknown = Reflect.get(target, key, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  /** The sandbox's hook: what happens to a function's call of AWS. */
  readonly onCall = async (call: CallHook): Promise<void> => {
    const by = functionOf(call);
    if (by === undefined) return;
    if (call.phase === 'before' && ['sqs', 'events'].includes(call.service))
      this.sent.push(JSON.stringify(call.input));
    const waiting = this.#waitingFor(`${call.service}:${call.operation}`).find(
      (target) => momentOf(target.one).by === by && isAbout(call, target),
    );
    if (waiting) await this.#meet(waiting, call);
  };

  #waitingFor(name: string): Target[] {
    const now = this.#clock.now();
    return this.targets.filter(
      (target) =>
        (target.hitAt === undefined || this.#throttledTries.has(target)) &&
        target.armedAt <= now &&
        momentOf(target.one).call.test(name),
    );
  }

  async #meet(target: Target, call: CallHook): Promise<void> {
    const isBefore = ['dies-before', 'throttled'].includes(target.one.fault);
    if (isBefore !== (call.phase === 'before')) return;
    target.hitAt ??= this.#clock.now();
    switch (target.one.fault) {
      case 'dies-before':
      case 'dies-after':
        return this.#stop(target);
      case 'lost-answer':
        throw new AwsError('InternalServiceError', 'The answer was lost.', 500);
      case 'timeout':
        return this.#clock.sleep(TOO_LATE);
      case 'throttled':
        return this.#throttle(target);
      case 'reset':
      case 'out-of-time':
      case 'server-error':
      case 'unavailable-once':
      case 'bad-answer':
        return this.#miss(target);
    }
  }

  #throttle(target: Target): never {
    const tries = (this.#throttledTries.get(target) ?? 0) + 1;
    if (tries < SDK_TRIES) this.#throttledTries.set(target, tries);
    else this.#throttledTries.delete(target);
    throw new AwsError('ThrottlingException', 'Rate exceeded', 400);
  }

  async #fetch(issuer: Issuer, request: Request): Promise<Response> {
    const target = await this.#targetOf(issuer, request);
    if (!target) return issuer.fetch(request);
    target.hitAt = this.#clock.now();
    const invocation = {
      hasStopped: false,
      die: async () => this.#stop(target),
      runOut: async () => this.#stop(target),
    };
    return issuerCall(
      {
        invocation,
        fault: target.one.fault,
        clock: this.#clock,
        throttle: () => throttled(issuer.provider, this.#clock.now()),
      },
      () => issuer.fetch(request),
    );
  }

  async #targetOf(issuer: Issuer, request: Request): Promise<Target | undefined> {
    const { pathname } = new URL(request.url);
    for (const target of this.#waitingFor(`${request.method} ${pathname}`))
      if (target.issuer === issuer && (await isOf(request, target))) return target;
    return undefined;
  }

  /** What could not be done is no fault that was met: the judge has to hear of it. */
  #miss(target: Target): void {
    target.hitAt = undefined;
  }

  /** The run dies, and so does the connection that it waits at. */
  #stop(target: Target): never {
    const { by } = momentOf(target.one);
    const name = `keyturn-${this.#sandbox?.installation ?? ''}-${by}-${target.one.provider}`;
    const killed = this.#sandbox?.kill(name) ?? 0;
    if (killed === 0) this.#miss(target);
    throw new AwsError('InternalFailure', 'Nobody hears this.', 500);
  }

  get #clock(): Sandbox['clock'] {
    if (!this.#sandbox) throw new Error('The line is not connected.');
    return this.#sandbox.clock;
  }
}

/** Which of a provider's two functions makes a call; the roles are named for them. */
function functionOf({ principal }: CallHook): 'rotate' | 'worker' | 'other' | undefined {
  if (principal.kind !== 'role') return undefined;
  if (/RotateRole/.test(principal.name)) return 'rotate';
  return /WorkerRole/.test(principal.name) ? 'worker' : 'other';
}

function isAbout(call: CallHook, target: Target): boolean {
  return call.resource === target.arn || JSON.stringify(call.input).includes(target.tokenId);
}

/**
 * Whether a request is about a token: it names what the admin secret grants it, or carries one of its
 * credentials.
 */
async function isOf(request: Request, target: Target): Promise<boolean> {
  const authorization = request.headers.get('authorization') ?? '';
  const decoded = Buffer.from(/^Basic (.+)$/.exec(authorization)?.[1] ?? '', 'base64').toString();
  const said = [
    new URL(request.url).pathname,
    authorization,
    decoded,
    request.headers.get('private-token') ?? '',
  ].join('\n');
  const admin: { grants: { secret: string; resource?: string; app?: string; user?: string }[] } = JSON.parse(
    target.issuer.adminSecret([target.secretName]),
  );
  const grant = admin.grants.find(({ secret }) => secret === target.secretName);
  const place = grant?.resource ?? grant?.app ?? grant?.user;
  if (place !== undefined && said.includes(place)) return true;
  return (await target.issuer.credentials(target.secretName)).some(({ value }) => said.includes(value));
}
