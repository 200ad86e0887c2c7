import type { CliCommand } from './command.ts';

type Loader = () => Promise<CliCommand>;

/** Every command by its name, in the order of the help. The code of the one that runs is loaded, and no other. */
const LOADERS: ReadonlyMap<string, Loader> = new Map<string, Loader>([
  ['sandbox', async () => (await import('./sandbox.ts')).sandbox],
  ['sandbox start', async () => (await import('./sandbox.ts')).sandboxStart],
  ['sandbox advance', async () => (await import('./sandbox-steering.ts')).sandboxAdvance],
  ['sandbox grant', async () => (await import('./sandbox-steering.ts')).sandboxGrant],
  ['sandbox fault', async () => (await import('./sandbox-steering.ts')).sandboxFault],
  ['validate', async () => (await import('./validate.ts')).validate],
  ['plan', async () => (await import('./plan.ts')).plan],
  ['apply', async () => (await import('./apply.ts')).apply],
  ['status', async () => (await import('./status.ts')).status],
  ['show', async () => (await import('./show.ts')).show],
  ['history', async () => (await import('./history.ts')).history],
  ['rotate', async () => (await import('./rotate.ts')).rotate],
  ['rollback', async () => (await import('./rollback.ts')).rollback],
  ['revoke', async () => (await import('./revoke.ts')).revoke],
  ['refresh', async () => (await import('./refresh.ts')).refresh],
  ['retire', async () => (await import('./retire.ts')).retire],
  ['detach', async () => (await import('./detach.ts')).detach],
  ['forget', async () => (await import('./forget.ts')).forget],
  ['report-leak', async () => (await import('./leaked.ts')).reportLeak],
  ['ack', async () => (await import('./ack.ts')).ack],
  ['dismiss', async () => (await import('./accept.ts')).dismiss],
  ['review list', async () => (await import('./review.ts')).reviewList],
  ['review approve', async () => (await import('./review-decision.ts')).reviewApprove],
  ['review reject', async () => (await import('./review-decision.ts')).reviewReject],
  ['consumer list', async () => (await import('./consumer-list.ts')).consumerList],
  ['consumer deliver', async () => (await import('./deliver.ts')).consumerDeliver],
  ['consumer confirm', async () => (await import('./moved.ts')).consumerConfirm],
  ['consumer record-deployment', async () => (await import('./using.ts')).recordDeployment],
  ['consumer record-undeployment', async () => (await import('./release.ts')).recordUndeployment],
  ['doctor', async () => (await import('./doctor.ts')).doctor],
  ['alerts list', async () => (await import('./subscriptions.ts')).alertsList],
  ['alerts confirm', async () => (await import('./alerts-confirm.ts')).alertsConfirm],
  ['redrive', async () => (await import('./redrive.ts')).redrive],
  ['confirm-host', async () => (await import('./confirm-host.ts')).confirmHost],
  ['completion', async () => (await import('./completion.ts')).completion],
  ['help', async () => (await import('./help-command.ts')).help],
  ['version', async () => (await import('./version.ts')).version],
]);

/** The names of all commands, in the order of the help. */
export const COMMAND_NAMES: readonly string[] = [...LOADERS.keys()];

/** The command of this whole name; undefined where there is none. */
export async function commandOf(name: string): Promise<CliCommand | undefined> {
  return LOADERS.get(name)?.();
}

/** Every command, in the order of the help. */
export async function allCommands(): Promise<readonly CliCommand[]> {
  return Promise.all([...LOADERS.values()].map((load) => load()));
}
