import { LineCounter, isMap, isNode, isScalar, parseDocument, type Document, type Node } from 'yaml';
import type * as z from 'zod';
import { KeyturnError } from '../../../functions/core/errors.ts';
import { policyFrom, type Policy } from '../../../functions/core/policy.ts';
import { formatDuration } from '../../../functions/core/time.ts';
import { suggestion } from '../nearest.ts';
import { MAX_AGE_MOST, Manifest, ManifestToken, type Manifest as ManifestType } from './schema.ts';
import { PolicyInput } from '../../../functions/core/policy.ts';

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
export type WantedToken = ManifestType['tokens'][number] & { readonly fullPolicy: Policy };

export type ParsedManifest = { readonly tokens: readonly WantedToken[] } | { readonly faults: readonly ManifestFault[] };

type Path = readonly PropertyKey[];

/** Reads a manifest; what is wrong comes back all at once, each with its place in the file. */
export function parseManifest(text: string): ParsedManifest {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = [...document.errors, ...document.warnings].map((error): ManifestFault => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { line, column: col, field: '', message: `is not valid YAML: ${sentence(error.message)}` };
  });
  if (syntax.length > 0) return { faults: syntax };
  const file = new ManifestFile(document, lines);
  return file.read();
}

class ManifestFile {
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  read(): ParsedManifest {
    const value: unknown = this.#document.toJS();
    const parsed = Manifest.safeParse(value ?? {});
    if (!parsed.success) return { faults: inOrder([...parsed.error.issues.flatMap((issue) => this.#faultsOf(issue)), ...this.#repeated(namesIn(value))]) };
    const faults = this.#repeated(parsed.data.tokens.map((token) => token.secret));
    const tokens = parsed.data.tokens.flatMap((token, index) => this.#withPolicy(token, index, faults));
    return faults.length > 0 ? { faults: inOrder(faults) } : { tokens };
  }

  #faultsOf(issue: z.core.$ZodIssue): ManifestFault[] {
    if (issue.code !== 'unrecognized_keys') return [this.#fault(issue.path, messageOf(issue))];
    return issue.keys.map((key) => this.#fault([...issue.path, key], `is no field here: remove it or correct its name.${suggestion(key, knownAt(issue.path))}`.replace(/\.$/, '')));
  }

  /** Two entries for one secret would undo each other at every run. */
  #repeated(names: readonly (string | undefined)[]): ManifestFault[] {
    return names.flatMap((name, index) => {
      const first = names.indexOf(name);
      if (name === undefined || first === index) return [];
      return [this.#fault(['tokens', index, 'secret'], `repeats ${name}, which tokens[${first}] names already: keep one of them`)];
    });
  }

  #withPolicy(token: ManifestType['tokens'][number], index: number, faults: ManifestFault[]): WantedToken[] {
    const at = ['tokens', index, 'policy'];
    try {
      const fullPolicy = policyFrom(token.policy ?? {});
      if (fullPolicy.maxAge <= MAX_AGE_MOST) return [{ ...token, fullPolicy }];
      faults.push(this.#fault([...at, 'maxAge'], `is longer than ${formatDuration(MAX_AGE_MOST)}, the longest that Secrets Manager can back up: shorten it`));
    } catch (error) {
      if (!(error instanceof KeyturnError)) throw error;
      const [field = ''] = error.message.split(' ');
      faults.push(this.#fault([...at, field], `contradicts another field: ${sentence(error.message)}`));
    }
    return [];
  }

  #fault(path: Path, message: string): ManifestFault {
    const { line, col } = this.#lines.linePos(this.#offsetOf(path));
    return { line, column: col, field: fieldName(path), message };
  }

  /** Where a field's key stands; for a field that is not there, the nearest thing around it that is. */
  #offsetOf(path: Path): number {
    let node: unknown = this.#document.contents;
    let offset = startOf(node) ?? 0;
    for (const step of path) {
      const [place, next] = stepInto(node, step);
      if (place === undefined) return offset;
      offset = place;
      node = next;
    }
    return offset;
  }
}

/** Where a step begins, and what it leads to. */
function stepInto(node: unknown, step: PropertyKey): [number | undefined, unknown] {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
    return [startOf(pair?.key), pair?.value];
  }
  const items: unknown = isNode(node) && 'items' in node ? node.items : undefined;
  const item: unknown = Array.isArray(items) && typeof step === 'number' ? items[step] : undefined;
  return [startOf(item), item];
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? rangeStart(node) : undefined;
}

function rangeStart(node: Node): number | undefined {
  return node.range?.[0];
}

function fieldName(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`)).join('');
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input')) return sentence(issue.message);
  if (issue.input === undefined && issue.message.endsWith('undefined')) return `is missing: add it (${issue.expected})`;
  return issue.expected === 'string' ? 'must be text: put it in quotes' : `must be of the type ${issue.expected}`;
}

/** Without the full stop, since a list of faults ends its lines itself. */
function sentence(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replace(/\.$/, '');
}

function knownAt(path: Path): string[] {
  if (path.length === 0) return Object.keys(Manifest.shape);
  return path.at(-1) === 'policy' ? Object.keys(PolicyInput.shape) : Object.keys(ManifestToken.shape);
}

function namesIn(value: unknown): (string | undefined)[] {
  const tokens: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'tokens') : undefined;
  if (!Array.isArray(tokens)) return [];
  return tokens.map((token: unknown) => {
    const name: unknown = typeof token === 'object' && token !== null ? Reflect.get(token, 'secret') : undefined;
    return typeof name === 'string' ? name : undefined;
  });
}

function inOrder(faults: readonly ManifestFault[]): ManifestFault[] {
  return faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
