/**
 * The names that a criterion may use, with their types and meanings: what is type-checked, what is read and what
 * the reference page shows all come from this table. A name is added here and given its value in `readings.ts`.
 */

/** What a field holds, in CEL's types. */
export type FieldType = 'int' | 'double' | 'duration' | 'string' | 'bool';

/** The texts that a string may be: a fixed list, or the ids of a configuration. */
export type Values =
  readonly string[] | 'causes' | 'components' | 'criteria' | 'http' | 'journeys' | 'websocket';

/** One value with a type. */
export interface Field {
  type: FieldType;
  meaning: string;
  /** True where the value is a part of one whole, shown as a percentage. */
  share?: true;
  values?: Values;
}

type Fields = Readonly<Record<string, Field>>;

/** A name: one value, a record of values, a list of records or strings, or a map of records by id. */
export type CelName =
  | ({ shape: 'value' } & Field)
  | { shape: 'record'; fields: Fields }
  | { shape: 'list'; meaning: string; fields: Fields }
  | { shape: 'strings'; meaning: string; values: Values }
  | { shape: 'map'; meaning: string; keys: Values; fields: Fields };

const componentStates = ['healthy', 'degraded', 'failing', 'unknown'] as const;

export const celNames: Readonly<Record<string, CelName>> = {
  probes: {
    shape: 'list',
    meaning: 'the http components, the worst of their last samples',
    fields: {
      id: { type: 'string', values: 'http', meaning: 'id of the component' },
      status: { type: 'int', meaning: 'HTTP status that was answered' },
      latency: { type: 'duration', meaning: 'time until the answer' },
      ok: { type: 'bool', meaning: 'all as the component expects it: status, time, body, redirect' },
    },
  },
  sockets: {
    shape: 'list',
    meaning: 'the websocket components, last sample',
    fields: {
      id: { type: 'string', values: 'websocket', meaning: 'id of the component' },
      open: { type: 'bool', meaning: 'whether the connection was accepted' },
      latency: { type: 'duration', meaning: 'time until the answer' },
    },
  },
  requests: {
    shape: 'record',
    fields: {
      count: { type: 'int', meaning: 'requests to the Cloud Run components' },
      rate: { type: 'double', meaning: 'requests a second' },
    },
  },
  errors: {
    shape: 'record',
    fields: {
      count: { type: 'int', meaning: 'answers 5xx of the Cloud Run components; unknown at no requests' },
      share: { type: 'double', share: true, meaning: '5xx ÷ requests, 0 to 1; unknown at no requests' },
    },
  },
  connect: {
    shape: 'record',
    fields: {
      p95: {
        type: 'duration',
        meaning: 'time to connect to the database as logs or probes give it, 95th percentile',
      },
    },
  },
  startup: {
    shape: 'record',
    fields: {
      share: { type: 'double', share: true, meaning: 'starts that became ready ÷ starts, 0 to 1' },
    },
  },
  components: {
    shape: 'map',
    keys: 'components',
    meaning: 'a component by its id',
    fields: {
      state: { type: 'string', values: componentStates, meaning: 'healthy, degraded or failing' },
      healthy: { type: 'bool', meaning: 'whether the state is healthy' },
    },
  },
  journeys: {
    shape: 'map',
    keys: 'journeys',
    meaning: 'a journey by its id',
    fields: {
      blocked: { type: 'bool', meaning: 'whether a step of it fails' },
      at: { type: 'string', values: 'components', meaning: 'the first failing step; empty where none fails' },
    },
  },
  recovery: {
    shape: 'value',
    type: 'double',
    share: true,
    meaning: 'healthy ÷ all serving components (Cloud Run services; without one, the endpoints), 0 to 1',
  },
  trend: {
    shape: 'value',
    type: 'string',
    values: ['improving', 'steady', 'worsening'],
    meaning:
      'improving, steady or worsening: over the samples of the last 60 minutes; without them against the update before and the window before',
  },
  causes: { shape: 'strings', values: 'causes', meaning: 'causes that are confirmed or probable' },
  root: {
    shape: 'record',
    fields: {
      verdict: {
        type: 'string',
        values: ['confirmed', 'probable', 'unknown'],
        meaning: 'how sure the root cause is: confirmed, probable or unknown',
      },
    },
  },
  criteria: {
    shape: 'map',
    keys: 'criteria',
    meaning: 'a success criterion by its id; for labels and escalation rules',
    fields: { met: { type: 'bool', meaning: 'whether it is met, over the time that it names' } },
  },
  elapsed: { shape: 'value', type: 'duration', meaning: 'time since the incident was declared' },
  stage: {
    shape: 'value',
    type: 'string',
    values: ['investigating', 'identified', 'mitigating', 'monitoring', 'resolved'],
    meaning: 'investigating, identified, mitigating, monitoring or resolved',
  },
  severity: {
    shape: 'value',
    type: 'string',
    values: ['P0', 'P1', 'P2', 'P3'],
    meaning: 'P0, P1, P2 or P3',
  },
  incident: {
    shape: 'record',
    fields: {
      regression_of: { type: 'int', meaning: 'number of the earlier incident that came back; 0 for none' },
      lead: { type: 'string', meaning: 'login of who leads; empty for nobody' },
    },
  },
};

/** Functions and macros that an expression may call. `matches` is not among them: a pattern can run for minutes. */
export const celFunctions: Readonly<Record<string, string>> = {
  duration: "a length of time: duration('90s'), duration('10m'), duration('2h')",
  size: 'number of elements of a list, or of characters',
  int: 'a whole number from a fractional one, cut off',
  double: 'a fractional number from a whole one',
  startsWith: "whether a text begins so: p.id.startsWith('api')",
  endsWith: 'whether a text ends so',
  contains: 'whether a text contains another one',
  all: 'whether it holds for every element: probes.all(p, p.ok)',
  exists: 'whether it holds for at least one element',
  exists_one: 'whether it holds for exactly one element',
  filter: 'the elements for which it holds: probes.filter(p, !p.ok).size() <= 1',
  map: 'a list with a value for each element',
};

/** What an expression may cost; the length is the schema's. */
export const celLimits = {
  /** Macros inside macros. */
  macroDepth: 2,
  /** `map` in an expression. */
  maps: 2,
  /** Characters of an expression. */
  length: 2_000,
  /** Parts of an expression, each counted as often as it is evaluated over all elements. */
  steps: 100_000,
  maxAstNodes: 300,
  maxDepth: 24,
  maxListElements: 50,
  maxMapEntries: 10,
  maxCallArguments: 4,
} as const;
