import type { Notify } from '../../base/notice.js';
import type { InsightNotice } from '../notices.js';
import type { Model } from '../../policy/model.js';
import type { StoredObject } from '../../resources/kind.js';
import { isLintCode, type LintCode } from './codes.js';
import { coverageOf, type Coverage, type Effort } from './coverage.js';
import { decidedFindings } from './decided.js';
import { endpointFindings } from './endpoints.js';
import type { Finding } from './finding.js';
import { hostFindings } from './hosts.js';
import { policyFindings } from './policies.js';
import { profileFindings } from './profiles.js';
import { riskFindings } from './risks.js';
import { formFindings } from './rule-forms.js';
import { StoredObjects } from './stored-objects.js';
import { isSuppressed, unknownWords } from './suppression.js';

/** What is to be told of a network. */
export interface Lint {
  readonly findings: readonly Finding[];
  /** How many were found and not told, because a resource or the command line says so. */
  readonly suppressed: number;
  /** How many endpoints have too many rules and kinds of addresses to ask all that there is to ask. */
  readonly unexamined: number;
  /** Whether there are endpoints at all: without them nothing is said of what selectors match. */
  readonly hasEndpoints: boolean;
}

export interface LintOptions {
  readonly ignore?: readonly LintCode[] | undefined;
  /** How much is asked at most. */
  readonly effort?: Effort | undefined;
  readonly notify?: Notify<InsightNotice> | undefined;
}

/**
 * What in a network is most likely not meant. That a rule never matches or never decides is found for all packets, never by examples.
 * @param resources what the model was compiled from, and IP pools
 */
export function lint(model: Model, resources: readonly StoredObject[], { ignore = [], effort, notify }: LintOptions = {}): Lint {
  const stored = new StoredObjects(resources);
  const coverage = coverageOf(model, { effort, notify });
  const known = new Set(resources);
  const hasEndpoints = model.parts.endpoints.length > 0;
  const found = withoutConsequences([
    ...formFindings(model), ...riskFindings(model, resources), ...decidedFindings(coverage), ...policyFindings(model, coverage, resources),
    ...profileFindings(model, coverage, stored), ...endpointFindings(model, stored), ...hostFindings(model, stored), ...strayWords(resources),
  ]).filter(({ at, code }) => known.has(at) && (hasEndpoints || !ABOUT_ENDPOINTS.includes(code)));
  const findings = found.filter(({ code, at }) => !ignore.includes(code) && !isSuppressed(at, code));
  return { findings, suppressed: found.length - findings.length + stored.suppressed, unexamined: unexaminedIn(coverage), hasEndpoints };
}

/** What is true of everything where there is no endpoint, as in manifests of policies alone. */
const ABOUT_ENDPOINTS: readonly LintCode[] = ['selects-nothing', 'empty-selector', 'unknown-port-name', 'unused-profile'];

/** What makes a rule match nothing, so that it is said once. */
const REASONS: readonly string[] = ['empty-selector', 'unknown-port-name'];

/** A rule that matches nothing for a reason of which there is a finding has no second one. */
function withoutConsequences(findings: readonly Finding[]): readonly Finding[] {
  const explained = new Set(findings.filter((finding) => REASONS.includes(finding.code) && !isNegative(finding)).flatMap(({ rules = [] }) => rules));
  return findings.filter(({ code, rules = [] }) => code !== 'never-matches' || !rules.some((rule) => explained.has(rule)));
}

/** What a negation names and does not exist excludes nothing, and keeps no rule from matching. */
function isNegative(finding: Finding): boolean {
  if (finding.code === 'empty-selector') return 'not' in finding.condition && finding.condition.not;
  return finding.code === 'unknown-port-name' && finding.field.includes('.not');
}

function strayWords(resources: readonly StoredObject[]): readonly Finding[] {
  return resources.flatMap((at) => {
    const words = unknownWords(at, isLintCode);
    return words.length === 0 ? [] : [{ code: 'unknown-suppression', at, words }];
  });
}

function unexaminedIn({ unexamined }: Coverage): number {
  return new Set(unexamined.flatMap(({ endpoints }) => endpoints)).size;
}
