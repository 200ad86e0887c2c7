import { faultText } from './report.ts';
import type { ManifestJson, PlanJson } from '../json/manifest.ts';

interface Result {
  readonly ruleId: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly message: { readonly text: string };
  readonly locations: readonly object[];
}

/** Rules by id, with what each says. */
const RULES = {
  'manifest-invalid': 'The manifest is invalid.',
  'plan-refused': 'Keyturn cannot do what the manifest asks for.',
  'plan-change': 'A secret would be made or changed.',
  'plan-warning': 'Something about a secret is to be known before it is registered.',
} as const;

/** A report for code scanning: SARIF 2.1.0, sections 3.13, 3.14, 3.27 and 3.28 (OASIS). */
export function sarifOf({ faults, plan }: ManifestJson, path: string, version: string): object {
  const results = [
    ...faults.map((fault): Result => at('manifest-invalid', 'error', faultText(fault), place(path, fault))),
    ...plan.flatMap((one) => resultsOf(one, path)),
  ];
  const rules = Object.entries(RULES).map(([id, text]) => ({ id, shortDescription: { text } }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'keyturn', version, rules } }, results }],
  };
}

function resultsOf({ secret, action, changes, reason, warnings }: PlanJson, path: string): Result[] {
  const here = place(path, { line: 1, column: 1 });
  const refused = reason === null ? [] : [at('plan-refused', 'error', reason, here)];
  const changed =
    action === 'create' || action === 'change'
      ? [
          at(
            'plan-change',
            'note',
            `${secret}: ${action}, ${changes.map(({ what }) => what).join(', ')}.`,
            here,
          ),
        ]
      : [];
  return [
    ...refused,
    ...changed,
    ...warnings.map((text) => at('plan-warning', 'warning', `${secret}: ${text}`, here)),
  ];
}

function at(ruleId: keyof typeof RULES, level: Result['level'], text: string, location: object): Result {
  return { ruleId, level, message: { text }, locations: [location] };
}

function place(path: string, { line, column }: { line: number; column: number }): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: path.replaceAll('\\', '/') },
      region: { startLine: line, startColumn: column },
    },
  };
}
