import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Problems } from '../../../src/resources/problem.js';
import { readStoredDocument } from '../../../src/resources/v3/document.js';
import { kubeControllersConfiguration } from '../../../src/resources/v3/kube-controllers-configuration.js';
import { document, problemsOf, testGolden } from '../../support/stored.js';

describe('KubeControllersConfiguration', () => {
  testGolden(kubeControllersConfiguration);

  it('explains what a template lacks', () => {
    const templates = [{ nodeSelector: 'all()' }, { generateName: 'x', interfacePattern: 'eth(' }];
    const problems = (each: unknown): string[] =>
      problemsOf(kubeControllersConfiguration, document(kubeControllersConfiguration, { controllers: { node: { hostEndpoint: { templates: [each] } } } }));
    expect(templates.map(problems)).to.deep.equal([
      [
        'spec.controllers.node.hostEndpoint.templates[0].generateName: a template needs a generateName',
        'spec.controllers.node.hostEndpoint.templates[0]: a template needs interfaceCIDRs or an interfacePattern',
      ],
      ['spec.controllers.node.hostEndpoint.templates[0].interfacePattern: "eth(" is not a regular expression: /eth(/: Unterminated group'],
    ]);
  });

  it('fills in the defaults of what is configured, in the running configuration too', () => {
    const controllers = { node: { hostEndpoint: { templates: [{ generateName: 'x', interfaceCIDRs: ['10.0.0.0/8'], labels: { a: 'b' } }] } }, policyMigration: {} };
    const raw = { ...document(kubeControllersConfiguration, { controllers }), status: { runningConfig: { controllers: { loadBalancer: {} } }, environmentVars: { A: 1 } } };
    const object = readStoredDocument(kubeControllersConfiguration, raw, new Problems());
    expect(JSON.stringify([object?.spec, object?.status])).to.equal(
      '[{"healthChecks":"Enabled","prometheusMetricsPort":9094,"controllers":{"node":{"hostEndpoint":{"templates":[{"generateName":"x","interfaceCIDRs":["10.0.0.0/8"],' +
        '"labels":{"a":"b"},"nodeSelector":"all()"}]},"leakGracePeriod":"15m0s"},"policyMigration":{"enabled":"Enabled"}}},' +
        '{"runningConfig":{"healthChecks":"Enabled","prometheusMetricsPort":9094,"controllers":{"loadBalancer":{"assignIPs":"AllServices"}}},"environmentVars":{"A":"1"}}]',
    );
  });

  it('has one name', () => {
    expect(problemsOf(kubeControllersConfiguration, document(kubeControllersConfiguration, {}, { name: 'mine' }))).to.deep.equal([
      'metadata.name: the only name of this kind is "default", not "mine"',
    ]);
  });
});
