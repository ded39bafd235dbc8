/** Whether an image's tag or labels hold a commit's full id, whole or shortened to seven digits or more. */
export function namesCommit(image: string, sha: string | undefined): boolean {
  const ids: readonly string[] = image.match(/(?<![\da-f])[\da-f]{7,40}(?![\da-f])/gu) ?? [];
  return sha !== undefined && sha.length === 40 && ids.some((id) => sha.startsWith(id));
}
