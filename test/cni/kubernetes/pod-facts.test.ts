import { expect } from 'chai';
import fc from 'fast-check';
import { podFacts, type PodFacts } from '../../../src/cni/kubernetes/pod-facts.js';
import type { AnnotationSettings } from '../../../src/cni/kubernetes/wishes.js';
import { CalicoError } from '../../../src/base/errors.js';
import { formatIp } from '../../../src/net/address.js';

const OWN: AnnotationSettings = { ipam: 'calico-ipam', ipAddrsNoIpam: false, floatingIps: false };
const CNI = 'cni.projectcalico.org/';

interface Made {
  readonly annotations?: Record<string, string>;
  readonly namespace?: Record<string, string>;
  readonly metadata?: object;
  readonly spec?: object;
  readonly settings?: Partial<AnnotationSettings>;
}

function facts({ annotations, namespace, metadata, spec, settings }: Made = {}): PodFacts {
  const pod = { metadata: { name: 'web-1', namespace: 'shop', annotations, ...metadata }, spec: { containers: [{ name: 'web' }], ...spec } };
  return podFacts(pod, { metadata: { name: 'shop', labels: { team: 'a' }, annotations: namespace } }, { ...OWN, ...settings });
}

function failure(made: Made): string {
  try {
    facts(made);
  } catch (error) {
    return `${(error as { meaning: string }).meaning}: ${(error as Error).message}`;
  }
  return 'no failure';
}

