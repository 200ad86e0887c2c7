import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { MOST_LINES } from '../../../lib/cli/leak-input/sightings.ts';
import { digestOf, foundInInput, foundInReport } from '../../../lib/cli/leaks/scanner-reports.ts';

const VALUE = 'glpat-CANARY-4f8b1c20';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const location = (physicalLocation: object): object => ({
  version: '2.1.0',
  runs: [{ results: [{ ruleId: 'x', message: { text: 'a secret' }, locations: [{ physicalLocation }] }] }],
});
const snippet = (text: string): object => location({ region: { startLine: 1, snippet: { text } } });
const gitlab = (finding: object): object => ({
  version: '15.2.1',
  scan: { type: 'secret_detection' },
  vulnerabilities: [
    {
      id: 'a',
      category: 'secret_detection',
      location: { file: 'a', start_line: 1 },
      identifiers: [],
      ...finding,
    },
  ],
});

function finds(report: string): boolean {
  return foundInReport(report, 'r').some((one) => one.digests.includes(digestOf(VALUE)));
}

describe('the report of a scanner', () => {
  const known: Record<string, unknown> = {
    gitleaks: [
      {
        RuleID: 'gitlab-pat',
        Description: 'GitLab',
        Secret: VALUE,
        Match: `token=${VALUE}`,
        File: 'a',
        StartLine: 1,
      },
    ],
    'gitleaks whose rule takes the whole match': [{ RuleID: 'x', Secret: `token = "${VALUE}"` }],
    'gitleaks, the value in the match alone': [{ RuleID: 'x', Secret: '', Match: `"token":"${VALUE}"` }],
    'gitleaks, in Base64': [{ RuleID: 'x', Secret: base64(VALUE) }],
    'gitleaks before release 8': [{ rule: 'x', offender: VALUE, line: 'a' }],
    TruffleHog: [{ DetectorName: 'Gitlab', Verified: true, Raw: VALUE, RawV2: '' }],
    'TruffleHog of 2022': [{ DetectorName: 'Gitlab', Raw: base64(VALUE), Redacted: '', ExtraData: null }],
    'TruffleHog, with what belongs to it': [
      { DetectorName: 'Okta', Raw: 'client', RawV2: `client:${VALUE}` },
    ],
    'SARIF, a line': snippet(`  token: "${VALUE}",`),
    'SARIF, an address': snippet(`git clone https://oauth2:${VALUE}@git.example.com/a/b.git`),
    'SARIF, a query': snippet(`curl "https://git.example.com/api?private_token=${VALUE}&page=1"`),
    'SARIF, the default of a shell': snippet(`\${TOKEN:-${VALUE}}`),
    'SARIF, the region around': location({
      region: { startLine: 1 },
      contextRegion: { startLine: 1, snippet: { text: `a: 1\nx="${VALUE}"\nb: 2` } },
    }),
    'SARIF, bytes': location({ region: { snippet: { binary: base64(`x=${VALUE}`) } } }),
    'SARIF, rendered': location({
      region: { snippet: { rendered: { text: '', markdown: `\`${VALUE}\`` } } },
    }),
    'SARIF, the message': {
      version: '2.1.0',
      runs: [{ results: [{ message: { text: 'found {0}', arguments: [VALUE] } }] }],
    },
    'SARIF, a step of a flow': {
      version: '2.1.0',
      runs: [
        {
          results: [
            {
              codeFlows: [
                {
                  threadFlows: [
                    {
                      locations: [
                        { location: { physicalLocation: { region: { snippet: { text: `x=${VALUE}` } } } } },
                      ],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
    'SARIF, a property of the tool': {
      version: '2.1.0',
      runs: [{ results: [{ locations: [], properties: { match: `x=${VALUE}` } }] }],
    },
    'TruffleHog, structured data': [{ DetectorName: 'Gitlab', Raw: '', StructuredData: { token: [VALUE] } }],
    'alerts that GitHub lists': [{ number: 1, secret_type: 'gitlab_access_token', secret: VALUE }],
    'GitLab, in the details': gitlab({ details: { match: { type: 'code', value: `x=${VALUE}` } } }),
    GitLab: gitlab({ raw_source_code_extract: VALUE }),
    'GitLab, a line': gitlab({ raw_source_code_extract: `export TOKEN=${VALUE}` }),
    'GitLab, older': {
      version: '14.0.0',
      vulnerabilities: [{ category: 'secret_detection', raw_source_code_extract: VALUE }],
    },
  };
  for (const [name, report] of Object.entries(known))
    test(`is read: ${name}`, () => {
      const text = JSON.stringify(report, null, 2);
      for (const form of [text, `\ufeff${text}`, text.replaceAll('\n', '\r\n')]) assert.ok(finds(form), form);
    });

  test('is read an object a line, between lines that the scanner logged', () => {
    const line = JSON.stringify({ DetectorName: 'Gitlab', Raw: VALUE });
    const logged = JSON.stringify({ level: 'info-0', ts: '2026-01-05T09:00:00Z', msg: 'finished scanning' });
    assert.ok(finds(`${logged}\r\n${line}\r\n${logged}`));
    assert.deepEqual(foundInReport(logged, 'r'), []);
  });

  test('without a finding says that nothing was found', () => {
    for (const nothing of [
      '[]',
      '',
      '\n',
      'null\n',
      '\ufeff[]',
      JSON.stringify({ version: '2.1.0', runs: [{ results: null }, {}] }),
      JSON.stringify({ ...gitlab({}), vulnerabilities: [] }),
    ])
      assert.deepEqual(foundInReport(nothing, 'r'), [], nothing);
  });

  test('that is none of these is refused in one sentence that quotes nothing', () => {
    const sast = { version: '15.0.0', scan: { type: 'sast' }, vulnerabilities: [] };
    for (const text of [
      VALUE,
      '{}',
      `{"token":"${VALUE}"}`,
      `${VALUE}\n{`,
      '[null]',
      '[1]',
      JSON.stringify(sast),
      JSON.stringify({ vulnerabilities: [] }),
    ])
      assert.throws(
        () => foundInReport(text, 'r'),
        (error) =>
          error instanceof Error &&
          error.message.startsWith('r is no report') &&
          !error.message.includes(VALUE),
        text,
      );
  });

  test('that holds no value is masked, or nothing', () => {
    const nature = (report: unknown): string | undefined =>
      foundInReport(JSON.stringify(report), 'r')[0]?.nature;
    for (const Secret of ['REDACTED', '****', 'glpat-abc...', 'token = "REDACTED"'])
      assert.equal(nature([{ RuleID: 'x', Secret }]), 'masked', Secret);
    assert.equal(nature(snippet('token = "REDACTED"')), 'masked');
    for (const empty of [gitlab({}), location({ region: { startLine: 1 } }), [{ RuleID: 'x', Secret: null }]])
      assert.ok(['nothing', 'text'].includes(nature(empty) ?? ''), JSON.stringify(empty));
    assert.equal(nature(snippet(VALUE)), 'value');
    assert.equal(nature(snippet(`token: ${VALUE}`)), 'text');
  });
});

describe('standard input', () => {
  const natures = (text: string): string[] =>
    foundInInput(text)
      .filter((one) => one.numbers.length === 1)
      .map((one) => `${one.numbers.join()} ${one.nature}`);

  test('is looked at line by line', () => {
    assert.deepEqual(natures(`\ufeff${VALUE}\r\n\r\nTOKEN=${VALUE}\r\n****`), [
      '1 value',
      '3 text',
      '4 masked',
    ]);
    assert.deepEqual(natures('\n \n'), []);
  });

  test('is looked at as one where Base64 goes over several lines', () => {
    const lines =
      base64(`first: 1\nsecond: 2\ntoken: ${VALUE}\nlast: of-this-long-file\n`).match(/.{1,30}/g) ?? [];
    const hits = foundInInput(lines.join('\n')).filter((one) => one.digests.includes(digestOf(VALUE)));
    assert.deepEqual(
      hits.at(-1)?.numbers,
      lines.map((_, place) => place + 1),
    );
  });

  test('is put together where a value was broken into lines', () => {
    for (const [text, numbers] of [
      [`TOKEN=${VALUE.slice(0, 9)}\n${VALUE.slice(9)} # ours`, [1, 2]],
      [`${VALUE.slice(0, 4)}\n\n${VALUE.slice(4, 15)}\r\n${VALUE.slice(15)}\n`, [1, 3, 4]],
    ] as const)
      assert.deepEqual(
        foundInInput(text)
          .filter((one) => one.digests.includes(digestOf(VALUE)))
          .map((one) => one.numbers),
        [numbers],
      );
  });

  test('of many lines is looked at up to a bound, and the rest is said to be left', () => {
    const found = foundInInput('x\n'.repeat(MOST_LINES + 2));
    assert.deepEqual(
      found.filter((one) => one.isCut).map((one) => one.numbers),
      [[MOST_LINES + 1, MOST_LINES + 2]],
    );
  });

  test('is a bare value only where it stands for nothing else', () => {
    assert.notEqual(foundInInput(gzipSync(VALUE).toString('base64'))[0]?.nature, 'value');
    for (const [text, nature] of [
      [VALUE, 'value'],
      [base64(VALUE), 'value'],
      [base64(`TOKEN=${VALUE}`), 'text'],
      [Buffer.from('see https://acme.example').toString('hex'), 'text'],
      ['c0ffee00c0ffee11c0ffee22c0ffee33', 'value'],
    ] as const)
      assert.equal(foundInInput(text)[0]?.nature, nature, text);
  });

  test('may be a digest, in either case', () => {
    const digest = digestOf(VALUE);
    for (const text of [digest, digest.toUpperCase()])
      assert.ok(foundInInput(text)[0]?.digests.includes(digest));
  });

  test('is known without the white space around it', () =>
    assert.equal(digestOf(` ${VALUE}\n`), digestOf(VALUE)));
});
