import { parentPort } from 'node:worker_threads';
import { renderOwn } from './engine.ts';
import type { RenderJob, ThreadMessage } from './job.ts';

/** Runs templates of repositories, one after the other, in a thread that can be ended whatever they do. */

const port = parentPort;
if (port === null) throw new Error('render.worker.ts runs as a worker thread only');

const say = (message: ThreadMessage): void => port.postMessage(message);

port.on('message', (job: RenderJob) => say(renderOwn(job)));
say('ready');
