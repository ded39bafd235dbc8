import type { Missing } from './question.ts';

/** What a project holds that Sitrep can watch. All lists are in the order of their names. */
export interface Found {
  project: string;
  region: string;
  services: FoundService[];
  connectors: FoundConnector[];
  instances: FoundInstance[];
  loadBalancers: FoundLoadBalancer[];
  domains: FoundDomain[];
  missing: Missing[];
  /** Lists, in words, that have more entries than were read. */
  partial: string[];
}

export interface FoundService {
  name: string;
  /** Its own address; null where it has none. */
  uri: string | null;
  /** Whether requests from the internet are taken at that address. */
  isPublic: boolean;
  /** Name of the connector that its traffic goes through. */
  connector: string | null;
  /** VPC network that it is in without a connector. */
  network: string | null;
  attachments: Attachment[];
  secrets: MountedSecret[];
}

/** How a service reaches a Cloud SQL instance. */
export interface Attachment {
  instance: string;
  /** What tells so. */
  by: 'volume' | 'connection name' | 'address';
  /** The environment variable that holds it; null for a volume. */
  variable: string | null;
}

export interface MountedSecret {
  name: string;
  version: string;
}

export interface FoundConnector {
  name: string;
  /** False where a service names it and the region has none of that name. */
  isThere: boolean;
}

export interface FoundInstance {
  name: string;
  /** For example POSTGRES_15. */
  database: string;
  hasPrivateAddress: boolean;
  hasPublicAddress: boolean;
}

export interface FoundLoadBalancer {
  backendService: string;
  /** Services that it leads to by their names. */
  services: string[];
  /** Mask of the addresses by which it finds further services, for example `<service>.example.com`; null for none. */
  mask: string | null;
}

export interface FoundDomain {
  host: string;
  /** Service that it leads to; null where that is none of the region's. */
  service: string | null;
  from: 'domain mapping' | 'load balancer';
  /** The load balancer's backend service. */
  backendService: string | null;
}
