/**
 * Where trimmed descriptions come from: exact versions of npm packages, and the files made of them. A builder
 * only reads below `nodeModulesDir`, and gives the same text for the same versions.
 */
export interface DescriptionSource {
  /** npm package name → exact version. */
  packages: Record<string, string>;
  /** File name below `sandbox/descriptions/` → its text. */
  outputs(nodeModulesDir: string): Promise<Record<string, string>>;
}
