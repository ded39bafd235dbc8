import { frameScripts } from './assets.ts';
import { html } from './html.ts';

/**
 * The document that draws diagrams for the page: without an origin, with a policy of its own. It is sent a diagram's
 * source, and sends back a picture.
 */
export function diagramFrame(): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Drawing of diagrams</title>
        ${frameScripts.map((path) => html`<script src="${path}" defer></script>`)}
      </head>
      <body></body>
    </html>`.markup;
}
