import { ERROR_RULES } from '../../functions/core/basics/error-rules.ts';
import { FINDING_RULES } from '../../functions/core/findings/finding-rules.ts';
import { ALARM_RULES } from '../infra/alarm-rules.ts';
import { code, table } from './markdown.ts';

/** The index of the runbook: every finding with what it breaks. */
export function findingsTable(): string {
  const rows = Object.entries(FINDING_RULES).map(([kind, rule]) => [
    `[${kind}](#${rule.runbook})`,
    rule.title,
    rule.impact,
  ]);
  return table(['Finding', 'Says', 'What breaks'], rows);
}

export function alarmsTable(): string {
  const rows = Object.entries(ALARM_RULES).map(([kind, rule]) => [
    `[${kind}](#${rule.runbook})`,
    rule.title,
    rule.impact,
  ]);
  return table(['Alarm', 'Says', 'What breaks'], rows);
}

export function errorsTable(): string {
  const rows = Object.entries(ERROR_RULES).map(([name, rule]) => [
    code(name),
    rule.who,
    rule.retry ? 'yes' : 'no',
    rule.advice,
  ]);
  return table(['Error', 'Whose', 'Passes by itself', 'What to do'], rows);
}
