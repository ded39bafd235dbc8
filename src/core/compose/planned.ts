import type { Component } from '../../config/repository.schema.ts';
import { stateOf } from '../incident/state.ts';
import { fence, prose, say } from '../text.ts';
import { type Facts, readingOf } from './facts.ts';
import { type Action, servingRevision } from './going-back.ts';

/** A command of gcloud that only reads, on a line of its own. */
const onlyReads = /^gcloud (?:[a-z0-9-]+ )+(?:describe|list)(?: [^;|&`$<>\n]*)?$/;
const shift = /^gcloud run services update-traffic (\S+) (?:.* )?--to-revisions=([a-z0-9-]+)=100(?: |$)/;

/**
 * The actions of the plan's first phase that still has any. Left out is what would be repeated: to look up what
 * was read just now, to send requests where they go already, and what is ticked off.
 *
 * @param besides Commands that are proposed anyway.
 */
export function plannedActions(facts: Facts, besides: readonly string[]): Action[] {
  return nextPlanned(facts, besides).map(({ title, run }) => ({
    what: say`${prose(title)}`,
    run: run === undefined ? null : fence('bash', run),
    caution: null,
  }));
}

/** The same as the configuration has them; in a redacted update by their titles alone. */
export function nextPlanned(
  facts: Facts,
  besides: readonly string[],
): readonly { title: string; run?: string | undefined }[] {
  if (facts.redacted !== undefined) return facts.redacted.planned.map((title) => ({ title }));
  const ticked = new Set(
    stateOf(facts.snapshot.record ?? []).actions.flatMap(({ title, done }) => (done === null ? [] : [title])),
  );
  const phases = facts.configuration.plan.map(({ actions }) =>
    actions.filter(
      ({ title, run }) =>
        !ticked.has(title) &&
        (run === undefined || !(besides.includes(run) || hasJustBeenRead(facts, run) || isDone(facts, run))),
    ),
  );
  return phases.find((actions) => actions.length > 0) ?? [];
}

function hasJustBeenRead(facts: Facts, run: string): boolean {
  if (!onlyReads.test(run)) return false;
  const words = new Set(run.split(/[\s=]+/));
  return Object.entries(facts.configuration.components).some(([id, component]) => {
    const name = nameOf(component);
    return name !== null && words.has(name) && readingOf(facts, id).state !== 'unknown';
  });
}

/** What Google calls the component; null for what has no name there. */
function nameOf(component: Component): string | null {
  switch (component.type) {
    case 'cloud-run':
      return component.service;
    case 'cloud-sql':
      return component.instance;
    case 'vpc-connector':
    case 'secret':
      return component.name;
    case 'load-balancer':
      return component.backend_service;
    case 'http':
    case 'websocket':
    case 'google-region':
    case 'terraform-state':
    case 'metric':
    case 'log-filter':
    case 'service':
      return null;
  }
}

function isDone(facts: Facts, run: string): boolean {
  const [, service, revision] = shift.exec(run) ?? [];
  return Object.entries(facts.configuration.components).some(
    ([id, component]) =>
      component.type === 'cloud-run' &&
      component.service === service &&
      servingRevision(facts, id) === revision,
  );
}
