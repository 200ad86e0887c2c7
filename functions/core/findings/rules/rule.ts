/** What a kind of finding says, whatever token it is about. */
export interface FindingRule {
  readonly title: string;
  /** What breaks, or will. */
  readonly impact: string;
  readonly action: string;
  /** The anchor of its section in the runbook. */
  readonly runbook: `runbook-${string}`;
}
