import { expect } from 'chai';
import { describe, it } from 'mocha';
import { endpointReport } from '../../src/dataplane/endpoint-status.js';
import type { Link } from '../../src/dataplane/input.js';
import { settingsOfEnvironment } from '../../src/dataplane/settings/local.js';
import { resolveSettings } from '../../src/dataplane/settings/settings.js';
import { felixRecordings, objectsIn, type FelixRecording } from '../support/recordings.js';

const FILE = /^\/run\/calico\/endpoint-status\//;
const KEY = /\/endpoint\/[^/]+$/;

function linksOf({ interfaces }: FelixRecording): readonly Link[] {
  return interfaces.map(({ name, addresses = [], address, up = true }, at) => ({ name, index: at + 2, isUp: up, mtu: 1500, addresses: [...addresses, ...(address === undefined ? [] : [address])] }));
}

/** Where Felix itself programmed nothing, and where it held files back for a route that no kernel takes (reference/felix 5.2). */
const HELD_BACK: readonly string[] = ['vxlan-cross-subnet'];

describe('what is told of endpoints', () => {
  const recordings = [...felixRecordings().values()].filter(({ result }) => Object.keys(result.written).some((key) => KEY.test(key)));
  it('was recorded often enough', () => expect(recordings.length).to.be.greaterThan(80));

  for (const recording of recordings) {
    it(recording.name, () => {
      const { host, environment, store, result } = recording;
      const { byKind: objects } = objectsIn(store);
      const { settings } = resolveSettings(host, [settingsOfEnvironment(environment)], objects);
      const { keys, files } = endpointReport({ objects, links: linksOf(recording) }, settings);
      const told = Object.fromEntries([...keys].map(([key, value]) => [key, JSON.parse(value) as unknown]));
      expect(told).to.deep.equal(Object.fromEntries(Object.entries(result.written).filter(([key]) => KEY.test(key))));
      if (HELD_BACK.includes(recording.name)) return;
      expect(Object.fromEntries(files)).to.deep.equal(Object.fromEntries(Object.entries(result.files).filter(([path]) => FILE.test(path)).map(([path, text]) => [path.replace(FILE, ''), text])));
    });
  }
});
