import type { Clock } from '../clock.ts';
import type { Destination } from './destination.ts';
import { GithubSimulator } from './github.ts';
import { GitlabVariablesSimulator } from './gitlab-variables.ts';
import { KubernetesSimulator } from './kubernetes.ts';
import { WebhookReceiver } from './webhook.ts';

export type { Destination } from './destination.ts';

/** The destinations that the sandbox runs. */
export function startDestinations(clock: Clock): readonly Destination[] {
  return [
    new GithubSimulator(clock),
    new GitlabVariablesSimulator(),
    new KubernetesSimulator(),
    new WebhookReceiver(clock),
  ];
}
