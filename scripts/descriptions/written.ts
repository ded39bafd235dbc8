/**
 * Descriptions of Google APIs that no npm package carries in protobuf, in the form in which the packages carry
 * theirs. Written from:
 *
 * - Service Health: google/cloud/servicehealth/v1/event_resources.proto and event_service.proto of
 *   github.com/googleapis/googleapis; `Product.id` from cloud.google.com/service-health/docs/reference/rpc.
 * - Cloud Storage's JSON API, which has no protobuf: `Params$Resource$Objects$Get` and `Schema$Object` of the npm
 *   package @googleapis/storage 21.2.0, which is made of Google's discovery document.
 * - Cloud Run's older API, v1, which has no protobuf: `Params$Resource$Projects$Locations$Services$List` and
 *   `…$Domainmappings$List`, `Schema$ListServicesResponse`, `Schema$Service` (its metadata alone: `spec` and `status` are
 *   those of Knative, which nobody here reads), `Schema$ListDomainMappingsResponse` and what that holds, of the npm
 *   package @googleapis/run 34.0.0. That `projects.locations` takes `-` for all regions is how
 *   `gcloud run services list` asks.
 */

const text = { type: 'string' };
const time = { type: 'google.protobuf.Timestamp' };

function get(path: string, requestType: string, responseType: string) {
  return { requestType, responseType, parsedOptions: [{ '(google.api.http)': { get: path } }] };
}

const serviceHealth = {
  ServiceHealth: {
    methods: {
      ListEvents: get(
        '/v1/{parent=projects/*/locations/*}/events',
        'ListEventsRequest',
        'ListEventsResponse',
      ),
      GetEvent: get('/v1/{name=projects/*/locations/*/events/*}', 'GetEventRequest', 'Event'),
    },
  },
  GetEventRequest: { fields: { name: text } },
  ListEventsRequest: {
    fields: {
      parent: text,
      pageSize: { type: 'int32' },
      pageToken: text,
      filter: text,
      view: { type: 'EventView' },
    },
  },
  ListEventsResponse: {
    fields: {
      events: { rule: 'repeated' as const, type: 'Event' },
      nextPageToken: text,
      unreachable: { rule: 'repeated' as const, ...text },
    },
  },
  Event: {
    fields: {
      name: text,
      title: text,
      description: text,
      category: { type: 'EventCategory' },
      detailedCategory: { type: 'DetailedCategory' },
      state: { type: 'State' },
      detailedState: { type: 'DetailedState' },
      eventImpacts: { rule: 'repeated' as const, type: 'EventImpact' },
      relevance: { type: 'Relevance' },
      updates: { rule: 'repeated' as const, type: 'EventUpdate' },
      parentEvent: text,
      updateTime: time,
      startTime: time,
      endTime: time,
      nextUpdateTime: time,
    },
    nested: {
      EventCategory: { values: { EVENT_CATEGORY_UNSPECIFIED: 0, INCIDENT: 2 } },
      DetailedCategory: {
        values: { DETAILED_CATEGORY_UNSPECIFIED: 0, CONFIRMED_INCIDENT: 1, EMERGING_INCIDENT: 2 },
      },
      State: { values: { STATE_UNSPECIFIED: 0, ACTIVE: 1, CLOSED: 2 } },
      DetailedState: {
        values: {
          DETAILED_STATE_UNSPECIFIED: 0,
          EMERGING: 1,
          CONFIRMED: 2,
          RESOLVED: 3,
          MERGED: 4,
          AUTO_CLOSED: 9,
          FALSE_POSITIVE: 10,
        },
      },
      Relevance: {
        values: {
          RELEVANCE_UNSPECIFIED: 0,
          UNKNOWN: 2,
          NOT_IMPACTED: 6,
          PARTIALLY_RELATED: 7,
          RELATED: 8,
          IMPACTED: 9,
        },
      },
    },
  },
  EventImpact: { fields: { product: { type: 'Product' }, location: { type: 'Location' } } },
  Product: { fields: { productName: text, id: text } },
  Location: { fields: { locationName: text } },
  EventUpdate: {
    fields: { updateTime: time, title: text, description: text, symptom: text, workaround: text },
  },
  EventView: { values: { EVENT_VIEW_UNSPECIFIED: 0, EVENT_VIEW_BASIC: 1, EVENT_VIEW_FULL: 2 } },
};

