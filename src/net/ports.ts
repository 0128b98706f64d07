/** TCP ports that Calico and its hosts live by. */
export const PORTS = { ssh: 22, bgp: 179, etcd: 2379, typha: 5473, kubelet: 10_250 } as const;
