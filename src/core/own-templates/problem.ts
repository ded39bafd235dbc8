/** Why a template of a repository is not used, and what to do about it. */
export interface TemplateProblem {
  /** Kebab-case id of the kind of problem. */
  code: string;
  /** Below the folder of templates: `status.hbs`, `partials/footer.hbs`. */
  file: string;
  /** A sentence of which the file is the subject. */
  message: string;
  /** From 1; null where no place is known. */
  line: number | null;
  /** From 1; null where no place is known. */
  column: number | null;
  remedy: string;
}
