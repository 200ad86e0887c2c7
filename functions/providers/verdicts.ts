import * as z from 'zod';
import { KeyturnError } from '../core/basics/errors.ts';
import type { Probe } from '../core/issuer/provider.ts';
import type { Instant } from '../core/basics/time.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { HttpClient } from './http.ts';
import type { HttpRequest } from './request.ts';

/** What an answer tells of a value that is accepted. */
export interface Life {
  readonly scopes?: readonly string[];
  readonly expiresAt?: Instant;
}

/**
 * What one documented answer says of the value that was asked about. `body` is the form that sets the
 * issuer's own answer apart from those of everybody in between: the literal words of a refusal, the fields of
 * a success. `source` is the page, file or run it is from. `unknown` needs no entry; one is there to give a
 * better reason, which `body` makes, without the answer's content.
 */
export type Verdict =
  | {
      readonly outcome: 'active';
      readonly status: number;
      readonly body: z.ZodType<Life>;
      readonly source: string;
    }
  | {
      readonly outcome: 'inactive';
      readonly status: number;
      readonly body: z.ZodType;
      readonly source: string;
    }
  | {
      readonly outcome: 'unknown';
      readonly status: number;
      readonly body: z.ZodType<string>;
      readonly source: string;
    };

/**
 * A question, and the answers that say something. Everything else that may come back, from whomever, is
 * unknown.
 */
export interface Question {
  readonly http: HttpClient;
  readonly request: HttpRequest;
  readonly verdicts: readonly Verdict[];
}

/**
 * Asks an issuer about a value. Does not throw for an issuer that is down or talks nonsense: that is
 * `unknown`.
 */
export async function asking({ http, request, verdicts }: Question): Promise<Probe> {
  return probing(async () => verdictOn(await http.send({ ...request, accept: 'any' }), verdicts));
}

/**
 * Several questions about the parts of one credential: inactive when one is, active when all are, else
 * unknown; so it is where there is nothing to ask.
 */
export async function askingAll(questions: readonly (() => Promise<Probe>)[]): Promise<Probe> {
  let unknown: Probe | undefined =
    questions.length === 0
      ? {
          outcome: 'unknown',
          reason: 'The admin secret grants nothing that its issuer could be asked about.',
        }
      : undefined;
  for (const ask of questions) {
    const probe = await ask();
    if (probe.outcome === 'inactive') return probe;
    if (probe.outcome === 'unknown') unknown ??= probe;
  }
  return unknown ?? { outcome: 'active' };
}

/**
 * Whether a value was accepted. Error: `issuer-response-invalid` when that is unknown, so that what was not
 * understood is never taken for "no such credential".
 */
export function isAccepted(probe: Probe): boolean {
  if (probe.outcome === 'unknown')
    throw new KeyturnError(
      'issuer-response-invalid',
      `It is not known which credential a value is. ${probe.reason}`,
    );
  return probe.outcome === 'active';
}

/** The first verdict whose status and form an answer has; every status has to be let through to it. */
export function verdictOn(answer: HttpAnswer, verdicts: readonly Verdict[]): Probe {
  for (const verdict of verdicts) {
    const probe = verdict.status === answer.status ? probeBy(verdict, answer) : undefined;
    if (probe) return probe;
  }
  return {
    outcome: 'unknown',
    reason: `${answer.about} with something that says neither yes nor no to the value.`,
  };
}

function probeBy(verdict: Verdict, answer: HttpAnswer): Probe | undefined {
  switch (verdict.outcome) {
    case 'active': {
      const life = answer.read(verdict.body);
      return life && { outcome: 'active', ...life };
    }
    case 'inactive':
      return answer.read(verdict.body) === undefined ? undefined : { outcome: 'inactive' };
    case 'unknown': {
      const reason = answer.read(verdict.body);
      return reason === undefined ? undefined : { outcome: 'unknown', reason };
    }
  }
}

/** Whatever kept the issuer from being asked comes out as `unknown`. */
export async function probing<T>(
  ask: () => Promise<T>,
): Promise<T | Extract<Probe, { readonly outcome: 'unknown' }>> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof KeyturnError) return { outcome: 'unknown', reason: error.message };
    throw error;
  }
}
