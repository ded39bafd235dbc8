import type { Configuration } from '../../config/repository.schema.ts';
import type { Telling } from '../compose/story-facts.ts';
import type { IncidentEvent } from '../incident/events.ts';
import { redactedConfiguration } from './configuration.ts';
import { redactedInput } from './input.ts';
import { redactedRecord } from './record.ts';

/** What a story is told from. */
interface Told {
  configuration: Configuration;
  record: readonly IncidentEvent[];
  telling: Telling | null;
  redacted: boolean;
}

/** The story of an incident as far as everybody may see it. */
export function redactedStory<Story extends Told>(story: Story): Story {
  return {
    ...story,
    configuration: redactedConfiguration(story.configuration),
    record: redactedRecord(story.record),
    telling: story.telling && redactedTelling(story.configuration, story.telling),
    redacted: true,
  };
}

function redactedTelling(configuration: Configuration, { snapshot, diagnosis }: Telling): Telling {
  const { redacted, ...input } = redactedInput({
    configuration,
    snapshot,
    diagnosis,
    criteria: { success: [], escalation: [] },
    nextCheckpoint: null,
    version: '',
  });
  const told = { snapshot: input.snapshot, diagnosis: input.diagnosis };
  return redacted === undefined ? told : { ...told, redacted };
}