const storage = {
  objects: {
    methods: { get: get('/storage/v1/b/{bucket}/o/{object}', 'GetObjectRequest', 'Object') },
  },
  GetObjectRequest: {
    fields: {
      bucket: text,
      object: text,
      generation: { type: 'int64' },
      ifGenerationMatch: { type: 'int64' },
      ifGenerationNotMatch: { type: 'int64' },
      ifMetagenerationMatch: { type: 'int64' },
      ifMetagenerationNotMatch: { type: 'int64' },
      projection: text,
      restoreToken: text,
      softDeleted: { type: 'bool' },
      userProject: text,
      fields: text,
    },
  },
  Object: {
    fields: {
      bucket: text,
      cacheControl: text,
      componentCount: { type: 'int32' },
      contentDisposition: text,
      contentEncoding: text,
      contentLanguage: text,
      contentType: text,
      crc32c: text,
      customTime: time,
      etag: text,
      eventBasedHold: { type: 'bool' },
      generation: { type: 'int64' },
      hardDeleteTime: time,
      id: text,
      kind: text,
      kmsKeyName: text,
      md5Hash: text,
      mediaLink: text,
      metadata: { ...text, keyType: 'string' },
      metageneration: { type: 'int64' },
      name: text,
      retentionExpirationTime: time,
      selfLink: text,
      size: { type: 'uint64' },
      softDeleteTime: time,
      storageClass: text,
      temporaryHold: { type: 'bool' },
      timeCreated: time,
      timeDeleted: time,
      timeFinalized: time,
      timeStorageClassUpdated: time,
      updated: time,
    },
  },
};

const strings = { rule: 'repeated' as const, ...text };
const labelled = { ...text, keyType: 'string' };
const listRequest = {
  fields: {
    parent: text,
    continue: text,
    fieldSelector: text,
    includeUninitialized: { type: 'bool' },
    labelSelector: text,
    limit: { type: 'int32' },
    resourceVersion: text,
    watch: { type: 'bool' },
  },
};
const listResponse = (type: string) => ({
  fields: {
    apiVersion: text,
    items: { rule: 'repeated' as const, type },
    kind: text,
    metadata: { type: 'ListMeta' },
    unreachable: strings,
  },
});

const runV1 = {
  projects: {
    nested: {
      locations: {
        nested: {
          services: {
            methods: {
              list: get(
                '/v1/{parent=projects/*/locations/*}/services',
                'ListServicesRequest',
                'ListServicesResponse',
              ),
            },
          },
          domainmappings: {
            methods: {
              get: get(
                '/v1/{name=projects/*/locations/*/domainmappings/*}',
                'GetDomainMappingRequest',
                'DomainMapping',
              ),
              list: get(
                '/v1/{parent=projects/*/locations/*}/domainmappings',
                'ListDomainMappingsRequest',
                'ListDomainMappingsResponse',
              ),
            },
          },
        },
      },
    },
  },
  ListServicesRequest: listRequest,
  ListServicesResponse: listResponse('Service'),
  GetDomainMappingRequest: { fields: { name: text } },
  ListDomainMappingsRequest: listRequest,
  ListDomainMappingsResponse: listResponse('DomainMapping'),
  ListMeta: { fields: { continue: text, resourceVersion: text, selfLink: text } },
  ObjectMeta: {
    fields: {
      annotations: labelled,
      clusterName: text,
      creationTimestamp: text,
      deletionGracePeriodSeconds: { type: 'int32' },
      deletionTimestamp: text,
      finalizers: strings,
      generateName: text,
      generation: { type: 'int32' },
      labels: labelled,
      name: text,
      namespace: text,
      resourceVersion: text,
      selfLink: text,
      uid: text,
    },
  },
  Service: { fields: { apiVersion: text, kind: text, metadata: { type: 'ObjectMeta' } } },
  DomainMapping: {
    fields: {
      apiVersion: text,
      kind: text,
      metadata: { type: 'ObjectMeta' },
      spec: { type: 'DomainMappingSpec' },
      status: { type: 'DomainMappingStatus' },
    },
  },
  DomainMappingSpec: {
    fields: { certificateMode: text, forceOverride: { type: 'bool' }, routeName: text },
  },
  DomainMappingStatus: {
    fields: {
      conditions: { rule: 'repeated' as const, type: 'GoogleCloudRunV1Condition' },
      mappedRouteName: text,
      observedGeneration: { type: 'int32' },
      resourceRecords: { rule: 'repeated' as const, type: 'ResourceRecord' },
      url: text,
    },
  },
  GoogleCloudRunV1Condition: {
    fields: {
      lastTransitionTime: text,
      message: text,
      reason: text,
      severity: text,
      status: text,
      type: text,
    },
  },
  ResourceRecord: { fields: { name: text, rrdata: text, type: text } },
};

/** Named above, with a JSON form of its own. */
const wellKnown = { nested: { Timestamp: { fields: {} } } };

/** Description by the API's file below `sandbox/descriptions/`, without `google-` and `.json`. */
export const writtenDescriptions = {
  servicehealth: {
    nested: {
      google: {
        nested: {
          cloud: { nested: { servicehealth: { nested: { v1: { nested: serviceHealth } } } } },
          protobuf: wellKnown,
        },
      },
    },
  },
  'run-v1': { nested: { run: { nested: runV1 } } },
  storage: { nested: { storage: { nested: storage }, google: { nested: { protobuf: wellKnown } } } },
};
