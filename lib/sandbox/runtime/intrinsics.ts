import { isFields } from './json.ts';

/** What intrinsic functions look things up in. */
export interface Scope {
  /** The value of `Ref`: a pseudo parameter, a parameter or a resource. */
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
}

/** Stands for a property that `AWS::NoValue` takes away. */
export const NO_VALUE = Symbol('AWS::NoValue');

type Evaluate = (argument: unknown, scope: Scope) => unknown;

const FUNCTIONS: ReadonlyMap<string, Evaluate> = new Map<string, Evaluate>([
  ['Ref', (name, scope) => scope.ref(text(name, 'Ref'))],
  ['Fn::GetAtt', (argument, scope) => getAtt(argument, scope)],
  [
    'Fn::Join',
    (argument, scope) => {
      const [glue, parts] = list(resolve(argument, scope), 'Fn::Join');
      return list(parts, 'Fn::Join').map(String).join(String(glue));
    },
  ],
  [
    'Fn::Split',
    (argument, scope) => {
      const [glue, whole] = list(resolve(argument, scope), 'Fn::Split');
      return String(whole).split(String(glue));
    },
  ],
  [
    'Fn::Select',
    (argument, scope) => {
      const [index, from] = list(resolve(argument, scope), 'Fn::Select');
      return list(from, 'Fn::Select')[Number(index)];
    },
  ],
  ['Fn::Sub', (argument, scope) => substitute(argument, scope)],
  [
    'Fn::If',
    (argument, scope) => {
      const [name, yes, no] = list(argument, 'Fn::If');
      return resolve(scope.condition(text(name, 'Fn::If')) ? yes : no, scope);
    },
  ],
  ['Condition', (name, scope) => scope.condition(text(name, 'Condition'))],
  [
    'Fn::Equals',
    (argument, scope) => {
      const [one, other] = list(resolve(argument, scope), 'Fn::Equals');
      return JSON.stringify(one) === JSON.stringify(other);
    },
  ],
  ['Fn::Not', (argument, scope) => list(resolve(argument, scope), 'Fn::Not')[0] !== true],
  ['Fn::And', (argument, scope) => list(resolve(argument, scope), 'Fn::And').every((one) => one === true)],
  ['Fn::Or', (argument, scope) => list(resolve(argument, scope), 'Fn::Or').includes(true)],
]);

/**
 * Replaces every intrinsic function of a template's value by what it comes to. Errors: one sentence for a
 * function that is not known.
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((one) => resolve(one, scope)).filter((one) => one !== NO_VALUE);
  if (!isFields(value)) return value;
  const [only, ...others] = Object.entries(value);
  if (only && others.length === 0) {
    const [name, argument] = only;
    const evaluate = name === 'Condition' && typeof argument !== 'string' ? undefined : FUNCTIONS.get(name);
    if (evaluate) return evaluate(argument, scope);
    if (name.startsWith('Fn::')) throw new Error(`The sandbox does not know the intrinsic function ${name}.`);
  }
  const resolved = Object.entries(value).map(([key, one]) => [key, resolve(one, scope)] as const);
  return Object.fromEntries(resolved.filter(([, one]) => one !== NO_VALUE));
}

function getAtt(argument: unknown, scope: Scope): unknown {
  const [id, attribute] =
    typeof argument === 'string'
      ? [argument.slice(0, argument.indexOf('.')), argument.slice(argument.indexOf('.') + 1)]
      : list(argument, 'Fn::GetAtt');
  return scope.getAtt(text(id, 'Fn::GetAtt'), text(resolve(attribute, scope), 'Fn::GetAtt'));
}

/** `${Name}`, `${Logical.Attribute}`, `${!literal}`, and names of its own. */
function substitute(argument: unknown, scope: Scope): string {
  const [template, given] = Array.isArray(argument) ? argument : [argument, {}];
  const own = isFields(given) ? given : {};
  return text(template, 'Fn::Sub').replaceAll(
    /\$\{(!?)([^}]+)\}/g,
    (_whole, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (Object.hasOwn(own, name)) return String(resolve(own[name], scope));
      return String(name.includes('.') ? getAtt(name, scope) : scope.ref(name));
    },
  );
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`${where} in the template needs a text.`);
}

function list(value: unknown, where: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${where} in the template needs a list.`);
}
