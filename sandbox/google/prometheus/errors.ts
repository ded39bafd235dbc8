import { GoogleError } from '../errors.ts';

/** A request that Prometheus' API cannot read: 400, in its own format and not in Google's. */
export function badData(message: string): GoogleError {
  return new GoogleError('INVALID_ARGUMENT', message, {
    refused: true,
    body: { status: 'error', errorType: 'bad_data', error: message },
  });
}
