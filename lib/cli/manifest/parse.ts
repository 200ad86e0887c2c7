import { LineCounter, parseDocument, type Document } from 'yaml';
import type * as z from 'zod';
import { overlapMissing, policyFrom } from '../../../functions/core/policy/contradictions.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import type { Policy } from '../../../functions/core/policy/policy.ts';
import { formatDuration } from '../../../functions/core/basics/time.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { fieldName, placeOf, plainValue, sentence, type Path } from '../../../functions/files/yaml-places.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { SETTINGS_VARIABLE } from '../issuers/settings-variable.ts';
import { circlesIn } from './dependency-cycles.ts';
import { correctionFor, wordsFor } from './fault-words.ts';
import { MAX_AGE_MOST, Manifest, ManifestToken } from './schema.ts';
import { withoutName } from './names-in-turn.ts';

/** One thing that is wrong with a manifest. */
export interface ManifestFault {
  readonly line: number;
  readonly column: number;
  /** Such as `tokens[0].policy.maxAge`; empty for the file as a whole. */
  readonly field: string;
  /** What is wrong and what to write instead, in one sentence. */
  readonly message: string;
}

/** A token of a manifest with its whole policy. */
export type WantedToken = ManifestToken & { readonly fullPolicy: Policy };

export type ParsedManifest =
  | { readonly tokens: readonly WantedToken[] }
  | { readonly faults: readonly ManifestFault[] };

/**
 * Reads a manifest; what is wrong comes back all at once, each with its place in the file. `issuers`: those
 * whose facts are known here.
 */
export function parseManifest(
  text: string,
  issuers: readonly ProviderDescriptor[] = DESCRIPTORS,
): ParsedManifest {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = [...document.errors, ...document.warnings].map((error): ManifestFault => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { line, column: col, field: '', message: `is not valid YAML: ${sentence(error.message)}` };
  });
  if (syntax.length > 0) return { faults: syntax };
  const file = new ManifestFile(document, lines, issuers);
  return file.read();
}

/** Only the id of an issuer of the user's own passes the schema without being known. */
const UNKNOWN_HERE =
  'names an issuer of your own that is not known here: run this beside its keyturn.json, or name that in ' +
  SETTINGS_VARIABLE;

class ManifestFile {
  readonly #document: Document;
  readonly #lines: LineCounter;

  readonly #issuers: readonly ProviderDescriptor[];

  constructor(document: Document, lines: LineCounter, issuers: readonly ProviderDescriptor[]) {
    this.#issuers = issuers;
    this.#document = document;
    this.#lines = lines;
  }

  read(): ParsedManifest {
    const value = plainValue(this.#document);
    if (value instanceof ReferenceError)
      return {
        faults: [
          this.#fault(
            [],
            'uses an alias (*name) that has no anchor, or far too many of them: write the values out',
          ),
        ],
      };
    const parsed = Manifest.safeParse(value ?? {});
    const entries = entriesIn(value);
    const names = entries.map(nameIn);
    const faults = [
      ...(parsed.error?.issues ?? []).flatMap((issue) => this.#faultsOf(issue)),
      ...this.#repeated(names),
    ];
    const tokens = entries.flatMap((entry, index) => {
      const token = ManifestToken.safeParse(entry);
      if (!token.success) return [];
      for (const one of withoutName(token.data))
        faults.push(this.#fault(['tokens', index, 'consumers', one.index, 'kind'], one.message));
      return this.#withPolicy(token.data, index, faults);
    });
    faults.push(...this.#circles(tokens, names));
    return faults.length > 0
      ? { faults: faults.toSorted((a, b) => a.line - b.line || a.column - b.column) }
      : { tokens };
  }

  #faultsOf(issue: z.core.$ZodIssue): ManifestFault[] {
    if (issue.code !== 'unrecognized_keys') return [this.#fault(issue.path, this.#messageOf(issue))];
    return issue.keys.map((key) =>
      this.#fault([...issue.path, key], `is no field here: ${correctionFor(key, issue.path)}`),
    );
  }

  /** Every message reads on after the field's name, and says what to write. */
  #messageOf(issue: z.core.$ZodIssue): string {
    const text = wordsFor(issue);
    if (this.#document.getIn([...issue.path]) === undefined) return `is missing: ${text}`;
    return /^(is|names|must|repeats|has) /.test(text) ? text : `is wrong: ${text}`;
  }

  /** Two entries for one secret would undo each other at every run. */
  #repeated(names: readonly (string | undefined)[]): ManifestFault[] {
    return names.flatMap((name, index) => {
      const first = names.indexOf(name);
      if (name === undefined || first === index) return [];
      return [
        this.#fault(
          ['tokens', index, 'secret'],
          `repeats ${name}, which tokens[${first}] names already: keep one of them`,
        ),
      ];
    });
  }

  /** Tokens that follow each other would all wait until their own ends come near. */
  #circles(tokens: readonly WantedToken[], names: readonly (string | undefined)[]): ManifestFault[] {
    const follows = new Map(tokens.map(({ secret, fullPolicy }) => [secret, fullPolicy.rotateAfter]));
    return circlesIn(follows).map(([first = '', ...rest]) =>
      this.#fault(
        ['tokens', names.indexOf(first), 'policy', 'rotateAfter'],
        `is wrong: ${[first, ...rest, first].join(' waits for ')}: let one of them wait for none`,
      ),
    );
  }

  #withPolicy(token: ManifestToken, index: number, faults: ManifestFault[]): WantedToken[] {
    const at = ['tokens', index, 'policy'];
    try {
      const issuer = this.#issuers.find((one) => one.id === token.issuer);
      if (!issuer) {
        faults.push(this.#fault(['tokens', index, 'issuer'], UNKNOWN_HERE));
        return [];
      }
      const fullPolicy = policyFrom(token.policy ?? {}, {
        name: token.secret,
        consumers: token.consumers ?? [],
        issuer,
      });
      const missing = issuer && overlapMissing(fullPolicy, issuer);
      if (missing !== undefined) throw new KeyturnError('bad-request', missing);
      if (fullPolicy.maxAge <= MAX_AGE_MOST) return [{ ...token, fullPolicy }];
      faults.push(
        this.#fault(
          [...at, 'maxAge'],
          `is longer than ${formatDuration(MAX_AGE_MOST)}, the longest that Secrets Manager can back ` +
            'up: shorten it',
        ),
      );
    } catch (error) {
      faults.push(...this.#policyFaults(at, error));
    }
    return [];
  }

  #policyFaults(at: Path, error: unknown): ManifestFault[] {
    if (!(error instanceof KeyturnError)) throw error;
    const [field = ''] = error.message.split(' ');
    return [this.#fault([...at, field], `is wrong: ${sentence(error.message)}`)];
  }

  #fault(path: Path, message: string): ManifestFault {
    return { ...placeOf(path, this.#document, this.#lines), field: fieldName(path), message };
  }
}

function entriesIn(value: unknown): unknown[] {
  const tokens: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'tokens') : undefined;
  return Array.isArray(tokens) ? tokens : [];
}

function nameIn(entry: unknown): string | undefined {
  const name: unknown =
    typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'secret') : undefined;
  return typeof name === 'string' ? name : undefined;
}
