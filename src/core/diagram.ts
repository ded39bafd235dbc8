import type { Text } from './text.ts';

/**
 * Pictures of an update, before they become Mermaid. A builder of `core/diagrams/` says what is to be seen; the writer of
 * `templates/` turns it into source in which no text can be anything but a label. Each picture stands beside text that
 * tells the same, so it may be left out wherever there is no room for it.
 */

/** A text in a picture: own words with values between them, or foreign text as it came. */
export type Words = Text | string;

/** How a node looks; its label says the same in words. */
export type Tone = 'failing' | 'degraded' | 'unknown' | 'healthy' | 'plain';

/** A box with a label of one or more lines. */
export interface DiagramNode {
  /** Unique in the diagram; never shown. */
  readonly id: string;
  readonly lines: readonly Words[];
  readonly tone: Tone;
  /** Round for what is no component: a journey, a count of what is not drawn. */
  readonly shape: 'box' | 'round';
  /** Drawn with a thick border of its own colour: where the cause lies. */
  readonly marked: boolean;
}

/** An arrow between two nodes of the diagram, by their ids. */
export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  readonly line: 'solid' | 'dotted' | 'thick';
  readonly words: Words | null;
}

/** Boxes and arrows. */
export interface Flowchart {
  readonly as: 'flowchart';
  readonly direction: 'across' | 'down';
  /** What it shows, for those who do not see it. */
  readonly title: Text;
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
}

/** One column of a chart; null where nothing is known: that is no zero. */
export interface DiagramColumn {
  readonly value: number | null;
  /** Written below it; null for none. */
  readonly words: Words | null;
}

/** Columns over time, from zero to `highest`. */
export interface ColumnChart {
  readonly as: 'columns';
  readonly title: Text;
  readonly unit: Text;
  readonly highest: number;
  readonly colour: 'errors' | 'time';
  readonly columns: readonly DiagramColumn[];
}

/** A stretch of time, or a moment where it ends when it begins. Times are UTC, ISO 8601. */
export interface DiagramSpan {
  readonly words: Words;
  readonly from: string;
  readonly to: string;
  readonly tone: 'failing' | 'plain';
}

/** Stretches and moments along one axis of time. */
export interface Schedule {
  readonly as: 'schedule';
  readonly title: Text;
  /** What belongs together, on one band. */
  readonly groups: readonly (readonly DiagramSpan[])[];
}

export type Diagram = Flowchart | ColumnChart | Schedule;

/** What is drawn above a table or list, and what has to be said of it beside; null where the text below says all. */
export interface Picture {
  readonly diagrams: readonly Diagram[];
  readonly caption: Text | null;
}
