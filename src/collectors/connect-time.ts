/** Words that say that a connection came about. */
const success =
  /\bconnected\b|\bconnection\b[^\n]{0,60}\b(?:established|ready|opened|acquired|succeeded|successful|ok)\b|\b(?:established|opened|acquired)\b[^\n]{0,60}\bconnection\b|\bconnect(?:ion)? time\b/i;

/** Words that say that it did not, or that something else is meant. */
const failure =
  /\bfail|\btime[ds]?[ -]?out|\btimeout|\brefused|\berror|\bexceed|\blost\b|\bclosed\b|\breset\b|\bdisconnect|\bretry|\bnot connected|\bunable|\bcould not/i;

/** Other things that an application connects to. */
const otherTarget =
  /\b(?:redis|memcached?|cache|websocket|socket\.io|kafka|pub\/?sub|rabbitmq|clickhouse|elastic|mongo|smtp|grpc|client|user|peer|upstream)\b/i;

const database = /\b(?:database|db|postgres\w*|cloud ?sql|mysql|sql)\b/i;

const duration =
  /\b(?:in|after|took|time:?)\s{1,3}(\d{1,6}(?:\.\d{1,9})?)\s{0,3}(ms|milliseconds?|s|secs?|seconds?)\b/i;

/**
 * Seconds that a line of the application says a connection to the database took, for example "connected to
 * database in 22.4 s"; null where it says no such thing. A time-out is no connect time.
 */
export function connectSeconds(line: string): number | null {
  const text = line.slice(0, 1_000);
  if (!success.test(text) || failure.test(text)) return null;
  if (otherTarget.test(text) && !database.test(text)) return null;
  const [, amount, unit = ''] = duration.exec(text) ?? [];
  if (amount === undefined) return null;
  const value = Number(amount);
  return unit.toLowerCase().startsWith('m') ? value / 1_000 : value;
}
