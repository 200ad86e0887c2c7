/** Which project, group or user of a simulated GitLab serves which secret. */
import type { GitlabOptions } from './gitlab-options.ts';
import type { IssuerKnobs } from './knobs.ts';

/** The resources of one instance. */
export class GitlabResources {
  readonly #options: Pick<GitlabOptions, 'adminAccount' | 'resourceOf'>;
  readonly #knobs: IssuerKnobs;
  readonly #bySecret = new Map<string, string>();

  constructor(options: Pick<GitlabOptions, 'adminAccount' | 'resourceOf'>, knobs: IssuerKnobs) {
    this.#options = options;
    this.#knobs = knobs;
  }

  /** The resource that serves a secret; made when it is asked for. */
  of(secretName: string): string {
    const known = secretName.startsWith('keyturn/admin/')
      ? this.#options.adminAccount
      : this.#bySecret.get(secretName);
    if (known !== undefined) return known;
    const index = this.#bySecret.size + 1;
    const resource = this.#options.resourceOf?.(index) ?? `projects/${100 + index}`;
    this.#bySecret.set(secretName, resource);
    return resource;
  }

  /** Whether requests may name it: it exists, and was not deleted. */
  isThere(resource: string): boolean {
    return (
      !this.isGone(resource) && [...this.#bySecret.values(), this.#options.adminAccount].includes(resource)
    );
  }

  /** Whether it was deleted, with all that was in it. */
  isGone(resource: string): boolean {
    return [...this.#bySecret].some(
      ([secretName, known]) => known === resource && this.#knobs.gone?.has(secretName) === true,
    );
  }
}
