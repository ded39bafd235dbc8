import type { RevisionsClient, ServicesClient } from '@google-cloud/run';
import type { GoogleFetch } from './google-fetch.ts';
import { asReadFailure, raced } from './read-failure.ts';

/** One page of a list, in the client's own shape. */
export interface Page {
  items: readonly unknown[];
  nextPageToken: string | null;
}

interface PageCall {
  parent: string;
  pageToken: string | null;
  signal: AbortSignal;
}

export interface CloudRunClient {
  /** Services of `projects/P/locations/R`. */
  listServices(call: PageCall): Promise<Page>;
  /** Revisions of `projects/P/locations/R/services/S`; `-` stands for all services. */
  listRevisions(call: PageCall): Promise<Page>;
}

interface Clients {
  services: ServicesClient;
  revisions: RevisionsClient;
}

/** Entries asked for in one page; the API may answer with fewer. */
const pageSize = 500;

/**
 * The Cloud Run clients over REST, loaded at the first call. Their credentials are ours: left to itself the
 * library looks for default credentials in the background, and a failure there ends the process.
 */
export function cloudRunClient(endpoint: string | undefined, googleFetch: GoogleFetch): CloudRunClient {
  let loading: Promise<Clients> | null = null;
  const clients = () => (loading ??= load(endpoint, googleFetch));
  return {
    listServices: (call) =>
      page(call, async (request, options) => (await clients()).services.listServices(request, options)),
    listRevisions: (call) =>
      page(call, async (request, options) => (await clients()).revisions.listRevisions(request, options)),
  };
}

type ListRequest = { parent: string; pageSize: number; pageToken?: string };
type ListOptions = ReturnType<typeof callOptions>;
type List = (
  request: ListRequest,
  options: ListOptions,
) => Promise<[unknown[], unknown, { nextPageToken?: string | null }?]>;

async function page({ parent, pageToken, signal }: PageCall, list: List): Promise<Page> {
  const request = { parent, pageSize, ...(pageToken === null ? {} : { pageToken }) };
  try {
    const [items, , raw] = await raced(list(request, callOptions(signal)), signal);
    return { items, nextPageToken: raw?.nextPageToken || null };
  } catch (error) {
    // All that fails on the way is a ReadFailure of ours; what is left is an answer that could not be decoded.
    throw asReadFailure(signal.aborted ? signal.reason : error, 'invalid-response');
  }
}

/** One attempt and one page; the caller's signal ends the call, the time-out is a second net. */
function callOptions(signal: AbortSignal) {
  return { timeout: 30_000, retry: null, autoPaginate: false, signal };
}

async function load(endpoint: string | undefined, googleFetch: GoogleFetch): Promise<Clients> {
  const [run, { GoogleAuth, PassThroughClient }] = await Promise.all([
    import('@google-cloud/run'),
    import('google-auth-library'),
  ]);
  const fetchImplementation: typeof fetch = (input, init) =>
    googleFetch(input instanceof Request ? input.url : input, {
      ...init,
      signal: init?.signal ?? AbortSignal.timeout(30_000),
    });
  const authClient = new PassThroughClient({ transporterOptions: { fetchImplementation } });
  const options = {
    fallback: true,
    auth: new GoogleAuth({ authClient }),
    ...(endpoint === undefined ? {} : address(endpoint)),
  };
  return { services: new run.ServicesClient(options), revisions: new run.RevisionsClient(options) };
}

function address(endpoint: string) {
  const { protocol, hostname, port } = new URL(endpoint);
  const standard = protocol === 'http:' ? 80 : 443;
  return { protocol: protocol.slice(0, -1), apiEndpoint: hostname, port: Number(port) || standard };
}
