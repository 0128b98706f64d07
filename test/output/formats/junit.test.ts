import { expect } from 'chai';
import { describe, it } from 'mocha';
import { junitXml } from '../../../src/output/formats/junit.js';

describe('JUnit', () => {
  it('counts cases and failures, and says where each stands', () => {
    const xml = junitXml('suite', [{ name: 'a', className: 'c', file: 'tests.yaml', line: 3 }, { name: 'b', className: 'c', failure: { type: 'deny', message: 'no', text: 'why' } }, { name: 'd', className: 'c', output: 'said' }]);
    expect(xml.split('\n').map((line) => line.trim())).to.deep.equal([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="suite" tests="3" failures="1">',
      '<testsuite name="suite" tests="3" failures="1" errors="0" skipped="0">',
      '<testcase name="a" classname="c" file="tests.yaml" line="3"/>',
      '<testcase name="b" classname="c">', '<failure type="deny" message="no">why</failure>', '</testcase>',
      '<testcase name="d" classname="c">', '<system-out>said</system-out>', '</testcase>',
      '</testsuite>', '</testsuites>', '',
    ]);
  });

  it('escapes what would be markup, and replaces what XML has no form for', () => {
    const hostile = '<a href="x">&amp;</a>]]>\u0000\u001b[2J\ud800\uffff\u{1f600}';
    const xml = junitXml(hostile, [{ name: `two\nlines`, className: 'c', failure: { type: 't', message: hostile, text: hostile } }]);
    expect(xml).to.include('&lt;a href=&quot;x&quot;&gt;&amp;amp;&lt;/a&gt;]]&gt;\ufffd\ufffd[2J\ufffd\ufffd\u{1f600}').and.to.include('name="two&#10;lines"');
    expect(/[\u0000-\u0008\u000b-\u001f]/.test(xml)).to.equal(false);
  });
});
