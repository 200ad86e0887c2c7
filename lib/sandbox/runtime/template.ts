import * as z from 'zod';
import { NO_VALUE, resolve, type Scope } from './intrinsics.ts';
import { fieldsOf, type Fields } from './json.ts';
import { physicalOf, type Declared, type Physical, type Place } from './physical.ts';

const RawTemplate = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).optional(),
      Condition: z.string().optional(),
    }),
  ),
  Conditions: z.record(z.string(), z.unknown()).optional(),
  Parameters: z.record(z.string(), z.looseObject({ Default: z.unknown().optional() })).optional(),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })).optional(),
});
type RawTemplate = z.infer<typeof RawTemplate>;

/** A resource with all functions resolved. */
export interface Resource extends Physical {
  readonly id: string;
  readonly type: string;
  readonly properties: Fields;
}

/** What a template is deployed with. */
export interface Given {
  /** Values of its parameters, in place of their defaults. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The template of a nested stack, by its `TemplateURL`. */
  readonly nestedAt?: (url: string) => unknown;
}

const NESTED = 'AWS::CloudFormation::Stack';
const NestedStack = z.strictObject({
  TemplateURL: z.string(),
  Parameters: z.record(z.string(), z.unknown()).default({}),
});

/**
 * A CloudFormation template as it comes out in one place: every name known, every function resolved. What is
 * in its nested stacks is among its resources.
 */
export class Template {
  readonly resources: readonly Resource[];
  /** Values by name, without the hash that CDK appends. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly #raw: RawTemplate;
  readonly #place: Place;
  readonly #given: Given;
  readonly #physical = new Map<string, Physical>();

  /** Errors: one sentence for what CloudFormation would not take, or the sandbox does not know. */
  constructor(raw: unknown, place: Place, given: Given = {}) {
    this.#raw = RawTemplate.parse(raw);
    this.#place = place;
    this.#given = given;
    this.#checkParameters();
    const scope = this.#scope();
    const wanted = Object.entries(this.#raw.Resources).filter(
      ([, { Condition }]) => Condition === undefined || scope.condition(Condition),
    );
    this.resources = wanted.flatMap(([id, { Type, Properties }]): readonly Resource[] => {
      const properties = fieldsOf(resolve(Properties ?? {}, scope));
      if (Type === NESTED) return this.#nested(id, properties);
      return [{ id, type: Type, properties, ...this.#physicalOf(id) }];
    });
    this.outputs = new Map(
      Object.entries(this.#raw.Outputs ?? {}).map(([name, { Value }]) => [
        name.replace(/[0-9A-F]{8}$/, ''),
        String(resolve(Value, scope)),
      ]),
    );
  }

  of(type: string): Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** CloudFormation refuses a value for a parameter that is not declared, and one that has no value. */
  #checkParameters(): void {
    const { parameters = {} } = this.#given;
    const declared = this.#raw.Parameters ?? {};
    for (const name of Object.keys(parameters))
      if (!Object.hasOwn(declared, name))
        throw new Error(`The template declares no parameter ${name}, which is given to it.`);
    for (const [name, { Default }] of Object.entries(declared))
      if (Default === undefined && !Object.hasOwn(parameters, name))
        throw new Error(`The parameter ${name} of the template has no value.`);
  }

  #nested(id: string, properties: Fields): readonly Resource[] {
    const { TemplateURL, Parameters } = NestedStack.parse(properties);
    const { nestedAt } = this.#given;
    if (!nestedAt) throw new Error(`The template of the nested stack ${id} is not there.`);
    const place = { ...this.#place, stackName: `${this.#place.stackName}-${id}` };
    return new Template(nestedAt(TemplateURL), place, { parameters: Parameters, nestedAt }).resources;
  }

  #scope(): Scope {
    return {
      ref: (name) => this.#ref(name),
      getAtt: (id, attribute) => {
        const value = this.#physicalOf(id).attributes[attribute];
        if (value === undefined)
          throw new Error(
            `The sandbox does not know the attribute ${attribute} of ` +
              `${this.#raw.Resources[id]?.Type ?? 'a missing resource'} (${id}).`,
          );
        return value;
      },
      condition: (name) => resolve(this.#raw.Conditions?.[name], this.#scope()) === true,
    };
  }

  #ref(name: string): unknown {
    const { account, region, stackName } = this.#place;
    switch (name) {
      case 'AWS::AccountId':
        return account;
      case 'AWS::Region':
        return region;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return stackName;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/sandbox`;
      case 'AWS::NoValue':
        return NO_VALUE;
      default:
        return Object.hasOwn(this.#raw.Resources, name) ? this.#physicalOf(name).ref : this.#parameter(name);
    }
  }

  #parameter(name: string): unknown {
    const parameter = this.#raw.Parameters?.[name];
    if (!parameter)
      throw new Error(`The template refers to ${name}, which is neither a resource nor a parameter.`);
    const { parameters = {} } = this.#given;
    return Object.hasOwn(parameters, name) ? parameters[name] : parameter.Default;
  }

  #physicalOf(id: string): Physical {
    const known = this.#physical.get(id);
    if (known) return known;
    const raw = this.#raw.Resources[id];
    if (!raw) throw new Error(`The template refers to the resource ${id}, which it does not have.`);
    const declared: Declared = {
      id,
      type: raw.Type,
      property: (name) => resolve(raw.Properties?.[name], this.#scope()),
    };
    const made = physicalOf(declared, this.#place);
    this.#physical.set(id, made);
    return made;
  }
}
