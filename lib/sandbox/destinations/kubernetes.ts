import * as z from 'zod';
import { Simulated, answer, bodyOf, type Destination } from './destination.ts';

const Patch = z.object({ data: z.record(z.string(), z.base64()) });

/**
 * One Secret of a cluster's API server. Source: kubernetes.io, API reference, "Secret": data is base64, a
 * merge patch changes the keys it names, every write has a new resourceVersion.
 */
export class KubernetesSimulator extends Simulated implements Destination {
  readonly kind = 'kubernetes';
  readonly host = 'kubernetes.keyturn.test';
  readonly target = 'prod/billing/gitlab-token/token';
  readonly token = 'eyJhbGciOiJSUzI1NiJ9.sandbox.signature';
  readonly #data = new Map([['other', Buffer.from('kept').toString('base64')]]);
  #version = 100;

  deliverySecret(grants: readonly { secret: string; target: string }[]): string {
    return JSON.stringify({
      destinations: [{ cluster: 'prod', url: `https://${this.host}`, token: this.token, grants }],
    });
  }

  async held(): Promise<string | undefined> {
    const encoded = this.#data.get('token');
    return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
  }

  protected async answer(request: Request): Promise<Response> {
    if (request.headers.get('authorization') !== `Bearer ${this.token}`) return failure(401, 'Unauthorized');
    if (new URL(request.url).pathname !== '/api/v1/namespaces/billing/secrets/gitlab-token')
      return failure(404, 'NotFound');
    if (request.method !== 'PATCH' || request.headers.get('content-type') !== 'application/merge-patch+json')
      return failure(415, 'UnsupportedMediaType');
    const { data = {} } = await bodyOf(request, Patch);
    const isChanged = Object.entries(data).some(([key, value]) => this.#data.get(key) !== value);
    for (const [key, value] of Object.entries(data)) this.#data.set(key, value);
    if (isChanged) this.#version++;
    return answer(200, {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name: 'gitlab-token', namespace: 'billing', resourceVersion: String(this.#version) },
      data: Object.fromEntries(this.#data),
      type: 'Opaque',
    });
  }
}

function failure(code: number, reason: string): Response {
  return answer(code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code });
}
