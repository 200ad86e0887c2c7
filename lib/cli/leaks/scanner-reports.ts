import * as z from 'zod';
import { parseJson } from '../../../functions/core/basics/json.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import { sightingOf, sightingsInText, type FindingTexts, type Sighting } from '../leak-input/sightings.ts';
import { plainText } from '../leak-input/text.ts';

export { digestOf } from '../leak-input/sightings.ts';

const Text = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

/**
 * gitleaks, `--report-format json`: one array, or null where it found nothing. Source: gitleaks README,
 * "report-format"; report/finding.go.
 */
const Gitleaks = z
  .object({ RuleID: z.string(), Secret: Text, Match: Text, Line: Text })
  .transform((one): FindingTexts => ({ main: [one.Secret], more: [one.Match, one.Line] }));
/** gitleaks before release 8. */
const OldGitleaks = z
  .object({ rule: z.string(), offender: z.string(), line: Text })
  .transform((one): FindingTexts => ({ main: [one.offender], more: [one.line] }));
/**
 * TruffleHog, `--json`: one object a line, and nothing at all where it found nothing; `Raw` is Base64 in
 * releases of 2022. Source: trufflehog README, and pkg/output/json.go.
 */
const Trufflehog = z
  .object({
    DetectorName: z.string(),
    Raw: Text,
    RawV2: Text,
    ExtraData: z.unknown(),
    StructuredData: z.unknown(),
  })
  .partial({ ExtraData: true, StructuredData: true })
  .transform((one): FindingTexts => ({
    main: [one.Raw, one.RawV2],
    more: textsIn([one.ExtraData, one.StructuredData]),
  }));
/**
 * What TruffleHog logs, where somebody sent both of its streams into one file. Source: trufflehog, pkg/log.
 */
const LogLine = z.object({ level: z.string(), ts: z.string(), msg: z.string() });
/** GitHub, "List secret scanning alerts for a repository" (REST API, version 2022-11-28). */
const GithubListed = z
  .object({ secret_type: z.string(), secret: Text })
  .transform((one): FindingTexts => ({ main: [one.secret], more: [] }));
const Finding = z.union([Gitleaks, OldGitleaks, Trufflehog, GithubListed]);

/**
 * SARIF 2.1.0, §3.3 and §3.29 to §3.30: the snippet of a region, or of the region around it, is the text that
 * was found; gitleaks writes the secret there.
 */
const Content = z
  .object({ text: Text, binary: Text, rendered: z.object({ text: Text, markdown: Text }).nullish() })
  .nullish();
const Region = z.object({ snippet: Content }).nullish();
const Location = z.object({
  physicalLocation: z.object({ region: Region, contextRegion: Region }).nullish(),
});
const Locations = z.array(Location).nullish();
const SarifResult = z
  .looseObject({ locations: Locations })
  .transform((one): FindingTexts => ({ main: textsAt(one.locations), more: textsIn(one) }));
const Sarif = z.object({
  version: z.literal('2.1.0'),
  runs: z.array(z.object({ results: z.array(SarifResult).nullish() })),
});

/**
 * GitLab, gl-secret-detection-report.json. Source: security-report-schemas 15,
 * secret-detection-report-format.json: `raw_source_code_extract` is the excerpt that nobody cleaned.
 */
const Vulnerability = z
  .looseObject({ category: z.literal('secret_detection').optional(), raw_source_code_extract: Text })
  .transform((one): FindingTexts => ({
    main: [one.raw_source_code_extract].filter((text) => text !== ''),
    more: textsIn(one),
  }));
const Gitlab = z.object({
  version: z.string(),
  scan: z.object({ type: z.literal('secret_detection') }).optional(),
  vulnerabilities: z.array(Vulnerability),
});

/** The values on standard input, one a line, or whatever text they stand in. */
export function foundInInput(text: string, patterns: readonly RegExp[] = []): Sighting[] {
  return sightingsInText(text, patterns);
}

/**
 * What a report found. Errors: {@link CliError} when it is no report that is known here; it never quotes the
 * report.
 */
export function foundInReport(text: string, name: string, patterns: readonly RegExp[] = []): Sighting[] {
  const findings = findingsIn(plainText(text));
  if (!findings)
    throw new CliError(
      EXIT.usage,
      `${name} is no report of gitleaks (JSON), TruffleHog (JSON, one object a line), GitLab ` +
        '(gl-secret-detection-report.json) or in SARIF 2.1.0. Any other text can be sent through ' +
        'standard input.',
    );
  return findings.map((finding, place) => sightingOf([place + 1], finding, patterns));
}

function findingsIn(text: string): FindingTexts[] | undefined {
  const whole = parseJson(text);
  if (whole === null) return [];
  const sarif = Sarif.safeParse(whole);
  if (sarif.success) return sarif.data.runs.flatMap((run) => run.results ?? []);
  const gitlab = Gitlab.safeParse(whole);
  if (gitlab.success) return gitlab.data.vulnerabilities;
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseJson);
  const listed = z
    .array(Finding)
    .safeParse(Array.isArray(whole) ? whole : lines.filter((line) => !LogLine.safeParse(line).success));
  return listed.success ? listed.data : undefined;
}

/** Where a finding has only addresses and names of rules: no value is looked for there. */
const NO_VALUES: readonly string[] = [
  'uri',
  'uriBaseId',
  'artifactLocation',
  'guid',
  'correlationGuid',
  'id',
  'ruleId',
  'level',
  'kind',
  'rule',
  'cve',
  'category',
  'scanner',
  'identifiers',
  'links',
  'severity',
  'confidence',
  'file',
  'commit',
  'tracking',
  'fingerprints',
  'partialFingerprints',
];

/** Every text in a finding, however deep: tools differ in where they repeat what they found. */
function textsIn(json: unknown): string[] {
  if (typeof json === 'string') return json === '' ? [] : [json];
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([name, one]) => (NO_VALUES.includes(name) ? [] : textsIn(one)));
}

function textsAt(locations: z.output<typeof Locations>): string[] {
  const regions = (locations ?? []).flatMap(({ physicalLocation }) => [
    physicalLocation?.region,
    physicalLocation?.contextRegion,
  ]);
  return regions
    .flatMap((region) => [
      region?.snippet?.text ?? '',
      region?.snippet?.binary ?? '',
      region?.snippet?.rendered?.text ?? '',
      region?.snippet?.rendered?.markdown ?? '',
    ])
    .filter((text) => text !== '');
}
