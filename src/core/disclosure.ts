/**
 * How much an update may show of what was read: everything; or, in a public repository of which the operator has not said
 * otherwise, states and durations alone, each with its evidence id.
 */
export type Disclosure = 'full' | 'redacted';
