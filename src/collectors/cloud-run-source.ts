import type { Source } from '../core/snapshot.ts';
import type { Revision } from './cloud-run.schema.ts';
import type { GoogleContext } from './collector.ts';
import { consoleLink, gcloud, segment } from './provenance.ts';

/** Where Cloud Run's present state comes from. */

export const api = 'run.googleapis.com';

type Place = Pick<GoogleContext, 'project' | 'region'>;

export function serviceListSource({ project, region }: Place): Source {
  return {
    api,
    method: 'Services.List',
    query: `projects/${project}/locations/${region}/services`,
    console: consoleLink('run', project),
    command: gcloud('run services list', [], { region, project }),
  };
}

export function serviceSource(name: string, { project, region }: Place): Source {
  return {
    api,
    method: 'Services.List',
    query: `projects/${project}/locations/${region}/services/${name}`,
    console: consoleLink(`run/detail/${segment(region)}/${segment(name)}/metrics`, project),
    command: gcloud('run services describe', [name], { region, project }),
  };
}

export function revisionListSource({ project, region }: Place): Source {
  return {
    api,
    method: 'Revisions.List',
    query: `projects/${project}/locations/${region}/services/-/revisions`,
    console: consoleLink('run', project),
    command: gcloud('run revisions list', [], { region, project }),
  };
}

/** All revisions of one service. */
export function revisionsSource(service: string, { project, region }: Place): Source {
  return {
    api,
    method: 'Revisions.List',
    query: `projects/${project}/locations/${region}/services/${service}/revisions`,
    console: consoleLink(`run/detail/${segment(region)}/${segment(service)}/revisions`, project),
    command: gcloud('run revisions list', [], { service, region, project }),
  };
}

export function revisionSource({ name, service }: Revision, { project, region }: Place): Source {
  return {
    api,
    method: 'Revisions.List',
    query: `projects/${project}/locations/${region}/services/${service}/revisions/${name}`,
    console: consoleLink(`run/detail/${segment(region)}/${segment(service)}/revisions`, project),
    command: gcloud('run revisions describe', [name], { region, project }),
  };
}
