import type { Room } from './acts.ts';
import { controls, people, scenarioPicker, underWay } from './controls.ts';
import { threadView, type ThreadItem } from './view.ts';

/** What the browser shows, as one object; what is markup in it was escaped or sanitised here. */
export interface PageState {
  /** Title of the scenario. */
  title: string;
  /** The sandbox's clock. */
  now: string;
  head: string;
  items: ThreadItem[];
  scenario: string;
  controls: string;
  people: string;
  /** What goes on now, each in a few words; empty at rest. */
  underWay: string[];
}

/** The page as it stands now. */
export function pageState({ stage, markdown }: Pick<Room, 'stage' | 'markdown'>): PageState {
  const scene = stage.scene();
  const { head, items, reading } = threadView({ ...scene, markdown });
  return {
    title: scene.scenario.title,
    now: scene.clock.now().toISOString(),
    head,
    items,
    scenario: scenarioPicker(stage).markup,
    controls: controls(stage).markup,
    people: people(scene).markup,
    underWay: underWay(stage, reading),
  };
}

/** Cards that a browser has already: their markup is left out. `have` is `id:version,…`, as it shows them. */
export function withoutKnown(
  state: PageState,
  have: string,
): Omit<PageState, 'items'> & { items: (Omit<ThreadItem, 'html'> & { html: string | null })[] } {
  const known = new Set(have.split(','));
  const items = state.items.map((item) =>
    known.has(`${item.id}:${item.version}`) ? { ...item, html: null } : item,
  );
  return { ...state, items };
}
