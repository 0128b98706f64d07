import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { TableName } from '../../../src/dataplane/desired.js';
import { felixRecordings, objectsIn, recordedSettings } from '../../support/recordings.js';
import { plannedNft, recordedNft } from './recorded-nft.js';
import { FAMILIES, linksAfter, plannedIds, plannedSets, plannerOf, recordedIds, recordedSets, wasProgrammed } from './recorded-tables.js';

describe('iptables, sets and the guard of ARP of a recorded host', () => {
  for (const recording of felixRecordings().values()) {
    const tables = recording.result.iptables;
    if (tables === undefined || !FAMILIES.some(([name]) => Object.values(tables[name]).some(wasProgrammed))) continue;
    it(recording.about, () => {
      const { byKind } = objectsIn(recording.store);
      const links = linksAfter(recording, recording.result.links);
      const plan = plannerOf(recordedSettings(recording, byKind), links).plan(byKind, links);
      for (const [name, family] of FAMILIES) {
        for (const [table, recorded] of Object.entries(tables[name] ?? {})) {
          if (wasProgrammed(recorded)) expect(plannedIds(plan, family, table as TableName), `${name} ${table}`).to.deep.equal(recordedIds(recorded));
        }
      }
      expect(plannedSets(plan)).to.deep.equal(recordedSets(recording.result.ipsets));
      expect(plannedNft(plan.arp)).to.deep.equal(recordedNft(recording.result.arp!));
    });
  }
});
