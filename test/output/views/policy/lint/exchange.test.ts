import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Directory } from '../../../../../src/insight/directory.js';
import { lint } from '../../../../../src/insight/lint/lint.js';
import { lintJUnit, lintSarif } from '../../../../../src/output/views/policy/lint/exchange.js';
import { lintReport, type LintReport } from '../../../../../src/output/views/policy/lint/report.js';
import { compile } from '../../../../../src/policy/compile.js';
import { policy, TIER, workload } from '../../../../support/policy/resources.js';

const SCHEMA = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
/** It says that it is of draft 04, and uses nothing of which draft 07 says otherwise. */
const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Record<string, unknown>;
const isSarif = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

function report(): LintReport {
  const resources = [TIER, workload('a', '10.0.0.1/32', { profiles: ['<gone>&"'] }), policy('p', { order: 1, ingress: [{ action: 'Deny' }, { action: 'Allow', protocol: 'TCP' }] }), policy('q', { order: 2, selector: "a == 'b'" })];
  const { findings, ...counts } = lint(compile(resources), resources);
  const placed = findings.map((finding, at) => ({ ...finding, ...(at === 0 && { place: { file: 'dir/a b.yaml', line: 3, column: 5 } }), ...(at === 1 && { place: { file: '<stdin>' } }) }));
  return lintReport(placed, counts, new Directory(resources, 'v3'));
}

describe('findings for other programs', () => {
  it('are SARIF 2.1.0 by its schema', () => {
    const sarif = JSON.parse(lintSarif(report(), '1.2.3')) as { readonly runs: readonly [{ readonly results: readonly [{ readonly locations: readonly [unknown] }] }] };
    expect(isSarif(sarif), JSON.stringify(isSarif.errors)).to.equal(true);
    expect(sarif.runs[0].results.length).to.equal(3);
    expect(sarif.runs[0].results[0].locations[0]).to.deep.equal({
      physicalLocation: { artifactLocation: { uri: 'dir/a%20b.yaml' }, region: { startLine: 3, startColumn: 5 } },
      logicalLocations: [{ fullyQualifiedName: 'GlobalNetworkPolicy/p', kind: 'resource' }],
    });
    expect(isSarif({ ...sarif, version: '2.0.0' })).to.equal(false);
    expect(isSarif(JSON.parse(lintSarif({ ...report(), findings: [] }, '1.2.3'))), JSON.stringify(isSarif.errors)).to.equal(true);
  });

  it('are failures in JUnit where they count, and escaped', () => {
    const xml = lintJUnit(report(), (severity) => severity === 'error');
    expect(xml).to.include('tests="3" failures="1"').and.include('&lt;gone&gt;&amp;&quot;').and.not.include('<gone>');
    expect(xml.match(/<system-out>/g)).to.have.length(2);
    expect(lintJUnit({ ...report(), findings: [] }, () => true)).to.include('tests="1" failures="0"');
  });
});