describe('the facts of a pod', () => {
  it('labels, profiles, account and the name that pods of a set share', () => {
    const { labels, profiles, generateName, serviceAccountName, namespaceLabels } = facts({
      metadata: { labels: { app: 'web', 'projectcalico.org/orchestrator': 'mine' }, generateName: 'web-' },
      spec: { serviceAccountName: 'seller' },
    });
    expect(labels).to.deep.equal({ app: 'web', 'projectcalico.org/namespace': 'shop', 'projectcalico.org/orchestrator': 'k8s', 'projectcalico.org/serviceaccount': 'seller' });
    expect({ profiles, generateName, serviceAccountName, namespaceLabels }).to.deep.equal({ profiles: ['kns.shop', 'ksa.shop.seller'], generateName: 'web-', serviceAccountName: 'seller', namespaceLabels: { team: 'a' } });
  });

  it('a pod without account, and one whose account is too long for a label', () => {
    expect(facts().profiles).to.deep.equal(['kns.shop']);
    expect(facts().labels).to.deep.equal({ 'projectcalico.org/namespace': 'shop', 'projectcalico.org/orchestrator': 'k8s' });
    for (const [length, label] of [[62, true], [63, false]] as const) {
      const { labels, profiles } = facts({ spec: { serviceAccountName: 'a'.repeat(length) } });
      expect('projectcalico.org/serviceaccount' in labels).to.equal(label);
      expect(profiles[1]).to.equal(`ksa.shop.${'a'.repeat(length)}`);
    }
  });

  it('ports with a name or of the host, of containers and then of init containers', () => {
    const { ports } = facts({
      spec: {
        initContainers: [{ ports: [{ containerPort: 1, name: 'early', protocol: 'SCTP' }] }],
        containers: [
          { ports: [{ containerPort: 80, name: 'http' }, { containerPort: 81 }, { containerPort: 53, hostPort: 5353, hostIP: '192.0.2.1', protocol: 'UDP' }] },
          { ports: [{ containerPort: 9, name: 'odd', protocol: 'DCCP' }, { name: 'none' }] },
          {},
        ],
      },
    });
    expect(ports).to.deep.equal([
      { name: 'http', protocol: 'TCP', port: 80, hostPort: 0, hostIP: '' },
      { name: '', protocol: 'UDP', port: 53, hostPort: 5353, hostIP: '192.0.2.1' },
      { name: 'early', protocol: 'SCTP', port: 1, hostPort: 0, hostIP: '' },
    ]);
  });

  it('pools and families: the pod before its namespace, each annotation by itself', () => {
    expect(facts().addresses).to.deep.equal({ from: 'pools' });
    const namespace = { [`${CNI}ipv4pools`]: '["10.0.0.0/16"]', [`${CNI}ipv6pools`]: '["six"]', [`${CNI}ipFamilies`]: '["IPv6"]' };
    expect(facts({ namespace }).addresses).to.deep.equal({ from: 'pools', pools4: ['10.0.0.0/16'], pools6: ['six'], families: { ipv4: false, ipv6: true } });
    const annotations = { [`${CNI}ipv4pools`]: '["one", "two"]', [`${CNI}ipv6pools`]: '', [`${CNI}ipFamilies`]: '["IPv6", "IPv4"]' };
    expect(facts({ namespace, annotations }).addresses).to.deep.equal({ from: 'pools', pools4: ['one', 'two'], pools6: ['six'], families: { ipv4: true, ipv6: true } });
    expect(facts({ annotations: { [`${CNI}ipv4pools`]: 'null' } }).addresses).to.deep.equal({ from: 'pools', pools4: [] });
  });

  it('annotations for our address management mean nothing to another', () => {
    expect(facts({ annotations: { [`${CNI}ipv4pools`]: 'nonsense', [`${CNI}ipFamilies`]: '["IPv5"]' }, settings: { ipam: 'host-local' } }).addresses).to.deep.equal({ from: 'pools' });
  });

  it('addresses that are given, with and past address management', () => {
    const given = (name: string, settings: Partial<AnnotationSettings> = {}): string => {
      const { addresses } = facts({ annotations: { [CNI + name]: '["2001:DB8::1", "10.0.0.1"]', [`${CNI}ipv4pools`]: '["one"]' }, settings });
      return addresses.from === 'list' ? `${addresses.managed} ${addresses.addresses.map(formatIp).join(' ')}` : addresses.from;
    };
    expect(given('ipAddrs')).to.equal('true 2001:db8::1 10.0.0.1');
    expect(given('ipAddrsNoIpam', { ipAddrsNoIpam: true })).to.equal('false 2001:db8::1 10.0.0.1');
  });

  it('other annotations', () => {
    const { allowedSourcePrefixes, mac, floatingIps } = facts({
      annotations: { [`${CNI}allowedSourcePrefixes`]: '["10.1.2.3/16","2001:DB8::1/32"]', [`${CNI}hwAddr`]: '1C-0C-0A-C0-FF-EE', [`${CNI}floatingIPs`]: '["192.0.2.7", "2001:DB8::7"]' },
      settings: { floatingIps: true },
    });
    expect({ allowedSourcePrefixes, mac, floatingIps }).to.deep.equal({ allowedSourcePrefixes: ['10.1.0.0/16', '2001:db8::/32'], mac: '1c:0c:0a:c0:ff:ee', floatingIps: ['192.0.2.7', '2001:DB8::7'] });
  });

  it('annotations that cannot be followed are told with their name and that of the pod', () => {
    const told = (name: string, value: string, settings: Partial<AnnotationSettings> = {}): string => failure({ annotations: { [CNI + name]: value }, settings });
    const of = 'the pod shop/web-1: the annotation cni.projectcalico.org/';
    expect(told('ipv4pools', '10.0.0.0/16')).to.equal(`invalid-request: ${of}ipv4pools is not a JSON list of texts`);
    expect(told('ipv6pools', '[1]')).to.equal(`invalid-request: ${of}ipv6pools is not a JSON list of texts`);
    expect(told('ipFamilies', '["IPv4", "ipv6"]')).to.equal(`invalid-request: ${of}ipFamilies names "ipv6", which is neither IPv4 nor IPv6`);
    expect(told('ipFamilies', '[]')).to.equal(`invalid-request: ${of}ipFamilies names no family`);
    expect(told('ipAddrs', '[]')).to.equal(`invalid-request: ${of}ipAddrs names no address`);
    expect(told('ipAddrs', '["10.0.0.1", "10.0.0.2"]')).to.equal(`invalid-request: ${of}ipAddrs names more than one IPv4 address: an interface has one`);
    expect(told('ipAddrs', '["10.0.0.1/32"]')).to.equal(`invalid-request: ${of}ipAddrs names "10.0.0.1/32", which is not an IP address`);
    expect(told('ipAddrs', '["10.0.0.1"]', { ipam: 'host-local' })).to.equal(`forbidden: ${of}ipAddrs needs the address management calico-ipam, and the network's config names "host-local"`);
    expect(told('ipAddrsNoIpam', '["10.0.0.1"]')).to.equal(`forbidden: ${of}ipAddrsNoIpam is not allowed by the network`);
    expect(told('floatingIPs', '["10.0.0.1"]')).to.equal(`forbidden: ${of}floatingIPs is not allowed by the network`);
    expect(told('floatingIPs', '["x"]', { floatingIps: true })).to.equal(`invalid-request: ${of}floatingIPs names "x", which is not an IP address`);
    expect(told('allowedSourcePrefixes', '["10.0.0.1"]')).to.equal(`invalid-request: ${of}allowedSourcePrefixes names "10.0.0.1", which is not a network such as 10.0.0.0/16`);
    expect(told('hwAddr', '02:00:5e:10:00:00:00:01')).to.equal(`invalid-request: ${of}hwAddr is "02:00:5e:10:00:00:00:01", which is not a MAC address such as ca:fe:1d:52:bb:e9`);
    expect(failure({ annotations: { [`${CNI}ipAddrs`]: '["10.0.0.1"]', [`${CNI}ipAddrsNoIpam`]: '["10.0.0.1"]' }, settings: { ipAddrsNoIpam: true } })).to.equal(`invalid-request: ${of}ipAddrs stands beside ipAddrsNoIpam`);
    expect(failure({ namespace: { [`${CNI}ipFamilies`]: '["x"]' } })).to.equal('invalid-request: the namespace shop: the annotation cni.projectcalico.org/ipFamilies names "x", which is neither IPv4 nor IPv6');
  });

  it('what is no pod is told by its path', () => {
    const read = (pod: unknown, namespace: unknown = {}): string => {
      try {
        return JSON.stringify(podFacts(pod, namespace, OWN).profiles);
      } catch (error) {
        return (error as Error).message;
      }
    };
    const metadata = { name: 'web-1', namespace: 'shop' };
    expect(read(null)).to.equal('the pod cannot be read: it is not a map');
    expect(read({})).to.equal('the pod cannot be read: metadata.namespace is not the name of a namespace');
    expect(read({ metadata: { ...metadata, labels: { a: 1 } } })).to.equal('the pod shop/web-1 cannot be read: metadata.labels.a is not a text');
    expect(read({ metadata: { ...metadata, annotations: [] } })).to.equal('the pod shop/web-1 cannot be read: metadata.annotations is not a map');
    expect(read({ metadata, spec: { serviceAccountName: 7 } })).to.equal('the pod shop/web-1 cannot be read: spec.serviceAccountName is not a text');
    expect(read({ metadata, spec: { containers: {} } })).to.equal('the pod shop/web-1 cannot be read: spec.containers is not a list');
    expect(read({ metadata, spec: { containers: [{ ports: [{ containerPort: 70000 }] }] } })).to.equal('the pod shop/web-1 cannot be read: spec.containers[0].ports[0] is not a port of a container');
    expect(read({ metadata }, { metadata: { name: 'shop', labels: 'x' } })).to.equal('the namespace shop cannot be read: metadata.labels is not a map');
    expect(read({ metadata })).to.equal('["kns.shop"]');
  });

  it('whatever the API answers, there are facts or a failure that says what is wrong', () => {
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(null, '', 0, -1, 65_536, '[', '["x"]', '["10.0.0.1"]', {}, []));
    const names = ['ipv4pools', 'ipv6pools', 'ipFamilies', 'ipAddrs', 'ipAddrsNoIpam', 'floatingIPs', 'allowedSourcePrefixes', 'hwAddr'].map((name) => CNI + name);
    const annotations = fc.oneof({ weight: 1, arbitrary: odd }, { weight: 4, arbitrary: fc.dictionary(fc.constantFrom(...names, 'qos.projectcalico.org/ingressBurst', 'qos.projectcalico.org/dscp'), fc.oneof(fc.json(), fc.constantFrom('', '["10.0.0.1"]', '["IPv4"]', '[1]', '1k'))) });
    const port = fc.oneof(odd, fc.record({ containerPort: odd, hostPort: odd, name: odd, protocol: odd }, { requiredKeys: [] }));
    const containers = fc.oneof(odd, fc.array(fc.oneof(odd, fc.record({ ports: fc.oneof(odd, fc.array(port)) }))));
    const pod = fc.oneof(odd, fc.record({ metadata: fc.oneof(odd, fc.record({ namespace: fc.oneof(odd, fc.constant('shop')), labels: odd, annotations }, { requiredKeys: [] })), spec: fc.oneof(odd, fc.record({ containers, serviceAccountName: odd }, { requiredKeys: [] })) }));
    fc.assert(fc.property(pod, pod, fc.record({ ipam: fc.constantFrom('calico-ipam', 'host-local'), ipAddrsNoIpam: fc.boolean(), floatingIps: fc.boolean() }), (each, within, settings) => {
      try {
        expect(podFacts(each, within, settings).profiles).to.have.length.within(1, 2);
      } catch (error) {
        expect(error).to.be.instanceOf(CalicoError);
        expect((error as CalicoError).message).to.match(/^the (pod|namespace)/);
      }
    }), { numRuns: 2000 });
  });
});
