import { expect } from 'chai';
import { describe, it } from 'mocha';
import { effectiveLabels, ProfileLabels } from '../../src/policy/effective-labels.js';
import { LabelFilter } from '../../src/policy/label-filter.js';
import { profile as classicProfile } from '../../src/resources/v1/profile.js';
import { profile } from '../../src/resources/v3/profile.js';
import { workloadEndpoint } from '../../src/resources/v3/workload-endpoint.js';
import type { Data } from '../../src/base/data.js';
import type { StoredObject } from '../../src/resources/kind.js';
import { parseSelector } from '../../src/selector/parse.js';

type Labels = Record<string, string>;

function object(kind: string, labels: Labels | undefined, spec: Data = {}, namespace?: string): StoredObject {
  return { kind, apiVersion: 'projectcalico.org/v3', metadata: { name: 'x', ...(namespace !== undefined && { namespace }), ...(labels && { labels }) }, spec };
}

function profiles(given: Record<string, Labels>): ProfileLabels {
  return new ProfileLabels(Object.entries(given).map(([name, labelsToApply]) => ({ ...object('Profile', undefined, { labelsToApply }), metadata: { name } })));
}

/** What Felix 3.32.1 did with such objects (the official recordings of policies, p-label-*, p-sa-*). */
const CASES: readonly { readonly title: string; readonly object: StoredObject; readonly profiles?: Record<string, Labels>; readonly want: Labels }[] = [
  { title: 'its own label beats that of a profile', object: object('WorkloadEndpoint', { color: 'blue' }, { profiles: ['p1'] }), profiles: { p1: { color: 'red', size: 'l' } }, want: { color: 'blue', size: 'l' } },
  { title: 'an empty label of its own does too', object: object('WorkloadEndpoint', { color: '' }, { profiles: ['p1'] }), profiles: { p1: { color: 'red' } }, want: { color: '' } },
  { title: 'of two profiles the first wins', object: object('WorkloadEndpoint', {}, { profiles: ['p2', 'p1'] }), profiles: { p1: { color: 'red' }, p2: { color: 'blue' } }, want: { color: 'blue' } },
  { title: 'a profile that does not exist gives nothing', object: object('WorkloadEndpoint', undefined, { profiles: ['nobody', 'p1'] }), profiles: { p1: { color: 'red' } }, want: { color: 'red' } },
  { title: 'a profile that it does not name gives nothing', object: object('WorkloadEndpoint', { app: 'a' }), profiles: { p1: { color: 'red' } }, want: { app: 'a' } },
  { title: 'a workload cannot claim labels of namespaces and accounts', object: object('WorkloadEndpoint', { 'pcns.team': 'blue', 'pcsa.role': 'x', app: 'a' }, { profiles: ['kns.web'] }), profiles: { 'kns.web': { 'pcns.team': 'red' } }, want: { app: 'a', 'pcns.team': 'red' } },
  { title: 'a host endpoint can', object: object('HostEndpoint', { 'pcns.team': 'blue' }, { profiles: ['kns.web'] }), profiles: { 'kns.web': { 'pcns.team': 'red' } }, want: { 'pcns.team': 'blue' } },
  { title: 'a workload has the label of its account', object: object('WorkloadEndpoint', { 'projectcalico.org/serviceaccount': 'claimed' }, { serviceAccountName: 'r', profiles: ['ksa.web.r'] }), profiles: { 'ksa.web.r': { 'pcsa.role': 'reader' } }, want: { 'projectcalico.org/serviceaccount': 'r', 'pcsa.role': 'reader' } },
  { title: 'the labels of its namespace and orchestrator are those that are stored', object: object('WorkloadEndpoint', { 'projectcalico.org/namespace': 'web', 'projectcalico.org/orchestrator': 'k8s' }, {}, 'web'), want: { 'projectcalico.org/namespace': 'web', 'projectcalico.org/orchestrator': 'k8s' } },
  { title: 'and nothing computes them', object: object('WorkloadEndpoint', { app: 'a' }, {}, 'web'), want: { app: 'a' } },
  { title: 'a NetworkSet has its namespace and the labels of it', object: object('NetworkSet', { app: 'a', 'projectcalico.org/namespace': 'other' }, {}, 'web'), profiles: { 'kns.web': { 'pcns.team': 'red' }, 'kns.db': { 'pcns.team': 'blue' } }, want: { app: 'a', 'projectcalico.org/namespace': 'web', 'pcns.team': 'red' } },
  { title: 'a GlobalNetworkSet has its own', object: object('GlobalNetworkSet', { app: 'a' }, { profiles: ['p1'] }), profiles: { p1: { color: 'red' } }, want: { app: 'a' } },
  { title: 'keys of JavaScript are keys like any other', object: object('WorkloadEndpoint', { constructor: 'a' }, { profiles: ['toString', 'p1'] }), profiles: { p1: { hasOwnProperty: 'b' } }, want: { constructor: 'a', hasOwnProperty: 'b' } },
  { title: 'what is no text is no label', object: object('WorkloadEndpoint', { app: 7 as unknown as string }, { profiles: 'p1' }), profiles: { p1: { color: 'red' } }, want: {} },
];

function chosen(selector: string, kind: typeof profile | typeof classicProfile | typeof workloadEndpoint, what: StoredObject): boolean {
  const parsed = parseSelector(selector, 'v3');
  if (!parsed.ok) throw new Error(parsed.message);
  return new LabelFilter(parsed.selector, profiles({ p1: { color: 'red' } })).accepts(kind, what);
}

describe('effective labels', () => {
  for (const { title, object: what, profiles: given = {}, want } of CASES) {
    it(title, () => expect({ ...effectiveLabels(what, profiles(given)) }).to.deep.equal(want));
  }

  it('follow a profile that changes or goes', () => {
    const known = profiles({ p1: { color: 'red' } });
    const endpoint = object('WorkloadEndpoint', {}, { profiles: ['p1'] });
    known.set({ ...object('Profile', undefined, { labelsToApply: { size: 'l' } }), metadata: { name: 'p1' } });
    expect({ ...effectiveLabels(endpoint, known) }).to.deep.equal({ size: 'l' });
    known.delete('p1');
    expect({ ...effectiveLabels(endpoint, known) }).to.deep.equal({});
  });
});

describe('LabelFilter', () => {
  it('chooses an endpoint by a label of its profile', () => {
    const endpoint = object('WorkloadEndpoint', { app: 'a' }, { profiles: ['p1'] });
    expect(chosen("color == 'red' && app == 'a'", workloadEndpoint, endpoint)).to.equal(true);
    expect(chosen("color != 'red'", workloadEndpoint, endpoint)).to.equal(false);
  });

  it('takes the labels that a profile gives for its own in the classic dialect only', () => {
    const applied = object('Profile', { own: 'a' }, { labelsToApply: { color: 'red' } });
    expect([chosen('has(color)', profile, applied), chosen('has(color)', classicProfile, applied)]).to.deep.equal([false, true]);
    expect(chosen('has(own)', profile, applied)).to.equal(true);
  });
});
