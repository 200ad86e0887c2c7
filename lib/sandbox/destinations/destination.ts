import type * as z from 'zod';
import type { ConsumerKind } from '../../../functions/core/consumers/consumer-kinds.ts';

/**
 * A place outside AWS that new values, or word of them, are brought to: a simulator that knows what arrived.
 */
export interface Destination {
  readonly kind: ConsumerKind;
  readonly host: string;
  /** A target there, as a consumer's tag names it. */
  readonly target: string;
  /** The text of the delivery secret that reaches it, with these grants. */
  deliverySecret(grants: readonly { secret: string; target: string }[]): string;
  fetch(request: Request): Promise<Response>;
  /** What the target holds now; for those that are only told, the version they were told of. */
  held(): Promise<string | undefined>;
}

/** What is common to simulators: each counts its requests and can be put out of order. */
export abstract class Simulated {
  requests = 0;
  /** Answers every request, in place of the simulator. */
  disorder: (() => Response) | undefined;

  async fetch(request: Request): Promise<Response> {
    this.requests++;
    return this.disorder?.() ?? this.answer(request);
  }

  protected abstract answer(request: Request): Promise<Response>;
}

/** The JSON of a request; an empty object stands for what does not fit, which no simulator takes. */
export async function bodyOf<T extends object>(request: Request, schema: z.ZodType<T>): Promise<Partial<T>> {
  const parsed = schema.safeParse(await request.json().catch(() => undefined));
  return parsed.success ? parsed.data : {};
}

export function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers });
}
