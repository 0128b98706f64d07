import type { HostStatus, LabStatus } from '../../../lab/status.js';
import type { CutOf, LabState } from '../../../lab/requests.js';
import { toldApart } from '../../../lab/workloads.js';
import { safe } from '../../../text/safe.js';

/** Whether all of a lab is as it should be. */
export function isSound({ hosts, state }: LabStatus): boolean {
  return state.kept && state.cuts.length === 0 && state.etcd?.runs === true && hosts.every((host) => host.runs && host.notReady === undefined && (host.sessions ?? []).every(({ established }) => established));
}

/** What `lab status` prints. */
export function statusText({ plan, state, endpoint, context, hosts, workloads }: LabStatus): string {
  const named = toldApart(workloads).map(([called, { host, addresses }]) => ({ host, text: `${called} (${addresses.join(', ')})` }));
  const of = (host: string): string => named.filter((each) => each.host === host).map(({ text }) => text).join(', ');
  const rows = [['HOST', 'ADDRESS', 'STATE', 'BGP', 'WORKLOADS'], ...hosts.map((host) => [host.name, host.addresses[0] ?? '', hostText(host), sessionsText(host, plan.encapsulation === 'routed'), of(host.name)])];
  return [
    `Lab ${plan.name}: ${plan.encapsulation === 'vxlan' ? 'VXLAN' : 'routed, by BGP'}, from ${plan.from ?? 'the tenant network'}${state.kept ? '' : ', not whole'}`,
    `Its etcd: ${endpoint}${context === undefined ? '' : `, --context ${context}`}${state.etcd?.runs === true ? '' : ' (it does not run)'}`,
    '',
    ...table(rows),
    ...(state.cuts.length === 0 ? [] : ['', ...cutsText(state)]),
    ...troubles(hosts),
    '',
  ].map(safe).join('\n');
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]! + 3)).join('').trimEnd());
}

function hostText({ runs, notReady }: HostStatus): string {
  return !runs ? 'stopped' : notReady === undefined ? 'ready' : 'not ready';
}

function sessionsText({ runs, sessions }: HostStatus, wanted: boolean): string {
  if (!wanted) return 'none';
  if (!runs || sessions === undefined) return 'silent';
  return `${sessions.filter(({ established }) => established).length} of ${sessions.length}`;
}

function troubles(hosts: readonly HostStatus[]): readonly string[] {
  const lines = hosts.flatMap(({ name, notReady, services, sessions = [] }) => [
    ...(notReady === undefined ? [] : [`${name} is not ready: ${notReady}`]),
    ...services.filter(({ runs }) => !runs).map((service) => `${name}: ${service.name} does not run${service.starts === 0 ? ' yet' : ''}`),
    ...services.filter(({ runs, starts }) => runs && starts > 1).map(({ name: service, starts }) => `${name}: ${service} was started ${starts} times`),
    ...sessions.filter(({ established }) => !established).map(({ peer, state }) => `${name}: the session with ${peer} is not established (${state})`),
  ]);
  return lines.length === 0 ? [] : ['', ...lines];
}

const CUT_FROM: Readonly<Record<CutOf, string>> = { all: 'the others and etcd', etcd: 'etcd', bgp: 'the BGP sessions with the others' };

/** What is cut in a lab, a line for each. */
export function cutsText({ cuts }: Pick<LabState, 'cuts'>): readonly string[] {
  if (cuts.length === 0) return ['Nothing is cut.'];
  return cuts.map(({ hosts, of }) => `${hosts.join(', ')} ${hosts.length === 1 ? 'is' : 'are'} cut off from ${CUT_FROM[of]}.`);
}

/** What `lab status -o json` prints. */
export function statusData(status: LabStatus): object {
  const { plan, state, endpoint, context, hosts, workloads } = status;
  return {
    name: plan.name,
    sound: isSound(status),
    encapsulation: plan.encapsulation,
    from: plan.from ?? null,
    endpoint,
    context: context ?? null,
    etcd: state.etcd?.runs === true,
    hosts: hosts.map(({ name, addresses, runs, notReady, services, sessions }) => ({ name, addresses, runs, ready: runs && notReady === undefined, ...(notReady !== undefined && { notReady }), services, sessions: sessions ?? [] })),
    workloads: workloads.map(({ name, namespace, host, interfaceName, addresses }) => ({ name, namespace, host, interface: interfaceName, addresses })),
    cuts: state.cuts,
  };
}
