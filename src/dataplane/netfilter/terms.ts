import { isOpenStack, tableSettings, type Settings, type TableSettings } from '../settings/settings.js';
import { marksOf, type Marks } from './marks.js';
import { shortName, wholeName, type Naming } from './names.js';
import type { Action } from './rule.js';

/** What all chains of a host are made with. */
export interface Terms {
  readonly settings: Settings;
  readonly tables: TableSettings;
  readonly marks: Marks;
  /** What the chains are written in: some things are said in another way there. */
  readonly language: Language;
  readonly chainName: Naming;
  readonly isOpenStack: boolean;
  /** kube-proxy works by IPVS: the host had the interface kube-ipvs0 when we started. */
  readonly usesIpvs: boolean;
}

export type Language = 'iptables' | 'nftables';

/** What the chains of a host are made with, under its settings. */
export function termsOf(settings: Settings, usesIpvs: boolean, language: Language): Terms {
  const tables = tableSettings(settings);
  const marks = marksOf(tables.markMask, settings.wireguardEnabled || settings.wireguardEnabledV6);
  return { settings, tables, marks, language, chainName: language === 'iptables' ? shortName : wholeName, isOpenStack: isOpenStack(settings), usesIpvs: usesIpvs && language === 'iptables' };
}

/** What a policy's allow comes to in the end, in the table filter. */
export function filterAllow({ tables: { filterAllowAction } }: Terms): Action {
  return { kind: filterAllowAction === 'Return' ? 'return' : 'accept' };
}

/** The same in mangle. */
export function mangleAllow({ tables: { mangleAllowAction } }: Terms): Action {
  return { kind: mangleAllowAction === 'Return' ? 'return' : 'accept' };
}

/** The word for what is denied, as comments have it: `Drop` or `Reject`. */
export function denyWord({ tables: { filterDenyAction } }: Terms): string {
  return filterDenyAction;
}
