import type { Span } from '@opentelemetry/api';
import type { CollectWatch } from '../../collectors/collect.ts';
import { beginSpan } from '../../tracing.ts';

/** One span for each collector of a collection, from its start to the collector's last answer. */
export function collectorSpans(): CollectWatch {
  const open = new Map<string, { span: Span; left: number; gaps: number; reads: number }>();
  return {
    onPlan(reads) {
      for (const { collector } of reads) {
        const known = open.get(collector);
        if (known === undefined)
          open.set(collector, { span: beginSpan(`collector ${collector}`), left: 1, gaps: 0, reads: 1 });
        else {
          known.left += 1;
          known.reads += 1;
        }
      }
    },
    onRead({ collector, gaps }) {
      const of = open.get(collector);
      if (of === undefined) return;
      of.left -= 1;
      of.gaps += gaps.length;
      if (of.left > 0) return;
      of.span.setAttributes({ 'sitrep.reads': of.reads, 'sitrep.gaps': of.gaps });
      of.span.end();
    },
  };
}
