/**
 * One call of a command, whatever it came from: a comment, a checkpoint, a button. Handlers make it from a webhook
 * payload; commands see nothing of GitHub's shapes.
 */
export interface Invocation {
  /** Delivery GUID, or another id that is the same each time this call is tried again. */
  id: string;
  installationId: number;
  repository: {
    id: number;
    owner: string;
    name: string;
    private: boolean;
  };
  issue: {
    number: number;
    title: string;
    url: string;
    labels: string[];
    openedAt: string;
    comments: number;
  };
  actor: string;
  /** When the call reached Sitrep, ISO 8601, by Sitrep's clock; null where that is not known. */
  receivedAt: string | null;
  comment: { id: number; url: string; body: string };
}
