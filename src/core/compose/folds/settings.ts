import { current, currentWithPrefix, latest } from '../../observations.ts';
import { signal } from '../../signals.ts';
import type { Observation } from '../../snapshot.ts';
import { code, ids, join, label, say, type Text, type Value } from '../../text.ts';
import type { Fold, SettingRow } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { measured } from '../values.ts';
import { fold } from './fold.ts';

/** The settings that bear on capacity and on the way to the database, in the order in which they are shown. */
const shown = new Map<string, Value>([
  [signal.ipRange, say`IP range`],
  [signal.network, say`network`],
  [signal.instancesMin, say`min`],
  [signal.instancesMax, say`max`],
  [signal.machineType, say`machine type`],
  [signal.name, say`connection name`],
  [signal.tier, say`tier`],
  [signal.databaseVersion, say`version`],
  [`${signal.flag}max_connections`, say`max_connections`],
  [signal.egress, say`egress`],
  [signal.connector, say`connector`],
  [signal.vpcNetwork, say`VPC network`],
  [signal.cloudSqlInstance, say`database`],
  [signal.scalingMin, say`min`],
  [signal.scalingMax, say`max`],
  [signal.concurrency, say`concurrency`],
]);

/** Variables that say how many connections a service may hold. */
const poolName = /pool|overflow|max_conn/i;

/** What is configured now, one row for each component; of a service, what its serving revision has. */
export function settingFold(facts: Facts): Fold<SettingRow> | null {
  const rows = Object.keys(facts.configuration.components).flatMap((id) => {
    const found = settingsOf(facts, id);
    return found.length === 0 ? [] : [settingRow(id, found, facts.seen)];
  });
  return fold(label`Settings in use`, rows);
}

interface Setting {
  name: Value;
  found: Observation;
}

function settingsOf({ index }: Facts, id: string): Setting[] {
  const serving = latest(index, id, signal.servingRevision)?.value;
  const pools = currentWithPrefix(index, id, signal.env)
    .filter(({ signal: name }) => poolName.test(name))
    .map(({ signal: name }): [string, Value] => [name, code(name.slice(signal.env.length))]);
  return [...shown, ...new Map(pools)].flatMap(([key, name]) => {
    const found = current(index, id, key).find(
      ({ revision }) => revision === undefined || serving === undefined || revision === serving,
    );
    return found === undefined || found.value === 'none' ? [] : [{ name, found }];
  });
}

function settingRow(id: string, settings: readonly Setting[], seen: string): SettingRow {
  const written = settings.map(({ name, found }): Text => say`${name} ${measured(found, seen)}`);
  return {
    component: say`${code(id)}`,
    settings: say`${join(written)}`,
    evidence: say`${ids(settings.map(({ found }) => found.id))}`,
  };
}
