import type { Directory } from '../../../../insight/directory.js';
import type { Finding } from '../../../../insight/lint/finding.js';
import { trapText } from '../trap-text.js';
import { shownRule } from '../words.js';
import { joined, otherRule, rulesShown, rulesText, takersText, valuesText } from './names.js';
import { sampleText } from './sample-text.js';

/** What is wrong, and what to do about it. */
export interface Words {
  readonly message: string;
  readonly remedy: string;
}

type Of<Code extends Finding['code']> = Extract<Finding, { readonly code: Code }>;
export type WordsOf<Code extends Finding['code']> = { readonly [Each in Code]: (finding: Extract<Finding, { readonly code: Each }>, directory: Directory) => Words };

type RuleCode =
  | 'behind-deny' | 'shadowed' | 'redundant' | 'behind-tier-end' | 'log-after-decision' | 'shadowed-in-part' | 'overlapping' | 'allow-all-early'
  | 'never-matches' | 'ignored-direction' | 'empty-selector' | 'unknown-port-name' | 'port-without-protocol' | 'not-enforced' | 'one-family' | 'http-ignored';

const never = ({ rules = [] }: Pick<Finding, 'rules'>): string => (rules.length > 1 ? 'never decide anything' : 'never decides anything');

/** The sentences about rules. */
export const RULE_WORDS: WordsOf<RuleCode> = {
  'behind-deny': (finding, directory) => ({
    message: `${told(finding, directory)} ${finding.rules!.length > 1 ? 'never allow' : 'never allows'} anything: ${takers(finding, directory)} ${stands(finding.takers)} before and ${finding.takers.length > 1 ? 'take' : 'denies'} all of it`,
    remedy: `put ${it(finding)} before ${first(finding, directory)}, or remove ${it(finding)}`,
  }),
  shadowed: (finding, directory) => ({
    message: `${told(finding, directory)} ${never(finding)}: ${takers(finding, directory)} ${decides(finding.takers)} before about all of it`,
    remedy: `put ${it(finding)} before what takes the packets, or remove ${it(finding)}`,
  }),
  redundant: (finding, directory) => ({
    message: `${told(finding, directory)} ${never(finding)}: ${takers(finding, directory)} ${decides(finding.takers)} before in the same way about all of it`,
    remedy: `remove ${it(finding)}`,
  }),
  'behind-tier-end': (finding, directory) => ({
    message: `${told(finding, directory)} ${never(finding)}: all that ${finding.rules!.length > 1 ? 'they match' : 'it matches'} is denied before at ${takers(finding, directory)}, since policies of that tier select the same endpoints`,
    remedy: 'let the last rule of that tier pass these packets on (action Pass), or put the policy into that tier',
  }),
  'log-after-decision': (finding, directory) => ({
    message: `${told(finding, directory)} ${finding.rules!.length > 1 ? 'log' : 'logs'} nothing: ${takers(finding, directory)} ${decides(finding.takers)} before about all of it`,
    remedy: `put ${it(finding)} before ${first(finding, directory)}`,
  }),
  'shadowed-in-part': (finding, directory) => ({
    message: `of ${told(finding, directory)} ${joined(finding.entries.map(({ field, value, takers: by }) => `${field} ${value} never decides: ${takersText(by, finding.rules!, directory)} ${decides(by)} before about all of it`), 3)}`,
    remedy: `remove ${finding.entries.length > 1 ? 'these entries' : 'the entry'}, or put the rule before what takes the packets`,
  }),
  overlapping: (finding, directory) => {
    const by = otherRule(finding.by, finding.rules!, directory);
    return {
      message: `${by} (${shownRule(finding.by, directory)}) takes a part of what ${told(finding, directory)} would decide otherwise, such as ${sampleText(finding.sample, directory)}`,
      remedy: `if that is not meant, put ${rulesText(finding.rules!)} before ${by}`,
    };
  },
  'allow-all-early': (finding, directory) => ({
    message: `${told(finding, directory)} allows everything, so that ${joined(byOwner(finding, directory), 3)} ${finding.taken.length > 1 ? 'are' : 'is'} never asked about anything`,
    remedy: 'put it behind all other rules, or say what it allows',
  }),
  'never-matches': (finding, directory) => ({
    message: `${told(finding, directory)} can match nothing: ${impossible(finding)}`,
    remedy: 'correct these conditions, or remove the rule',
  }),
  'ignored-direction': ({ rules, direction }) => ({
    message: `${rulesText(rules!)} ${rules!.length > 1 ? 'are' : 'is'} not enforced: the policy is not for ${direction}, as its types say`,
    remedy: `add ${direction === 'ingress' ? 'Ingress' : 'Egress'} to its types, or remove ${rules!.length > 1 ? 'them' : 'it'}`,
  }),
  'empty-selector': (finding, directory) => ({
    message: `${trapText({ code: 'empty-selector', rule: finding.rules![0]!, condition: finding.condition }, directory)}${'not' in finding.condition && finding.condition.not ? ', so that it excludes nothing' : ''}`,
    remedy: 'correct the selector, or give the label to what it is meant to match',
  }),
  'unknown-port-name': (finding, directory) => ({
    message: `${told(finding, directory)} names ${finding.names.length > 1 ? 'ports' : 'the port'} ${joined(finding.names, 3)} in ${finding.field}, which nothing that it may mean there has: ${finding.names.length > 1 ? 'they' : 'that name'} ${finding.field.includes('.not') ? 'exclude' : 'match'}${finding.names.length > 1 ? '' : finding.field.includes('.not') ? 's' : 'es'} nothing`,
    remedy: 'give the endpoints a port of that name, with the protocol of the rule, or write its number',
  }),
  'port-without-protocol': (finding, directory) => ({
    message: `${told(finding, directory)} has ${finding.fields.join(' and ')} and no protocol: it means these ports of every protocol that has ports, and Calico's clients refuse it`,
    remedy: 'give it a protocol: TCP, UDP or SCTP',
  }),
  'not-enforced': ({ rules, fields }, directory) => ({
    message: trapText({ code: 'not-enforced', rule: rules![0]!, fields }, directory),
    remedy: `write one rule for each entry of ${fields.join(' and ')}`,
  }),
  'one-family': (finding, directory) => ({
    message: `${told(finding, directory)} matches no IPv${finding.lost} at all: its ${finding.field} has networks of the other family alone`,
    remedy: `if IPv${finding.lost} is meant too, write a second rule for it without ${finding.field}; else say ipVersion: ${finding.lost === 4 ? 6 : 4}`,
  }),
  'http-ignored': ({ rules }, directory) => ({
    message: trapText({ code: 'http-ignored', rule: rules![0]!}, directory),
    remedy: 'remove http, and give it the ports that are meant',
  }),
};

