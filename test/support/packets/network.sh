# Makes two hosts, the world around them and six places for workloads, each a network namespace of its own; /run is a file system
# of its own, so that nobody else sees their names. Which host a workload is on is decided later. Arguments: none.
set -e
mount -t tmpfs tmpfs /run
# For what the datastore stores.
mount -t tmpfs tmpfs /mnt
ip link set lo up
ip link add br0 type bridge
ip link set br0 up
# The datastore is here, behind a wire of its own.
ip link add store0 type bridge
ip link set store0 up
ip address add 10.250.0.254/24 dev store0
number=0
for name in node-a node-b world; do
    number=$((number + 1))
    ip netns add "$name"
    ip -n "$name" link set lo up
    ip link add "port$number" type veth peer name eth0 address "02:00:00:00:09:0$number" netns "$name"
    ip link set "port$number" master br0 up
    ip netns exec "$name" sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv6.conf.default.accept_dad=0
    ip -n "$name" link set eth0 up
done
ip -n world address add 10.9.0.254/24 dev eth0
ip -n world address add fd09::254/64 dev eth0 nodad
for number in 1 2; do
    [ "$number" = 1 ] && name=node-a || name=node-b
    ip -n "$name" address add "10.9.0.$number/24" dev eth0
    ip -n "$name" address add "fd09::$number/64" dev eth0 nodad
    ip -n "$name" link add eth1 type veth peer name peer1
    ip -n "$name" link set peer1 up
    ip -n "$name" link set eth1 up
    ip -n "$name" address add "10.19.0.$number/32" dev eth1
    ip -n "$name" address add "fd19::$number/128" dev eth1 nodad
    ip -n "$name" route add default via 10.9.0.254
    ip -n "$name" -6 route add default via fd09::254
    ip link add "wire$number" type veth peer name mgmt0 netns "$name"
    ip link set "wire$number" master store0 up
    ip -n "$name" link set mgmt0 up
    ip -n "$name" address add "10.250.0.$number/24" dev mgmt0
    ip -n world route add "10.19.0.$number/32" via "10.9.0.$number"
    ip -n world -6 route add "fd19::$number/128" via "fd09::$number"
done
# Who has which address need not be asked: a policy may forbid the question (IPv6), and nobody speaks of that here.
for name in node-a node-b world; do
    for neighbour in "::1 01" "::2 02" "::254 03"; do
        ip -n "$name" -6 neigh replace "fd09${neighbour% *}" lladdr "02:00:00:00:09:${neighbour#* }" dev eth0 nud permanent
    done
done
for address in 192.0.2.10 203.0.113.5 203.0.113.200 8.8.8.8; do ip -n world address add "$address/32" dev lo; done
for address in 2001:db8::10 2001:4860::8; do ip -n world address add "$address/128" dev lo nodad; done
for number in 0 1 2 3 4 5; do
    ip netns add "w$number"
    ip -n "w$number" link set lo up
    ip netns exec "w$number" sysctl -qw net.ipv6.conf.default.accept_dad=0
done
# Outside the hosts one listener stands for all ports.
for name in world w0 w1 w2 w3 w4 w5; do
    ip netns exec "$name" nft -f - <<RULES
table inet listen {
    chain prerouting {
        type nat hook prerouting priority dstnat
        meta l4proto { tcp, udp } redirect to :9
    }
}
RULES
done
echo ready
exec sleep infinity
