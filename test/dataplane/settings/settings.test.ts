import { expect } from 'chai';
import { describe, it } from 'mocha';
import { settingsOfEnvironment, settingsOfFile, type LocalSettings } from '../../../src/dataplane/settings/local.js';
import { changesThatRestart, isOpenStack, resolveSettings, tableSettings, type ResolvedSettings } from '../../../src/dataplane/settings/settings.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import { felixRecordings, objectsIn } from '../../support/recordings.js';

function object(kind: string, name: string, spec: Record<string, unknown>, labels?: Record<string, string>): StoredObject {
  return { kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...(labels && { labels }) }, spec };
}

function resolve(local: readonly LocalSettings[], objects: readonly StoredObject[]): ResolvedSettings {
  const kinds = new Set(objects.map(({ kind }) => kind));
  return resolveSettings('n1', local, new Map([...kinds].map((kind) => [kind, objects.filter((each) => each.kind === kind)])));
}

const felix = (name: string, spec: Record<string, unknown>): StoredObject => object('FelixConfiguration', name, spec);

describe('the settings of a host', () => {
  it('come from environment, file, its own, selected and common FelixConfiguration, in this order', () => {
    const objects = [
      felix('default', { vxlanPort: 5, vxlanVNI: 5, ipipMTU: 5, metadataPort: 5, healthPort: 5 }),
      felix('rack-b', { vxlanPort: 4, vxlanVNI: 4, ipipMTU: 4, metadataPort: 4, nodeSelector: "rack == 'a'" }),
      felix('rack-a', { metadataPort: 40, nodeSelector: "rack == 'a'" }),
      felix('others', { healthPort: 1, nodeSelector: "rack == 'x'" }),
      felix('node.n1', { vxlanPort: 3, vxlanVNI: 3, ipipMTU: 3 }),
      felix('node.n2', { healthPort: 2 }),
      object('Node', 'n1', {}, { rack: 'a' }),
    ];
    const local = [settingsOfEnvironment({ FELIX_VXLANPORT: '1', Felix_HealthHost: 'h', HOME: '/' }), settingsOfFile('[global]\n# VXLANVNI = 9\nvxlanport=2\nVXLANVNI = 2\n', 'felix.cfg')];
    const { settings } = resolve(local, objects);
    expect([settings.vxlanPort, settings.vxlanVNI, settings.ipipMTU, settings.metadataPort, settings.healthPort, settings.healthHost]).to.deep.equal([1, 2, 3, 40, 5, 'h']);
    expect(resolve([], objects.slice(0, 4)).settings.metadataPort).to.equal(5);
  });

  it('what cannot be read gives way, and is told with its place', () => {
    const { settings, unreadable, unknown } = resolve(
      [settingsOfEnvironment({ FELIX_VXLANPORT: 'many', FELIX_MYSELF: '1', FELIX_FELIXHOSTNAME: 'n1', FELIX_IPTABLESPOSTWRITECHECKINTERVALSECS: '' })],
      [felix('default', { vxlanPort: 7, colour: 'red' })],
    );
    expect(settings.vxlanPort).to.equal(7);
    expect(unreadable).to.deep.equal([{ name: 'FELIX_VXLANPORT', text: 'many', origin: 'the environment' }]);
    expect(unknown).to.deep.equal([{ name: 'FELIX_MYSELF', origin: 'the environment' }, { name: 'colour', origin: 'FelixConfiguration default' }]);
  });

  it('the file of the official image', () => {
    const { settings, unreadable, unknown } = resolve([settingsOfFile('[global]\nMetadataAddr = None\nLogFilePath = None\nLogSeverityFile = None\nLogSeveritySys = None\n', 'felix.cfg')], []);
    expect([settings.metadataAddr, settings.logFilePath, settings.logSeverityFile, settings.logSeveritySys, settings.logSeverityScreen]).to.deep.equal(['', '', undefined, undefined, 'Info']);
    expect([unreadable, unknown, isOpenStack(settings)]).to.deep.equal([[], [], false]);
  });

  it('OpenStack is seen by cluster type, metadata service and prefix', () => {
    const seen = (environment: Record<string, string>, objects: readonly StoredObject[] = []): boolean => isOpenStack(resolve([settingsOfEnvironment(environment)], objects).settings);
    expect([{}, { FELIX_CLUSTERTYPE: 'k8s,OpenStack' }, { FELIX_METADATAADDR: '10.0.0.1' }, { FELIX_METADATAPORT: '80' }, { FELIX_INTERFACEPREFIX: 'cali,tap' }].map((each) => seen(each))).to.deep.equal([false, true, true, true, true]);
    expect(seen({}, [object('ClusterInformation', 'default', { clusterType: 'bird,openstack' })])).to.equal(true);
  });

  it('the row of the dataplane in use counts', () => {
    const spec = { nftablesFilterDenyAction: 'Reject', nftablesMarkMask: 0xff00, nftablesRefreshInterval: '7s' };
    expect(tableSettings(resolve([], [felix('default', { ...spec, nftablesMode: 'Enabled' })]).settings)).to.deep.equal({
      filterAllowAction: 'Accept', mangleAllowAction: 'Accept', filterDenyAction: 'Reject', markMask: 0xff00, refreshInterval: 7000,
    });
    expect(tableSettings(resolve([], [felix('default', { ...spec, nftablesMode: 'Auto' })]).settings).filterDenyAction).to.equal('Drop');
  });

  it('only some changes ask for a new start', () => {
    const of = (spec: Record<string, unknown>): ResolvedSettings['settings'] => resolve([], [felix('default', spec)]).settings;
    expect(changesThatRestart(of({}), of({ healthTimeoutOverrides: [{ name: 'calc', timeout: '3s' }], vxlanPort: 4789 }))).to.deep.equal([]);
    expect(changesThatRestart(of({}), of({ vxlanPort: 8472 }))).to.deep.equal(['vxlanPort']);
    // Felix itself makes no difference between settings that matter on a host and others.
    expect(changesThatRestart(of({ bpfLogLevel: '' }), of({ bpfLogLevel: 'Debug' }))).to.deep.equal(['bpfLogLevel']);
    expect(changesThatRestart(of({ nodeSelector: 'all()' }), of({}))).to.deep.equal([]);
  });

  it('every recorded store is read without a complaint', () => {
    const recordings = [...felixRecordings().values()];
    expect(recordings.length >= 100).to.equal(true);
    for (const { name, host, environment, store } of recordings) {
      const { unreadable, unknown } = resolveSettings(host, [settingsOfEnvironment(environment)], objectsIn(store).byKind);
      expect([unreadable, unknown], name).to.deep.equal([[], []]);
    }
  });
});
