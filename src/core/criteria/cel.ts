import { Environment } from '@marcbachmann/cel-js';
import { celLimits, celNames } from './names.ts';
import type { CelName, Field, FieldType } from './names.ts';

/**
 * The typed CEL environment, built once from the table of names. It holds no values: those come with each
 * evaluation, as records that read a field only when the expression asks for it.
 */

/** Gives the value of one field, in CEL's types, or throws where it could not be read. */
export type ReadField = (field: string) => unknown;

const celTypes: Record<FieldType, string> = {
  int: 'int',
  double: 'double',
  duration: 'google.protobuf.Duration',
  string: 'string',
  bool: 'bool',
};

type RecordClass = new (read: ReadField) => object;

/** A class whose getters read the fields: cel-js finds a value's type by its class. */
function recordClass(fields: readonly string[]): RecordClass {
  return class FigureRecord {
    readonly #read: ReadField;
    constructor(read: ReadField) {
      this.#read = read;
    }
    static {
      for (const field of fields) {
        Object.defineProperty(this.prototype, field, {
          get(this: FigureRecord) {
            return this.#read(field);
          },
        });
      }
    }
  };
}

const classes = new Map<string, RecordClass>();

/** A record of the given name of the table, whose fields are read through `read`. */
export function celRecord(name: string, read: ReadField): object {
  const found = classes.get(name);
  if (!found) throw new RangeError(`${name} is no record of the table of CEL names`);
  return new found(read);
}

/** The name of a record's type in messages: `probes` are of type `Probes`. */
function typeName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function typeOf(name: string, entry: CelName): string {
  switch (entry.shape) {
    case 'value':
      return celTypes[entry.type];
    case 'record':
      return typeName(name);
    case 'list':
      return `list<${typeName(name)}>`;
    case 'strings':
      return 'list<string>';
    case 'map':
      return `map<string, ${typeName(name)}>`;
  }
}

function fieldTypes(fields: Readonly<Record<string, Field>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([field, { type }]) => [field, celTypes[type]]));
}

function build(): Environment {
  const { maxAstNodes, maxDepth, maxListElements, maxMapEntries, maxCallArguments } = celLimits;
  const limits = { maxAstNodes, maxDepth, maxListElements, maxMapEntries, maxCallArguments };
  const environment = new Environment({ limits });
  for (const [name, entry] of Object.entries(celNames)) {
    if ('fields' in entry) {
      const ctor = recordClass(Object.keys(entry.fields));
      classes.set(name, ctor);
      environment.registerType(typeName(name), { ctor, fields: fieldTypes(entry.fields) });
    }
    environment.registerVariable(name, typeOf(name, entry));
  }
  return environment;
}

/** Checks, parses and evaluates criteria. */
export const cel: Environment = build();