function told({ rules = [] }: Pick<Finding, 'rules'>, directory: Directory): string {
  return rulesShown(rules, directory);
}

function it({ rules = [] }: Pick<Finding, 'rules'>): string {
  return rules.length > 1 ? 'them' : 'it';
}

type Covered = Of<'behind-deny' | 'shadowed' | 'redundant' | 'behind-tier-end' | 'log-after-decision'>;

function takers({ takers: by, rules = [] }: Pick<Covered, 'takers' | 'rules'>, directory: Directory): string {
  return takersText(by, rules, directory);
}

function stands(by: Covered['takers']): string {
  return by.length > 1 ? 'stand' : 'stands';
}

function decides(by: Covered['takers']): string {
  return by.length > 1 || by[0]?.by === 'failsafe' ? 'decide' : 'decides';
}

/** The first rule that takes something. */
function first({ takers: by, rules = [] }: Covered, directory: Directory): string {
  const rule = by.find((taker) => taker.rule !== undefined)?.rule;
  return rule === undefined ? 'what takes the packets' : otherRule(rule, rules, directory);
}

/** Rules of several resources, resource by resource. */
function byOwner({ taken, rules = [] }: Of<'allow-all-early'>, directory: Directory): readonly string[] {
  const owners = [...new Set(taken.map(({ owner }) => owner))];
  return owners.map((owner) => `${rulesText(taken.filter((rule) => rule.owner === owner))}${rules.some((rule) => rule.owner === owner) ? '' : ` of ${directory.name(owner.id)}`}`);
}

function impossible({ conditions }: Of<'never-matches'>): string {
  const services = conditions.find(({ kind }) => kind === 'services');
  if (services !== undefined) return 'Felix on etcd knows no services of Kubernetes';
  return `no packet of the endpoints that ask it has ${joined(conditions.map(({ field, wants }) => `${field} ${valuesText(wants)}`), 6)}`;
}
