import type { ListedLab } from '../../../lab/list.js';
import type { Column } from '../../../resources/column.js';

function stateOf({ state }: ListedLab): string {
  if (state === undefined) return 'left over';
  const stopped = state.hosts.filter(({ pid }) => pid === undefined).length;
  return !state.kept ? 'being made' : stopped > 0 ? `${stopped} stopped` : state.cuts.length > 0 ? 'cut' : 'running';
}

function endpointOf({ state }: ListedLab): string | null {
  return state?.port === undefined ? null : `http://127.0.0.1:${state.port}`;
}

/** The columns of `lab list`. */
export const LAB_COLUMNS: readonly Column<ListedLab>[] = [
  { heading: 'NAME', cell: ({ name }) => name },
  { heading: 'STATE', cell: stateOf },
  { heading: 'HOSTS', cell: ({ plan }) => String(plan?.hosts.length ?? '') },
  { heading: 'MODE', cell: ({ plan }) => plan?.encapsulation ?? '' },
  { heading: 'ETCD', cell: (lab) => endpointOf(lab) ?? '' },
  { heading: 'BEGUN', cell: ({ plan }) => plan?.begun ?? '' },
];

/** What `lab list -o json` prints. */
export function labListData(labs: readonly ListedLab[]): object {
  return labs.map((lab) => ({ name: lab.name, state: stateOf(lab), hosts: lab.plan?.hosts.map(({ name }) => name) ?? [], encapsulation: lab.plan?.encapsulation ?? null, endpoint: endpointOf(lab), begun: lab.plan?.begun ?? null }));
}
