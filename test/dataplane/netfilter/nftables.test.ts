import { expect } from 'chai';
import { describe, it } from 'mocha';
import { NftPlanner } from '../../../src/dataplane/netfilter/nft/planner.js';
import { felixRecordings, objectsIn, recordedSettings } from '../../support/recordings.js';
import { plannedNft, recordedNft } from './recorded-nft.js';
import { linksAfter } from './recorded-tables.js';

describe('nftables of a recorded host', () => {
  for (const recording of felixRecordings().values()) {
    const { nftables, links } = recording.result;
    if (nftables === undefined || Object.keys(nftables).length === 0) continue;
    it(recording.about, () => {
      const { byKind } = objectsIn(recording.store);
      const tables = new NftPlanner(recordedSettings(recording, byKind), { randomFully: true }).plan(byKind, linksAfter(recording, links));
      for (const table of tables) {
        const inKernel = nftables[`${table.family} ${table.name}`]!;
        // What Felix wrote was refused where an interface's name ends with "+".
        if (Object.keys(inKernel.chains).length > 0) expect(plannedNft(table), table.family).to.deep.equal(recordedNft(inKernel));
      }
    });
  }
});
