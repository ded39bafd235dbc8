import { accountOf } from '../state/world.ts';
import type { World } from '../state/world.ts';

/** Who did something: type `User`, `Bot` or `Organization`. GraphQL names a bot without `[bot]`. */
export function account(world: World, login: string) {
  const { type, login: name } = accountOf(world, login);
  return { __typename: type, login: name.replace(/\[bot\]$/u, '') };
}
