/** Where discovery looks. */
export interface Place {
  /** Id of the project. */
  project: string;
  /** Name of the region; empty where none is needed. */
  region: string;
}
