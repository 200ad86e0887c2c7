import type { CliCommand } from './command.ts';

type Loader = () => Promise<CliCommand>;

/**
 * Every command by its name, in the order of the help. The code of the one that runs is loaded, and no other.
 */
const LOADERS: ReadonlyMap<string, Loader> = new Map<string, Loader>([
  ['sandbox', async () => (await import('../sandbox/start.ts')).sandbox],
  ['sandbox start', async () => (await import('../sandbox/start.ts')).sandboxStart],
  ['sandbox advance', async () => (await import('../sandbox/steering.ts')).sandboxAdvance],
  ['sandbox grant', async () => (await import('../sandbox/steering.ts')).sandboxGrant],
  ['sandbox fault', async () => (await import('../sandbox/steering.ts')).sandboxFault],
  ['validate', async () => (await import('../manifest/validate.ts')).validate],
  ['plan', async () => (await import('../manifest/plan-command.ts')).plan],
  ['apply', async () => (await import('../manifest/apply.ts')).apply],
  ['status', async () => (await import('../tokens/status.ts')).status],
  ['show', async () => (await import('../tokens/show.ts')).show],
  ['history', async () => (await import('../tokens/history.ts')).history],
  ['rotate', async () => (await import('../tokens/rotate.ts')).rotate],
  ['rollback', async () => (await import('../tokens/rollback.ts')).rollback],
  ['revoke', async () => (await import('../tokens/revoke.ts')).revoke],
  ['refresh', async () => (await import('../tokens/refresh.ts')).refresh],
  ['retire', async () => (await import('../tokens/retire.ts')).retire],
  ['detach', async () => (await import('../tokens/detach.ts')).detach],
  ['enable', async () => (await import('../tokens/enable.ts')).enable],
  ['forget', async () => (await import('../tokens/forget.ts')).forget],
  ['report-leak', async () => (await import('../leaks/report-leak.ts')).reportLeak],
  ['ack', async () => (await import('../tokens/ack.ts')).ack],
  ['dismiss', async () => (await import('../tokens/dismiss.ts')).dismiss],
  ['review list', async () => (await import('../reviews/review.ts')).reviewList],
  ['review approve', async () => (await import('../reviews/review-decision.ts')).reviewApprove],
  ['review reject', async () => (await import('../reviews/review-decision.ts')).reviewReject],
  ['consumer list', async () => (await import('../consumers/list.ts')).consumerList],
  ['consumer deliver', async () => (await import('../consumers/deliver.ts')).consumerDeliver],
  ['consumer confirm', async () => (await import('../consumers/confirm.ts')).consumerConfirm],
  [
    'consumer record-deployment',
    async () => (await import('../consumers/record-deployment.ts')).recordDeployment,
  ],
  [
    'consumer record-undeployment',
    async () => (await import('../consumers/record-undeployment.ts')).recordUndeployment,
  ],
  ['doctor', async () => (await import('../operations/doctor.ts')).doctor],
  ['alerts list', async () => (await import('../operations/alerts-list.ts')).alertsList],
  ['alerts confirm', async () => (await import('../operations/alerts-confirm.ts')).alertsConfirm],
  ['alerts test', async () => (await import('../operations/alerts-test.ts')).alertsTest],
  ['redrive', async () => (await import('../operations/redrive.ts')).redrive],
  ['confirm-host', async () => (await import('../operations/confirm-host.ts')).confirmHost],
  ['issuer list', async () => (await import('../issuers/list.ts')).issuerList],
  ['issuer show', async () => (await import('../issuers/show.ts')).issuerShow],
  ['issuer test', async () => (await import('../issuers/test.ts')).issuerTest],
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
