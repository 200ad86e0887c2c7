import * as z from 'zod';
import { Simulated, answer, bodyOf, type Destination } from './destination.ts';

const Changed = z.object({ value: z.string() });
const Created = z.object({ key: z.string(), value: z.string() });

/**
 * CI/CD variables of a GitLab project. Source: docs.gitlab.com, "Project-level CI/CD variables API": a
 * variable that is not there is a 404 to PUT; POST makes it; GET shows its value.
 */
export class GitlabVariablesSimulator extends Simulated implements Destination {
  readonly kind = 'gitlab-variable';
  readonly host = 'gitlab-ci.keyturn.test';
  readonly target = 'projects/42:DEPLOY_TOKEN';
  readonly token = 'glpat-variables-0123456789';
  readonly #variables = new Map<string, string>();

  deliverySecret(grants: readonly { secret: string; target: string }[]): string {
    return JSON.stringify({ destinations: [{ url: `https://${this.host}`, token: this.token, grants }] });
  }

  async held(): Promise<string | undefined> {
    return this.#variables.get('DEPLOY_TOKEN');
  }

  protected async answer(request: Request): Promise<Response> {
    if (request.headers.get('private-token') !== this.token)
      return answer(401, { message: '401 Unauthorized' });
    const url = new URL(request.url);
    const [, key] = /^\/api\/v4\/projects\/42\/variables(?:\/(\w+))?$/.exec(url.pathname) ?? [undefined, ''];
    if (key === '') return answer(404, { message: '404 Project Not Found' });
    if (request.method === 'POST' && key === undefined) return this.#create(await bodyOf(request, Created));
    if (
      key === undefined ||
      !this.#variables.has(key) ||
      url.searchParams.get('filter[environment_scope]') !== '*'
    )
      return answer(404, { message: '404 Variable Not Found' });
    if (request.method === 'PUT') this.#variables.set(key, (await bodyOf(request, Changed)).value ?? '');
    return answer(200, {
      variable_type: 'env_var',
      key,
      value: this.#variables.get(key),
      protected: false,
      masked: true,
      hidden: false,
      environment_scope: '*',
    });
  }

  #create(body: Partial<z.output<typeof Created>>): Response {
    if (body.key === undefined || body.value === undefined || this.#variables.has(body.key))
      return answer(400, { message: { key: ['has already been taken'] } });
    this.#variables.set(body.key, body.value);
    return answer(201, { key: body.key, value: body.value });
  }
}
