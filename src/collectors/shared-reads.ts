/** A request of a Google API, as the processes tell each other of it. */
export interface Question {
  /** Whose quota it takes from. */
  project: string;
  /** Host of the API. */
  api: string;
  /** Method, address and body: the same text is the same question. */
  text: string;
}

/** An answer of status 2xx. */
export interface KeptAnswer {
  body: string;
  /** When it was really there. */
  readAt: Date;
  /** When by Google's clock; missing where another process asked. */
  googleAt?: Date | null;
}

/** What comes of a question before Google is asked. */
export type Leave =
  | { kind: 'known'; answer: KeptAnswer }
  | { kind: 'ask' }
  /** The quota is used up. */
  | { kind: 'wait'; waitMs: number; perMinute: number };

/** What all processes share of their reads of Google Cloud; the server keeps it in its database. */
export interface SharedReads {
  /** For each question, in order: its answer where one is known, else the leave to ask, which takes from the quota. */
  begin(questions: readonly Question[]): Promise<Leave[]>;
  /** Keeps answers for the other processes. */
  keep(answers: readonly { question: Question; answer: KeptAnswer }[]): Promise<void>;
}
