import { isMap } from '../../base/data.js';
import { ACCOUNT_LABEL, NAMESPACE_LABEL, ORCHESTRATOR_LABEL } from '../../resources/field-labels.js';
import { canonicalMac } from '../../resources/fields/network.js';
import { annotation, listedNetworks, wrongAnnotation } from './annotations.js';
import { qosOf, type QosControls } from './qos.js';
import { listAt, textAt, textsAt, unfit, type ApiObject } from './read-json.js';
import { addressWish, floatingIps, type AddressWish, type AnnotationSettings } from './wishes.js';

/** What Kubernetes knows of a pod, as far as its endpoint and its interface follow from it. */
export interface PodFacts {
  /** The labels of the endpoint: the pod's, its namespace, orchestrator and service account. */
  readonly labels: Readonly<Record<string, string>>;
  /** The names of its profiles: of the namespace, and of the service account. */
  readonly profiles: readonly string[];
  readonly generateName: string | undefined;
  readonly serviceAccountName: string | undefined;
  /** As a WorkloadEndpoint stores them. */
  readonly ports: readonly PodPort[];
  readonly addresses: AddressWish;
  /** Addresses that are translated to the pod's, in the words of the annotation. */
  readonly floatingIps: readonly string[];
  readonly allowedSourcePrefixes: readonly string[];
  /** The hardware address inside of the pod; any where it is left out. */
  readonly mac: string | undefined;
  readonly qosControls: QosControls | undefined;
  /** The labels of the namespace, which pools select by. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** What could not be followed and is no reason to refuse the pod; sentences for the log. */
  readonly doubts: readonly string[];
}

/** A port of a WorkloadEndpoint, in the order in which it is stored. */
export interface PodPort {
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
  readonly hostPort: number;
  readonly hostIP: string;
}

/** From this length on a service account gives no label: the value of a label has at most 63 characters. */
const TOO_LONG_FOR_LABEL = 63;

/**
 * What follows for the endpoint of a pod from the objects of Kubernetes' API (reference/network-plugin 30.2). Throws CalicoError: `unreadable`
 * where they are not what Kubernetes makes, `invalid-request` and `forbidden` for annotations (src/cni/kubernetes/wishes.ts).
 * @param pod, namespace the JSON of GET /api/v1/namespaces/NAMESPACE[/pods/POD]
 */
export function podFacts(pod: unknown, namespace: unknown, settings: AnnotationSettings): PodFacts {
  const of: ApiObject = { name: nameOf('the pod', pod), json: pod };
  const within: ApiObject = { name: nameOf('the namespace', namespace), json: namespace };
  const namespaceName = textAt(of, 'metadata', 'namespace');
  if (namespaceName === undefined) throw unfit(of, ['metadata', 'namespace'], 'the name of a namespace');
  const account = textAt(of, 'spec', 'serviceAccountName');
  const annotated = { name: of.name, annotations: textsAt(of, 'metadata', 'annotations') };
  const { controls, problems } = qosOf(annotated.annotations);
  return {
    labels: labelsOf(textsAt(of, 'metadata', 'labels'), namespaceName, account),
    profiles: [`kns.${namespaceName}`, ...(account === undefined ? [] : [`ksa.${namespaceName}.${account}`])],
    generateName: textAt(of, 'metadata', 'generateName'),
    serviceAccountName: account,
    ports: [...portsOf(of, 'containers'), ...portsOf(of, 'initContainers')],
    addresses: addressWish(annotated, { name: within.name, annotations: textsAt(within, 'metadata', 'annotations') }, settings),
    floatingIps: floatingIps(annotated, settings),
    allowedSourcePrefixes: listedNetworks(annotated, 'allowedSourcePrefixes'),
    mac: macOf(annotated),
    qosControls: controls,
    namespaceLabels: textsAt(within, 'metadata', 'labels'),
    doubts: problems.map((problem) => `${of.name}: ${problem}`),
  };
}

function nameOf(kind: string, json: unknown): string {
  const metadata = isMap(json) && isMap(json['metadata']) ? json['metadata'] : {};
  const words = [metadata['namespace'], metadata['name']].filter((each) => typeof each === 'string' && each !== '');
  return words.length === 0 ? kind : `${kind} ${words.join('/')}`;
}

function labelsOf(own: Readonly<Record<string, string>>, namespace: string, account: string | undefined): Readonly<Record<string, string>> {
  const short = account !== undefined && account.length < TOO_LONG_FOR_LABEL;
  return { ...own, [NAMESPACE_LABEL]: namespace, [ORCHESTRATOR_LABEL]: 'k8s', ...(short && { [ACCOUNT_LABEL]: account }) };
}

const PROTOCOLS: readonly unknown[] = ['TCP', 'UDP', 'SCTP'] satisfies PodPort['protocol'][];

/** The ports that have a name or are those of the host; one of an unknown protocol is left out. */
function portsOf(pod: ApiObject, containers: string): readonly PodPort[] {
  return listAt(pod, 'spec', containers).flatMap((container, at) => {
    const ports = isMap(container) ? (container['ports'] ?? []) : undefined;
    if (!Array.isArray(ports)) throw unfit(pod, ['spec', `${containers}[${at}]`, 'ports'], 'a list');
    return ports.flatMap((port: unknown, index) => portOf(port, () => unfit(pod, ['spec', `${containers}[${at}]`, `ports[${index}]`], 'a port of a container')));
  });
}

function portOf(json: unknown, wrong: () => Error): readonly PodPort[] {
  if (!isMap(json)) throw wrong();
  const { containerPort: port = 0, hostPort = 0, name = '', hostIP = '', protocol = 'TCP' } = json;
  if (!isPort(port) || !isPort(hostPort) || typeof name !== 'string' || typeof hostIP !== 'string') throw wrong();
  const named = port !== 0 && (hostPort !== 0 || name !== '');
  const known = protocol === '' ? 'TCP' : protocol;
  return named && PROTOCOLS.includes(known) ? [{ name, protocol: known as PodPort['protocol'], port, hostPort, hostIP }] : [];
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535;
}

function macOf(pod: Parameters<typeof annotation>[0]): string | undefined {
  const text = annotation(pod, 'hwAddr');
  if (text === undefined) return undefined;
  const mac = canonicalMac(text);
  // What has more than six octets is no address of an Ethernet interface.
  if (mac?.length !== 17) throw wrongAnnotation(pod, 'hwAddr', `is "${text}", which is not a MAC address such as ca:fe:1d:52:bb:e9`);
  return mac;
}
