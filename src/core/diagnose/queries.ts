import type { Configuration } from '../../config/repository.schema.ts';
import { componentOf } from '../graph.ts';

/** Commands for people that read more than the snapshot holds. They change nothing, and names are quoted for a shell. */

/** Where a component's project and region are not configured, the command leaves them to gcloud's own settings. */
function scope(configuration: Configuration, withRegion: boolean): string {
  const cloud = configuration.google_cloud;
  if (!cloud) return '';
  const region = withRegion ? ` --region=${quote(cloud.region)}` : '';
  return `${region} --project=${quote(cloud.project)}`;
}

/** The log of a Cloud Run service, newest first: errors, or what a filter selects. */
export function logQuery(
  configuration: Configuration,
  id: string,
  filter = 'severity>=ERROR',
  since = '1h',
): string {
  const component = componentOf(configuration, id);
  const service =
    component?.type === 'cloud-run'
      ? ` AND resource.labels.service_name=${filterString(component.service)}`
      : '';
  const text = `resource.type="cloud_run_revision"${service} AND ${filter}`;
  return `gcloud logging read ${quote(text)} --freshness=${since} --limit=200${scope(configuration, false)}`;
}

/** The revisions of a Cloud Run service, newest first. */
export function revisionsQuery(configuration: Configuration, id: string): string {
  const component = componentOf(configuration, id);
  const service = component?.type === 'cloud-run' ? ` --service=${quote(component.service)}` : '';
  return `gcloud run revisions list${service} --sort-by=~metadata.creationTimestamp${scope(configuration, true)}`;
}

/**
 * The points of one metric over the 24 hours before an instant, by its full type; `filter` narrows it to one
 * resource, and `aligner` joins the points of each minute. The times are absolute: `date -d` is GNU only.
 */
export function metricQuery(
  configuration: Configuration,
  type: string,
  filter: string,
  until: string,
  aligner?: 'ALIGN_RATE' | 'ALIGN_MAX',
): string {
  const api = 'https://monitoring.googleapis.com/v3/projects';
  const project = configuration.google_cloud?.project;
  const url = project
    ? quote(`${api}/${encodeURIComponent(project)}/timeSeries`)
    : `"${api}/$(gcloud config get-value project)/timeSeries"`;
  return [
    'curl -sG -H "Authorization: Bearer $(gcloud auth print-access-token)"',
    `--data-urlencode ${quote(`filter=metric.type="${type}"${filter}`)}`,
    `--data-urlencode interval.startTime=${seconds(Date.parse(until) - 86_400_000)}`,
    `--data-urlencode interval.endTime=${seconds(Date.parse(until))}`,
    ...(aligner
      ? [
          '--data-urlencode aggregation.alignmentPeriod=60s',
          `--data-urlencode aggregation.perSeriesAligner=${aligner}`,
        ]
      : []),
    url,
  ].join(' ');
}

/** An instant in whole seconds, which no shell takes apart: `2025-09-15T18:05:00Z`. */
function seconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** The provider's own view of a component, or our probe repeated: what a person would look at first. */
export function describeQuery(configuration: Configuration, id: string): string {
  const component = componentOf(configuration, id);
  const regional = scope(configuration, true);
  const global = scope(configuration, false);
  switch (component?.type) {
    case 'cloud-run':
      return `gcloud run services describe ${quote(component.service)}${regional}`;
    case 'vpc-connector':
      return `gcloud compute networks vpc-access connectors describe ${quote(component.name)}${regional}`;
    case 'cloud-sql':
      return `gcloud sql instances describe ${quote(component.instance)}${global}`;
    case 'secret':
      return `gcloud secrets versions list ${quote(component.name)}${global}`;
    case 'load-balancer':
      return `gcloud compute backend-services get-health ${quote(component.backend_service)} ${component.region === undefined ? '--global' : `--region=${quote(component.region)}`}${global}`;
    case 'http':
      return `curl -sS -o /dev/null -w '%{http_code} in %{time_total} s\\n' ${quote(component.url)}`;
    case 'websocket':
      return `curl -sS -i -N --max-time 5 -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: c2l0cmVwc2l0cmVwc2l0cg==' ${quote(component.url.replace(/^ws/, 'http'))}`;
    case 'metric':
      return promQuery(configuration, component.query);
    case 'service':
      return seriesToRead(id, 'latency, availability and requests');
    case 'log-filter':
      return `gcloud logging read ${quote(component.filter)}${global}`;
    case 'terraform-state':
      return `gcloud storage cat ${quote(`gs://${component.bucket}/${component.object}`)}`;
    case 'google-region':
    case undefined:
    default:
      return 'curl -s https://status.cloud.google.com/incidents.json';
  }
}

/** Which series of a service somebody has to read where no API of ours has it; a comment to a shell. */
export function seriesToRead(id: string, series: string): string {
  return `# ${id}: read ${series}, over the window and over the window before it`;
}

/** A PromQL query as of now. */
function promQuery({ google_cloud: place }: Configuration, query: string): string {
  const project = place ? encodeURIComponent(place.project) : '$(gcloud config get-value project)';
  const url = `https://monitoring.googleapis.com/v1/projects/${project}/location/global/prometheus/api/v1/query`;
  return [
    'curl -sG -H "Authorization: Bearer $(gcloud auth print-access-token)"',
    `--data-urlencode ${quote(`query=${query}`)}`,
    place ? quote(url) : `"${url}"`,
  ].join(' ');
}

/** The operations of a Cloud SQL instance, newest first. */
export function operationsQuery(configuration: Configuration, id: string): string {
  const component = componentOf(configuration, id);
  const instance = component?.type === 'cloud-sql' ? ` --instance=${quote(component.instance)}` : '';
  return `gcloud sql operations list${instance} --limit=20${scope(configuration, false)}`;
}

/** A string of Google's filter languages. */
export function filterString(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** A word for a POSIX shell: as it is where nothing in it has a meaning there, in single quotes otherwise. */
function quote(word: string): string {
  return /^[\w.:/@=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
